"""The accounting API: all its endpoints (facts, sections 1 to 3)."""

from .endpoints import (
    accounts,
    allocations,
    attachments,
    bank_transactions,
    batch_payments,
    cis,
    contact_groups,
    contacts,
    credits,
    history,
    invoices,
    items,
    manual_journals,
    payments,
    purchase_orders,
    reference,
    reports,
    tax_rates,
    tracking,
)
from .surface import Surface

ROOT = "/api.xro/2.0"
ROUTES = [route for module in (
    reference, cis, accounts, tax_rates, tracking, contacts, contact_groups, items, invoices,
    allocations, payments, batch_payments, credits, bank_transactions, manual_journals,
    purchase_orders, history, reports, attachments) for route in module.ROUTES]
ACCOUNTING = Surface(ROOT, ROUTES)
