"""What every tool of the project shares: paths, the one-line report, a missing piece, running a command."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
VENV = BUILD / "venv"
PYTHON = VENV / "bin" / "python"
LOG = BUILD / "log"
DATA_DIR = BUILD / "data"
STATE = BUILD / "state.json"


class Missing(Exception):
    """A piece that set-up cannot provide: one sentence that names it and the cure."""

    @property
    def reason(self):
        """The last line only, where the sentence ends with what a command said."""
        return str(self).splitlines()[-1].strip()


def say(what, text):
    """Report in one line what was found or done."""
    print(f"{what:<10} {text}", flush=True)


def run(*command, **options):
    """Run a command quietly and return its output; a failure is `Missing` with the last lines it wrote."""
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **options}
    try:
        result = subprocess.run([str(part) for part in command], text=True, **options)
    except FileNotFoundError:
        raise Missing(f"The command {command[0]} is not on this machine; install it and run again.") from None
    if result.returncode:
        tail = "\n    ".join((result.stdout or "").strip().splitlines()[-8:])
        raise Missing(f"{Path(str(command[0])).name} stopped with code {result.returncode}:\n    {tail}")
    return result.stdout


def load_state():
    """What set-up found, by step; empty before the first set-up."""
    return json.loads(STATE.read_text()) if STATE.exists() else {}


def save_state(**values):
    """Add to what set-up found."""
    write_if_changed(STATE, json.dumps({**load_state(), **values}, indent=1) + "\n")


def write_if_changed(path, text):
    """Write a file unless it says so already; return whether it was written."""
    if path.exists() and path.read_text() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return True


def environment():
    """The environment for Odoo, tests and database tools: where PostgreSQL listens, where the programs are."""
    state = load_state()
    env = {**os.environ, **state.get("postgres", {})}
    env["PATH"] = os.pathsep.join([str(VENV / "bin"), *state.get("bin", []), env.get("PATH", os.defpath)])
    specifications = ROOT.parent / "shared" / "xero-openapi"
    if specifications.is_dir():
        env.setdefault("XERO_OPENAPI", str(specifications))
    return env


def main(function, *arguments):
    """Run a tool's main function; a missing piece ends it with its sentence and code 1, Ctrl-C with code 130."""
    try:
        sys.exit(function(*arguments))
    except Missing as missing:
        print(f"\nStopped: {missing}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
