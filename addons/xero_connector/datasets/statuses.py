"""Statuses of documents in Xero (facts, section 3.4), and states of links."""

GONE = ("VOIDED", "DELETED")
WAITING = ("DRAFT", "SUBMITTED")  # nothing is paid or allocated before they are approved
BOOKED = ("in_process", "paid")  # states of a payment in Odoo
UNDONE = ("canceled", "rejected")  # the same of one that stands for nothing any more
RANKS = {"DRAFT": 0, "SUBMITTED": 1, "AUTHORISED": 2}
BY_CHOICE = {"draft": "DRAFT", "submitted": "SUBMITTED", "authorised": "AUTHORISED"}
# In a worker's hands, or nobody knows yet what became of them.
BUSY_STATES = ("sending", "in_doubt")
UNDER_WAY = ("queued", *BUSY_STATES)
