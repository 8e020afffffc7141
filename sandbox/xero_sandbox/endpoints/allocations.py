"""Allocations of credit notes, overpayments and prepayments to invoices (operations
createCreditNoteAllocation, deleteCreditNoteAllocations, createOverpaymentAllocations ...;
facts, section 3.3)."""

import uuid

from .. import fields, wire
from ..documents import checks, render
from ..documents.kinds import CREDITS, is_sale, kind_of, outstanding
from ..documents.settle import clearing, settle, with_gain
from ..errors import Invalid, NotFound


def put_allocations(call, kind, key):
    """PUT /CreditNotes/{CreditNoteID}/Allocations: a list of {Invoice, Amount, Date}."""
    if kind.rows(call.org).get(key) is None:
        raise NotFound

    def save(call, element):
        credit = kind.rows(call.org).get(key)
        part = allocate(call.org, credit, element)
        return _answer(call.org, credit, part), []

    return call.batch("Allocations", save, "AllocationID")


def delete_allocation(call, kind, key, allocation):
    """DELETE /CreditNotes/{CreditNoteID}/Allocations/{AllocationID}: 200 with IsDeleted."""
    org = call.org
    credit = kind.rows(org).get(key)
    part = find(credit, allocation) if credit else None
    if part is None:
        raise NotFound
    with org.transaction():
        deallocate(org, credit, part)
    return {"AllocationId": part["AllocationID"], "IsDeleted": True}


def find(credit, allocation):
    """The allocation of ``credit`` with this id, or None."""
    return next((part for part in credit["allocations"]
                 if part["AllocationID"] == allocation.lower()), None)


def allocate(org, credit, element):
    """Use a part of a credit note, overpayment or prepayment for an invoice.

    :returns: the allocation; :raises Invalid: wrong state, contact, currency or amount.
    """
    invoice = org.invoices.get(fields.guid(fields.obj(element, "Invoice") or {}, "InvoiceID"))
    if invoice is None:
        raise NotFound
    kind = kind_of(credit)
    label = kind.label.lower()
    amount = wire.money(fields.number(element, "Amount") or wire.ZERO)
    if credit["Status"] != "AUTHORISED" or invoice["Status"] != "AUTHORISED":
        raise Invalid(f"{kind.label.capitalize()}s can only be allocated to Authorised documents")
    if is_sale(credit) != is_sale(invoice) or credit["contact_id"] != invoice["contact_id"]:
        raise Invalid(f"The {label} and the invoice must have the same contact.")
    if credit["CurrencyCode"] != invoice["CurrencyCode"]:
        raise Invalid(f"The {label} and the invoice must have the same currency.")
    if amount <= 0 or amount > outstanding(credit):
        raise Invalid(f"The amount exceeds the remaining credit of the {label}.")
    if amount > outstanding(invoice):
        raise Invalid("The amount exceeds the amount outstanding on the invoice.")
    date = fields.day(element, "Date") or org.today()
    errors = checks.lock_errors(org, date)
    if errors:
        raise Invalid(*errors)
    part = {"AllocationID": str(uuid.uuid4()), kind.id_field: credit[kind.id_field],
            "InvoiceID": invoice["InvoiceID"], "Amount": amount, "Date": date}
    lines = with_gain(org, [*clearing(org, credit, amount), *clearing(org, invoice, amount)])
    if lines:
        org.ledger.post(part["AllocationID"], date, lines)
    _settle_both(org, credit, invoice, part, 1)
    org.note(invoice["InvoiceID"], "Credit Applied", f"{kind.label} of {amount} on {date}")
    return part


def deallocate(org, credit, part):
    """Undo an allocation."""
    _settle_both(org, credit, org.invoices.get(part["InvoiceID"]), part, -1)
    org.ledger.reverse(part["AllocationID"])
    org.note(part["InvoiceID"], "Credit removed", f"Credit of {part['Amount']}")


def _settle_both(org, credit, invoice, part, sign):
    for row in (credit, invoice):
        others = [old for old in row["allocations"]
                  if old["AllocationID"] != part["AllocationID"]]
        settle(org, row, credited=row["credited"] + sign * part["Amount"],
               allocations=[*others, part] if sign > 0 else others)


def _answer(org, credit, part):
    return {
        "AllocationID": part["AllocationID"], "Amount": part["Amount"],
        "Date": wire.day_text(part["Date"]),
        "Invoice": render.stub(org.invoices.get(part["InvoiceID"])),
        kind_of(credit).label.replace(" ", ""): render.stub(credit),
    }


def _routes(kind):
    path = f"/{kind.plural}/<{kind.id_field}>/Allocations"
    return [
        ("PUT", path, lambda call, **ids: put_allocations(call, kind, ids[kind.id_field])),
        ("DELETE", path + "/<AllocationID>", lambda call, **ids: delete_allocation(
            call, kind, ids[kind.id_field], ids["AllocationID"])),
    ]


ROUTES = [route for kind in CREDITS for route in _routes(kind)]
