"""The read-only web page of an organisation's payroll: what was pushed, and what became of it."""

from ..html import page, table, tag
from .rules import employees, leave, pay_runs, payslips, timesheets


def show(org, crumbs):
    """Timesheets, leave, pay runs and people, the latest first."""
    parts = (("Timesheets", _timesheets), ("Leave", _leave), ("Pay runs", _pay_runs),
             ("People", _people))
    body = []
    for title, part in parts:
        headings, rows = part(org)
        body += [tag("h2", title), table(headings, rows) if rows else tag("p", "None yet.")]
    return page("Payroll", *body, crumbs=crumbs)


def _name(org, key):
    row = org.payroll.employees.get(key)
    return f"{row['first']} {row['last']}"


def _timesheets(org):
    rows = sorted(org.payroll.timesheets, key=lambda row: -row["updated"])
    return ("Person", "From", "To", "Hours", "Status"), [
        (_name(org, row["employee"]), row["start"], row["end"], timesheets.hours(row),
         row["status"]) for row in rows]


def _leave(org):
    rows = sorted(org.payroll.leaves, key=lambda row: -row["updated"])
    return ("Person", "Type", "Title", "From", "To", "Hours", "Status"), [
        (_name(org, row["employee"]), org.payroll.pay_items.get(row["type"])["name"],
         row["title"], row["start"], row["end"], sum(part["units"] for part in row["periods"]),
         leave.state(row)) for row in rows]


def _pay_runs(org):
    rows = sorted(org.payroll.pay_runs, key=lambda row: row["start"], reverse=True)
    return ("Calendar", "From", "To", "Payment", "Status", "Net pay"), [
        (org.payroll.calendars.get(row["calendar"])["name"], row["start"], row["end"],
         row["payment"], row["status"],
         f"{sum(payslips.net(slip) for slip in pay_runs.slips(org, row)):,.2f}") for row in rows]


def _people(org):
    rows = sorted(org.payroll.employees, key=lambda row: (row["last"], row["first"]))
    return ("Name", "Email", "Calendar", "Status"), [
        (f"{row['first']} {row['last']}", row["email"],
         (org.payroll.calendars.get(row["calendar"]) or {}).get("name"),
         "ACTIVE" if employees.is_active(org, row) else "TERMINATED") for row in rows]
