"""Records of one kind with unique look-ups, and an undo log for all-or-nothing calls."""


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


class Table:
    """Rows by id. A row is never changed in place: build a new dict and :meth:`put` it."""

    def __init__(self, undo, id_field, **indexes):
        """:param indexes: name -> function(row) giving a unique key, or None for no entry."""
        self.id_field = id_field
        self.rows = {}
        self._undo = undo
        self._functions = indexes
        self._indexes = {name: {} for name in indexes}

    def get(self, key):
        """The row with this id, or None; ids are case-insensitive."""
        if not isinstance(key, str):
            return None
        return self.rows.get(key) or self.rows.get(key.lower())

    def find(self, index, key):
        """The row that the unique ``index`` names, or None."""
        found = self._indexes[index].get(key)
        return self.rows[found] if found else None

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

    def __iter__(self):
        return iter(self.rows.values())

    def __len__(self):
        return len(self.rows)

    def _swap(self, key, old, new):
        for name, function in self._functions.items():
            index = self._indexes[name]
            if old is not None and index.get(function(old)) == key:
                del index[function(old)]
            if new is not None and function(new) is not None:
                index[function(new)] = key
        if new is None:
            del self.rows[key]
        else:
            self.rows[key] = new
