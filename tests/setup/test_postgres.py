"""Where the private cluster lives, and which server is used."""

import os

import pytest

import postgres
from house import Missing


@pytest.fixture
def build(monkeypatch, tmp_path):
    """A build folder that everybody can reach, as in a clone under /srv or in a home folder of one's own."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o001:
            folder.chmod(0o711)
    monkeypatch.setattr(postgres, "BUILD", tmp_path)
    return tmp_path


@pytest.fixture
def temporary(build):
    (build / "tmp").mkdir()
    (build / "tmp").chmod(0o1777)
    return build / "tmp"


def test_the_clone_is_the_place_where_its_path_allows(build):
    user = postgres.unprivileged_user()
    home = postgres.choose_home(build / "pg", user)
    assert home == build / "pg"
    assert (home.stat().st_mode & 0o777, home.stat().st_uid) == (0o700, user.pw_uid)


def test_a_folder_with_spaces_will_do(build):
    (build / "a b").mkdir()
    assert postgres.choose_home(build / "a b" / "pg", postgres.unprivileged_user()) == build / "a b" / "pg"


def test_a_path_too_long_for_a_socket_leads_to_the_temporary_folder(build, temporary):
    wanted = build / ("é" * 30) / ("é" * 30) / "pg"  # 2 bytes each: the limit counts bytes
    home = postgres.choose_home(wanted, postgres.unprivileged_user(), temporary)
    assert home.parent == temporary and home.name.startswith("xero-connector-")
    assert home.stat().st_mode & 0o777 == 0o700
    assert not wanted.exists()


def test_the_temporary_folder_is_the_same_each_time(build, temporary):
    wanted, user = build / ("x" * 120) / "pg", postgres.unprivileged_user()
    assert postgres.choose_home(wanted, user, temporary) == postgres.choose_home(wanted, user, temporary)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_a_path_closed_to_the_servers_account_leads_to_the_temporary_folder(build, temporary):
    (build / "closed").mkdir(mode=0o700)
    home = postgres.choose_home(build / "closed" / "pg", postgres.unprivileged_user(), temporary)
    assert home.parent == temporary
    assert not (build / "closed" / "pg").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder that is somebody else's")
def test_somebody_elses_folder_is_refused(build, temporary):
    wanted, user = build / ("x" * 120) / "pg", postgres.unprivileged_user()
    home = postgres.choose_home(wanted, user, temporary)
    os.chown(home, user.pw_uid + 4711, -1)
    with pytest.raises(Missing, match="belongs to somebody else"):
        postgres.choose_home(wanted, user, temporary)


def test_a_link_in_place_of_the_folder_is_refused(build, temporary):
    wanted, user = build / ("x" * 120) / "pg", postgres.unprivileged_user()
    home = postgres.choose_home(wanted, user, temporary)
    home.rmdir()
    (temporary / "elsewhere").mkdir()
    home.symlink_to(temporary / "elsewhere")
    with pytest.raises(Missing, match="belongs to somebody else"):
        postgres.choose_home(wanted, user, temporary)


def test_database_url_is_read_in_its_parts():
    url = "postgresql://odoo:p%40ss@db.example:5433/postgres"
    assert postgres.from_environment({"DATABASE_URL": url, "PGHOST": "other"}) == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "odoo",
        "PGPASSWORD": "p@ss",
    }


def test_database_url_may_name_a_socket_folder():
    named = postgres.from_environment({"DATABASE_URL": "postgresql://odoo@/postgres?host=/run/pg"})
    assert named == {"PGHOST": "/run/pg", "PGPORT": "5432", "PGUSER": "odoo"}


def test_libpq_variables_are_taken_as_they_are():
    assert postgres.from_environment({"PGHOST": "/run/pg", "HOME": "x"}) == {"PGHOST": "/run/pg"}
    assert postgres.from_environment({"PGUSER": "odoo"}) == {}


def test_missing_programs_that_cannot_be_installed_end_in_one_sentence(build, monkeypatch):
    monkeypatch.setattr(postgres, "find_binaries", lambda: None)
    monkeypatch.setattr(postgres.packages, "install", lambda *names, why: None)
    monkeypatch.setattr(postgres, "from_environment", lambda environ: {})
    with pytest.raises(Missing, match=r"^PostgreSQL's initdb is not on this machine; .*\.$"):
        postgres.ensure()


def test_root_never_runs_the_server():
    assert postgres.unprivileged_user().pw_uid != 0


def test_a_stale_pid_file_is_not_a_running_server(tmp_path):
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n/somewhere\n")
    assert postgres.server_pid(tmp_path) is None
