"""Allocations of credit notes to invoices (operations createCreditNoteAllocation,
deleteCreditNoteAllocations; facts, section 3.3)."""

import uuid

from .. import fields, wire
from ..documents import checks, render
from ..documents.kinds import is_sale, outstanding
from ..documents.settle import settle
from ..errors import Invalid, NotFound


def put_allocations(call, CreditNoteID):
    """PUT /CreditNotes/{CreditNoteID}/Allocations: a list of {Invoice, Amount, Date}."""
    if call.org.credit_notes.get(CreditNoteID) is None:
        raise NotFound

    def save(call, element):
        part = allocate(call.org, call.org.credit_notes.get(CreditNoteID), element)
        return _answer(call.org, part), []

    return call.batch("Allocations", save, "AllocationID")


def delete_allocation(call, CreditNoteID, AllocationID):
    """DELETE /CreditNotes/{CreditNoteID}/Allocations/{AllocationID}: 200 with IsDeleted."""
    org = call.org
    note = org.credit_notes.get(CreditNoteID)
    part = next((part for part in note["allocations"]
                 if part["AllocationID"] == AllocationID.lower()), None) if note else None
    if part is None:
        raise NotFound
    with org.transaction():
        deallocate(org, note, part)
    return {"AllocationId": part["AllocationID"], "IsDeleted": True}


def allocate(org, note, element):
    """Use a part of a credit note for an invoice; returns the allocation.

    :raises Invalid: wrong state, contact, currency or amount.
    """
    invoice = org.invoices.get(fields.guid(fields.obj(element, "Invoice") or {}, "InvoiceID"))
    if invoice is None:
        raise NotFound
    amount = wire.money(fields.number(element, "Amount") or wire.ZERO)
    if note["Status"] != "AUTHORISED" or invoice["Status"] != "AUTHORISED":
        raise Invalid("Credit notes can only be allocated to Authorised documents")
    if is_sale(note) != is_sale(invoice) or note["contact_id"] != invoice["contact_id"]:
        raise Invalid("The credit note and the invoice must have the same contact.")
    if note["CurrencyCode"] != invoice["CurrencyCode"]:
        raise Invalid("The credit note and the invoice must have the same currency.")
    if amount <= 0 or amount > outstanding(note):
        raise Invalid("The amount exceeds the remaining credit of the credit note.")
    if amount > outstanding(invoice):
        raise Invalid("The amount exceeds the amount outstanding on the invoice.")
    date = fields.day(element, "Date") or org.today()
    errors = checks.lock_errors(org, date)
    if errors:
        raise Invalid(*errors)
    part = {"AllocationID": str(uuid.uuid4()), "CreditNoteID": note["CreditNoteID"],
            "InvoiceID": invoice["InvoiceID"], "Amount": amount, "Date": date}
    _settle_both(org, note, invoice, part, 1)
    _post(org, note, invoice, part)
    return part


def deallocate(org, note, part):
    """Undo an allocation."""
    _settle_both(org, note, org.invoices.get(part["InvoiceID"]), part, -1)
    org.ledger.reverse(part["AllocationID"])


def _settle_both(org, note, invoice, part, sign):
    for row in (note, invoice):
        others = [old for old in row["allocations"]
                  if old["AllocationID"] != part["AllocationID"]]
        settle(org, row, part["Date"], credited=row["credited"] + sign * part["Amount"],
               allocations=[*others, part] if sign > 0 else others)


def _post(org, note, invoice, part):
    """Only a difference between the two currency rates moves money between accounts."""
    sale = is_sale(note)
    gain = (wire.money(part["Amount"] / invoice["CurrencyRate"])
            - wire.money(part["Amount"] / note["CurrencyRate"]))
    if not gain:
        return
    sign = 1 if sale else -1
    control = org.system_account("DEBTORS" if sale else "CREDITORS")["AccountID"]
    account = org.system_account("REALISEDCURRENCYGAIN")["AccountID"]
    org.ledger.post(part["AllocationID"], part["Date"],
                    [(control, -sign * gain), (account, sign * gain)])


def _answer(org, part):
    return {
        "AllocationID": part["AllocationID"], "Amount": part["Amount"],
        "Date": wire.day_text(part["Date"]),
        "Invoice": render.stub(org.invoices.get(part["InvoiceID"])),
        "CreditNote": render.stub(org.credit_notes.get(part["CreditNoteID"])),
    }


_PATH = "/CreditNotes/<CreditNoteID>/Allocations"
ROUTES = [("PUT", _PATH, put_allocations),
          ("DELETE", _PATH + "/<AllocationID>", delete_allocation)]
