"""Reading the machine's apt configuration, and installing packages only where that is allowed."""

import pytest

import packages
from house import Missing
from packages import Source

DEB822 = """\
# written by the installer
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: trixie
 trixie-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: trixie
Components: main

Types: deb
# snapshot of today
URIs: http://mirror.example/debian-security
Suites: trixie-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
"""


@pytest.fixture
def apt(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    release = tmp_path / "os-release"
    release.write_text("ID=debian\nVERSION_CODENAME=trixie\n")
    return tmp_path


def mirror(apt):
    return packages.debian_mirror(apt, apt / "os-release")


def test_deb822_stanzas_with_continuation_comments_and_a_disabled_one(apt):
    (apt / "sources.list.d" / "debian.sources").write_text(DEB822)
    key = "/usr/share/keyrings/debian-archive-keyring.gpg"
    assert packages.read_sources(apt) == [
        Source("http://mirror.example/debian", ("trixie", "trixie-updates"), ("main", "contrib"), key),
        Source("http://mirror.example/debian-security", ("trixie-security",), ("main",), ""),
    ]


def test_one_line_sources_with_options_and_comments(apt):
    (apt / "sources.list").write_text(
        "# deb http://commented.example/debian trixie main\n"
        "deb-src http://mirror.example/debian trixie main\n"
        "deb [arch=amd64 signed-by=/keys/debian.gpg] http://mirror.example/debian/ trixie main non-free # ours\n"
    )
    assert packages.read_sources(apt) == [
        Source("http://mirror.example/debian/", ("trixie",), ("main", "non-free"), "/keys/debian.gpg")
    ]


def test_files_of_another_ending_are_not_sources(apt):
    (apt / "sources.list.d" / "old.list.disabled").write_text("deb http://off.example/debian trixie main\n")
    assert packages.read_sources(apt) == []
    assert mirror(apt) is None


def test_the_mirror_is_debians_main_archive_not_another_one_for_the_same_suite(apt):
    (apt / "sources.list.d" / "a.list").write_text("deb http://tools.example/apt trixie main\n")
    (apt / "sources.list.d" / "debian.sources").write_text(DEB822)
    assert mirror(apt).uri == "http://mirror.example/debian"


def test_a_mirror_under_another_name_is_known_by_its_key(apt):
    line = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://cache.example/d trixie main\n"
    (apt / "sources.list").write_text("deb http://tools.example/apt trixie main\n" + line)
    assert mirror(apt).uri == "http://cache.example/d"


def test_a_mirror_list_on_this_machine_is_followed(apt):
    listing = apt / "mirrors.list"
    listing.write_text("# nearest first\nhttp://near.example/debian priority:1\nhttp://far.example/debian\n")
    (apt / "sources.list").write_text(f"deb mirror+file:{listing} trixie main\n")
    assert mirror(apt).uri == "http://near.example/debian"


def test_ubuntu_is_not_debian(apt):
    (apt / "os-release").write_text("ID=ubuntu\nID_LIKE=debian\n")
    assert not packages.is_debian(apt / "os-release")


def test_without_root_and_sudo_the_cure_is_a_command_to_type(monkeypatch):
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(packages, "_sudo_without_password", lambda: False)
    monkeypatch.setattr(packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(Missing, match="sudo apt-get install -y --no-install-recommends chromium"):
        packages.install("chromium", why="Chromium")


def test_without_apt_the_package_is_named(monkeypatch):
    monkeypatch.setattr(packages.shutil, "which", lambda name: None)
    with pytest.raises(Missing, match="Chromium is missing; install chromium"):
        packages.install("chromium", why="Chromium")
