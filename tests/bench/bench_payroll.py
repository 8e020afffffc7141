"""The pay day of 200 people: what a group costs, and the whole day beside accounting's own schedules."""

from pathlib import Path

import database
import odoo_shell
from bench import Figure, measures
from odoo_server import start_sandbox

SCRIPT = Path(__file__).with_name("pay_day.py")
DATABASE = "xero_bench_payroll"
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
    database.create(DATABASE, "xero_connector", "xero_payroll")
    with start_sandbox("AU", arguments=OPTIONS, env={"XERO_OPENAPI": ""}) as xero:
        result = odoo_shell.call(DATABASE, SCRIPT, "main", url=xero.url, people=PEOPLE)
    for name, count in sorted(result["day"].items(), key=lambda row: -row[1]):
        print(f"{'  pay day: ' + name:<56}{count:>14}  calls")
    group = result["group"]
    calls = sum(group.values()) - min(group.get(NOT_COUNTED, 0), 1)
    return group.get(WRITE, 0), calls, sum(result["day"].values())
