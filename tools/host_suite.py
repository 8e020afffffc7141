"""Odoo's own tests of accounting, without and with our add-ons, compared test by test: `make test-host`.

A test that fails without us as well is no fault of ours, but it is named: nothing was proved by it. A difference ends
with code 1. Arguments are Odoo's test tags, such as /account:TestAccountPayment; without any the whole suite runs.
"""

import fcntl
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import database
import house
from house import BUILD, LOG, PYTHON, ROOT, Missing, environment, load_state, say
from odoo_conf import ADDONS, write_conf
from processes import free_ports

MODULE = "account"
WITHOUT, WITH = "xero_host_plain", "xero_host_ours"
BESIDE = ("account_payment",)  # comes with accounting by itself wherever it is installed by hand; some tests need it
LEAST = 500  # tests; fewer in the whole suite means that something was left out in silence
ODOO = ROOT / "tools" / "host_odoo.py"


def host_suite(tags):
    """Run the tests in both databases and report; 1 when something behaves differently."""
    check_tests_are_there()
    with (BUILD / "host.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Missing("Another make test-host is running and uses the same databases; wait for its end.") from None
        return _host_suite(tags)


def _host_suite(tags):
    started = time.monotonic()
    make_database(WITHOUT, ours=False)
    make_database(WITH, ours=True)
    say("host", f"running {', '.join(tags) or 'all tests of ' + MODULE} without and with our add-ons, at the same time")
    without, ours = both(tags)
    differing = different(without, ours)
    if differing:
        # Tours and clocks may differ by themselves on a busy machine: alone, and only twice different counts.
        say("host", f"{len(differing)} differ; running them once more")
        again_without, again_ours = both([tag_of(test) for test in differing], again=True)
        confirmed = different(again_without, again_ours).keys() & differing.keys()
    else:
        confirmed = set()
    report(without, ours, differing, confirmed)
    count = len(ours)
    say("host", f"{count} tests in {time.monotonic() - started:.0f} s; logs: {log_of(WITHOUT)}, {log_of(WITH)}")
    if not tags and count < LEAST:
        raise Missing(f"Only {count} tests ran, expected more than {LEAST}: is this Odoo complete?")
    return int(bool(confirmed))


def check_tests_are_there():
    """Stop with a sentence where Odoo came without its tests."""
    state = load_state()
    places = [Path(state["odoo"]["folder"]) / "odoo" / "addons", *map(Path, state["addons_paths"])]
    if not any((place / MODULE / "tests" / "__init__.py").exists() for place in places):
        raise Missing(
            f"This Odoo ({state['odoo']['folder']}) came without the tests of {MODULE}; "
            "set ODOO_SRC to a clone of Odoo's branch 19.0, which has them, and run make setup."
        )


def make_database(name, ours):
    """A fresh copy of the template, with all our add-ons or with none."""
    add_ons = sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py")) if ours else ()
    database.create(name, *BESIDE, *add_ons)


def both(tags, again=False):
    """Outcomes without and with our add-ons; the second time one after the other, with logs of their own."""
    with ThreadPoolExecutor(1 if again else 2) as pool:
        return list(pool.map(lambda name: run(name, tags, f"{name}-again" if again else name), (WITHOUT, WITH)))


def run(name, tags=(), label=None):
    """Run Odoo's tests in a database.

    :param name: the database
    :param label: for the files; that of the database unless told
    :return: ``{test: (outcome, reason)}``; outcome is passed, failed or skipped
    :raises Missing: Odoo died on the way, or nothing was selected
    """
    label = label or name
    port, gevent_port = free_ports(2)
    conf = write_conf(
        f"host-{label}", db_name=name, http_port=port, gevent_port=gevent_port, max_cron_threads=0,
        screenshots=BUILD / "screenshots",
    )
    LOG.mkdir(parents=True, exist_ok=True)
    result = LOG / f"host-{label}.json"
    result.unlink(missing_ok=True)
    command = [PYTHON, ODOO, "server", "-c", conf, "--test-tags", ",".join(tags or [f"/{MODULE}"]), "--stop-after-init"]
    with log_of(label).open("w") as log:
        env = {**environment(), "HOST_RESULT": str(result)}
        code = subprocess.run([str(part) for part in command], stdout=log, stderr=log, env=env).returncode
    lines = [json.loads(line) for line in result.read_text().splitlines()] if result.exists() else []
    if ["end"] not in lines:
        raise Missing(f"Odoo ended with code {code} before its tests were done; see {log_of(label)}")
    outcomes = read(lines)
    if not outcomes:
        raise Missing(f"No test of Odoo's was selected by {', '.join(tags)}")
    return outcomes


def read(lines):
    """The outcome of each test; the first failure stands, whatever comes after it."""
    outcomes = {}
    for test, outcome, reason in (line for line in lines if line != ["end"]):
        if test not in outcomes or outcomes[test][0] != "failed":
            outcomes[test] = (outcome, reason)
    return outcomes


def different(without, ours):
    """Tests with another outcome, or that ran on one side only: ``{test: (outcome without, outcome with)}``."""
    pairs = {
        test: (without.get(test, ("did not run", "")), ours.get(test, ("did not run", "")))
        for test in without.keys() | ours.keys()
    }
    return {test: pair for test, pair in sorted(pairs.items()) if pair[0][0] != pair[1][0]}


def report(without, ours, differing, confirmed):
    """What people read."""
    alone = {test: reason for test, (outcome, reason) in sorted(without.items())
             if outcome == "failed" and test not in differing}
    skipped = sum(outcome == "skipped" for outcome, _reason in without.values())
    if alone:
        print(f"\n{len(alone)} fail without us as well, so they prove nothing:")
        for test, reason in alone.items():
            print(f"  {short(test)}: {first_line(reason)}")
    if skipped:
        print(f"\n{skipped} are skipped by Odoo itself.")
    passing = sum(pair[1][0] == "passed" for pair in paired(without, ours))
    print(f"\n{passing} pass without and with us.")
    for test, (before, after) in differing.items():
        word = "DIFFERS" if test in confirmed else "differed once, not again"
        print(f"\n{word}: {short(test)}: {before[0]} without us, {after[0]} with us")
        print(f"  {first_line(after[1] or before[1])}")
    print(flush=True)


def paired(without, ours):
    """(outcome without, outcome with) of the tests that passed without us."""
    return [(without[test], ours[test]) for test in without.keys() & ours.keys() if without[test][0] == "passed"]


def tag_of(test):
    """Odoo's test tag that selects one test, or the class that could not be set up."""
    if "(" in test:
        return f"/{MODULE}:{test.rstrip(')').rpartition('.')[2]}"
    _path, name, method = test.rsplit(".", 2)
    return f"/{MODULE}:{name}.{method}"


def short(test):
    """The test without the path of its file."""
    return test if "(" in test else ".".join(test.rsplit(".", 2)[1:])


def first_line(text):
    """One line for a table."""
    return " ".join(text.split())[:160]


def log_of(label):
    """Odoo's log of the last run of that label."""
    return LOG / f"host-{label}.log"


if __name__ == "__main__":
    house.main(host_suite, sys.argv[1:])
