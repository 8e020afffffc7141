"""One month-end: 500 customer invoices of 10 lines with one analytic account each, 500 payments, 100 new contacts."""

from pathlib import Path

import database
import odoo_shell
from bench import Figure, measures
from odoo_server import start_sandbox

SCRIPT = Path(__file__).with_name("month_end.py")
INVOICES = 500
NOT_COUNTED = ("GET /Organisation", "POST /connect/token")  # one read for its lock dates, one refresh
FLOOR = 22  # 10 calls of invoices, 10 of payments, 2 of contacts
# What the code and the help pages of others come to for the same month-end.
PEERS = (
    ("a call per record and look-up", "6,600"),
    ("a call when posting", "1,300 - 2,300"),
    ("a call per document", "1,200"),
    ("the floor", str(FLOOR)),
)


@measures(
    Figure("month_end_calls", "calls", goal=FLOOR),
    Figure("month_end_seconds", "seconds", goal=60),
)
def month_end():
    """Both pushes on a fresh database; the trial balances must be equal."""
    database.create("xero_bench", "xero_connector")
    with start_sandbox("AU", env={"XERO_OPENAPI": ""}) as xero:
        result = odoo_shell.call("xero_bench", SCRIPT, "main", url=xero.url, count=INVOICES)
    if float(result["difference"]):
        raise SystemExit(f"The trial balances differ by {result['difference']}")
    counts = result["counts"]
    calls = counts["total"] - sum(min(counts.get(key, 0), 1) for key in NOT_COUNTED)
    for name, number in PEERS:
        print(f"{'  month-end elsewhere: ' + name:<56}{number:>14}  calls")
    return calls, result["seconds"]
