"""Figures that tests of the add-on measure: random documents, and what posting costs more with us."""

import json
import os
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import database
from bench import Figure, measures
from house import PYTHON, ROOT, environment
from odoo_conf import write_conf

CASES, PORTION = 20_000, 2_500  # of random documents; each portion in a database of its own
FAULT_PAIRS = 30
# Of each pair: two storms of the connector alone, and one with expenses and purchase orders.
FAULT_RECORDS = 2 * 16 + 26
SCALE = int(os.environ.get("XERO_BENCH_SCALE", "1"))
ADDONS = ROOT / "addons"


def measure(tests, variable, addons=("xero_connector",), **variables):
    """Run tests of an add-on on a fresh database; the JSON that they wrote into the file named by `variable`.

    :param tests: names of files, with a space between them
    :param addons: that are installed; the tests are the last one's
    """
    database.create("xero_bench_tests", *addons)
    conf = write_conf("bench-tests", db_name="xero_bench_tests")
    files = [ADDONS / addons[-1] / "tests" / test for test in tests.split()]
    return run([f"--odoo-config={conf}", *files], variable, **variables)


def run(arguments, variable, **variables):
    """Run pytest; the JSON that the tests wrote into the file named by `variable`."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        process = subprocess.run(
            [PYTHON, "-m", "pytest", "-q", "-W", "ignore", "-o", "timeout=5400", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env={**environment(), **variables, variable: str(result)},
        )
        if process.returncode or not result.exists():
            raise SystemExit(f"{arguments} failed:\n{process.stdout[-3000:]}")
        return json.loads(result.read_text())


@measures(
    Figure("push_property_disagree", "documents", goal=0),
    Figure("push_property_refused_percent", "%", goal=2),
    Figure("property_cases", "documents", goal=CASES, more_is_better=True),
    Figure("property_disagree", "documents", goal=0),
    Figure("property_refused_percent", "%", goal=2),
)
def random_documents():
    """Random invoices, bills, credits and journal entries; XERO_PROPERTY_CASES changes how many are drawn.

    A few of the documents drawn end below zero by their taxes, and Odoo refuses them; a tenth comes on top as entries.
    """
    left, counts = int(os.environ.get("XERO_PROPERTY_CASES", CASES)), Counter()
    tests = "test_property.py test_property_journals.py"
    while left > 0:
        # All that a test makes is one transaction, which gets slower as it grows.
        options = {"XERO_PROPERTY_CASES": str(min(left, PORTION)), "XERO_OPENAPI": ""}
        counts.update(measure(tests, "XERO_PROPERTY_RESULT", **options))
        print(f"  random documents so far: {dict(counts)}", flush=True)
        left -= PORTION
    disagree, refused = counts["disagree"], 100 * counts["refused"] / sum(counts.values())
    return disagree, refused, sum(counts.values()), disagree, refused


@measures(
    Figure("fault_documents", "documents", goal=FAULT_RECORDS * FAULT_PAIRS, more_is_better=True),
    Figure("fault_lost", "documents", goal=0),
    Figure("fault_twice", "documents", goal=0),
)
def faults():
    """Records of all kinds while a fifth of the calls fails: alone, and with expenses, receipts and orders."""
    options = {"XERO_FAULT_PAIRS": str(FAULT_PAIRS // SCALE), "XERO_OPENAPI": ""}
    alone = measure("test_storm_all.py", "XERO_FAULT_RESULT", **options)
    addons = ("xero_connector", "xero_purchase", "xero_expense")
    together = measure("test_storm_expenses.py", "XERO_FAULT_RESULT", addons, **options)
    return [alone[key] + together[key] for key in ("documents", "lost", "twice")]


@measures(Figure("posting_query_overhead_percent", "%", goal=5))
def posting():
    """Queries of posting 50 invoices with a connection in use, over those before we came; at once, or one by one."""
    tests = ROOT / "tests" / "guest" / "test_coming_and_going.py"
    return [run(["-p", "no:odoo", tests, "-k", "no_more_queries"], "XERO_GUEST_RESULT")["percent"]]


@measures(Figure("adopt_seconds", "s", goal=60))
def adoption():
    """Finding and linking the pairs of 1,000 contacts and 2,000 invoices; the test says that they are right."""
    sizes = {"XERO_ADOPT_CONTACTS": str(1000 // SCALE), "XERO_ADOPT_INVOICES": str(2000 // SCALE)}
    return [measure("test_adopt_many.py", "XERO_ADOPT_RESULT", **sizes, XERO_OPENAPI="")["seconds"]]
