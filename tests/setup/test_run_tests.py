"""Running the groups: a browser that is missing, a group without tests, a selection that matches nothing."""

import pytest

import packages
import run_tests
from house import Missing


@pytest.fixture
def without_browser(monkeypatch):
    def refuse(*names, why):
        raise Missing(f"{why} is missing; type: sudo apt-get install chromium")

    monkeypatch.setattr(run_tests.shutil, "which", lambda name: None)
    monkeypatch.setattr(packages, "install", refuse)


@pytest.fixture
def repository(monkeypatch, tmp_path):
    monkeypatch.setattr(run_tests, "ROOT", tmp_path)
    monkeypatch.delenv("ARGS", raising=False)  # those of the run that runs these tests
    (tmp_path / "tests" / "browser").mkdir(parents=True)
    return tmp_path


def write(repository, body):
    (repository / "tests" / "browser" / "test_x.py").write_text(f"def test_x():\n    {body}\n")


def test_a_missing_browser_fails_in_ci(without_browser, repository, monkeypatch, capfd):
    monkeypatch.setenv("CI", "true")
    write(repository, "pass")
    assert run_tests.run_tests(["browser"]) == 1
    assert "FAILED: Chromium is missing" in capfd.readouterr().out


def test_a_missing_browser_is_said_elsewhere(without_browser, repository, monkeypatch, capfd):
    monkeypatch.delenv("CI", raising=False)
    write(repository, "pass")
    assert run_tests.run_tests(["browser"]) == 0
    shown = capfd.readouterr().out
    assert "Chromium is missing" in shown and "1 passed" in shown


def test_a_failing_test_fails_the_run(repository, monkeypatch, capfd):
    monkeypatch.setattr(run_tests.shutil, "which", lambda name: "/usr/bin/chromium")
    write(repository, "assert False")
    assert run_tests.run_tests(["browser"]) == 1
    assert "1 failed" in capfd.readouterr().out


def test_a_group_without_tests_is_no_failure_but_an_empty_selection_says_so(repository, monkeypatch, capfd):
    monkeypatch.setattr(run_tests.shutil, "which", lambda name: "/usr/bin/chromium")
    assert run_tests.run_tests(["browser"]) == 0
    write(repository, "pass")
    monkeypatch.setenv("ARGS", "-k 'no_such_name or nor_this'")
    assert run_tests.run_tests(["browser"]) == 0
    shown = capfd.readouterr().out
    assert "no tests yet" in shown and "nothing selected" in shown


def test_all_groups_run_and_a_failure_of_one_is_told(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(run_tests, "ROOT", tmp_path)
    monkeypatch.setattr(run_tests.house, "BUILD", tmp_path / "build")
    monkeypatch.setattr(run_tests, "_ensure_browser", lambda: None)

    def outcome(group, extra, stream):
        print(f"what {group} says", file=stream, flush=True)
        return "FAILED" if group == "guest" else "passed"

    monkeypatch.setattr(run_tests, "_outcome", outcome)
    assert run_tests.run_tests([]) == 1
    shown = capsys.readouterr().out
    assert sorted(run_tests.IN_TURN) == sorted(run_tests.FOLDERS)
    for group in run_tests.FOLDERS:
        assert f"=== {group} ===\nwhat {group} says" in shown


def test_payroll_is_tested_beside_every_source_of_hours(monkeypatch):
    """Else its tests of attendances and of work entries would skip themselves."""
    made = []
    monkeypatch.setattr(run_tests.database, "create", lambda name, *modules: made.extend(modules))
    run_tests._addons_arguments("payroll")
    assert {"xero_payroll", "hr_attendance", "hr_work_entry"} <= set(made)


@pytest.mark.parametrize(
    ("group", "folder", "said"), [("sandbox", "", True), ("sandbox", "x", False), ("setup", "", False)]
)
def test_without_xeros_specifications_that_is_said(repository, monkeypatch, capfd, group, folder, said):
    monkeypatch.setenv("XERO_OPENAPI", folder)
    tests = repository / run_tests.FOLDERS[group][0]
    tests.mkdir(parents=True)
    (tests / "test_x.py").write_text("def test_x():\n    pass\n")
    assert run_tests.run_tests([group]) == 0
    assert ("not compared with Xero's specifications" in capfd.readouterr().out) is said
