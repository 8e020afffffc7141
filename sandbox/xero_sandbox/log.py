"""The request log and its counters; it never holds tokens or bodies."""

import threading
from collections import Counter, deque

KEEP = 20000
UNCOUNTED = ("/connect/", "/identity/", "/connections", "/Connections", "/.well-known/")


class RequestLog:
    """Every call except control calls and pages, newest last."""

    def __init__(self):
        self._lock = threading.Lock()
        self.clear()

    def clear(self):
        """Forget all calls and counts."""
        self.entries = deque(maxlen=KEEP)
        self.by_template = Counter()
        self.by_tenant = Counter()
        self.total = 0
        self._next = 1

    def add(self, template, tenant, **entry):
        """Log a call. ``template`` is like ``/Invoices/{InvoiceID}``."""
        with self._lock:
            self.entries.append({"n": self._next, **entry, "template": template,
                                 "tenant": tenant})
            self._next += 1
            self.by_template[f"{entry['method']} {template}"] += 1
            if entry["path"].startswith(UNCOUNTED):
                return
            self.total += 1
            if tenant:
                self.by_tenant[tenant] += 1

    def counts(self):
        """Calls per template, per tenant, and all (without identity and connections)."""
        with self._lock:
            return {"total": self.total, "by_tenant": dict(self.by_tenant),
                    **dict(self.by_template)}
