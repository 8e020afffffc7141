"""The web pages: the organisation as its bookkeeper would see it, and what he does there."""

from urllib.parse import parse_qs, urlsplit

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from . import fault_page, person_page, wire
from .documents.kinds import kind_of, outstanding
from .endpoints.reports import SECTIONS, trial_balance
from .html import page, table, tag, with_problem
from .payroll import pages as payroll
from .rules import account_class

LATEST = 500
LINE_HEADINGS = ("Item", "Description", "Quantity", "Price", "Discount", "Account", "Tax rate",
                 "Tax", "Amount")
# Paths of Xero's deep links (facts, section 3.5) -> our pages.
DEEP_LINKS = {
    "/AccountsReceivable/View.aspx": ("InvoiceID", "invoices"),
    "/AccountsPayable/View.aspx": ("InvoiceID", "invoices"),
    "/AccountsReceivable/ViewCreditNote.aspx": ("creditNoteID", "credit-notes"),
    "/AccountsPayable/ViewCreditNote.aspx": ("creditNoteID", "credit-notes"),
}


def home(sandbox):
    """All organisations."""
    rows = [(tag("a", org.details["Name"], href=f"/organisation/{org.tenant_id}"),
             org.base_currency, len(org.invoices), len(org.contacts))
            for org in sandbox.organisations.values()]
    return page("Organisations", table(("Name", "Currency", "Invoices", "Contacts"), rows, (2, 3)),
                tag("p", tag("a", "Requests", href="/requests"), " ",
                    tag("a", "Faults", href="/faults")))


def organisation(org):
    """One organisation: what there is to look at."""
    root = f"/organisation/{org.tenant_id}"
    facts = [("Currency", org.base_currency), ("Short code", org.details["ShortCode"]),
             ("Tenant", org.tenant_id), ("Period lock date", org.details["PeriodLockDate"]),
             ("End of year lock date", org.details["EndOfYearLockDate"])]
    links = [("invoices", f"Invoices and bills ({len(org.invoices)})"),
             ("credit-notes", f"Credit notes ({len(org.credit_notes)})"),
             ("contacts", f"Contacts ({len(org.contacts)})"), ("trial-balance", "Trial balance"),
             ("payroll", f"Payroll ({len(org.payroll.employees)})")]
    return page(org.details["Name"], _facts(facts),
                tag("ul", *(tag("li", tag("a", text, href=f"{root}/{path}"))
                            for path, text in links)),
                person_page.for_organisation(org), crumbs=_crumbs())


def contacts(org):
    """The contacts that changed last, by name."""
    latest = (org.contacts.rows[key] for _updated, key in org.contacts.entries()[-LATEST:])
    root = f"/organisation/{org.tenant_id}/contacts"
    rows = [(tag("a", row["Name"], href=f"{root}/{row['ContactID']}"), row["EmailAddress"],
             row["ContactNumber"], row["ContactStatus"])
            for row in sorted(latest, key=lambda row: row["Name"].casefold())]
    return page("Contacts", table(("Name", "Email", "Contact number", "Status"), rows),
                crumbs=_crumbs(org))


def contact(org, row):
    """One contact, and what a person does with it."""
    facts = [("Status", row["ContactStatus"]), ("Email", row["EmailAddress"]),
             ("Contact number", row["ContactNumber"]),
             ("Merged into", row.get("MergedToContactID"))]
    return page(row["Name"], _facts(facts), person_page.for_contact(org, row),
                crumbs=[*_crumbs(org), ("Contacts", f"/organisation/{org.tenant_id}/contacts")])


def documents(org, rows, title, path):
    """A list of documents, the latest first."""
    rows = [rows.rows[key] for _updated, key in reversed(rows.entries()[-LATEST:])]
    shown = [(
        tag("a", _number(row) or "(no number)", href=_address(org, path, row)), row["Type"],
        org.contacts.get(row["contact_id"])["Name"], row["Date"], row["DueDate"], row["Status"],
        row["CurrencyCode"], _money(row["Total"]), _money(outstanding(row)))
        for row in rows]
    headings = ("Number", "Type", "Contact", "Date", "Due", "Status", "Currency", "Total", "Open")
    return page(title, table(headings, shown, (7, 8)), crumbs=_crumbs(org))


def document(org, row, title, path):
    """One document with its lines and totals."""
    facts = [
        ("Contact", org.contacts.get(row["contact_id"])["Name"]), ("Type", row["Type"]),
        ("Status", tag("strong", row["Status"], id="status")), ("Date", row["Date"]),
        ("Due date", row["DueDate"]), ("Reference", row["Reference"]),
        ("Currency", f"{row['CurrencyCode']} (rate {row['CurrencyRate']})"),
        ("Amounts are", row["LineAmountTypes"]),
    ]
    lines = [(
        line.get("ItemCode"), line["Description"], _plain(line.get("Quantity")),
        _plain(line.get("UnitAmount")), _discount(line), line.get("AccountCode"),
        _tax_name(org, line), _money(line.get("TaxAmount")), _money(line.get("LineAmount")))
        for line in row["LineItems"]]
    totals = [(name, tag("span", _money(row[key]), id=key.lower())) for name, key in (
        ("Subtotal", "SubTotal"), ("Total tax", "TotalTax"), ("Total", "Total"))]
    totals.append(("Amount due", tag("span", _money(outstanding(row)), id="amountdue")))
    return page(
        f"{title} {_number(row)}", _facts(facts),
        table(LINE_HEADINGS, lines, (2, 3, 4, 7, 8)), tag("h2", "Totals"), _facts(totals),
        person_page.for_document(org, row),
        crumbs=[*_crumbs(org), (path.replace("-", " ").capitalize(),
                                f"/organisation/{org.tenant_id}/{path}")])


