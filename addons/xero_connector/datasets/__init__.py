"""One file per Xero data set: hooks only, no HTTP, no commit."""

from . import (
    dataset,
    reference,
    organisation,
    account,
    tax_rate,
    currency,
    tracking_category,
    branding_theme,
    contact,
    document_check,
    document,
    invoice,
    credit_note,
)
