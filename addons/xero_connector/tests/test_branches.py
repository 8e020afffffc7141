"""Documents of a branch go with its parent's connection, and by the rules of both (B12, RUL-03, RUL-09)."""

from odoo import Command
from odoo.tests import tagged

from .common import XeroCase

ADMIN = ("xero_connector.group_xero_admin", "account.group_account_manager")
NO_REFERENCE = "[('ref', '=', False)]"


@tagged("post_install", "-at_install")
class TestBranches(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.branch.account_fiscal_country_id = self.company.account_fiscal_country_id
        receivable = self.partner.property_account_receivable_id
        self.partner.with_company(self.branch).property_account_receivable_id = receivable
        self.both = self.company | self.branch
        self.env.user.company_ids += self.branch
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.both.ids})
        self.author = self.new_user("x_author", *ADMIN, companies=self.both)
        self.clerk = self.new_user(
            "x_clerk", "xero_connector.group_xero_user", "account.group_account_invoice", companies=self.both
        )

    def branch_invoice(self, **values):
        journal = self.env["account.journal"].search([("company_id", "=", self.branch.id), ("type", "=", "sale")])
        journal = journal[:1] or journal.with_company(self.branch).create(
            {"name": "Sales", "code": "BR", "type": "sale", "company_id": self.branch.id}
        )
        return self.invoice(company_id=self.branch.id, journal_id=journal.id, **values)

    def rule(self, company, user=None, **values):
        user = user or self.author
        return (
            self.env["xero.validation.rule"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .create(
                {
                    "name": f"Reference of {company.name}",
                    "model": "account.move",
                    "domain": NO_REFERENCE,
                    "message": "The reference is missing.",
                    "company_id": company.id,
                    **values,
                }
            )
        )

    def test_rules_of_the_parent_and_of_the_branch_hold_it(self):
        for company in self.both:
            with self.subTest(company=company.name):
                rule = self.rule(company)
                move = self.branch_invoice()
                self.push(move)
                self.assertEqual(self.problem(move), "rule_blocked")
                move.ref = "PO 1"
                self.push(move)
                self.assertEqual(move.xero_state, "synced")
                rule.active = False

    def test_the_rule_of_the_branch_is_none_of_its_parent(self):
        self.rule(self.branch)
        move = self.invoice()
        self.push(move)
        self.assertEqual(move.xero_state, "synced")

    def test_a_rule_by_who_does_not_work_in_the_branch_says_so(self):
        # What nobody can look up is held, not let go.
        author = self.new_user("x_parent", *ADMIN)
        self.rule(self.company, author)
        move = self.branch_invoice()
        self.push(move)
        problem = self.env["xero.exception"].search([("res_id", "=", move.id), ("state", "=", "open")])
        self.assertEqual(problem.code, "rule_broken")
        self.assertIn(f"{author.name}, whose condition it is, does not work in Branch", problem.cause)

    def test_a_mode_with_a_condition_sends_it(self):
        self.env["xero.push.mode"]._create_missing(self.connection)
        self.mode("scheduled").with_user(self.author).domain = NO_REFERENCE
        moves = self.invoice() | self.branch_invoice()
        other = self.branch_invoice(ref="PO 1")
        self.schedules()
        self.assertEqual(moves.mapped("xero_state"), ["synced", "synced"])
        self.assertFalse(other.xero_link_id)

    def test_approvals_of_the_parent_and_of_the_branch_are_asked_for(self):
        for company in self.both:
            with self.subTest(company=company.name):
                rule = self.env["xero.approval.rule"].create({"company_id": company.id, "kind": "invoice"})
                move = self.branch_invoice()
                self.push(move, self.clerk)
                self.assertEqual((move.xero_state, move.xero_link_id.reason), ("held", "waiting_approval"))
                rule.active = False

    def test_who_edits_what_the_branch_has_to_approve_does_not_approve_it(self):
        self.env["xero.approval.rule"].create({"company_id": self.branch.id, "kind": "invoice"})
        approver, second = (
            self.new_user(
                login, "xero_connector.group_xero_approver", "account.group_account_invoice", companies=self.both
            )
            for login in ("x_approver", "x_second")
        )
        draft = self.branch_invoice(post=False)
        with self.as_request(draft, approver) as current:
            current.write({"invoice_line_ids": [Command.update(draft.invoice_line_ids.id, {"price_unit": 77})]})
        draft.action_post()
        self.push(draft, self.clerk)
        self.assertFalse(draft.with_user(approver).xero_can_approve)
        self.assertTrue(draft.with_user(second).xero_can_approve)
