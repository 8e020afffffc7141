"""Expenses: the bill that Odoo's receipt or payment of an expense becomes in Xero."""

from . import contact, invoice_check, invoice, manual_journal, payment
