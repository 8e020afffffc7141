"""--state: everything is there again after a restart."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from xero_sandbox.sandbox import Sandbox
from xero_sandbox.store import StateFile, dump, load


def test_round_trip(xero, server):
    invoice = xero.create(InvoiceNumber="KEEP")
    xero.set_org(PeriodLockDate="2026-09-30")
    server.advance(100)
    copy = Sandbox()
    load(copy, dump(server.sandbox))
    org = copy.organisations[xero.org.tenant_id]
    assert org.invoices.find("number", "KEEP")["Total"] == 110
    assert org.details["PeriodLockDate"] == "2026-09-30"
    assert org.ledger.balances() == xero.org.ledger.balances()
    assert copy.clock.offset == 100
    assert copy.oauth.is_connected("SANDBOX-CLIENT-ID", xero.org.tenant_id)
    assert dump(copy) == dump(server.sandbox)
    assert invoice["InvoiceID"] in org.ledger.in_force


def test_file_is_private_and_written_whole(tmp_path):
    path = tmp_path / "state.json"
    state = StateFile(Sandbox(), path).start()
    state.close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text())["version"] == 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.json"]


def test_foreign_file_is_refused(tmp_path):
    path = tmp_path / "state.json"
    path.write_text('{"version": 99}')
    with pytest.raises(ValueError, match="another version"):
        StateFile(Sandbox(), path)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_process_saves_at_its_end_and_loads_again(tmp_path, stop):
    path = tmp_path / "my state.json"
    _run(path, stop, lambda url: requests.post(f"{url}/_sandbox/clock", json={"advance": 777},
                                               timeout=5))
    offsets = []
    _run(path, stop, lambda url: offsets.append(
        requests.get(f"{url}/_sandbox/clock", timeout=5).json()["offset"]))
    assert offsets == [777]


def _run(path, stop, work):
    process = subprocess.Popen(
        [sys.executable, "-m", "xero_sandbox", "--port", "0", "--country", "NZ",
         "--state", str(path)], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[1], env={**os.environ, "XERO_OPENAPI": ""},
        # Whoever runs the tests in the background lets their children ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    try:
        greeting = process.stdout.readline()
        assert "(NZ)" in greeting
        work(greeting.split()[-1])
        process.send_signal(stop)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.stdout.close()
