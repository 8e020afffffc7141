"""`make demo` as a newcomer types it: everything good arrives, everything bad is stopped for its own reason."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time

import pytest
import requests

import database
from house import PYTHON, ROOT

DATABASE = "xero_demo_test"
CAUSES = (
    "No Xero tax rate is chosen for the tax 5.5% GST long stay",
    "The Xero account 299 Sales - Discontinued Products (archived), mapped from Sales Product #3, is archived",
    r"Xero is locked to \S+, and the document is dated",
    "The Xero organisation does not use the currency SGD",
    "In Xero the name Old Harbour Traders belongs to an archived contact",
)


@pytest.fixture(scope="module", autouse=True)
def dropped_afterwards():
    yield
    database.drop(DATABASE)


@pytest.fixture(scope="module")
def done():
    """The demo that ends after its table, through make."""
    command = ["make", "--no-print-directory", "demo", "STAY=0", f"ARGS=--database {DATABASE}",
               f"PYTHON={sys._base_executable}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)


def test_the_demo_succeeds_and_its_last_line_says_that_both_sides_agree(done):
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WRONG" not in done.stdout
    last = done.stdout.splitlines()[-1]
    count, odoo, xero = re.fullmatch(
        r"(\d+) documents: ([\d,.]+) AUD in Odoo, ([\d,.]+) AUD in Xero, difference 0\.00", last).groups()
    assert int(count) == 27
    assert odoo == xero != "0.00"


def test_each_bad_document_ends_with_its_own_cause_and_a_cure(done):
    below = " ".join(done.stdout.partition("Stopped, each with its cause")[2].split())
    causes = re.findall(r"cause: (.*?) cure: (.*?)(?= INV/| -+ Odoo)", below)
    assert len(causes) == len(CAUSES)
    for expected, (cause, cure) in zip(CAUSES, causes, strict=True):
        assert re.match(expected.replace("(", r"\(").replace(")", r"\)"), cause)
        assert cure


def test_the_table_has_one_line_for_each_document_that_arrived(done):
    rows = re.findall(r"^(R?INV/\S+) +(\S+) +(Authorised|Paid) +(AUD|USD) +(.*)$", done.stdout, re.M)
    assert len(rows) == 27
    for name, number, _status, _currency, rest in rows:
        amounts = re.findall(r"-?[\d,]+\.\d\d(?!%)", rest)[:6]
        assert name == number
        assert amounts[:3] == amounts[3:]


def test_the_hours_of_everybody_are_in_xero_and_the_next_step_is_said(done):
    below = done.stdout.partition("Timesheet of")[2].splitlines()[1:]
    rows = [re.fullmatch(r"(.{20})(\w+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) +0\.00", line) for line in below[:5]]
    assert {row[2] for row in rows} == {"Draft"}
    for _name, _status, worked, leave, worked_in_xero, leave_in_xero in (row.groups() for row in rows):
        assert (worked, leave) == (worked_in_xero, leave_in_xero)
    assert below[5].split() == ["5", "people", "171.00", "8.00", "171.00", "8.00", "0.00"]
    first, then = below[6].split("; ")
    assert first == "First approve the draft timesheets in Xero (5), else their hours are not paid"
    assert re.fullmatch(r"then run the pay run Weekly Calendar, .* – .*, there: Payroll ▸ Pay employees\.", then)


def test_a_document_changed_in_xero_is_found_and_the_demo_stays_up_until_it_is_interrupted(tmp_path):
    """Not agreeing must end with another code than 0; the addresses that it prints must answer."""
    output = tmp_path / "output"
    with output.open("w") as stream:
        command = [PYTHON, "tools/demo.py", "--stay", "--spoil", "--database", DATABASE]
        demo = subprocess.Popen(command, cwd=ROOT, stdout=stream, stderr=stream, start_new_session=True)
    try:
        text = _wait_for(demo, output, "Ctrl-C stops everything.")
        addresses = re.findall(r"http://localhost:\d+/\S+", text.partition("Odoo   ")[2])
        assert len(addresses) == 6
        for address in addresses:
            assert requests.get(address, timeout=30).status_code == 200, address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGINT)
        code = demo.wait(30)
    text = output.read_text()
    assert code == 1, text
    assert re.search(r"WRONG: INV/\S+ \(.*\): total is ([\d.]+) in Odoo and (?!\1 )[\d.]+ in Xero", text)
    assert "WRONG: Accounts receivable is" in text
    assert re.search(r"^27 documents: .* difference -0\.01$", text, re.M)
    for address in addresses:
        with pytest.raises(requests.ConnectionError):
            requests.get(address, timeout=5)


def _wait_for(process, output, wanted, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        if wanted in output.read_text():
            return output.read_text()
        time.sleep(0.2)
    raise AssertionError(output.read_text())
