"""The Makefile as people type it: from any folder, explained, and quick when there is nothing to do."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from house import ROOT

TARGETS = (
    "setup demo serve test test-setup test-sandbox test-addons test-glue test-payroll test-e2e test-guest test-browser "
    "test-host lint bench stop clean help"
)


def make(*arguments, folder=ROOT, **env):
    command = ["make", "--no-print-directory", "-C", str(folder), *arguments]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, env={**os.environ, **env}, timeout=240)


@pytest.fixture
def bare_clone(tmp_path):
    """The tools alone, in a folder with spaces, with nothing set up."""
    clone = tmp_path / "a clone with spaces"
    shutil.copytree(ROOT / "tools", clone / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.glob("requirements*.txt"):
        shutil.copy(path, clone)
    shutil.copy(ROOT / "Makefile", clone)
    return clone


def test_help_is_what_make_alone_says_and_it_explains_every_target():
    listed = make().stdout
    assert listed == make("help").stdout
    explained = re.findall(r"^  make ([\w-]+) +\S.*$", listed, re.M)
    assert sorted(explained) == sorted(TARGETS.split())


def test_every_target_is_phony():
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)[1]
    assert sorted(phony.split()) == sorted(TARGETS.split())


def test_setup_done_once_has_nothing_to_do():
    done = make("setup")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if not line.startswith("make")]
    assert [line.split()[0] for line in lines] == ["python", "odoo", "postgres", "database"]
    assert all("nothing to do" in line or "the environment names" in line for line in lines)


def test_a_wrong_odoo_src_stops_with_one_sentence_and_no_traceback(tmp_path):
    """Through make, so that the exit code and the output are those that a newcomer sees."""
    stopped = make("setup", ODOO_SRC=str(tmp_path), PYTHON=sys._base_executable)
    if "importable" in stopped.stdout:
        pytest.skip("this machine's Python has Odoo, which comes before ODOO_SRC")
    assert stopped.returncode != 0
    assert "Traceback" not in stopped.stderr
    sentences = [line for line in stopped.stderr.splitlines() if line.startswith("Stopped:")]
    expected = f"ODOO_SRC={tmp_path} does not hold Odoo (no odoo/release.py); point it to the source of Odoo 19.0."
    assert sentences == [f"Stopped: {expected}"]


def test_a_python_too_old_stops_with_one_sentence(bare_clone):
    (bare_clone / "tools" / "sitecustomize.py").write_text("import sys\nsys.version_info = (3, 9, 2, 'final', 0)\n")
    stopped = make("setup", folder=bare_clone, PYTHONPATH=str(bare_clone / "tools"), PYTHON=sys._base_executable)
    assert stopped.returncode != 0
    assert "Stopped: Python 3.9 does not run Odoo 19; use 3.10 to 3.13" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert not (bare_clone / "build" / "venv").exists()


def test_stop_and_clean_before_any_setup_are_quiet_and_work_with_spaces(bare_clone):
    (bare_clone / "build").mkdir()
    assert make("stop", folder=bare_clone).returncode == 0
    assert make("clean", folder=bare_clone).returncode == 0
    assert not (bare_clone / "build").exists()
