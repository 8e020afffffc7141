"""The demo's comparison finds what is wrong; its dates fit every day of a year."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

import demo_result
from demo_documents import DOCUMENTS, Dates
from demo_result import Result
from xero_reader import XeroDocument

OWED = (Decimal("110.00"), Decimal("110.00"))
XERO = XeroDocument("id", "INV/1", "ACCREC", "AUTHORISED", "Blue Gum", "AUD", Decimal("100.00"), Decimal("10.00"),
                    Decimal("110.00"), Decimal("110.00"), {"OUTPUT": Decimal("100.00")})
ODOO = {"net": Decimal("100.00"), "tax": Decimal("10.00"), "total": Decimal("110.00"),
        "total_base": Decimal("110.00"), "net_by_tax": {"OUTPUT": Decimal("100.00")}}
GOOD = Result("INV/1", "10% GST", "AUD", ODOO, xero=XERO)
BAD = Result("INV/2", "locked", "AUD", ODOO, expected=("locked_period",), problems={"locked_period": ("Locked", "-")})
LEFT = Result("INV/3", "left", "AUD", ODOO, left=True)


def faults(*results, in_xero=(XERO,), receivable=OWED):
    return demo_result.faults(results, in_xero, receivable)


def test_nothing_is_wrong_when_both_sides_agree():
    assert faults(GOOD, BAD, LEFT) == []


@pytest.mark.parametrize("change, said", [
    ({"net": Decimal("99.99")}, "net is 100.00 in Odoo and 99.99 in Xero"),
    ({"tax": Decimal("10.01")}, "tax is 10.00 in Odoo and 10.01 in Xero"),
    ({"total": Decimal("110.01")}, "total is 110.00 in Odoo and 110.01 in Xero"),
    ({"total_base": Decimal("72.42")}, "total in company currency is 110.00 in Odoo and 72.42 in Xero"),
    ({"net_by_tax": {"INPUTTAXED": Decimal("100.00")}},
     "net by tax type is OUTPUT 100.00 in Odoo and INPUTTAXED 100.00 in Xero"),
    ({"currency": "USD"}, "is in AUD in Odoo and in USD in Xero"),
])
def test_an_amount_that_differs_is_found(change, said):
    changed = XERO._replace(**change)
    (fault,) = faults(GOOD._replace(xero=changed), in_xero=[changed])
    assert fault.startswith("INV/1") and fault.endswith(said)


@pytest.mark.parametrize("result, said", [
    (GOOD._replace(xero=None), "INV/1 (10% GST) did not arrive: no reason given"),
    (GOOD._replace(xero=None, problems={"offline": ("", "")}), "INV/1 (10% GST) did not arrive: offline"),
    (GOOD._replace(problems={"totals_differ": ("", "")}), "INV/1 (10% GST) did not arrive: totals_differ"),
    (BAD._replace(xero=XERO), "INV/2 (locked) was to be stopped, and yet it is in Xero"),
    (BAD._replace(problems={}), "INV/2 (locked) was to be stopped by locked_period; Odoo reports no problem"),
    (BAD._replace(problems={"xero_refused": ("", "")}),
     "INV/2 (locked) was to be stopped by locked_period; Odoo reports xero_refused"),
    (LEFT._replace(xero=XERO), "INV/3 was not pushed, and yet it is in Xero"),
])
def test_a_document_on_the_wrong_side_is_found(result, said):
    assert faults(result, in_xero=()) == [said]


def test_what_xero_has_too_often_or_should_not_have_is_found():
    stranger = XERO._replace(number="INV/9")
    assert faults(GOOD, in_xero=[XERO, XERO, stranger]) == [
        "INV/1 is in Xero 2 times", "INV/9 is in Xero, but no document of Odoo"]


def test_another_balance_of_the_customers_is_found():
    (fault,) = faults(GOOD, receivable=(Decimal("110.00"), Decimal("0.00")))
    assert fault == "Accounts receivable is 110.00 in Odoo and 0.00 in Xero's trial balance"


def test_the_last_line_sums_what_arrived_in_company_currency():
    dollars = GOOD._replace(odoo={**ODOO, "total_base": Decimal("150.00")},
                            xero=XERO._replace(total_base=Decimal("149.99")), currency="USD")
    *_above, last = demo_result.summary([GOOD, dollars, BAD, LEFT], "AUD", OWED)
    assert last == "2 documents: 260.00 AUD in Odoo, 259.99 AUD in Xero, difference 0.01"


def test_a_narrow_terminal_gets_no_line_that_wraps():
    results = [GOOD, BAD, LEFT]
    assert all(len(line) <= demo_result.WIDTH for line in demo_result.table(results, 120))
    assert any("10% GST" in line for line in demo_result.table(results, 160))


def test_on_every_day_only_the_locked_document_lies_in_the_locked_period():
    for day in (date(2026, 1, 1) + timedelta(days=number) for number in range(366)):
        dates = Dates(day)
        for position, document in enumerate(DOCUMENTS):
            dated = dates.of(document, position)
            assert dates.start <= dated <= day
            assert (dated <= dates.lock) == bool(document.options.get("locked"))
