"""What came of the demo: Odoo's documents beside Xero's, what is wrong, and the table. No HTTP here."""

import textwrap
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal("0.00")
AMOUNTS = ("net", "tax", "total")
WIDTH = 116


class Result(NamedTuple):
    """One document after the push.

    :ivar odoo: its amounts in Odoo: net, tax, total, total_base (company currency); credit notes negative
    :ivar xero: a XeroDocument, or None when it is not there
    :ivar problems: {code: (cause, cure)} of its open exceptions and of its customer's
    """

    name: str
    what: str
    currency: str
    odoo: dict
    expected: str = ""
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
        found = {amount: getattr(self.xero, amount) for amount in (*AMOUNTS, "total_base")}
        faults = [
            f"{self.name} ({self.what}): {name.replace('_base', ' in company currency')} is {self.odoo[name]} in Odoo"
            f" and {found[name]} in Xero" for name in found if found[name] != self.odoo[name]
        ]
        if self.xero.currency != self.currency:
            faults.append(f"{self.name} is in {self.currency} in Odoo and in {self.xero.currency} in Xero")
        return faults

    def _faults_of_bad(self):
        faults = [f"{self.name} ({self.what}) was to be stopped, and yet it is in Xero"] if self.xero else []
        if self.expected not in self.problems:
            found = ", ".join(self.problems) or "no problem"
            faults.append(f"{self.name} ({self.what}) was to be stopped by {self.expected}; Odoo reports {found}")
        return faults


def faults(results, strangers=(), receivable=None):
    """Everything that is wrong.

    :param results: all documents of the demo
    :param strangers: XeroDocuments that belong to no document of Odoo
    :param receivable: ``(Odoo, Xero)`` balance of accounts receivable
    """
    found = [fault for result in results for fault in result.faults()]
    found += [f"{stranger.number} is in Xero, but no document of Odoo" for stranger in strangers]
    numbers = [result.xero.number for result in results if result.xero]
    found += [f"{number} is in Xero {numbers.count(number)} times"
              for number in sorted(set(numbers)) if numbers.count(number) > 1]
    if receivable and receivable[0] != receivable[1]:
        found.append(f"Accounts receivable is {receivable[0]} in Odoo and {receivable[1]} in Xero's trial balance")
    return found


def totals(results):
    """Documents in Xero, and their sum in company currency in Odoo and in Xero."""
    arrived = [result for result in results if result.xero]
    odoo = sum((result.odoo["total_base"] for result in arrived), ZERO)
    return len(arrived), odoo, sum((result.xero.total_base for result in arrived), ZERO)


# === TABLE === #


def table(results):
    """Lines of the table: what arrived, then what was stopped with cause and cure."""
    yield from _arrived([result for result in results if result.xero])
    yield from _stopped([result for result in results if not result.xero and not result.left])


def _arrived(results):
    yield f"{'':50}{'Odoo':-^33}  {'Xero':-^31}"
    yield f"{'Document':<16}{'Xero number':<16}{'Status':<12}{'':4}" + 2 * f"{'net':>12}{'tax':>10}{'total':>12}"
    for result in results:
        amounts = [result.odoo[name] for name in AMOUNTS] + [getattr(result.xero, name) for name in AMOUNTS]
        shown = "".join(f"{amount:>{10 if index % 3 == 1 else 12},.2f}" for index, amount in enumerate(amounts))
        status = result.xero.status.capitalize()
        yield f"{result.name:<16}{result.xero.number:<16}{status:<12}{result.currency:<4}{shown}  {result.what}"


def _stopped(results):
    if results:
        yield ""
        yield "Stopped, each with its cause (Xero > Exceptions in Odoo):"
    for result in results:
        amount = f"{result.currency} {result.odoo['total']:,.2f}"
        yield f"{result.name:<16}{amount:>18}  {result.what}"
        cause, cure = result.problems.get(result.expected) or next(iter(result.problems.values()), ("no cause", ""))
        yield from _wrapped("cause", cause)
        yield from _wrapped("cure", cure)


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
