"""Server processes: awaited, stopped as a group, and never outliving the one who started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import processes
from house import ROOT, Missing

# Answers 200 and has a child of its own, as a prefork server has.
SERVER = """
import http.server, subprocess, sys
child = subprocess.Popen(["sleep", "600"])
print("child", child.pid, flush=True)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "LOG", tmp_path)
    port = processes.free_ports(1)[0]
    server = processes.Process("fake", [sys.executable, "-c", SERVER, port], f"http://127.0.0.1:{port}/")
    yield server
    server.stop()


def is_alive(pid):
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_until_gone(pid):
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


def child_of(server):
    return int(server.log.read_text().split()[1])


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_the_whole_group_ends(server, end):
    with server:
        child, pid = child_of(server), server.pid
        assert server.is_running() and is_alive(child)
        getattr(server, end)()
        assert wait_until_gone(pid) and wait_until_gone(child)
    assert not server.is_running()


def test_it_can_be_started_again(server):
    server.start()
    server.kill()
    assert server.start().is_running()


def test_a_server_that_fails_says_why(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "LOG", tmp_path)
    server = processes.Process("fake", [sys.executable, "-c", "raise SystemExit('no port')"], "http://127.0.0.1:9/")
    with pytest.raises(Missing, match="(?s)fake ended with code 1; .*no port"):
        server.start()


def test_a_server_that_never_answers_is_stopped(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "LOG", tmp_path)
    server = processes.Process("fake", ["sleep", "600"], "http://127.0.0.1:9/")
    with pytest.raises(Missing, match="did not answer within 0.3 s"):
        server.start(timeout=0.3)
    assert not server.is_running()


def test_the_server_dies_with_a_parent_that_is_killed(tmp_path):
    port = processes.free_ports(1)[0]
    code = (
        f"import sys, time; sys.path.insert(0, {str(ROOT / 'tools')!r})\n"
        f"import processes, pathlib; processes.LOG = pathlib.Path({str(tmp_path)!r})\n"
        f"p = processes.Process('x', [sys.executable, '-c', {SERVER!r}, {port}], 'http://127.0.0.1:{port}/').start()\n"
        "print(p.pid, flush=True); time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    assert is_alive(pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert wait_until_gone(pid)
    os.kill(int((tmp_path / "x.log").read_text().split()[1]), signal.SIGKILL)


def test_free_ports_differ():
    assert len(set(processes.free_ports(20))) == 20
