"""Which changes of a document are allowed (facts, section 3.4), with Xero's texts."""

from ..errors import Invalid

ON_PAID_BILL = {
    "InvoiceID", "Type", "Reference", "InvoiceNumber", "DueDate", "PlannedPaymentDate",
    "BrandingThemeID", "Url", "Contact", "LineItems", "Status", "LineAmountTypes",
}
ON_PAID_LINE = {"LineItemID", "Description", "AccountCode", "AccountID", "Tracking"}
ALLOCATED = "This document cannot be edited as it has a payment or credit note allocated to it."


def check_update(kind, row, element, status):
    """Refuse an update that the document's state does not allow.

    :param status: the Status sent, or None.
    :returns: the status after the update.
    """
    current = row["Status"]
    bad = Invalid(f"{kind.label} not of valid status for modification")
    if current in ("VOIDED", "DELETED"):
        raise bad
    if row["paid"] or row["credited"]:
        _check_allocated(kind, row, element, status)
        return current
    if current == "PAID":  # a zero total: nothing is allocated, only voiding is left
        if status != "VOIDED":
            raise bad
        return status
    if status is None or status == current:
        return current
    allowed = ("VOIDED",) if current == "AUTHORISED" else (
        "DRAFT", "SUBMITTED", "AUTHORISED", "DELETED")
    if status not in allowed:
        raise bad
    return status


def _check_allocated(kind, row, element, status):
    if status is not None and status != row["Status"]:
        noun = "invoice" if kind.label == "Invoice" else "credit note"
        raise Invalid(f"The status {status} cannot be applied to the {noun} because it has"
                      " payments or credit notes allocated to it.")
    lines = element.get("LineItems") or []
    if (row["Type"] != "ACCPAY" or not set(element) <= ON_PAID_BILL
            or any(not set(line) <= ON_PAID_LINE for line in lines)
            or element.get("LineAmountTypes", row["LineAmountTypes"]) != row["LineAmountTypes"]):
        raise Invalid(ALLOCATED)
    known = {line["LineItemID"] for line in row["LineItems"]}
    if any(line.get("LineItemID") not in known for line in lines):
        raise Invalid("To update fields on a paid invoice line item, you must supply a LineItemID")
