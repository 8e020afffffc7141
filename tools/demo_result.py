"""What came of the demo: Odoo's documents beside Xero's, what is wrong, and the table. No HTTP here."""

import textwrap
from collections import Counter, defaultdict
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal("0.00")
AMOUNTS = ("net", "tax", "total")
LABELS = {
    "net": "net", "tax": "tax", "total": "total", "total_base": "total in company currency",
    "net_by_tax": "net by tax type",
}
WIDTH = 116  # of the table without what a document shows


class Result(NamedTuple):
    """One document after the push.

    :ivar odoo: its amounts in Odoo: net, tax, total, total_base (company currency), net_by_tax ({TaxType: net});
        credit notes negative
    :ivar expected: codes of the problems that must stop it, the cause first
    :ivar xero: a XeroDocument, or None when it is not there
    :ivar problems: {code: (cause, cure)} of its open exceptions and of its customer's
    """

    name: str
    what: str
    currency: str
    odoo: dict
    expected: tuple = ()
    left: bool = False
    xero: object = None
    problems: dict = {}

    def faults(self):
        """What is not as it must be, one sentence each."""
        if self.expected:
            return self._faults_of_bad()
        if self.left:
            return [f"{self.name} was not pushed, and yet it is in Xero"] if self.xero else []
        if self.problems or not self.xero:
            reasons = ", ".join(self.problems) or "no reason given"
            return [f"{self.name} ({self.what}) did not arrive: {reasons}"]
        faults = [
            f"{self.name} ({self.what}): {label} is {_plain(ours)} in Odoo and {_plain(theirs)} in Xero"
            for label, ours, theirs in self._pairs() if ours != theirs
        ]
        if self.xero.currency != self.currency:
            faults.append(f"{self.name} is in {self.currency} in Odoo and in {self.xero.currency} in Xero")
        return faults

    def _pairs(self):
        """What is compared: label, Odoo's value, Xero's value."""
        for name, label in LABELS.items():
            yield label, self.odoo[name], getattr(self.xero, name)

    def _faults_of_bad(self):
        faults = [f"{self.name} ({self.what}) was to be stopped, and yet it is in Xero"] if self.xero else []
        if set(self.problems) != set(self.expected):
            wanted, found = ", ".join(self.expected), ", ".join(self.problems) or "no problem"
            faults.append(f"{self.name} ({self.what}) was to be stopped by {wanted}; Odoo reports {found}")
        return faults


def faults(results, in_xero, receivable):
    """Everything that is wrong.

    :param results: all documents of the demo
    :param in_xero: all XeroDocuments of the organisation
    :param receivable: ``(Odoo, Xero)`` balance of accounts receivable
    """
    found = [fault for result in results for fault in result.faults()]
    ours = {result.name for result in results}
    for number, count in Counter(document.number for document in in_xero).items():
        if number not in ours:
            found.append(f"{number} is in Xero, but no document of Odoo")
        if count > 1:
            found.append(f"{number} is in Xero {count} times")
    if receivable[0] != receivable[1]:
        found.append(f"Accounts receivable is {receivable[0]} in Odoo and {receivable[1]} in Xero's trial balance")
    return found


def totals(results):
    """Documents in Xero, and their sum in company currency in Odoo and in Xero."""
    arrived = [result for result in results if result.xero]
    odoo = sum((result.odoo["total_base"] for result in arrived), ZERO)
    return len(arrived), odoo, sum((result.xero.total_base for result in arrived), ZERO)


# === TABLE === #


def table(results, columns=WIDTH):
    """Lines of the table: what arrived, then what was stopped with cause and cure.

    :param columns: width of the terminal; what a document shows is added where there is room
    """
    yield from _arrived([result for result in results if result.xero], columns >= WIDTH + 36)
    yield from _stopped([result for result in results if not result.xero and not result.left])


def _arrived(results, wide):
    yield f"{'':48}{' Odoo ':-^34}  {' Xero ':-^32}"
    yield f"{'Document':<16}{'Xero number':<16}{'Status':<12}{'':4}" + 2 * f"{'net':>12}{'tax':>10}{'total':>12}"
    for result in results:
        amounts = [result.odoo[name] for name in AMOUNTS] + [getattr(result.xero, name) for name in AMOUNTS]
        shown = "".join(f"{amount:>{10 if index % 3 == 1 else 12},.2f}" for index, amount in enumerate(amounts))
        status = result.xero.status.capitalize()
        line = f"{result.name:<16}{result.xero.number:<16}{status:<12}{result.currency:<4}{shown}"
        yield f"{line}  {result.what}" if wide else line


def _stopped(results):
    if results:
        yield ""
        yield "Stopped, each with its cause (in Odoo: Invoicing > Xero > Exceptions):"
    for result in results:
        amount = f"{result.currency} {result.odoo['total']:,.2f}"
        yield f"{result.name:<16}{amount:>16}  {result.what}"
        cause, cure = _cause(result)
        yield from _wrapped("cause", cause)
        yield from _wrapped("cure", cure)


def _cause(result):
    """Cause and cure of the expected problem, else of whatever there is."""
    codes = [code for code in (*result.expected, *result.problems) if code in result.problems]
    return result.problems[codes[0]] if codes else ("none reported", "-")


def _wrapped(label, text):
    lead = f"{'':18}{label + ':':<7}"
    return textwrap.wrap(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))


def summary(results, currency, receivable):
    """Lines below the table; the last one is what the demo is about."""
    sums = defaultdict(lambda: [0, ZERO, ZERO])
    for result in (result for result in results if result.xero):
        row = sums[result.currency]
        row[0], row[1], row[2] = row[0] + 1, row[1] + result.odoo["total"], row[2] + result.xero.total
    for name, (count, odoo, xero) in sums.items():
        yield f"In {name}: {count} documents, Odoo {odoo:,.2f}, Xero {xero:,.2f}, difference {odoo - xero:,.2f}"
    odoo, xero = receivable
    yield f"Accounts receivable: Odoo {odoo:,.2f}, Xero's trial balance {xero:,.2f}"
    count, odoo, xero = totals(results)
    yield (f"{count} documents: {odoo:,.2f} {currency} in Odoo, {xero:,.2f} {currency} in Xero, "
           f"difference {odoo - xero:,.2f}")


def _plain(value):
    if isinstance(value, dict):
        return ", ".join(f"{key} {value[key]}" for key in sorted(value)) or "nothing"
    return value
