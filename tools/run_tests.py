"""Runs the groups of tests, each in a pytest of its own: `make test`, `make test-addons ARGS="-k name"`.

Add-ons run inside Odoo on a fresh copy of the template database, the connector beside purchase orders, the others with
all of them installed; everything else is plain pytest. All groups together run two at a time, and what a group prints
appears when it has ended.
"""

import os
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import database
import house
import packages
from house import PYTHON, ROOT, Missing, environment, say
from odoo_conf import ADDONS, write_conf

DATABASE = "xero_test_{}"
NO_TESTS = 5  # pytest's exit code when nothing was selected
FOLDERS = {
    "setup": ("tests/setup",),
    "sandbox": ("sandbox/tests",),
    "addons": ("addons/xero_connector",),
    "glue": ("addons/xero_purchase", "addons/xero_expense", "addons/xero_sale"),
    "payroll": ("addons/xero_payroll",),
    "e2e": ("tests/e2e",),
    "guest": ("tests/guest",),
    "browser": ("tests/browser",),
}
# What tests of payroll take hours from, and what Odoo installs by itself beside time off and timesheets.
BESIDE = {"payroll": ("hr_attendance", "hr_work_entry", "hr_work_entry_holidays", "project_timesheet_holidays")}
IN_ODOO = ("addons", "glue", "payroll")
COMPARED = ("sandbox", *IN_ODOO, "e2e")  # with Xero's specifications, where those are there
# The longest first: so neither core is idle for long at the end.
IN_TURN = ("addons", "e2e", "payroll", "guest", "glue", "browser", "sandbox", "setup")
AT_ONCE = 2


def run_tests(groups):
    """Run these groups (all when none is named) with pytest's arguments from ARGS; 0 when all of them passed."""
    unknown = set(groups) - set(FOLDERS)
    if unknown:
        raise Missing(f"There is no group of tests named {', '.join(unknown)}; there are {', '.join(FOLDERS)}.")
    extra = shlex.split(os.environ.get("ARGS", ""))
    rows = [_run_group(group, extra) for group in groups] if groups else _run_all(extra)
    print()
    for row in rows:
        print("{:<10} {:>6.1f} s  {}".format(*row))
    return int(any(row[2].startswith("FAILED") for row in rows))


def _run_all(extra):
    """Rows of all groups; those that run at once share the machine's cores."""
    # More than one needs it: two installations at once would be in each other's way.
    _ensure_browser()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda group: _run_group(group, extra, apart=True), IN_TURN))


def _run_group(group, extra, apart=False):
    """One group's row: name, seconds, outcome.

    :param apart: another group runs meanwhile, so what this one prints is kept until its end
    """
    start = time.monotonic()
    log = house.BUILD / "log" / f"tests-{group}.log"
    if apart:
        print(f"{group} started; what it prints is in {log.relative_to(ROOT)}", flush=True)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as stream:
            outcome = _try(group, extra, stream)
        print(f"\n=== {group} ===\n{log.read_text(errors='replace')}", flush=True)
    else:
        print(f"\n=== {group} ===", flush=True)
        outcome = _try(group, extra, None)
    return group, time.monotonic() - start, outcome


def _try(group, extra, stream):
    try:
        return _outcome(group, extra, stream)
    except Missing as missing:
        print(f"{group}: {missing}", file=stream, flush=True)
        return f"FAILED: {missing}"


def _outcome(group, extra, stream):
    if not any(path for folder in FOLDERS[group] for path in (ROOT / folder).rglob("test_*.py")):
        return "no tests yet"
    # Odoo's own browser tests in the add-ons would be skipped in silence.
    if group in (*IN_ODOO, "browser"):
        _ensure_browser()
    # Outside the add-ons pytest-odoo has nothing to do, and would load Odoo to do it.
    arguments = _addons_arguments(group) if group in IN_ODOO else ["-p", "no:odoo"]
    command = [PYTHON, "-m", "pytest", *arguments, *FOLDERS[group], *extra]
    process = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment(),
        stdout=stream,
        stderr=stream and subprocess.STDOUT,
        stdin=stream and subprocess.DEVNULL,
    )
    code = process.returncode
    if code == NO_TESTS and extra:
        return "nothing selected"
    if code:
        return f"FAILED (pytest's code {code})"
    alone = group in COMPARED and not environment().get("XERO_OPENAPI")
    return "passed, not compared with Xero's specifications: XERO_OPENAPI names no folder" if alone else "passed"


def _addons_arguments(group):
    """A fresh database with our add-ons in it, and the options that make pytest-odoo use it."""
    everything = sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
    modules = ["xero_connector", "xero_purchase"] if group == "addons" else [*everything, *BESIDE.get(group, ())]
    name = DATABASE.format(group)
    say("database", f"making {name} with {', '.join(modules)}")
    database.create(name, *modules)
    screenshots = house.BUILD / "screenshots"
    conf = write_conf(f"tests-{group}", db_name=name, screenshots=screenshots)
    # Without --odoo-http every HttpCase would be skipped, and nobody told.
    return [f"--odoo-config={conf}", "--odoo-http", "-W", "ignore"]


def _ensure_browser():
    """Chromium from the system's packages. Without it the tests skip themselves, except in CI."""
    if shutil.which("chromium"):
        return
    try:
        packages.install("chromium", why="Chromium")
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        say("browser", f"{missing}")


if __name__ == "__main__":
    house.main(run_tests, sys.argv[1:])
