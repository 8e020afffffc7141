"""Fault injection: make chosen calls fail the way the real service and network do.

A rule is added through ``POST /_sandbox/faults`` and fires when its method, path and turn fit.
The random numbers come from a seed, so a run can be repeated exactly.
"""

import json
import random
import re
import time
from collections import Counter
from datetime import datetime, timezone

from werkzeug.wrappers import Response

from .errors import Forbidden, RateLimited, Unauthorized

DROP, TRUNCATE = "sandbox.drop", "sandbox.truncate"
KINDS = {
    "drop_before": "close the connection, nothing processed",
    "drop_after": "process, then close the connection",
    "error500_before": "500, nothing processed, kept under the idempotency key",
    "error500_after": "process, then 500, kept under the idempotency key",
    "offline503": "503 The Organisation is offline", "html502": "502 with an HTML page",
    "html504": "504 with an HTML page, as for a request that takes too long",
    "rate_minute": "429 minute", "rate_day": "429 day", "rate_concurrent": "429 concurrent",
    "slow": "wait, then process", "slow_after": "process, then wait",
    "malformed": "process, answer what is not JSON",
    "truncated": "process, close in the middle of the answer",
    "unknown_enum": "process, answer with enum values nobody knows",
    "null_strings": "process, answer null instead of texts",
    "unknown_fields": "process, answer with fields nobody knows",
    "token_expired": "401 TokenExpired", "token_revoked": "the app loses its tokens, 401",
    "disconnected": "the user disconnects the organisation, 403",
    "refresh_lost": "a token refresh is processed, its answer lost",
}
OPTIONS = {"kind", "method", "path", "nth", "probability", "times", "seconds"}
GATEWAY = {"html502": "502 Bad Gateway", "html504": "504 Gateway Timeout"}
# Fields whose values come from closed lists.
ENUMS = {"Status", "Type", "Class", "Version", "CurrencyCode", "BaseCurrency", "Timezone",
         "LineAmountTypes", "ContactStatus", "ReportTaxType", "SystemAccount", "CalendarType",
         "RateType", "EarningsType", "PayRunStatus", "LeavePeriodStatus", "EmploymentType",
         "IncomeType", "PayOutType", "status", "periodStatus", "calendarType", "payRunStatus",
         "earningsType", "rateType", "engagementType"}
_ERROR_500 = b'{"ErrorNumber":500,"Type":"InternalServerError","Message":"An error occurred"}'


class Faults:
    """The rules and what they did."""

    def __init__(self, clock, seed=0):
        self._clock = clock
        self.rules = []
        self.log = []
        self.seed(seed)

    def seed(self, value):
        """Start the random numbers anew."""
        self._random = random.Random(value)

    def add(self, kind, method="*", path="", nth=None, probability=1, times=None, seconds=1):
        """Add a rule; returns it.

        :param path: regular expression searched in the path; :param nth: only the n-th fitting
            call; :param times: at most so often; :param seconds: how long ``slow`` waits.
        :raises ValueError: unknown kind or unreadable expression.
        """
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        try:
            pattern = re.compile(path)
        except re.error as error:
            raise ValueError(f"path: {error}") from None
        rule = {"id": len(self.rules) + 1, "kind": kind, "method": method.upper(), "path": path,
                "nth": nth, "probability": float(probability), "times": times,
                "seconds": float(seconds), "matched": 0, "fired": 0, "pattern": pattern}
        self.rules.append(rule)
        return rule

    def clear(self):
        """Forget rules and log."""
        self.rules.clear()
        self.log.clear()

    def draw(self, request):
        """The rule that fires for this call, or None; it is logged and counted."""
        for rule in self.rules:
            if rule["method"] not in ("*", request.method) or (
                    not rule["pattern"].search(request.path)) or not _fits(rule, request):
                continue
            rule["matched"] += 1
            if (rule["nth"] and rule["matched"] != rule["nth"]) or (
                    rule["times"] is not None and rule["fired"] >= rule["times"]) or (
                    self._random.random() >= rule["probability"]):
                continue
            rule["fired"] += 1
            self.log.append({"rule": rule["id"], "kind": rule["kind"], "method": request.method,
                             "path": request.path, "at": self._clock.iso()})
            return rule
        return None

    def summary(self):
        """Rules, how often each kind fired, and the log."""
        rules = [{k: v for k, v in rule.items() if k != "pattern"} for rule in self.rules]
        return {"rules": rules, "fired": Counter(entry["kind"] for entry in self.log),
                "log": self.log}


