"""Imports of a large organisation: calls, speed, memory, a day on which nothing changes, adoption.

XERO_BENCH_SCALE=20 measures with a twentieth of the records.
"""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import database
import odoo_shell
from bench import Figure, measures
from odoo_server import start_sandbox

SCALE = int(os.environ.get("XERO_BENCH_SCALE", "1"))
SCRIPT = Path(__file__).with_name("first_import.py")
DATABASE = "xero_bench_pull"
CONTACTS, SAME_SECOND, PAYMENTS = 100_000 // SCALE, 3000, 20_000 // SCALE
DAYS = 8  # the busiest of them counts: every job of a week falls on one
# Xero's limits are measured elsewhere, and so are the sandbox's own contract checks.
LIMITS = ("--minute-limit", 10**6, "--day-limit", 10**6)


@contextmanager
def ground():
    """The address of a new Xero, beside a fresh database."""
    database.create(DATABASE, "xero_connector")
    with start_sandbox("AU", arguments=LIMITS, env={"XERO_OPENAPI": ""}) as xero:
        yield xero.url


def import_contacts(count, folder=None):
    """Import so many contacts, a part of them changed in one second."""
    with ground() as url:
        options = {"url": url, "count": count, "same_second": min(SAME_SECOND, count // 2), "folder": folder}
        return odoo_shell.call(DATABASE, SCRIPT, "contacts", **options)


@measures(
    Figure("pull_contacts_calls", "calls", goal=110),
    Figure("pull_contacts_per_second", "contacts/s", goal=150, more_is_better=True),
    Figure("pull_contacts_ratio", "times Odoo alone", goal=1.5),
    Figure("pull_memory_growth", "times a tenth", goal=1.2),
    Figure("pull_again_calls", "calls", goal=12),
)
def pull_contacts():
    """All contacts at once, a tenth of them in a process of its own, and Import again."""
    with tempfile.TemporaryDirectory() as folder:
        whole = import_contacts(CONTACTS, folder)
    tenth = import_contacts(CONTACTS // 10)
    each, alone = whole["seconds"] / whole["contacts"], whole["floor"] / whole["floor_partners"]
    return whole["calls"], 1 / each, each / alone, whole["memory"] / tenth["memory"], whole["again"]


@measures(Figure("idle_day_calls", "calls", goal=200))
def idle_day():
    """The busiest day of a week in which nothing changes."""
    with ground() as url:
        days = odoo_shell.call(DATABASE, SCRIPT, "idle_days", url=url, days=DAYS)
    return [max(day["total"] for day in days)]


@measures(
    Figure("pull_payments_per_second", "payments/s", goal=10, more_is_better=True),
    Figure("pull_payments_ratio", "times Odoo alone", goal=1.5),
)
def pull_payments():
    """Payments of documents that are all in Odoo."""
    with ground() as url:
        result = odoo_shell.call(DATABASE, SCRIPT, "payments", url=url, count=PAYMENTS)
    each, alone = result["seconds"] / result["payments"], result["floor"] / result["floor_payments"]
    return 1 / each, each / alone
