"""`make test-host` tells a test that behaves differently from one that fails anyway."""

import pytest

import host_suite
from house import Missing

FILE = "account.tests.test_x"
GOOD, BAD = ("passed", ""), ("failed", "AssertionError: 1 != 2")


def name(method, case="TestX"):
    return f"{FILE}.{case}.{method}"


@pytest.fixture
def answers(monkeypatch):
    """Outcomes of the runs to come, by database; whoever runs out of them repeats the last."""
    answers = {host_suite.WITHOUT: [], host_suite.WITH: []}

    def run(database, tags=(), label=None):
        asked.append((database, list(tags)))
        left = answers[database]
        return left.pop(0) if len(left) > 1 else left[0]

    asked = answers["asked"] = []
    monkeypatch.setattr(host_suite, "run", run)
    monkeypatch.setattr(host_suite, "make_database", lambda name, ours: None)
    monkeypatch.setattr(host_suite, "check_tests_are_there", lambda: None)
    monkeypatch.setattr(host_suite, "LEAST", 2)
    return answers


def test_equal_is_0_and_what_fails_anyway_is_named(answers, capsys):
    both = {name("test_a"): GOOD, name("test_b"): BAD, name("test_c"): ("skipped", "not here")}
    answers[host_suite.WITHOUT], answers[host_suite.WITH] = [both], [both]
    assert host_suite.host_suite([]) == 0
    shown = capsys.readouterr().out
    assert "1 fail without us as well" in shown and "TestX.test_b: AssertionError: 1 != 2" in shown
    assert "1 pass without and with us" in shown and "1 are skipped" in shown


@pytest.mark.parametrize("ours, word", [
    ({name("test_a"): GOOD, name("test_b"): BAD}, "passed without us, failed with us"),
    ({name("test_a"): GOOD, name("test_b"): ("skipped", "x")}, "passed without us, skipped with us"),
    ({name("test_a"): GOOD}, "passed without us, did not run with us"),
])
def test_a_difference_is_1_and_named(answers, capsys, monkeypatch, ours, word):
    answers[host_suite.WITHOUT] = [{name("test_a"): GOOD, name("test_b"): GOOD}]
    answers[host_suite.WITH] = [ours]
    monkeypatch.setattr(host_suite, "LEAST", 1)
    assert host_suite.host_suite([]) == 1
    assert f"DIFFERS: TestX.test_b: {word}" in capsys.readouterr().out
    assert answers["asked"][-1] == (host_suite.WITH, ["/account:TestX.test_b"])


def test_a_difference_that_does_not_come_again_is_0_but_said(answers, capsys):
    good, bad = {name("test_a"): GOOD, name("test_b"): GOOD}, {name("test_a"): GOOD, name("test_b"): BAD}
    answers[host_suite.WITHOUT], answers[host_suite.WITH] = [good], [bad, good]
    assert host_suite.host_suite([]) == 0
    assert "differed once, not again: TestX.test_b" in capsys.readouterr().out


def test_a_class_that_cannot_be_set_up_is_run_again_as_a_class():
    assert host_suite.tag_of(f"setUpClass (odoo.addons.{FILE}.TestX)") == "/account:TestX"


def test_too_few_tests_are_an_error(answers):
    answers[host_suite.WITHOUT] = answers[host_suite.WITH] = [{name("test_a"): GOOD}]
    with pytest.raises(Missing, match="Only 1 tests ran"):
        host_suite.host_suite([])


def test_the_first_failure_of_a_test_stands():
    lines = [["t", "passed", ""], ["t", "failed", "one"], ["t", "failed", "two"], ["t", "passed", ""], ["end"]]
    assert host_suite.read(lines) == {"t": ("failed", "one")}


def test_an_odoo_that_dies_is_an_error(monkeypatch, tmp_path):
    (tmp_path / "odoo.py").write_text("raise SystemExit(3)\n")
    monkeypatch.setattr(host_suite, "ODOO", tmp_path / "odoo.py")
    monkeypatch.setattr(host_suite, "LOG", tmp_path)
    with pytest.raises(Missing, match="Odoo ended with code 3 before its tests were done"):
        host_suite.run("xero_host_dies")


def test_an_odoo_without_tests_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(host_suite, "load_state", lambda: {"odoo": {"folder": str(tmp_path)}, "addons_paths": []})
    with pytest.raises(Missing, match="came without the tests of account"):
        host_suite.check_tests_are_there()


def test_one_database_has_our_add_ons_and_the_other_none(monkeypatch):
    made = {}
    monkeypatch.setattr(host_suite.database, "create", lambda name, *modules: made.update({name: modules}))
    monkeypatch.setattr(host_suite, "check_tests_are_there", lambda: None)
    monkeypatch.setattr(host_suite, "both", lambda tags: [{name("test_a"): GOOD}] * 2)
    host_suite.host_suite(["/account:TestTax"])
    assert made[host_suite.WITHOUT] == host_suite.BESIDE
    assert "xero_connector" in made[host_suite.WITH]
