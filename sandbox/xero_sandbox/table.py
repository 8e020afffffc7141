"""Records of one kind: unique look-ups, groups, order by update, undo of all-or-nothing calls."""

from bisect import bisect_left, insort


class UndoLog:
    """What to do to take back the writes since a mark."""

    def __init__(self):
        self._steps = []

    def add(self, step):
        """Remember a callable that takes one write back."""
        self._steps.append(step)

    def mark(self):
        """A point to return to with :meth:`rollback`."""
        return len(self._steps)

    def rollback(self, mark=0):
        """Take back every write since ``mark``, newest first."""
        while len(self._steps) > mark:
            self._steps.pop()()

    def clear(self):
        """Keep all writes for good."""
        self._steps.clear()


class Seeded:
    """A row that nobody has changed since it was seeded: made anew from its number when read."""

    __slots__ = ("make", "number")

    def __init__(self, make, number):
        self.make = make
        self.number = number


class Rows(dict):
    """Rows by id; seeded ones take no room until they are read."""

    def __getitem__(self, key):
        return _built(dict.__getitem__(self, key))

    def get(self, key, default=None):
        """The row, or ``default``."""
        value = dict.get(self, key)
        return default if value is None else _built(value)

    def values(self):
        """All rows, in the order in which they were created."""
        return map(_built, dict.values(self))

    def items(self):
        """All (id, row)."""
        return ((key, _built(value)) for key, value in dict.items(self))


def _built(value):
    return value.make(value.number) if isinstance(value, Seeded) else value


class Table:
    """Rows by id. A row is never changed in place: build a new dict and :meth:`put` it."""

    def __init__(self, undo, id_field, hidden=None, groups=None, **indexes):
        """:param indexes: name -> function(row) giving a unique key, or None for no entry;
        :param groups: the same for keys that many rows share;
        :param hidden: function(row), whether a plain list leaves the row out."""
        self.id_field = id_field
        self.rows = Rows()
        self._undo = undo
        self._hidden = hidden or (lambda row: False)
        self._functions = indexes
        self._indexes = {name: {} for name in indexes}
        self._group_functions = groups or {}
        self._groups = {name: {} for name in self._group_functions}
        # (updated, id) of all rows and of those that are not hidden; sorted when ``_sorted``.
        self._order = {False: [], True: []}
        self._sorted = True

    def get(self, key):
        """The row with this id, or None; ids are case-insensitive."""
        if not isinstance(key, str):
            return None
        return self.rows.get(key) or self.rows.get(key.lower())

    def find(self, index, key):
        """The row that the unique ``index`` names, or None."""
        found = self._indexes[index].get(key)
        return self.rows[found] if found else None

    def group(self, name, key):
        """The rows of a group, in no order."""
        return [self.rows[found] for found in self._groups[name].get(key, ())]

    def entries(self, shown=False):
        """(updated, id) of all rows in the order of lists; ``shown``: without hidden ones."""
        if not self._sorted:
            for entries in self._order.values():
                entries.sort()
            self._sorted = True
        return self._order[shown]

    def put(self, row):
        """Create or replace the row; can be taken back through the undo log."""
        key = row[self.id_field]
        old = self.rows.get(key)
        self._swap(key, old, row)
        self._undo.add(lambda: self._swap(key, row, old))
        return row

    def remove(self, key):
        """Forget the row; can be taken back through the undo log."""
        old = self.rows[key]
        self._swap(key, old, None)
        self._undo.add(lambda: self._swap(key, None, old))

    def replace(self, rows):
        """Forget all rows and keep these instead."""
        for key in list(self.rows):
            self.remove(key)
        for row in rows:
            self.put(row)

    def seed(self, make, numbers):
        """Add many new rows at once: ``make(number)`` is each row; cannot be taken back."""
        self.entries()
        for number in numbers:
            row = make(number)
            key = row[self.id_field]
            self._index(key, row)
            entry = (row.get("updated", 0), key)
            self._order[False].append(entry)
            if not self._hidden(row):
                self._order[True].append(entry)
            dict.__setitem__(self.rows, key, Seeded(make, number))
        self._sorted = False

    def __iter__(self):
        return iter(self.rows.values())

    def __len__(self):
        return len(self.rows)

    def _swap(self, key, old, new):
        if old is not None:
            self._unindex(key, old)
            self._reorder(old, key, _take)
        if new is None:
            del self.rows[key]
            return
        self._index(key, new)
        self._reorder(new, key, insort)
        self.rows[key] = new

    def _reorder(self, row, key, change):
        entry = (row.get("updated", 0), key)
        change(self.entries(), entry)
        if not self._hidden(row):
            change(self.entries(shown=True), entry)

    def _index(self, key, row):
        for name, function in self._functions.items():
            value = function(row)
            if value is not None:
                self._indexes[name][value] = key
        for name, function in self._group_functions.items():
            value = function(row)
            if value is not None:
                self._groups[name].setdefault(value, set()).add(key)

    def _unindex(self, key, row):
        for name, function in self._functions.items():
            value = function(row)
            if self._indexes[name].get(value) == key:
                del self._indexes[name][value]
        for name, function in self._group_functions.items():
            value = function(row)
            if value is not None:
                self._groups[name][value].discard(key)


def _take(entries, entry):
    del entries[bisect_left(entries, entry)]
