"""The control API below ``/_sandbox/``: JSON, without authorisation, loopback only."""

from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.routing import Map, Rule

from . import fields, wire
from .as_user import REFUSALS, act
from .documents import bank
from .errors import ApiError
from .oauth.web import json_response
from .payroll.store import ACCESS
from .seeds.countries import CURRENCY_NAMES

SEEDS = ("contacts", "items", "invoices_with_payments", "payroll")
DAYS = ("PeriodLockDate", "EndOfYearLockDate")
SETTINGS = ("refused_actions", "rounding_enabled", "quirks", "cis", "subcontractors")


def requests(sandbox, request):
    """GET requests: the log, oldest first; ``?since=n`` leaves out numbers up to n."""
    since = int(request.args.get("since", 0))
    return [entry for entry in list(sandbox.log.entries) if entry["n"] > since]


def counts(sandbox, _request):
    """GET counts: calls per "METHOD /template", ``total`` and ``by_tenant``."""
    return sandbox.log.counts()


def reset_counts(sandbox, _request):
    """POST counts/reset."""
    sandbox.log.clear()
    return sandbox.log.counts()


def clock(sandbox, request):
    """GET or POST clock, the latter with {"advance": seconds}."""
    if request.method == "POST":
        seconds = _number(_body(request), "advance")
        if seconds < 0:
            raise BadRequest("The clock only goes forward.")
        sandbox.clock.advance(seconds)
    return {"now": sandbox.clock.iso(), "offset": sandbox.clock.offset}


def reset(sandbox, request):
    """POST reset with any of country, organisations, employees, day_limit, minute_limit ..."""
    try:
        sandbox.reset(**_body(request))
    except (TypeError, ValueError) as error:
        raise BadRequest(str(error)) from None
    return organisations(sandbox, request)


def organisations(sandbox, _request):
    """GET organisations: tenant id, name, short code of each."""
    return [{"tenant_id": org.tenant_id, "Name": org.details["Name"],
             "ShortCode": org.details["ShortCode"], "country": org.country}
            for org in sandbox.organisations.values()]


def patch_organisation(sandbox, request, tenant):
    """PATCH organisations/{tenant}: Organisation fields, "currencies": [codes to subscribe],
    "refused_actions": [names], "rounding_enabled": bool, "quirks": [names, see README],
    "cis": {"CISContractorEnabled": bool}, "subcontractors": {ContactID: deduction rate},
    "payroll": who may use payroll, one of ``payroll.store.ACCESS``."""
    org = _organisation(sandbox, tenant)
    for key, value in _body(request).items():
        if key == "currencies":
            for code in value:
                org.currencies.put({"Code": code, "Description": CURRENCY_NAMES[code]})
        elif key in SETTINGS:
            setattr(org, key, value)
        elif key == "payroll" and value in ACCESS:
            org.payroll.access = value
        elif key in DAYS:
            org.details[key] = wire.parse_day(value) if value else None
        elif key in org.details:
            org.details[key] = value
        else:
            raise BadRequest(f"Unknown field {key}")
    org.undo.clear()
    return org.details


def patch_contact(sandbox, request, id):
    """PATCH contacts/{id}: change fields as a person would in Xero, archived ones too."""
    for org in sandbox.organisations.values():
        row = org.contacts.get(id)
        if row:
            return _patch(org, org.contacts, row, request)
    raise NotFound


def patch_account(sandbox, request, tenant, code):
    """PATCH organisations/{tenant}/accounts/{code}: for example {"Status": "ARCHIVED"}."""
    org = _organisation(sandbox, tenant)
    row = org.accounts.find("code", code)
    if row is None:
        raise NotFound
    return _patch(org, org.accounts, row, request)


def patch_first_account(sandbox, request, code):
    """PATCH accounts/{code}: the same in every organisation."""
    rows = [patch_account(sandbox, request, tenant, code) for tenant in sandbox.organisations]
    return rows[0]


def patch_tax_rate(sandbox, request, tenant, tax_type):
    """PATCH organisations/{tenant}/tax-rates/{TaxType}: for example {"Name": ...}."""
    org = _organisation(sandbox, tenant)
    row = org.tax_rates.rows.get(tax_type)
    if row is None:
        raise NotFound
    return _patch(org, org.tax_rates, row, request)


def disconnect(sandbox, _request, tenant):
    """POST organisations/{tenant}/disconnect: the user disconnects all apps in Xero."""
    return {"disconnected": sandbox.oauth.disconnect(tenant)}


def ledger(sandbox, _request, tenant):
    """GET organisations/{tenant}/ledger: balance per account code, debit positive."""
    org = _organisation(sandbox, tenant)
    return {org.accounts.get(account).get("Code", account): balance
            for account, balance in org.ledger.balances().items() if balance}


def bank_balances(sandbox, _request, tenant):
    """GET organisations/{tenant}/bank-balances: per code, in the account's own currency."""
    return bank.balances(_organisation(sandbox, tenant))


def violations(sandbox, _request):
    """GET violations: where requests or answers left the specification."""
    return sandbox.violations


