"""docker-compose.yml, as far as it can be checked without an engine."""

import configparser
import os
import re
import subprocess

import pytest
import yaml

from house import PYTHON, ROOT, environment

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
ODOO_ENVIRONMENT = SERVICES["odoo"]["environment"]


def mounts(service):
    """(source, target) of a service's volumes."""
    return [tuple(volume.split(":")[:2]) for volume in SERVICES[service].get("volumes", [])]


def test_the_services_are_the_database_odoo_and_the_sandbox():
    assert set(SERVICES) == {"db", "odoo", "sandbox"}


def test_every_image_is_pinned():
    dockerfile = (ROOT / SERVICES["odoo"]["build"]["dockerfile"]).read_text()
    images = [service["image"] for service in SERVICES.values()] + re.findall(r"^FROM (\S+)", dockerfile, re.M)
    assert "odoo:19.0" in images
    for image in images:
        assert re.search(r":\d+\.\d+", image), f"{image} names no version"


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_mounted_exists(service):
    for source, _target in mounts(service):
        if source.startswith("."):
            assert (ROOT / source).exists(), f"{source} is mounted but not there"
        else:
            assert source in COMPOSE["volumes"]


def test_what_the_image_is_built_from_exists():
    build = SERVICES["odoo"]["build"]
    dockerfile = ROOT / build["context"] / build["dockerfile"]
    for source in re.findall(r"^COPY (\S+)", dockerfile.read_text(), re.M):
        assert (ROOT / build["context"] / source).is_file()


def test_the_configuration_names_the_folders_that_are_mounted():
    targets = {target: source for source, target in mounts("odoo")}
    conf = configparser.ConfigParser(interpolation=None)
    conf.read(ROOT / targets["/etc/odoo"] / "odoo.conf")
    assert targets[conf["options"]["addons_path"]] == "./addons"
    assert conf["options"]["data_dir"] in targets


def test_odoo_and_the_sandbox_share_localhost():
    """Plain http is allowed to loopback only, and the browser has to reach the same address."""
    assert SERVICES["sandbox"]["network_mode"] == "service:odoo"
    published = {port.split(":")[-1] for port in SERVICES["odoo"]["ports"]}
    for name in ("XERO_LOGIN_URL", "XERO_IDENTITY_URL", "XERO_API_URL"):
        host, port = ODOO_ENVIRONMENT[name].removeprefix("http://").split(":")
        assert host == "localhost" and port in published and f"--port {port}" in SERVICES["sandbox"]["command"][-1]


def test_odoo_and_the_database_agree_on_the_account():
    database = SERVICES["db"]["environment"]
    assert (ODOO_ENVIRONMENT["HOST"], ODOO_ENVIRONMENT["USER"]) == ("db", database["POSTGRES_USER"])
    assert ODOO_ENVIRONMENT["PASSWORD"] == database["POSTGRES_PASSWORD"]


def test_nothing_listens_beyond_this_machine():
    assert all(port.startswith("127.0.0.1:") for service in SERVICES.values() for port in service.get("ports", []))


def test_the_sandbox_starts_with_options_that_it_has():
    command = [PYTHON, "-m", "xero_sandbox", "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, cwd=ROOT / "sandbox", env=environment())
    assert shown.returncode == 0, shown.stderr
    used = SERVICES["sandbox"]["command"][-1].split("xero_sandbox")[-1]
    for option in re.findall(r"--\w+", used):
        assert option in shown.stdout


def test_the_sandbox_needs_nothing_but_its_requirements(tmp_path):
    """Started with the standard library and what requirements-sandbox.txt names; the rest is out of reach."""
    names = re.findall(r"^(\w+)==", (ROOT / "requirements-sandbox.txt").read_text(), re.M)
    site = next((ROOT / "build" / "venv" / "lib").glob("python3*")) / "site-packages"
    for name in (*names, "MarkupSafe"):  # which Werkzeug brings along
        (tmp_path / name.lower()).symlink_to(site / name.lower())
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT / "sandbox")])}
    env.pop("XERO_OPENAPI", None)
    # -S: without the environment's own packages.
    result = subprocess.run([PYTHON, "-S", "-m", "xero_sandbox", "--help"], env=env, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
