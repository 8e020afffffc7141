"""Invoices, bills and credit notes: what they share."""