def trial_balance_page(org):
    """The trial balance as of today."""
    body = []
    rows = trial_balance(org, org.today())
    for title, name in SECTIONS:
        section = [(account.get("Code"), account["Name"], *map(_money, _sides(balance)))
                   for account, _month, balance in rows if account_class(account) == name]
        if section:
            body += [tag("h2", title), table(("Code", "Account", "Debit", "Credit"), section,
                                             (2, 3))]
    return page("Trial balance", *(body or [tag("p", "Nothing has been posted yet.")]),
                crumbs=_crumbs(org))


def payroll_page(org):
    """Staff, timesheets, leave and pay runs."""
    return payroll.show(org, _crumbs(org))


def _sides(balance):
    return (balance, None) if balance >= 0 else (None, -balance)


def requests(sandbox):
    """The latest calls."""
    entries = list(sandbox.log.entries)[-LATEST:]
    rows = [(entry["n"], entry["at"], entry["method"], entry["path"], entry["query"],
             entry["status"], entry["ms"]) for entry in reversed(entries)]
    return page("Requests", table(("No.", "Time (UTC)", "Method", "Path", "Query", "Status", "ms"),
                                  rows, (0, 5, 6)), crumbs=_crumbs())


def deep_link(sandbox, request):
    """Xero's own address of a document: send the reader to our page of it."""
    code = request.args.get("shortcode")
    target = urlsplit(request.args.get("redirecturl", ""))
    org = next((org for org in sandbox.organisations.values()
                if org.details["ShortCode"] == code), None)
    if org is None:
        raise NotFound
    root = f"/organisation/{org.tenant_id}"
    if target.path.startswith("/Contacts/View/"):
        return redirect(f"{root}/contacts")
    if target.path not in DEEP_LINKS:
        return redirect(root)
    key, path = DEEP_LINKS[target.path]
    values = {name.lower(): value[0] for name, value in parse_qs(target.query).items()}
    return redirect(f"{root}/{path}/{_guid(values.get(key.lower()))}")


def _guid(text):
    if not wire.is_guid(text):
        raise NotFound
    return text.lower()


def _crumbs(org=None):
    crumbs = [("Organisations", "/")]
    if org:
        crumbs.append((org.details["Name"], f"/organisation/{org.tenant_id}"))
    return crumbs


def _facts(pairs):
    return tag("dl", *(part for name, value in pairs if value
                       for part in (tag("dt", name), tag("dd", value))))


def _number(row):
    return row[kind_of(row).number_field]


def _address(org, path, row):
    return f"/organisation/{org.tenant_id}/{path}/{row[kind_of(row).id_field]}"


def _money(value):
    return "" if value is None else f"{value:,.2f}"


def _plain(value):
    return None if value is None else f"{value.normalize():f}"


def _discount(line):
    if "DiscountRate" in line:
        return f"{_plain(line['DiscountRate'])} %"
    return _money(line.get("DiscountAmount"))


def _tax_name(org, line):
    rate = org.tax_rates.rows.get(line.get("TaxType"))
    return rate["Name"] if rate else None


_LISTS = {"invoices": ("invoices", "Invoice"), "credit-notes": ("credit_notes", "Credit note")}
_MAP = Map([
    Rule("/", endpoint="home"), Rule("/requests", endpoint="requests"),
    Rule("/faults", endpoint="faults"),
    Rule("/organisationlogin/default.aspx", endpoint="deep_link"),
    Rule("/organisation/<tenant>", endpoint="organisation"),
    Rule("/organisation/<tenant>/contacts", endpoint="contacts"),
    Rule("/organisation/<tenant>/contacts/<key>", endpoint="contact"),
    Rule("/organisation/<tenant>/trial-balance", endpoint="trial_balance"),
    Rule("/organisation/<tenant>/payroll", endpoint="payroll"),
    Rule("/organisation/<tenant>/<any(invoices, 'credit-notes'):path>", endpoint="documents"),
    Rule("/organisation/<tenant>/<any(invoices, 'credit-notes'):path>/<key>",
         endpoint="document"),
])


def handle(sandbox, request):
    """Answer a page.

    :raises NotFound: unknown page, organisation or document.
    """
    name, ids = _MAP.bind_to_environ(request.environ).match(method="GET")
    if name == "faults":
        return _html(fault_page.show(sandbox, request))
    if name == "deep_link":
        return deep_link(sandbox, request)
    if name in ("home", "requests"):
        return _html(home(sandbox) if name == "home" else requests(sandbox))
    org = sandbox.organisations.get(ids["tenant"].lower())
    if org is None:
        raise NotFound
    problem = None
    if request.method == "POST" and request.form:
        problem = person_page.do(sandbox, org, request.form)
        if problem is None:
            return redirect(request.path, 303)
    if name in ("documents", "document"):
        text = _documents(org, **ids)
    elif name == "contact":
        text = contact(org, _row(org.contacts, ids["key"]))
    else:
        text = {"organisation": organisation, "contacts": contacts,
                "trial_balance": trial_balance_page, "payroll": payroll_page}[name](org)
    return _html(text if problem is None else with_problem(text, problem))


def _row(rows, key):
    row = rows.get(key)
    if row is None:
        raise NotFound
    return row


def _documents(org, tenant, path, key=None):
    attribute, title = _LISTS[path]
    rows = getattr(org, attribute)
    if key is None:
        return documents(org, rows, f"{title}s", path)
    return document(org, _row(rows, key), title, path)


def _html(text):
    return Response(text, mimetype="text/html")
