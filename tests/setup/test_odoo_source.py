"""The order in which Odoo 19 is looked for, with trees that only look like Odoo."""

import sys

import pytest

import odoo_source
from house import Missing


def fake_odoo(folder, version="19, 0, 0, FINAL, 0, ''"):
    (folder / "odoo").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(f"FINAL = 'final'\nversion_info = ({version})\n")
    return folder


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without Odoo, mirror and git, whose build folder is empty."""
    for name in ("ODOO_SRC", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(odoo_source, "BUILD", tmp_path / "build")
    monkeypatch.setattr(odoo_source, "PACKAGED", tmp_path / "build" / "odoo")
    monkeypatch.setattr(odoo_source, "CLONE", tmp_path / "build" / "odoo-src")
    monkeypatch.setattr(odoo_source.packages, "is_debian", lambda: False)
    monkeypatch.setattr(odoo_source.shutil, "which", lambda name: None)
    # The Python of these tests sees Odoo; the base interpreter is what set-up would ask.
    return sys._base_executable


def test_nothing_there_ends_in_one_sentence_that_names_odoo_src(bare):
    with pytest.raises(Missing, match=r"^Odoo 19 was not found .*; set ODOO_SRC to .*\.$"):
        odoo_source.find(bare)


def test_an_importable_odoo_wins(bare, monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", str(fake_odoo(tmp_path / "importable")))
    monkeypatch.setenv("ODOO_SRC", str(fake_odoo(tmp_path / "named")))
    assert odoo_source.find(bare) == (tmp_path / "importable", "importable")


def test_an_importable_odoo_of_another_series_is_passed_over(bare, monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", str(fake_odoo(tmp_path / "importable", "18, 0, 0, FINAL, 0, ''")))
    monkeypatch.setenv("ODOO_SRC", str(fake_odoo(tmp_path / "named")))
    assert odoo_source.find(bare) == (tmp_path / "named", "ODOO_SRC")


def test_odoo_src_comes_before_the_package(bare, monkeypatch, tmp_path):
    fake_odoo(odoo_source.PACKAGED / "usr/lib/python3/dist-packages")
    (odoo_source.PACKAGED / "complete").touch()
    monkeypatch.setenv("ODOO_SRC", str(fake_odoo(tmp_path / "a b")))
    assert odoo_source.find(bare) == (tmp_path / "a b", "ODOO_SRC")


@pytest.mark.parametrize("version", ["18, 0, 0, FINAL, 0, ''", "'saas~19', 1, 0, FINAL, 0, ''"])
def test_odoo_src_of_another_series_is_refused(bare, monkeypatch, tmp_path, version):
    monkeypatch.setenv("ODOO_SRC", str(fake_odoo(tmp_path / "named", version)))
    with pytest.raises(Missing, match="holds Odoo .*; point it to the source of Odoo 19.0"):
        odoo_source.find(bare)


def test_odoo_src_without_odoo_is_refused(bare, monkeypatch, tmp_path):
    monkeypatch.setenv("ODOO_SRC", str(tmp_path))
    with pytest.raises(Missing, match="does not hold Odoo"):
        odoo_source.find(bare)


def test_the_unpacked_package_comes_before_the_clone(bare):
    packaged = fake_odoo(odoo_source.PACKAGED / "usr/lib/python3/dist-packages")
    (odoo_source.PACKAGED / "complete").touch()
    fake_odoo(odoo_source.CLONE)
    assert odoo_source.find(bare) == (packaged, "Debian's package")


def test_a_package_unpacked_halfway_does_not_count(bare):
    fake_odoo(odoo_source.PACKAGED / "usr/lib/python3/dist-packages")
    clone = fake_odoo(odoo_source.CLONE)
    assert odoo_source.find(bare) == (clone, "clone of branch 19.0")


def test_a_mirror_without_the_package_leads_to_the_clone(bare, monkeypatch, tmp_path):
    monkeypatch.setattr(odoo_source.packages, "is_debian", lambda: True)
    monkeypatch.setattr(odoo_source.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(odoo_source.packages, "debian_mirror", lambda: object())

    def refuse(mirror):
        raise Missing("apt-get stopped with code 100")

    monkeypatch.setattr(odoo_source, "_fetch_debs", refuse)
    clone = fake_odoo(odoo_source.CLONE)
    assert odoo_source.find(bare) == (clone, "clone of branch 19.0")


def test_the_library_that_debian_drops_gets_a_stand_in_but_only_in_our_own_tree(bare, monkeypatch, tmp_path):
    packaged = fake_odoo(odoo_source.PACKAGED / "usr/lib/python3/dist-packages")
    (odoo_source.PACKAGED / "complete").touch()
    named = fake_odoo(tmp_path / "named")
    for folder in (packaged, named):
        (folder / "odoo/addons/mail").mkdir(parents=True)
    odoo_source.find(bare)
    assert list(packaged.rglob("selfie_segmentation.js"))
    monkeypatch.setenv("ODOO_SRC", str(named))
    odoo_source.find(bare)
    assert not list(named.rglob("selfie_segmentation.js"))


def test_a_source_tree_needs_its_addons_folder_on_the_path(tmp_path):
    tree = fake_odoo(tmp_path)
    assert odoo_source.addons_paths(tree) == []
    (tree / "addons" / "account").mkdir(parents=True)
    (tree / "addons" / "account" / "__manifest__.py").write_text("{}")
    assert odoo_source.addons_paths(tree) == [tree / "addons"]
