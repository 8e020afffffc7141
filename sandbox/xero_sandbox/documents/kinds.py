"""The resources of documents and what differs between them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """Names of a resource: where it is kept, its fields, its types (sales type first)."""

    plural: str
    table: str
    id_field: str
    number_field: str
    label: str
    sales: str
    purchase: str
    prefix: str
    sign: int

    def rows(self, org):
        """The table of this resource."""
        return getattr(org, self.table)


INVOICE = Kind("Invoices", "invoices", "InvoiceID", "InvoiceNumber", "Invoice",
               "ACCREC", "ACCPAY", "INV", 1)
CREDIT_NOTE = Kind("CreditNotes", "credit_notes", "CreditNoteID", "CreditNoteNumber",
                   "Credit Note", "ACCRECCREDIT", "ACCPAYCREDIT", "CN", -1)
# Money that came or went without a document; made by bank transactions of the same id.
OVERPAYMENT = Kind("Overpayments", "overpayments", "OverpaymentID", "Reference", "Overpayment",
                   "RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT", "", -1)
PREPAYMENT = Kind("Prepayments", "prepayments", "PrepaymentID", "Reference", "Prepayment",
                  "RECEIVE-PREPAYMENT", "SPEND-PREPAYMENT", "", -1)
KINDS = (INVOICE, CREDIT_NOTE, OVERPAYMENT, PREPAYMENT)
CREDITS = KINDS[1:]
EDITABLE = ("DRAFT", "SUBMITTED", "AUTHORISED")
_SALES = {kind.sales for kind in KINDS}


def kind_of(row):
    """The kind of a stored document."""
    return next(kind for kind in KINDS if kind.id_field in row)


def is_sale(row):
    """Whether the document is to a customer."""
    return row["Type"] in _SALES


def locate(org, key):
    """The document of any kind with this id, or None."""
    return next((row for row in (kind.rows(org).get(key) for kind in KINDS) if row), None)


def outstanding(row):
    """What is still open: AmountDue of an invoice, RemainingCredit of a credit note."""
    return row["Total"] - row["paid"] - row["credited"]
