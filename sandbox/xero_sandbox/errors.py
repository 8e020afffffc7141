"""Refusals and their exact answers (facts, section 3.1)."""

import uuid

from . import wire


class ApiError(Exception):
    """An answer that ends the call: ``status``, ``body`` (dict, text or empty), ``headers``."""

    status = 500

    def __init__(self, body="", headers=None, content_type="application/json; charset=utf-8"):
        super().__init__(str(body))
        self.body = body
        self.headers = headers or {}
        self.content_type = content_type

    def payload(self):
        """The bytes of the answer."""
        return wire.dump(self.body) if isinstance(self.body, dict) else self.body.encode()


class Unauthorized(ApiError):
    """401: the token is missing, unreadable, expired or lacks the scope."""

    status = 401

    def __init__(self, detail, headers=None):
        super().__init__(_problem("Unauthorized", 401, detail), headers)


class Forbidden(ApiError):
    """403: the tenant is not connected, or its header is missing."""

    status = 403

    def __init__(self, detail="AuthenticationUnsuccessful"):
        super().__init__(_problem("Forbidden", 403, detail))


class NotFound(ApiError):
    """404 without JSON, for an unknown id anywhere in the call."""

    status = 404

    def __init__(self):
        page = "<!DOCTYPE html><html><body><h2>The resource you're looking for cannot be found</h2>"
        super().__init__(page + "</body></html>", content_type="text/html; charset=utf-8")


class BadRequest(ApiError):
    """400 without elements: ``type_`` is Xero's exception name."""

    status = 400
    NUMBERS = {
        "ValidationException": 10,
        "PostDataInvalidException": 14,
        "QueryParseException": 16,
        "NoDataProcessedException": 17,
    }

    def __init__(self, type_, message):
        number = self.NUMBERS[type_]
        super().__init__({"ErrorNumber": number, "Type": type_, "Message": message})


class ValidationFailed(ApiError):
    """400 with the refused elements; nothing was saved."""

    status = 400

    def __init__(self, elements):
        super().__init__({
            "ErrorNumber": 10, "Type": "ValidationException",
            "Message": "A validation exception occurred", "Elements": elements,
        })


class RateLimited(ApiError):
    """429 with an empty body; the reason and the wait are in the headers."""

    status = 429

    def __init__(self, problem, retry_after=None):
        headers = {"X-Rate-Limit-Problem": problem}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        super().__init__("", headers, content_type="text/html; charset=utf-8")


class TooLarge(ApiError):
    """413: the request is larger than 3.5 MB."""

    status = 413

    def __init__(self):
        super().__init__("Request Entity Too Large", content_type="text/html; charset=utf-8")


class NotAcceptable(ApiError):
    """406: the client did not ask for JSON; Xero itself would answer XML."""

    status = 406

    def __init__(self):
        super().__init__("Send Accept: application/json. Without it Xero answers XML, which the"
                         " sandbox does not speak.", content_type="text/plain; charset=utf-8")


class Invalid(Exception):
    """One element of a write is refused, for each reason in ``messages``."""

    def __init__(self, *messages):
        super().__init__(*messages)
        self.messages = list(dict.fromkeys(messages))


class InvalidField(Invalid):
    """A refused element of payroll 2.0, which says which ``field`` is wrong."""

    def __init__(self, field, message):
        super().__init__(message)
        self.field = field


class Conflict(ApiError):
    """409 of payroll 2.0: what is asked for exists already."""

    status = 409


def unreadable(detail):
    """The refusal of a body that is not the JSON Xero expects."""
    return BadRequest("PostDataInvalidException", f"JSON for post data was invalid,{detail}")


def _problem(title, status, detail):
    return {
        "Type": None, "Title": title, "Status": status, "Detail": detail,
        "Instance": str(uuid.uuid4()), "Extensions": {},
    }
