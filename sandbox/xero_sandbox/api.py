"""A call of one of Xero's APIs: who calls, may they, how often, and then the endpoint."""

import uuid

from . import faults
from .accounting import ACCOUNTING
from .answer import Answer
from .call import Call
from .errors import ApiError, Forbidden, NotAcceptable, TooLarge, Unauthorized
from .payroll.surfaces import PAYROLL

SURFACES = (ACCOUNTING, *PAYROLL)
ROOTS = tuple(dict.fromkeys(surface.root + "/" for surface in SURFACES))
MAX_BODY = 3_500_000
MAX_FILE = 10 * 1024 * 1024
FILE = "/Attachments/{FileName}"
WRITES = ("PUT", "POST", "PATCH")


def surface_of(path, country):
    """The API that answers a path; where a country has none of that address, the accounting
    API, which knows no such path."""
    return next((surface for surface in SURFACES if surface.serves(path, country)), ACCOUNTING)


def handle(sandbox, request):
    """Answer a call below one of ``ROOTS``; sets ``request.template`` and ``.tenant``."""
    tenant, app = request.headers.get("xero-tenant-id", "").lower(), None
    surface = surface_of(request.path, sandbox.options["country"])
    path = request.path.removeprefix(surface.root)
    try:
        template, function, ids = surface.route(path, request.method)
        request.template = template
        file = request.method == "GET" and template.endswith(FILE)
        if not file and "json" not in request.headers.get("Accept", ""):
            raise NotAcceptable
        claims = sandbox.claims(request)
        app = claims["client_id"]
        org = _organisation(sandbox, claims, tenant)
        tenant = request.tenant = org.tenant_id
        if not surface.allows(set(claims["scope"]), request.method, path):
            raise Unauthorized("AuthorizationUnsuccessful", {
                "WWW-Authenticate": 'Bearer error="insufficient_scope"'})
        surface.admit(org)
        if request.fault:
            faults.in_call(request.fault, sandbox, app, tenant)
        sandbox.limits.enter(tenant, app)
        try:
            answer = _answer(sandbox, request, surface, org, app, function, ids)
        finally:
            sandbox.limits.leave(tenant)
    except ApiError as error:
        answer = surface.refusal(sandbox, error)
    extra = {"Xero-Correlation-Id": str(uuid.uuid4())}
    if app and tenant in sandbox.organisations:
        extra |= sandbox.limits.headers(tenant, app)
    return answer.response(extra)


def _organisation(sandbox, claims, tenant):
    app = sandbox.oauth.apps[claims["client_id"]]
    tenant = tenant or app["tenant_id"] or ""
    org = sandbox.organisations.get(tenant)
    if org is None or not sandbox.oauth.is_connected(app["client_id"], tenant):
        raise Forbidden
    return org


def _answer(sandbox, request, surface, org, app, function, ids):
    body = request.get_data()
    if len(body) > (MAX_FILE if request.template.endswith(FILE) else MAX_BODY):
        raise TooLarge

    def work():
        try:
            with sandbox.lock:
                call = Call(sandbox, org, app, request.args, request.headers, body)
                payload = surface.run(function, call, ids)
                if request.method != "GET":
                    sandbox.changed += 1
        except ApiError as error:
            return surface.refusal(sandbox, error)
        return surface.answer(sandbox, app, payload)

    def work_or_fault():
        failure = request.fault and faults.in_work(request.fault, work)
        return Answer(*failure) if failure else work()

    key = request.headers.get("Idempotency-Key")
    if not key or request.method not in WRITES:
        return work_or_fault()
    same = (request.method, request.path, request.query_string, org.tenant_id, body)
    return sandbox.idempotency.run(app, key, same, work_or_fault)
