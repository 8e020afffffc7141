"""The accounting API: who calls, may they, how often, and then the endpoint (facts, 1 to 3)."""

import re
import uuid

from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound as NoRoute
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from . import faults, wire
from .call import Call
from .endpoints import (
    accounts,
    allocations,
    attachments,
    bank_transactions,
    batch_payments,
    contact_groups,
    contacts,
    credits,
    history,
    invoices,
    items,
    manual_journals,
    payments,
    purchase_orders,
    reference,
    reports,
    tax_rates,
    tracking,
)
from .errors import ApiError, Forbidden, NotAcceptable, NotFound, TooLarge, Unauthorized
from .files import File
from .oauth import scopes

ROOT = "/api.xro/2.0"
MAX_BODY = 3_500_000
MAX_FILE = 10 * 1024 * 1024
FILE = "/Attachments/{FileName}"
WRITES = ("PUT", "POST", "PATCH")
ROUTES = [route for module in (
    reference, accounts, tax_rates, tracking, contacts, contact_groups, items, invoices,
    allocations, payments, batch_payments, credits, bank_transactions, manual_journals,
    purchase_orders, history, reports, attachments) for route in module.ROUTES]
_MAP = Map([Rule(path, methods=[method], endpoint=(path, function))
            for method, path, function in ROUTES], strict_slashes=False)


class Answer:
    """Status, bytes and headers of an API answer; what the idempotency store keeps."""

    def __init__(self, status, body, content_type="application/json; charset=utf-8", headers=()):
        self.status = status
        self.body = body
        self.content_type = content_type
        self.headers = dict(headers)

    def response(self, extra):
        """A WSGI response with further headers."""
        return Response(self.body, self.status, headers={**self.headers, **extra},
                        content_type=self.content_type)


def handle(sandbox, request):
    """Answer a call below ``/api.xro/2.0``; sets ``request.template`` and ``.tenant``."""
    tenant, app = request.headers.get("xero-tenant-id", "").lower(), None
    path = request.path[len(ROOT):]
    try:
        template, function, ids = _route(path, request.method)
        request.template = template
        file = request.method == "GET" and template.endswith(FILE)
        if not file and "json" not in request.headers.get("Accept", ""):
            raise NotAcceptable
        claims = sandbox.claims(request)
        app = claims["client_id"]
        org = _organisation(sandbox, claims, tenant)
        tenant = request.tenant = org.tenant_id
        if not scopes.allows(set(claims["scope"]), request.method, path):
            raise Unauthorized("AuthorizationUnsuccessful", {
                "WWW-Authenticate": 'Bearer error="insufficient_scope"'})
        if request.fault:
            faults.in_call(request.fault, sandbox, app, tenant)
        sandbox.limits.enter(tenant, app)
        try:
            answer = _answer(sandbox, request, org, app, function, ids)
        finally:
            sandbox.limits.leave(tenant)
    except ApiError as error:
        answer = _refusal(error)
    extra = {"Xero-Correlation-Id": str(uuid.uuid4())}
    if app and tenant in sandbox.organisations:
        extra |= sandbox.limits.headers(tenant, app)
    return answer.response(extra)


def _route(path, method):
    try:
        (template, function), ids = _MAP.bind("").match(path, method=method)
    except NoRoute:
        raise NotFound from None
    except MethodNotAllowed:
        error = NotFound()
        error.status = 501
        raise error from None
    return re.sub(r"<(\w+)>", r"{\1}", template), function, ids


def _organisation(sandbox, claims, tenant):
    app = sandbox.oauth.apps[claims["client_id"]]
    tenant = tenant or app["tenant_id"] or ""
    org = sandbox.organisations.get(tenant)
    if org is None or not sandbox.oauth.is_connected(app["client_id"], tenant):
        raise Forbidden
    return org


def _answer(sandbox, request, org, app, function, ids):
    body = request.get_data()
    if len(body) > (MAX_FILE if request.template.endswith(FILE) else MAX_BODY):
        raise TooLarge

    def work():
        try:
            with sandbox.lock:
                payload = function(
                    Call(sandbox, org, app, request.args, request.headers, body), **ids)
                if request.method != "GET":
                    sandbox.changed += 1
        except ApiError as error:
            return _refusal(error)
        if payload is None:
            return Answer(204, b"")
        if isinstance(payload, File):
            return Answer(200, payload.body, payload.content_type)
        return Answer(200, wire.dump({
            "Id": str(uuid.uuid4()), "Status": "OK",
            "ProviderName": sandbox.oauth.apps[app]["name"],
            "DateTimeUTC": f"/Date({int(sandbox.clock.now() * 1000)})/", **payload}))

    def work_or_fault():
        failure = request.fault and faults.in_work(request.fault, work)
        return Answer(*failure) if failure else work()

    key = request.headers.get("Idempotency-Key")
    if not key or request.method not in WRITES:
        return work_or_fault()
    same = (request.method, request.path, request.query_string, org.tenant_id, body)
    return sandbox.idempotency.run(app, key, same, work_or_fault)


def _refusal(error):
    return Answer(error.status, error.payload(), error.content_type, error.headers)