def tokens(sandbox, _request):
    """GET tokens: how many codes, refreshes and revocations there were; no secrets."""
    return {**sandbox.oauth.counts, "refresh_tokens": len(sandbox.oauth.refresh_tokens),
            "connections": len(sandbox.oauth.connections)}


def apps(sandbox, request):
    """POST apps: register {client_id, client_secret, redirect_uris, name?, tenant_id?}."""
    sandbox.oauth.add_app(**_body(request))
    return {"apps": sorted(sandbox.oauth.apps)}


def faults(sandbox, request):
    """GET faults: rules and firings. POST: add a rule, and/or {"seed": n}. DELETE: forget all."""
    if request.method == "DELETE":
        sandbox.faults.clear()
    elif request.method == "POST":
        body = _body(request)
        if "seed" in body:
            sandbox.faults.seed(int(body.pop("seed")))
        if body:
            try:
                sandbox.faults.add(**body)
            except (TypeError, ValueError) as error:
                raise BadRequest(str(error)) from None
    return sandbox.faults.summary()


def as_user(sandbox, request, tenant):
    """POST organisations/{tenant}/as-user {"action": ...}: what a person does in Xero itself."""
    try:
        return act(_organisation(sandbox, tenant), _body(request))
    except REFUSALS as error:
        raise BadRequest(f"{type(error).__name__}: {error}") from None


def seed(sandbox, request, tenant):
    """POST organisations/{tenant}/seed: {"contacts": {count, spread_days?, same_second?,
    archived?}, "items": {count}, "invoices_with_payments": {count, customers?, spread_days?,
    account?}, "payroll": {employees?, pay_runs?}}; answers how many of each there are now,
    of payroll only if asked for."""
    org = _organisation(sandbox, tenant)
    wanted = _body(request)
    for name, options in wanted.items():
        if name not in SEEDS:
            raise BadRequest(f"Unknown seed {name}; there are {', '.join(SEEDS)}")
        try:
            getattr(org, f"seed_{name}")(**options)
        except (TypeError, AttributeError) as error:
            raise BadRequest(str(error)) from None
    counts = {name: len(getattr(org, name)) for name in ("contacts", "items", "invoices",
                                                         "payments")}
    if "payroll" in wanted:
        counts |= {name: len(getattr(org.payroll, name)) for name in ("employees", "pay_runs")}
    return counts


def _organisation(sandbox, tenant):
    org = sandbox.organisations.get(tenant.lower())
    if org is None:
        raise NotFound
    return org


def _patch(org, table, row, request):
    changes = _body(request)
    unknown = set(changes) - set(row) - {"MergedToContactID", "Description"}
    if unknown:
        raise BadRequest(f"Unknown field {', '.join(sorted(unknown))}")
    row = table.put({**row, **changes, **({"updated": org.stamp()} if "updated" in row else {})})
    org.undo.clear()
    return row


def _body(request):
    try:
        body = wire.load(request.get_data() or b"{}")
    except ValueError:
        raise BadRequest("The body is not JSON") from None
    if not isinstance(body, dict):
        raise BadRequest("The body is not an object")
    return body


def _number(body, key):
    value = fields.number(body, key)
    if value is None:
        raise BadRequest(f"{key} is required")
    return float(value)


_MAP = Map([Rule("/_sandbox" + path, methods=methods, endpoint=function)
            for path, methods, function in (
    ("/requests", ["GET"], requests), ("/counts", ["GET"], counts),
    ("/counts/reset", ["POST"], reset_counts), ("/clock", ["GET", "POST"], clock),
    ("/reset", ["POST"], reset), ("/organisations", ["GET"], organisations),
    ("/organisations/<tenant>", ["PATCH"], patch_organisation),
    ("/organisations/<tenant>/accounts/<code>", ["PATCH"], patch_account),
    ("/organisations/<tenant>/tax-rates/<tax_type>", ["PATCH"], patch_tax_rate),
    ("/organisations/<tenant>/disconnect", ["POST"], disconnect),
    ("/organisations/<tenant>/ledger", ["GET"], ledger),
    ("/organisations/<tenant>/bank-balances", ["GET"], bank_balances),
    ("/contacts/<id>", ["PATCH"], patch_contact),
    ("/accounts/<code>", ["PATCH"], patch_first_account),
    ("/violations", ["GET"], violations), ("/tokens", ["GET"], tokens),
    ("/apps", ["POST"], apps), ("/faults", ["GET", "POST", "DELETE"], faults),
    ("/organisations/<tenant>/as-user", ["POST"], as_user),
    ("/organisations/<tenant>/seed", ["POST"], seed),
)])


def handle(sandbox, request):
    """Answer a call below ``/_sandbox/``."""
    try:
        function, ids = _MAP.bind_to_environ(request.environ).match()
        with sandbox.lock:
            payload = function(sandbox, request, **ids)
            if request.method != "GET":
                sandbox.changed += 1
            return json_response(payload)
    except ApiError as error:
        return json_response(error.body, error.status)
    except HTTPException as error:
        return json_response({"error": error.description}, error.code)
