"""A fifth of all calls fails, workers and servers are killed, and documents of every kind are under way (C.2)."""

import os
import random
from collections import Counter
from pathlib import Path

import pytest
from storm import LEAST_KILLS, LinkStorm
from world import World

import odoo_shell
from demo_connect import ORGANISATION
from xero_reader import XeroSession

SCRIPT = Path(__file__).with_name("everything.py")
PAIRS = int(os.environ.get("XERO_STORM_PAIRS", "4"))  # of each kind
LEAST_FAULTS = 4 * PAIRS  # so that it does not die down unnoticed
SECONDS = 60 + 60 * PAIRS  # that it may take
# Where Xero lists what data sets send, and the id there.
LISTS = {
    ("invoice",): ("Invoices", "InvoiceID"),
    ("credit_note", "discount"): ("CreditNotes", "CreditNoteID"),
    ("payment",): ("Payments", "PaymentID"),
    ("batch_payment",): ("BatchPayments", "BatchPaymentID"),
    ("manual_journal",): ("ManualJournals", "ManualJournalID"),
    ("purchase_order",): ("PurchaseOrders", "PurchaseOrderID"),
}
SCOPES = tuple(f"accounting.{name}.read" for name in ("settings", "invoices", "payments", "manualjournals"))
GONE = ("VOIDED", "DELETED")


class EverythingWorld(World):
    """A company that also orders, and whose people spend money."""

    modules = ("xero_connector", "xero_purchase", "xero_expense")
    choices = {"include_ap_attachments": True}

    def everything(self):
        """Documents of every kind, queued: ids of their links."""
        self.documents = odoo_shell.call(
            self.database, SCRIPT, "make", company_id=self.books.company_id, connection_id=self.connection_id,
            pairs=PAIRS)
        return self.documents

    def check(self):
        """Every link has arrived, nothing else is in Xero, and the trial balances are equal."""
        links = self.sql("SELECT dataset, state, reason, xero_id FROM xero_link")
        assert [link for link in links if link[1] != "synced"] == []
        reader = XeroSession(self.xero.url, ORGANISATION, f"lists-{next(self._numbers)}", SCOPES)
        for keys, (name, xero_id) in LISTS.items():
            pages = {} if name == "BatchPayments" else {"page": 1, "pageSize": 1000}
            there = Counter(row[xero_id] for row in reader.get(name, **pages)[name] if row["Status"] not in GONE)
            assert there == Counter(link[3] for link in links if link[0] in keys), keys
        # Four kinds of expenses' twins have a receipt each; a credit pays a part of its bill. A payment goes in a
        # batch, another one with a discount.
        sent = Counter(link[0] for link in links)
        assert (sent["attachment"], sent["credit_allocation"]) == (4 * PAIRS, PAIRS)
        assert (sent["batch_payment"], sent["discount"], sent["discount_allocation"]) == (PAIRS, PAIRS, PAIRS)
        ours = odoo_shell.call(
            self.database, SCRIPT, "balances", company_id=self.books.company_id, connection_id=self.connection_id)
        theirs = {code: f"{balance:.2f}" for code, balance in self.balances_in_xero().items() if balance}
        assert theirs == ours
        self.check_nothing_left_open()


@pytest.fixture
def world():
    with EverythingWorld("everything", 2).opened() as world:
        yield world


@pytest.mark.timeout(2 * SECONDS + 240)
@pytest.mark.parametrize("late", [False, True], ids=["lost for a moment", "lost for more than 6 minutes"])
def test_everything_of_every_kind_arrives_once(world, late):
    """Bills in twins, credits, payments, entries, expenses with receipts and orders: each once, the books equal."""
    seed = 1 if os.environ.get("CI") else random.SystemRandom().randrange(10**6)
    print(f"\nstorm with seed {seed}", flush=True)
    storm = LinkStorm(world, seed, world.everything(), late)
    storm.rage(SECONDS)
    print(storm, flush=True)
    assert storm.kills() >= LEAST_KILLS
    assert storm.fired.total() >= LEAST_FAULTS
    world.check()
    assert storm.counts["adopted"] or not late
