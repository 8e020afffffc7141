"""Export Control with 5,000 invoices in one batch."""

from pathlib import Path

import database
import odoo_shell
from bench import Figure, measures
from odoo_server import start_sandbox

SCRIPT = Path(__file__).with_name("export_control.py")
DOCUMENTS, AT_ONCE = 5000, 50
CUSTOMERS = 100
NOT_COUNTED = ("GET /Organisation", "POST /connect/token")


@measures(
    Figure("export_collect_seconds", "seconds", goal=10),
    Figure("export_check_seconds", "seconds", goal=60),
    Figure("export_calls", "calls", goal=(DOCUMENTS + CUSTOMERS) / AT_ONCE),
)
def export_control():
    """Seconds to open the screen and to check the batch, calls to send it; sums as in the ledger."""
    database.create("xero_bench", "xero_connector")
    with start_sandbox("AU", env={"XERO_OPENAPI": ""}) as xero:
        result = odoo_shell.call("xero_bench", SCRIPT, "main", url=xero.url, count=DOCUMENTS)
    counts = result["counts"]
    calls = counts["total"] - sum(counts.get(key, 0) for key in NOT_COUNTED)
    return result["seconds"]["collect"], result["seconds"]["check"], calls
