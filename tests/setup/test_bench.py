"""The frame for figures: rows, goals and build/bench.json."""

import json

import pytest

import bench
from bench import Figure


@pytest.fixture
def registry(monkeypatch, tmp_path):
    monkeypatch.setattr(bench, "REGISTRY", [])
    monkeypatch.setattr(bench, "RESULT", tmp_path / "bench.json")
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    return tmp_path


def test_figures_are_printed_and_written(registry, capsys):
    bench.measures(Figure("calls", "calls", 12), Figure("speed", "1/s", 50, more_is_better=True))(lambda: [9, 80.5])
    assert bench.bench([]) == 0
    assert json.loads((registry / "bench.json").read_text()) == {
        "calls": {"value": 9, "unit": "calls", "goal": 12},
        "speed": {"value": 80.5, "unit": "1/s", "goal": 50},
    }
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert rows == [["calls", "9", "calls", "<=", "12"], ["speed", "80.5", "1/s", ">=", "50"]]


@pytest.mark.parametrize(("figure", "value"), [(Figure("a", "s", 3), 3.1), (Figure("a", "s", 3, True), 2.9)])
def test_a_missed_goal_is_said_and_ends_with_an_error(registry, capsys, figure, value):
    bench.measures(figure)(lambda: [value])
    assert bench.bench([]) == 1
    assert capsys.readouterr().out.rstrip().endswith("missed")


def test_figures_come_from_files_and_can_be_chosen_by_name(registry):
    (registry / "tests" / "bench").mkdir(parents=True)
    code = "from bench import Figure, measures\n@measures(Figure('%s', 's', 1))\ndef f():\n    return [%s]\n"
    for name, value in (("one", 1), ("two", 2)):
        (registry / "tests" / "bench" / f"bench_{name}.py").write_text(code % (name, value))
    assert bench.bench(["one"]) == 0
    assert list(json.loads((registry / "bench.json").read_text())) == ["one"]
