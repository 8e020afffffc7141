"""Double-entry books of one organisation, in its base currency.

Journals are only ever added: a voided or edited document is reversed by a further journal.
"""

from .wire import ZERO


class Ledger:
    """Journals and, per source document, the one that is in force."""

    def __init__(self, undo):
        self.journals = []
        self.in_force = {}
        self._undo = undo

    def post(self, source, date, lines):
        """Post ``lines`` = (account id, amount; debit positive) of document ``source``.

        :raises ValueError: when debits and credits differ, which would be a sandbox bug.
        """
        if sum((amount for _account, amount in lines), ZERO) != 0:
            raise ValueError(f"Journal of {source} does not balance: {lines}")
        self._append({"source": source, "date": date, "lines": [list(line) for line in lines]})
        self._set_in_force(source, len(self.journals) - 1)

    def reverse(self, source):
        """Take the document's journal back, at its own date; nothing if there is none."""
        position = self.in_force.get(source)
        if position is None:
            return
        journal = self.journals[position]
        lines = [[account, -amount] for account, amount in journal["lines"]]
        self._append({**journal, "lines": lines})
        self._set_in_force(source, None)

    def lines(self, source):
        """(account id, amount) of the document's journal in force; empty without one."""
        position = self.in_force.get(source)
        return [] if position is None else self.journals[position]["lines"]

    def balances(self, until=None, since=None):
        """Balance per account id of journals dated ``since``..``until`` (inclusive)."""
        totals = {}
        for journal in self.journals:
            if (until and journal["date"] > until) or (since and journal["date"] < since):
                continue
            for account, amount in journal["lines"]:
                totals[account] = totals.get(account, ZERO) + amount
        return totals

    def _append(self, journal):
        self.journals.append(journal)
        self._undo.add(self.journals.pop)

    def _set_in_force(self, source, position):
        old = self.in_force.get(source)
        self._restore(source, position)
        self._undo.add(lambda: self._restore(source, old))

    def _restore(self, source, position):
        if position is None:
            self.in_force.pop(source, None)
        else:
            self.in_force[source] = position
