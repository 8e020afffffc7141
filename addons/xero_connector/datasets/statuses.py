"""Statuses of documents in Xero (facts, section 3.4)."""

GONE = ("VOIDED", "DELETED")
WAITING = ("DRAFT", "SUBMITTED")  # nothing is paid or allocated before they are approved
RANKS = {"DRAFT": 0, "SUBMITTED": 1, "AUTHORISED": 2}
BY_CHOICE = {"draft": "DRAFT", "submitted": "SUBMITTED", "authorised": "AUTHORISED"}
