"""What `make lint` finds beyond ruff and pylint-odoo: each fault planted, each found."""

import subprocess

import pytest

import lint_addons
import lint_places

MANIFEST = {
    "name": "X",
    "summary": "S",
    "version": "19.0.1.0.0",
    "author": "A",
    "license": "LGPL-3",
    "depends": ["base"],
    "data": ["views/x_views.xml"],
}


@pytest.fixture
def addon(tmp_path):
    (tmp_path / "x" / "views").mkdir(parents=True)
    (tmp_path / "x" / "views" / "x_views.xml").write_text("<odoo/>")
    return tmp_path / "x"


def faults(addon, **manifest):
    (addon / "__manifest__.py").write_text(repr({**MANIFEST, **manifest}))
    return lint_addons.faults(addon)


def test_a_sound_addon_has_no_faults(addon):
    (addon / "data").mkdir()
    (addon / "data" / "neutralize.sql").write_text("")
    assert faults(addon) == []


def test_a_file_that_the_manifest_lists_has_to_exist(addon):
    assert faults(addon, data=[*MANIFEST["data"], "data/no.xml"]) == [
        "x: data/no.xml is in the manifest but not on disk"
    ]


def test_a_data_file_has_to_be_listed(addon):
    assert faults(addon, data=[]) == ["x: views/x_views.xml is on disk but not in the manifest"]


def test_xml_has_to_be_well_formed(addon):
    (addon / "views" / "x_views.xml").write_text("<odoo>")
    assert faults(addon)[0].startswith("x: views/x_views.xml: no element found")


@pytest.mark.parametrize(
    "manifest", [{"license": "AGPL-3"}, {"version": "18.0.1.0.0"}, {"author": ""}, {"category": "after depends"}]
)
def test_the_manifest_follows_the_rules(addon, manifest):
    assert len(faults(addon, **manifest)) == 1


def test_a_python_file_stays_readable_but_tests_may_be_long(addon):
    (addon / "tests").mkdir()
    for name in ("long.py", "tests/long.py"):
        (addon / name).write_text("x = 1\n" * 401)
    assert faults(addon) == ["x: long.py has 401 lines, more than 400"]


@pytest.fixture
def repository(tmp_path, monkeypatch):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.setattr(lint_places, "registry_hosts", lambda: ["mirror.example"])
    return tmp_path


@pytest.mark.parametrize("folder", ["root", "home", "Users"])
def test_a_folder_of_one_machine_is_found(repository, folder):
    (repository / "a.md").write_text(f"see /{folder}/somebody/notes\n")
    assert len(list(lint_places.faults(repository))) == 1


def test_a_package_mirror_is_found_and_addresses_on_the_web_are_not(repository):
    (repository / "a.txt").write_text("from http://mirror.example/debian\n")
    (repository / "b.txt").write_text("see https://web.example/home/page and ${HOME}/work/x\n")
    (repository / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    assert list(lint_places.faults(repository)) == ["a.txt:1 names the host mirror.example"]
