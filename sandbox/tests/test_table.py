"""Tables: order, groups and look-ups stay true whatever is written, undone or seeded."""

from hypothesis import given
from hypothesis import strategies as st

from xero_sandbox.table import Table, UndoLog

STEPS = st.lists(st.tuples(st.sampled_from(("put", "remove", "undo", "keep", "seed")),
                           st.integers(0, 9), st.integers(0, 3)), max_size=40)


def make_table(undo):
    return Table(undo, "id", hidden=lambda row: row["updated"] == 0,
                 groups={"stamp": lambda row: row["updated"] or None},
                 name=lambda row: row["name"])


def seeded(number):
    return {"id": f"s{number}", "updated": number % 4, "name": f"seed {number}"}


@given(STEPS)
def test_like_a_plain_dict(steps):
    undo, model, kept, seeds = UndoLog(), {}, {}, 0
    table = make_table(undo)
    for step, number, stamp in steps:
        key = str(number)
        if step == "put":
            model[key] = table.put({"id": key, "updated": stamp, "name": f"n{number}"})
        elif step == "remove" and key in model:
            table.remove(key)
            del model[key]
        elif step == "undo":
            undo.rollback()
            model = dict(kept)
        elif step == "keep":
            undo.clear()
            kept = dict(model)
        elif step == "seed":
            undo.clear()
            table.seed(seeded, range(seeds, seeds + number))
            for one in range(seeds, seeds + number):
                model[f"s{one}"] = seeded(one)
            seeds += number
            kept = dict(model)
        check(table, model)


def check(table, model):
    assert dict(table.rows.items()) == model
    entries = sorted((row["updated"], key) for key, row in model.items())
    assert table.entries() == entries
    assert table.entries(shown=True) == [entry for entry in entries if entry[0]]
    for stamp in (1, 2, 3):
        assert sorted(row["id"] for row in table.group("stamp", stamp)) == [
            key for updated, key in entries if updated == stamp]
    for row in model.values():
        assert table.find("name", row["name"]) == row
