"""The two resources of documents and what differs between them."""

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
EDITABLE = ("DRAFT", "SUBMITTED", "AUTHORISED")


def kind_of(row):
    """The kind of a stored document."""
    return INVOICE if "InvoiceID" in row else CREDIT_NOTE


def is_sale(row):
    """Whether the document is to a customer."""
    return row["Type"] in (INVOICE.sales, CREDIT_NOTE.sales)


def outstanding(row):
    """What is still open: AmountDue of an invoice, RemainingCredit of a credit note."""
    return row["Total"] - row["paid"] - row["credited"]
