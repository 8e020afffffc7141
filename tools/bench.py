"""`make bench`: measures figures, prints a row for each and writes build/bench.json.

The figures live in tests/bench/bench_*.py. Such a file declares what it measures and returns the values:

    from bench import Figure, measures

    @measures(Figure("push_first_half_calls", "calls", goal=12))
    def push_first_half():
        return [count_calls()]
"""

import importlib.util
import json
import sys
from typing import NamedTuple

import house
from house import BUILD, ROOT, write_if_changed

RESULT = BUILD / "bench.json"
REGISTRY = []  # (figures, function), in the order of declaration


class Figure(NamedTuple):
    """One number that we promise something about; the goal is a ceiling unless `more_is_better`."""

    name: str
    unit: str
    goal: float
    more_is_better: bool = False

    def is_met_by(self, value):
        """Whether a value reaches the goal."""
        return value >= self.goal if self.more_is_better else value <= self.goal


def measures(*figures):
    """Declare that a function returns the values of these figures, in this order."""

    def register(function):
        REGISTRY.append((figures, function))
        return function

    return register


def bench(names):
    """Measure the figures named (all when none is) and report them; 1 when a goal was missed."""
    _load()
    results, missed = {}, False
    print(f"{'figure':<36}{'value':>12}  {'unit':<16}{'goal':>10}")
    for figures, function in REGISTRY:
        if names and not any(figure.name in names for figure in figures):
            continue
        for figure, value in zip(figures, function(), strict=True):
            met = figure.is_met_by(value)
            missed = missed or not met
            sign = ">=" if figure.more_is_better else "<="
            row = f"{figure.name:<36}{value:>12.4g}  {figure.unit:<16}{f'{sign} {figure.goal:g}':>10}"
            print(row + ("" if met else "  missed"), flush=True)
            results[figure.name] = {"value": value, "unit": figure.unit, "goal": figure.goal}
    write_if_changed(RESULT, json.dumps(results, indent=1) + "\n")
    return int(missed)


def _load():
    """Import the files that declare figures."""
    # They import this module by its name, not as the script that runs.
    sys.modules["bench"] = sys.modules[__name__]
    for path in sorted((ROOT / "tests" / "bench").glob("bench_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if __name__ == "__main__":
    house.main(bench, sys.argv[1:])
