"""Payroll 2.0 as one country has it: envelope with pagination and problem (facts, 3.1 and 4.1)."""

import uuid
from datetime import datetime, timezone

from ... import wire
from ...answer import Answer
from ...errors import ApiError, BadRequest, Conflict, Invalid, InvalidField
from ..access import PayrollSurface

TITLES = {400: "BadRequest", 409: "Conflict"}


class _Problem(ApiError):
    """400 because of the fields that ``body`` lists."""

    status = 400


class SurfaceV2(PayrollSurface):
    """Writes keep all or nothing; every refusal with a reason is a problem."""

    def run(self, function, call, ids):
        """What the endpoint answers; what it refuses becomes a problem."""
        with call.org.transaction():
            try:
                return function(call, **ids)
            except Invalid as error:
                name = error.field if isinstance(error, InvalidField) else "_default"
                raise _Problem({"invalidFields": [
                    {"name": name, "reason": text} for text in error.messages]}) from None

    def envelope(self, sandbox, app, payload):
        """The whole answer around what the endpoint answered."""
        return {**_head(sandbox, 200), "providerName": sandbox.oauth.apps[app]["name"],
                "pagination": None, "problem": None, **payload}

    def refusal(self, sandbox, error):
        """A problem for what the request got wrong; the rest as in every API."""
        if not isinstance(error, (BadRequest, Conflict, _Problem)):
            return super().refusal(sandbox, error)
        invalid = error.body.get("invalidFields", [])
        problem = {
            "type": error.body.get("Type", "about:blank"), "title": TITLES[error.status], "status": str(error.status),
            "detail": error.body.get("Message") or "Validation error occurred.",
            "instance": str(uuid.uuid4()), "invalidFields": invalid}
        return Answer(error.status, wire.dump({
            **_head(sandbox, error.status), "pagination": None, "problem": problem}))


def _head(sandbox, status):
    now = datetime.fromtimestamp(sandbox.clock.now(), timezone.utc)
    return {"id": str(uuid.uuid4()), "dateTimeUTC": now.strftime("%Y-%m-%dT%H:%M:%S.%f"),
            "httpStatusCode": TITLES.get(status, "OK")}
