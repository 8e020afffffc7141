"""Whatever happens in Xero between pages and between runs: nothing is lost, nothing comes twice (B.3).

Pages hold ten elements here. Xero's moments are ours: they fall together, on whole seconds, and lie
hours apart from Odoo's clock. The environment variable XERO_PULL_CASES sets how many histories of each kind.
"""

import os
import time
from collections import Counter
from contextlib import suppress
from itertools import count
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..engine import budget, pull
from ..models.xero_schedule import OVERLAP
from .common import FIXED_CASES, XeroCase

CASES = int(os.environ.get("XERO_PULL_CASES", "10"))
# As many elements as the square of a page in one second would be too many: a million in real life.
PAGE, BLOCK = 10, 4
MOST_STEPS = 300  # of one run: more is a circle
LATE = int(OVERLAP.total_seconds() * 1000) - 60_000  # milliseconds, by which Xero may show a change too late
DAY = 86_400_000

pause = st.sampled_from((0, 1, 999, 1000, 7000, 400_000))  # milliseconds
places = st.lists(st.integers(0, 24), min_size=1, max_size=6)
change = st.one_of(
    st.tuples(st.just("add"), pause, st.integers(1, 7)),
    st.tuples(st.just("edit"), pause, places),
    st.tuples(st.just("edit"), pause, places),
    st.tuples(st.just("remove"), pause, places),
    st.tuples(st.just("die"), pause, st.none()),
)
late = st.tuples(st.just("late"), pause, st.integers(1, LATE))
group = st.tuples(
    st.sampled_from((1, 3, 11, 25)),  # elements that changed in the same moment
    st.sampled_from((1, 300, 1000, 60_000, DAY)),  # milliseconds until the next group
    st.sampled_from((0, 0, 0, 1, 500, 999)),  # of the moment
)
run = st.fixed_dictionaries(
    {
        "job": st.sampled_from(("changes", "changes", "widest")),
        "before": st.lists(st.one_of(change, late), max_size=2),
        "between": st.lists(st.lists(change, max_size=2), max_size=6),
    }
)
history = st.fixed_dictionaries(
    {
        "groups": st.lists(group, min_size=1, max_size=3),
        "skew": st.sampled_from((-2 * 3_600_000, 0, 2 * 3_600_000)),
        "quirks": st.sampled_from(([], ["since_from"], ["since_after_second"])),
        "runs": st.lists(run, min_size=1, max_size=3),
    }
)

# Three of the first page change while the second one of the same moment is about to be read.
SLIPPING = {
    "groups": [(25, 1, 0)],
    "skew": 0,
    "quirks": [],
    "runs": [{"job": "changes", "before": [], "between": [[], [("edit", 400_000, [0, 1, 2])]]}],
}


class Killed(BaseException):
    """The process ends."""


class Histories:
    """Histories of one data set; who mixes this in says how its elements are made, changed and judged."""

    key, widest = None, None

    def setUp(self):
        super().setUp()
        self.connection = self.connect(on_missing_partner="create")
        self.dataset = self.env[f"xero.dataset.{self.key}"]
        for name, value in (("_page", PAGE), ("_block", BLOCK)):
            self.patch(self.env.registry[self.dataset._name], name, value)
        self.patch(budget, "PER_MINUTE", 10**6)
        self.env["xero.budget"].search([]).unlink()
        self.xero.sandbox.limits.minute = 10**6
        self.org = self.xero.organisation(1)
        self.ids, self.numbers = [], count(1)

    def test_random_histories(self):
        @settings(
            max_examples=CASES,
            deadline=None,
            database=None,
            derandomize=FIXED_CASES,
            suppress_health_check=list(HealthCheck),
            # Making a case smaller takes longer than reading it.
            phases=(Phase.explicit, Phase.generate),
        )
        @given(history)
        @example(SLIPPING)
        def live(drawn):
            self.live(drawn)

        live()

    def live(self, drawn):
        """Live through one history, then import once more in peace and judge."""
        self.begin()
        self.org.quirks = drawn["quirks"]
        self.clock = int(time.time() * 1000) + drawn["skew"] - 10 * DAY
        for size, gap, part in drawn["groups"]:
            self.clock += gap
            self.clock += (part - self.clock) % 1000
            self.add(size)
        self.clock += 10 * DAY - sum(gap for _size, gap, _part in drawn["groups"])
        for each in drawn["runs"]:
            for one in each["before"]:
                self.happen(None, *one)
            self.bring_in(self.widest if each["job"] == "widest" else "changes", each["between"])
            self.clock += 1
        self.bring_in("changes", [])
        self.judge()

    def begin(self):
        """Neither side knows of the histories before: their moments lie after those of this one."""
        for xero_id in self.ids:
            self.forget(xero_id)
        self.ids = []
        self.connection.schedule_ids.filtered(lambda schedule: schedule.dataset == self.key).write(
            {"since": False, "last_success": False, "last_run_id": False}
        )

    def bring_in(self, job, between):
        """One run, step by step; in between things happen in Xero, or the worker dies."""
        with self.as_request(self.connection) as connection:
            current = connection._queue_pull(connection._schedule(self.key, job), "code").sudo()
            connection.env.cr.commit()
            happenings = iter(between)
            for _step in range(MOST_STEPS):
                pull.advance(current)
                current.invalidate_recordset()
                if current.state not in ("queued", "running"):
                    break
                for one in next(happenings, ()):
                    self.happen(current, *one)
            self.assertEqual((current.state, current.failed), ("done", 0), current.error or current.waiting_for)

    def happen(self, current, what, milliseconds, argument):
        """One change in Xero, or the end of the process after a page was stored and before that was noted."""
        self.clock += milliseconds
        if what == "add":
            self.add(argument)
        elif what == "late":
            self.clock -= argument
            self.add(1)
            self.clock += argument
        elif what == "die":
            if current:
                # Not assertRaises: Odoo's own opens a savepoint, which the commits within end.
                with patch.object(pull, "_move_on", side_effect=Killed), suppress(Killed):
                    pull.advance(current)
                current.env.cr.rollback()
                current.env.invalidate_all()
        else:
            for xero_id in self.pick(current, argument):
                self.change(xero_id, what == "remove")

    def pick(self, current, wanted):
        """Ids of elements at these places of the list that a run is reading, else of all."""
        since = current.since.timestamp() * 1000 if current and current.since else 0
        rows = sorted((self.table().get(xero_id)["updated"], xero_id) for xero_id in self.ids)
        ahead = [xero_id for updated, xero_id in rows if updated > since]
        return dict.fromkeys(ahead[place] for place in wanted if place < len(ahead))

    def stamp(self, row, **values):
        """Store a row as changed now."""
        self.table().put({**row, **values, "updated": self.clock})

    def links(self):
        """Links of the history's elements by id; each has one at most."""
        links = self.env["xero.link"].with_context(active_test=False)
        links = links.search([("dataset", "=", self.key), ("xero_id", "in", self.ids)])
        self.assertEqual(len(links), len(set(links.mapped("xero_id"))))
        return links.grouped("xero_id")