def _fits(rule, request):
    """``refresh_lost`` is about refreshes only."""
    return rule["kind"] != "refresh_lost" or (
        request.path == "/connect/token" and request.form.get("grant_type") == "refresh_token")


# The stages of a call


def before(rule, request):
    """An answer instead of processing the call, or None."""
    kind = rule["kind"]
    if kind == "slow":
        time.sleep(rule["seconds"])
    elif kind == "drop_before":
        request.environ[DROP] = True
        return Response(status=500)
    elif kind == "offline503":
        return Response("The Organisation is offline", 503, mimetype="text/plain")
    elif kind in GATEWAY:
        return Response(f"<html><body><h1>{GATEWAY[kind]}</h1></body></html>", int(kind[-3:]),
                        mimetype="text/html")
    return None


def in_call(rule, sandbox, app, tenant):
    """Refuse an API call that was let in so far.

    :raises ApiError: the 401, 403 or 429 of the rule.
    """
    kind = rule["kind"]
    if kind == "token_expired":
        moment = datetime.fromtimestamp(sandbox.clock.now(), timezone.utc)
        text = moment.strftime("%m/%d/%Y %H:%M:%S")
        raise Unauthorized(f"TokenExpired: token expired at {text}")
    if kind == "token_revoked":
        sandbox.oauth.forget_user(app)
        raise Unauthorized("AuthenticationUnsuccessful")
    if kind == "disconnected":
        sandbox.oauth.disconnect(tenant)
        raise Forbidden
    if kind.startswith("rate_"):
        waits = {"minute": 30, "day": 66975, "concurrent": None}
        problem = kind.removeprefix("rate_")
        raise RateLimited(problem, waits[problem])


def in_work(rule, work):
    """The status and body of a 500 around ``work``, or None to go on without."""
    if rule["kind"] == "error500_after":
        work()
    elif rule["kind"] != "error500_before":
        return None
    return 500, _ERROR_500


def after(rule, request, response):
    """The answer as the client gets it; what is stored stays as it was."""
    kind = rule["kind"]
    if kind in ("drop_after", "refresh_lost"):
        request.environ[DROP] = True
    elif kind == "truncated":
        request.environ[TRUNCATE] = True
    elif kind == "slow_after":
        time.sleep(rule["seconds"])
    elif kind == "malformed":
        response.set_data(b'{"Id": "broken", ' + response.get_data()[:40])
    elif kind in _CHANGES and response.mimetype == "application/json":
        data = _CHANGES[kind](json.loads(response.get_data()))
        response.set_data(json.dumps(data))
    return response


def _walk(data, change):
    if isinstance(data, list):
        return [_walk(part, change) for part in data]
    if isinstance(data, dict):
        return change({key: _walk(value, change) for key, value in data.items()})
    return data


def _unknown_enum(row):
    return {key: "SOMETHINGNEW" if key in ENUMS and isinstance(value, str) and value != "OK"
            else value for key, value in row.items()}


def _null_strings(row):
    return {key: None if isinstance(value, str) and not key.endswith("ID") and (
        value != "OK") and "Date" not in key else value for key, value in row.items()}


def _unknown_fields(row):
    return {**row, "SomethingNew": {"Deep": [1, "two"]}, "AnotherNew": "x"}


_CHANGES = {
    "unknown_enum": lambda data: _walk(data, _unknown_enum),
    "null_strings": lambda data: _walk(data, _null_strings),
    "unknown_fields": lambda data: _walk(data, _unknown_fields),
}
