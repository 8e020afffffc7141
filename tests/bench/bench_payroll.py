"""The pay day of 200 people: what a group costs, and the whole day beside accounting's own schedules."""

from pathlib import Path

import database
import odoo_shell
from bench import Figure, measures
from odoo_server import start_sandbox

SCRIPT = Path(__file__).with_name("pay_day.py")
DATABASE = "xero_bench_payroll_{}"
PEOPLE, AT_ONCE = 200, 50
# Xero's limits are measured elsewhere, and so are the sandbox's own contract checks.
OPTIONS = ("--employees", 0, "--minute-limit", 10**6, "--day-limit", 10**6)
WRITE = "POST /payroll.xro/1.0/Timesheets"
NOT_COUNTED = "GET /Organisation"  # one read of the organisation, as for documents
STARTER = 1000  # calls a day



@measures(
    Figure("payroll_au_group_writes", "calls", goal=PEOPLE / AT_ONCE),
    Figure("payroll_group_calls", "calls", goal=PEOPLE / AT_ONCE),
    Figure("payroll_day_calls", "calls", goal=STARTER),
)
def pay_day():
    """Writes and all calls of the group, all calls of the day; what the day goes into is printed."""
    result = _measure("AU")
    group = result["group"]
    calls = sum(group.values()) - min(group.get(NOT_COUNTED, 0), 1)
    return group.get(WRITE, 0), calls, sum(result["day"].values())


@measures(Figure("payroll_day_calls_templates", "calls", goal=STARTER))
def pay_day_of_templates():
    """The same day where hours go to the pay templates of the employees (Australia)."""
    return [sum(_measure("AU", target="pay_template")["day"].values())]


@measures(Figure("payroll_day_calls_nz", "calls", goal=STARTER))
def pay_day_in_new_zealand():
    """A timesheet is a call there, and its approval another one."""
    return [sum(_measure("NZ")["day"].values())]


@measures(Figure("payroll_day_calls_uk", "calls", goal=STARTER))
def pay_day_in_the_united_kingdom():
    """The same there."""
    return [sum(_measure("UK")["day"].values())]


def _measure(country, **options):
    """What a pay day of the country costs, printed by path."""
    name = DATABASE.format("_".join([country.lower(), *options.values()]))
    database.create(name, "xero_connector", "xero_payroll")
    with start_sandbox(country, arguments=OPTIONS, env={"XERO_OPENAPI": ""}) as xero:
        arguments = {"url": xero.url, "people": PEOPLE, "chart": country.lower(), **options}
        result = odoo_shell.call(name, SCRIPT, "main", **arguments)
    label = " ".join(["  pay day", country, *options.values()])
    for path, count in sorted(result["day"].items(), key=lambda row: -row[1]):
        print(f"{f'{label}: {path}':<66}{count:>4}  calls")
    return result
