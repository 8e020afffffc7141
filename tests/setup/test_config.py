"""The odoo.conf files: every option is one that Odoo 19 knows, and each is explained."""

import configparser
import json
import re
import subprocess

import pytest

from house import PYTHON, ROOT, environment

FILES = ("odoo.conf", "odoo.production.conf")


@pytest.fixture(scope="module")
def known_options():
    """What Odoo's own configuration knows; asked in a process of its own, as it keeps global state."""
    code = "import json, odoo.tools as t; print(json.dumps(sorted(t.config.options_index)))"
    answer = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, env=environment(), cwd="/")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def options(name):
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "config" / name)
    return dict(parser["options"])


@pytest.mark.parametrize("name", FILES)
def test_odoo_knows_every_option(name, known_options):
    assert set(options(name)) <= set(known_options)


@pytest.mark.parametrize("name", FILES)
def test_every_option_is_explained(name):
    explained = False
    for line in (ROOT / "config" / name).read_text().splitlines():
        if line.startswith("; ---") or not line.strip() or line == "[options]":
            explained = False
        elif line.startswith(";"):
            explained = True
        else:
            assert explained, f"{line} stands without an explanation"
        # Two options may share one explanation, as host and port of the database do.


def test_production_is_safe_behind_its_proxy():
    production = options("odoo.production.conf")
    assert production["proxy_mode"] == "True" and production["list_db"] == "False"
    assert int(production["workers"]) > 0 and int(production["max_cron_threads"]) > 0
    assert production["dbfilter"] == f"^{production['db_name']}$"


def test_the_worker_has_time_for_its_pass():
    """A pass ends after 10 seconds, plus one exchange with a time-out of 5 + 30."""
    assert int(options("odoo.production.conf")["limit_time_real_cron"]) > 45


def test_requirements_of_the_add_ons_are_in_requirements_txt():
    required = {re.split(r"[=<>; ]", line)[0] for line in (ROOT / "requirements.txt").read_text().splitlines()}
    assert {"xero-python", "python-dateutil", "cryptography"} <= required


def test_every_other_requirement_is_pinned():
    for path in ROOT.glob("requirements-*.txt"):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
        assert all("==" in line for line in lines), path.name
