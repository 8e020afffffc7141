"""Shared by the tests outside the add-ons: the tools on the path, and the browser."""

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))


@pytest.fixture(scope="session")
def chromium():
    """The path of Chromium; without it the test is skipped, but in CI it fails."""
    path = shutil.which("chromium")
    if not path:
        reason = "Chromium is not installed: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return path
