"""Random journal entries either agree on both sides or are refused before any call: a tenth of the random documents."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..datasets.amounts import decimal
from .common import FIXED_CASES
from .test_property import BLOCK, CASES, CENT, CREWS, MOST_REFUSED, ManyTaxes, exact_nets, nets_by_option, note
from .test_push_journals import JournalCase

REFUSALS = {"journal_tax_differs"}
ROUNDINGS = ("round_per_line", "round_globally")
FEW = 4
TAXES = ["gst", "gst", "free", "none", "gst+levy", "gst+levy+fee"]
# Whose taxes an account of Xero takes, and which of them.
FITTING = {
    "other_income": ("sale", TAXES),
    "rent": ("purchase", TAXES),
    "equipment": ("purchase", ("gst", "none")),
}

# Per cents of two analytic accounts; the rest of a line belongs to nobody.
SHARES = [None, None, None, None, (100, 0), (100, 0), (60, 40), (33.33, 0)]

part = st.tuples(
    st.sampled_from(["rent", "other_income", "equipment"]),
    st.decimals("-5000", "5000", places=2).filter(bool),  # Xero has no lines of nothing
    st.sampled_from(TAXES),
    st.booleans(),  # Odoo books what stands on a line of an entry as net, also where prices include the tax
    st.sampled_from(SHARES),
    st.sampled_from(CREWS),
)


@tagged("post_install", "-at_install")
class TestPropertyJournals(ManyTaxes, JournalCase):
    def setUp(self):
        super().setUp()
        self.make_rates()
        made = {
            **self.make_taxes("sale", self.taxes["sale"], "OUTPUT", "EXEMPTOUTPUT"),
            **self.make_taxes("purchase", self.taxes["purchase"], "INPUT", "EXEMPTEXPENSES"),
        }
        self.taxes |= {(*key, name): taxes for key, by_name in made.items() for name, taxes in by_name.items()}
        self.plans = []
        categories = self.env["xero.tracking.category"].search([("connection_id", "=", self.connection.id)], limit=2)
        for slot, category in zip("12", categories, strict=True):
            plan = self.env["account.analytic.plan"].create({"name": category.name})
            accounts = self.env["account.analytic.account"]
            for option in category.option_ids.filtered("xero_id")[:2]:
                account = accounts.create({"name": option.name, "plan_id": plan.id, "company_id": self.company.id})
                account.with_company(self.company).xero_tracking_option_id = option
                accounts |= account
            self.plans.append(accounts)
            self.connection.write(
                {
                    f"tracking_{slot}_source": "plan",
                    f"tracking_{slot}_plan_id": plan.id,
                    f"tracking_{slot}_category_id": category.id,
                }
            )

    def test_random_entries_agree_or_are_refused(self):
        counts = {"agree": 0, "refused": 0, "disagree": 0}
        sent = self.env["account.move"]

        @settings(
            max_examples=max(1, CASES // 10 // BLOCK // len(ROUNDINGS)),
            deadline=None,
            database=None,
            derandomize=FIXED_CASES,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(st.lists(part, min_size=1, max_size=6), min_size=BLOCK, max_size=BLOCK))
        def agree(entries):
            nonlocal sent
            moves = self.env["account.move"].concat(*map(self.drawn, entries))
            self.push(moves)
            self.work_until(lambda: not {"queued", "sending"} & set(moves.mapped("xero_state")))
            for move in moves:
                counts[self.outcome(move)] += 1
                if move.xero_state == "synced":
                    self.assert_tracked(move)
            sent |= moves.filtered(lambda move: move.xero_state == "synced")

        for rounding in ROUNDINGS:
            self.company.tax_calculation_rounding_method = rounding
            agree()
        note(counts)
        self.assertEqual(counts["disagree"], 0)
        # A hundred cases say little of 2 %; make bench draws 2,000.
        self.assertLessEqual(counts["refused"], MOST_REFUSED * sum(counts.values()) + FEW, counts)
        self.assertEqual(self.in_ledger(), self.in_odoo(sent))

    def drawn(self, parts):
        """A posted entry of what was drawn, with the taxes that its accounts take."""
        move = self.balanced(
            *((account, float(amount), self.fitting(account, *tax)) for account, amount, *tax, _shares, _crew in parts)
        )
        booked = move.line_ids.filtered(lambda line: not line.tax_repartition_line_id)
        for line, (*_line, shares, crew) in zip(booked, parts, strict=False):
            told = [
                *zip(self.plans[0], shares or (0, 0), strict=True),
                *zip(self.plans[1], crew or (0, 0), strict=True),
            ]
            if told := {str(account.id): share for account, share in told if share}:
                line.analytic_distribution = told
        return move

    def fitting(self, account, name, included):
        side, names = FITTING[account]
        return side, included, name if name in names else "none"

    def outcome(self, move):
        """How the entry ended; before it was refused nothing left for Xero."""
        link = move.xero_link_id
        if link.state == "synced" and not self.problem(move):
            return "disagree" if link.difference else "agree"
        return "refused" if link.reason in REFUSALS and not link.xero_id else "disagree"

    def assert_tracked(self, move):
        """Each option has its net of each TaxType, but for the cents that a division rounds (C.3)."""
        booked = move.line_ids.filtered(lambda line: not line.tax_repartition_line_id)
        lines = [(self.types[self.side(line), line.tax_ids], decimal(line.balance), line) for line in booked]
        items = [
            (row["TaxType"], decimal(row["LineAmount"]), row["Tracking"]) for row in self.row_of(move)["JournalLines"]
        ]
        (ours, parts), theirs = exact_nets(lines, self.plans), nets_by_option(items)
        for key in {*ours, *theirs}:
            self.assertLessEqual(abs(ours[key] - theirs[key]), CENT * parts[key], key)

    def side(self, line):
        return "sale" if line.account_id == self.accounts["other_income"] else "purchase"
