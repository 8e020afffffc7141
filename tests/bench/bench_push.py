"""Month-end, first half: 500 customer invoices of 10 lines, 100 new contacts."""

from pathlib import Path

import database
import odoo_shell
from bench import Figure, measures
from odoo_server import start_sandbox

SCRIPT = Path(__file__).with_name("first_half.py")
INVOICES = 500
NOT_COUNTED = ("GET /Organisation",)  # one read of the organisation, as D.1 allows


@measures(
    Figure("push_first_half_calls", "calls", goal=12),
    Figure("push_documents_per_second", "documents/s", goal=100, more_is_better=True),
    Figure("push_ratio", "times the floor", goal=3),
)
def push_first_half():
    """One push of the whole half month on a fresh database, against a sandbox in a process of its own."""
    database.create("xero_bench", "xero_connector")
    # The sandbox's own contract checks are not what is measured.
    with start_sandbox("AU", env={"XERO_OPENAPI": ""}) as xero:
        result = odoo_shell.call("xero_bench", SCRIPT, "main", url=xero.url, count=INVOICES)
    counts = result["counts"]
    total = counts["total"] - sum(min(counts.get(key, 0), 1) for key in NOT_COUNTED)
    return total, INVOICES / result["seconds"], result["seconds"] / result["floor"]
