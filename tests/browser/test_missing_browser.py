"""Without a browser these tests do not pass in silence."""

import os
import subprocess

import pytest

from house import PYTHON, ROOT


@pytest.mark.parametrize(("ci", "code", "word"), [("true", 1, "failed"), ("", 0, "skipped")])
def test_a_missing_browser_fails_in_ci_and_is_skipped_elsewhere(ci, code, word):
    command = [PYTHON, "-m", "pytest", "-p", "no:odoo", "tests/browser/test_set_up.py", "-k", "deny"]
    env = {**os.environ, "PATH": "/nonexistent", "CI": ci}
    result = subprocess.run([str(part) for part in command], cwd=ROOT, env=env, capture_output=True, text=True)
    said = result.stdout + result.stderr
    assert "Chromium is not installed: apt-get install chromium" in said
    assert f"1 {word}" in said or f"1 {'error' if ci else word}" in said
    assert result.returncode == code
