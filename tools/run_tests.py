"""Runs the groups of tests, each in a pytest of its own: `make test`, `make test-addons ARGS="-k name"`.

Add-ons run inside Odoo on a fresh copy of the template database; everything else is plain pytest.
"""

import os
import shlex
import shutil
import subprocess
import sys
import time

import database
import house
import packages
from house import PYTHON, ROOT, Missing, environment, say
from odoo_conf import ADDONS, write_conf

DATABASE = "xero_test"
NO_TESTS = 5  # pytest's exit code when nothing was selected
FOLDERS = {
    "setup": "tests/setup",
    "sandbox": "sandbox/tests",
    "addons": "addons",
    "e2e": "tests/e2e",
    "guest": "tests/guest",
    "browser": "tests/browser",
}


def run_tests(groups):
    """Run these groups (all when none is named) with pytest's arguments from ARGS; 0 when all of them passed."""
    unknown = set(groups) - set(FOLDERS)
    if unknown:
        raise Missing(f"There is no group of tests named {', '.join(unknown)}; there are {', '.join(FOLDERS)}.")
    extra = shlex.split(os.environ.get("ARGS", ""))
    rows = [_run_group(group, extra) for group in groups or FOLDERS]
    print()
    for row in rows:
        print("{:<10} {:>6.1f} s  {}".format(*row))
    return int(any(row[2].startswith("FAILED") for row in rows))


def _run_group(group, extra):
    """One group's row: name, seconds, outcome."""
    start = time.monotonic()
    print(f"\n=== {group} ===", flush=True)
    try:
        outcome = _outcome(group, extra)
    except Missing as missing:
        outcome = f"FAILED: {missing}"
        print(outcome, flush=True)
    return group, time.monotonic() - start, outcome


def _outcome(group, extra):
    folder = ROOT / FOLDERS[group]
    if not any(folder.rglob("test_*.py")):
        return "no tests yet"
    # Odoo's own browser tests in the add-ons would be skipped in silence.
    if group in ("addons", "browser"):
        _ensure_browser()
    # Outside the add-ons pytest-odoo has nothing to do, and would load Odoo to do it.
    arguments = _addons_arguments() if group == "addons" else ["-p", "no:odoo"]
    command = [PYTHON, "-m", "pytest", *arguments, FOLDERS[group], *extra]
    code = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment()).returncode
    if code == NO_TESTS and extra:
        return "nothing selected"
    return f"FAILED (pytest's code {code})" if code else "passed"


def _addons_arguments():
    """A fresh database with our add-ons in it, and the options that make pytest-odoo use it."""
    modules = sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
    say("database", f"making {DATABASE} with {', '.join(modules)}")
    database.create(DATABASE, *modules)
    screenshots = house.BUILD / "screenshots"
    conf = write_conf("tests", db_name=DATABASE, screenshots=screenshots)
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
