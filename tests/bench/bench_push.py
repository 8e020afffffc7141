"""Month-end, first half: 500 customer invoices of 10 lines, 100 new contacts."""

import json
import subprocess
from pathlib import Path

import database
from bench import Figure, measures
from house import PYTHON, environment
from odoo_conf import write_conf
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
    conf = write_conf("bench", db_name="xero_bench", max_cron_threads=0)
    # The sandbox's own contract checks are not what is measured.
    with start_sandbox("AU", env={"XERO_OPENAPI": ""}) as xero:
        process = subprocess.run(
            [PYTHON, database.ODOO_BIN, "shell", "-c", conf, "--no-http", "--log-level=warn"],
            stdin=SCRIPT.open(),
            capture_output=True,
            text=True,
            env={**environment(), "BENCH_XERO": xero.url, "BENCH_INVOICES": str(INVOICES)},
        )
    lines = [line for line in process.stdout.splitlines() if line.startswith("RESULT ")]
    if not lines:
        raise SystemExit(f"the push did not end well:\n{process.stdout[-2000:]}\n{process.stderr[-4000:]}")
    result = json.loads(lines[-1].removeprefix("RESULT "))
    counts = result["counts"]
    total = counts["total"] - sum(min(counts.get(key, 0), 1) for key in NOT_COUNTED)
    return total, INVOICES / result["seconds"], result["seconds"] / result["floor"]
