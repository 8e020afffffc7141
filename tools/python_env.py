"""The project's own Python environment in build/venv: created once, filled when the requirements change."""

import hashlib
import os
import shutil
import subprocess
import sys

import packages
from house import BUILD, PYTHON, ROOT, VENV, Missing, run, say, write_if_changed

OLDEST, NEWEST = (3, 10), (3, 13)
REQUIREMENTS = ("requirements.txt", "requirements-odoo.txt", "requirements-sandbox.txt", "requirements-dev.txt")
# Not sys.executable: set-up may have been started with the environment's own Python.
BASE_PYTHON = sys._base_executable
STAMP = VENV / "requirements.sha256"


def check_version(version=sys.version_info):
    """Odoo 19 runs on Python 3.10 to 3.13."""
    if not OLDEST <= tuple(version[:2]) <= NEWEST:
        raise Missing(
            f"Python {version[0]}.{version[1]} does not run Odoo 19; use 3.10 to 3.13: make setup PYTHON=python3.12"
        )


def ensure():
    """Create the environment and install the pinned requirements, where that is still to do."""
    check_version()
    if not _usable():
        _create()
        say("python", f"{_version()}: made build/venv")
    wanted = _digest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        say("python", f"{_version()}, requirements unchanged: nothing to do")
        return
    say("python", "installing the requirements (about 150 MB; half a minute)")
    files = [part for name in REQUIREMENTS for part in ("-r", ROOT / name)]
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--prefer-binary", *files)
    STAMP.write_text(wanted)
    say("python", "requirements installed")


def link(folder):
    """Put Odoo and the sandbox on the environment's path, relative to it so that the clone may be moved."""
    site = next(VENV.glob("lib/python3*/site-packages"))
    lines = [os.path.relpath(path, site) for path in (folder, ROOT / "sandbox")]
    return write_if_changed(site / "xero_connector.pth", "".join(f"{line}\n" for line in lines))


def _create():
    if subprocess.run([BASE_PYTHON, "-c", "import ensurepip, venv"], capture_output=True).returncode:
        packages.install("python3-venv", why="Python's venv module")
    BUILD.mkdir(exist_ok=True)
    shutil.rmtree(VENV, ignore_errors=True)
    run(BASE_PYTHON, "-m", "venv", VENV)


def _usable():
    """Whether build/venv is of this Python and has pip: the interpreter may have been upgraded or removed since."""
    if not PYTHON.exists():
        return False
    code = "import sys, pip; print(*sys.version_info[:2])"
    check = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True)
    return check.returncode == 0 and check.stdout.split() == [str(part) for part in sys.version_info[:2]]


def _version():
    return ".".join(map(str, sys.version_info[:3]))


def _digest():
    digest = hashlib.sha256(sys.version.encode())
    for name in REQUIREMENTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()
