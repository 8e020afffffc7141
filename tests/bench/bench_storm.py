"""Storms on real server processes: what a fifth of failing calls and killed workers lose, and what comes twice."""

import json
import subprocess
import tempfile
from pathlib import Path

from bench import Figure, measures
from house import PYTHON, ROOT, environment

SIZE = {"XERO_STORM_SEEDS": "20", "XERO_STORM_DOCUMENTS": "300"}


@measures(
    Figure("push_fault_lost", "documents", goal=0),
    Figure("push_fault_twice", "documents", goal=0),
)
def storms():
    """20 fixed seeds and a new one, 300 invoices each; XERO_STORM_SEEDS and XERO_STORM_DOCUMENTS set another size."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "storms.jsonl"
        process = subprocess.run(
            [PYTHON, "-m", "pytest", "-p", "no:odoo", "-q", "-s", "-W", "ignore", "tests/e2e/test_storm.py"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**SIZE, **environment(), "XERO_STORM_RESULT": str(result)},
        )
        rows = [json.loads(line) for line in result.read_text().splitlines()] if result.exists() else []
    lost, twice = (sum(row[name] for row in rows) for name in ("lost", "twice"))
    print("\n".join(line for line in process.stdout.splitlines() if line.startswith("seed ")))
    if process.returncode:
        print(f"A storm did not end well:\n{process.stdout[-8000:]}")
        if not lost + twice:
            raise SystemExit(1)
    return lost, twice
