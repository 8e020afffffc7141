"""The README promises nothing that nobody runs: its commands, files, scopes and addresses are checked."""

import importlib.util
import re

import pytest

from house import ROOT

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S)  # (language, text)
# Command -> the test or CI script that runs it, and the words with which it does.
RUN_BY = {
    "make demo": ("tests/e2e/test_demo.py", '"demo", "STAY=0"'),
    "make demo STAY=0": ("tests/e2e/test_demo.py", '"demo", "STAY=0"'),
    "make test": (".ci/run", "make --no-print-directory test\n"),
    "make help": ("tests/setup/test_make.py", 'make("help")'),
}


def commands():
    """What a reader would type: code blocks without a language (others show output), and inline `make ...`."""
    lines = [line for language, block in BLOCKS if not language for line in block.splitlines()]
    return sorted({*lines, *re.findall(r"`(make [^`\n]+)`", README)})


def paths():
    """Files and folders that the text names, and the pictures."""
    spans = re.findall(r"`([^`\s]+)`", README)
    named = {span for span in spans if re.match(r"[\w.-]+/|[\w-]+\.(md|txt|yml|toml)$", span)}
    return sorted((named - {"build/"}) | set(re.findall(r"\]\((?!http)([^)]+)\)", README)))


def test_the_readme_has_the_two_commands():
    assert {"make demo", "make test"} <= set(commands())


@pytest.mark.parametrize("command", commands())
def test_every_command_is_run_by_a_test_or_by_ci(command):
    assert command in RUN_BY, f"nobody runs {command}"
    path, words = RUN_BY[command]
    assert words in (ROOT / path).read_text()


@pytest.mark.parametrize("path", paths())
def test_what_is_named_exists(path):
    assert (ROOT / path).exists()


def test_the_scopes_are_those_that_connect_asks_for():
    path = ROOT / "addons" / "xero_connector" / "client" / "scopes.py"
    spec = importlib.util.spec_from_file_location("scopes", path)
    scopes = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scopes)
    (block,) = [block for _language, block in BLOCKS if "offline_access" in block]
    assert block.split() == scopes.scopes_for()


@pytest.mark.parametrize("words, path", [
    ("/xero/oauth/callback", "addons/xero_connector/controllers/oauth.py"),
    ("xero_connector.key", "addons/xero_connector/models/xero_token.py"),
    ("XERO_CONNECTOR_KEY", "addons/xero_connector/models/xero_token.py"),
])
def test_a_name_is_the_one_in_the_code(words, path):
    assert words in README
    assert words in (ROOT / path).read_text()
