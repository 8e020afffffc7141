"""Fixtures: one server per test session, reset before each test."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "sandbox"))
if "XERO_OPENAPI" not in os.environ and (ROOT.parent / "shared" / "xero-openapi").is_dir():
    os.environ["XERO_OPENAPI"] = str(ROOT.parent / "shared" / "xero-openapi")

from sandbox_client import Client  # noqa: E402

from xero_sandbox.testing import SandboxServer  # noqa: E402

settings.register_profile("sandbox", deadline=None, database=None)
settings.load_profile("sandbox")


@pytest.fixture(scope="session")
def running_server():
    with SandboxServer() as server:
        yield server


@pytest.fixture
def server(running_server):
    """A fresh AU sandbox; a test that leaves the specification fails."""
    running_server.reset(country="AU", organisations=2, day_limit=5000, minute_limit=60, employees=60)
    running_server.sandbox.limits.minute = 100_000
    yield running_server
    assert running_server.violations == []


@pytest.fixture
def xero(server):
    """A client of the first organisation."""
    return Client(server)