@tagged("post_install", "-at_install")
class TestContactHistories(Histories, XeroCase):
    key, widest = "contact", "full"

    def table(self):
        return self.org.contacts

    def add(self, size):
        template = next(iter(self.table()))
        for _n in range(size):
            number = next(self.numbers)
            xero_id = f"00000000-0000-4000-8000-{number:012d}"
            self.ids.append(xero_id)
            values = {"ContactID": xero_id, "Name": f"History {number}", "EmailAddress": f"h{number}@x.example"}
            self.stamp(template, **values, ContactStatus="ACTIVE", AccountNumber="")

    def forget(self, xero_id):
        self.table().remove(xero_id)

    def change(self, xero_id, remove):
        row = self.table().get(xero_id)
        if row["ContactStatus"] == "ARCHIVED":
            return
        if remove:
            self.stamp(row, ContactStatus="ARCHIVED")
        else:
            self.stamp(row, EmailAddress=f"h{next(self.numbers)}@x.example")

    def judge(self):
        links, partners = self.links(), self.env["res.partner"].with_context(active_test=False)
        rows = {xero_id: self.table().get(xero_id) for xero_id in self.ids}
        found = Counter(partners.search([("name", "in", [row["Name"] for row in rows.values()])]).mapped("name"))
        for xero_id, row in rows.items():
            partner = partners.browse(links[xero_id].res_id) if xero_id in links else partners
            if row["ContactStatus"] == "ACTIVE":
                self.assertEqual((partner.email, partner.active), (row["EmailAddress"], True), row)
            elif partner:
                self.assertFalse(partner.active, row)
            self.assertEqual(found[row["Name"]], len(partner), row)


@tagged("post_install", "-at_install")
class TestPaymentHistories(Histories, XeroCase):
    key, widest = "payment", "overnight"

    def setUp(self):
        super().setUp()
        bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        bank.xero_account_id = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("code", "=", "090")]
        )

    def begin(self):
        result = super().begin()
        self.analyze()
        self.moves = self.invoice([(1, 100_000.0)]) | self.invoice([(1, 100_000.0)])
        self.push(self.moves)
        return result

    def forget(self, xero_id):
        self.table().remove(xero_id)

    def table(self):
        return self.org.payments

    def add(self, size):
        for _n in range(size):
            number = next(self.numbers)
            invoice_id = self.moves[number % len(self.moves)].xero_link_id.xero_id
            made = self.xero.act("pay", invoice=invoice_id, amount=number, account="090", date="2026-11-10")
            self.ids.append(made["PaymentID"])
            self.stamp(made)

    def change(self, xero_id, remove):
        row = self.table().get(xero_id)
        if row["Status"] == "DELETED":
            return
        if remove:
            self.stamp(self.xero.act("unpay", payment=xero_id))
        else:
            self.stamp(row, IsReconciled=not row["IsReconciled"])

    def judge(self):
        links = self.links()
        for xero_id in self.ids:
            row = self.table().get(xero_id)
            payment = self.env["account.payment"].browse(links[xero_id].res_id if xero_id in links else ())
            if row["Status"] == "AUTHORISED":
                self.assertEqual((payment.amount, payment.state), (float(row["Amount"]), "paid"), row)
                self.assertEqual(payment.xero_is_reconciled, row["IsReconciled"], row)
            else:
                self.assertIn(payment.state, (False, "canceled"), row)
        for move in self.moves:
            self.assertAlmostEqual(move.amount_residual, float(self.in_xero(move)["AmountDue"]), 2)
