"""Validation rules without code: kept back, warned, by company, and never a way to secrets (RUL-03, RUL-07)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import XeroCase

ADMIN = ("xero_connector.group_xero_admin", "account.group_account_manager")


@tagged("post_install", "-at_install")
class TestRules(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def rule(self, user=None, **values):
        return (
            self.env["xero.validation.rule"]
            .with_user(user or self.env.user)
            .create(
                {
                    "name": "Reference",
                    "model": "account.move",
                    "domain": "[('ref', '=', False), ('move_type', '=', 'out_invoice')]",
                    "message": "The reference is missing.",
                    **values,
                }
            )
        )

    def test_a_rule_blocks_with_its_message_and_without_a_call(self):
        # RUL-03, XM-08
        self.rule()
        move = self.invoice()
        self.xero.sandbox.log.clear()
        action = self.push(move)
        self.assertFalse([call for call in self.xero.calls if call["method"] == "PUT"])
        self.assertEqual(self.problem(move), "rule_blocked")
        self.assertIn("The reference is missing.", action["params"]["message"])
        self.assertEqual(move.xero_state, "failed")
        self.assertEqual(move.xero_message, "The reference is missing.")
        move.ref = "PO 1"
        self.push(move)
        self.assertEqual(move.xero_state, "synced")

    def test_editing_the_posted_document_tries_it_again(self):
        # ERR-10
        self.rule()
        move = self.invoice()
        self.push(move)
        with self.as_request(move) as current:
            current.ref = "PO 1"
        self.work(self.connection)
        self.assertEqual(move.xero_state, "synced")

    def test_a_warning_lets_it_go_and_stands_in_the_history(self):
        self.rule(severity="warn")
        move = self.invoice()
        self.push(move)
        self.assertEqual(move.xero_state, "synced")
        events = self.env["xero.event"].search([("res_id", "=", move.id), ("model", "=", "account.move")])
        self.assertIn("Warning: The reference is missing.", events.mapped("message"))

    def test_the_message_is_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.rule().with_context(lang="nl_NL").message = "De referentie ontbreekt."
        move = self.invoice()
        self.push(move)
        problem = self.env["xero.exception"].search([("res_id", "=", move.id)])
        self.assertEqual(problem.with_context(lang="nl_NL").cause, "De referentie ontbreekt.")
        self.assertEqual(problem.with_context(lang="en_US").cause, "The reference is missing.")

    def test_the_rule_of_the_company_wins(self):
        # RUL-07
        self.rule()
        self.rule(company_id=self.company.id, domain="[('narration', '=', 'never')]", message="Else.")
        move = self.invoice()
        self.push(move)
        self.assertEqual(move.xero_state, "synced")

    def test_the_rule_of_another_company_does_not_count(self):
        other = self._make_company("Second Trading")
        self.rule(company_id=other.id)
        move = self.invoice()
        self.push(move)
        self.assertEqual(move.xero_state, "synced")

    def test_a_broken_condition_is_refused_when_it_is_saved(self):
        for domain in (
            "[('no_such_field', '=', 1)]",
            "[('ref', 'resembles', 1)]",
            "[('ref', '=', False)",
            "[('ref', '=', __import__('os').getcwd())]",
            "[('date', '>', 'soon')]",
        ):
            with (
                self.subTest(domain),
                self.assertRaisesRegex(ValidationError, "cannot be used"),
                self.env.cr.savepoint(),
            ):
                self.rule(domain=domain)

    def test_a_condition_that_breaks_later_is_a_problem_of_its_own(self):
        rule = self.rule()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE xero_validation_rule SET domain = %s WHERE id = %s", ["[('gone', '=', 1)]", rule.id]
        )
        self.env.invalidate_all()
        move = self.invoice()
        self.push(move)
        self.assertEqual(self.problem(move), "rule_broken")

    def test_a_condition_reads_no_more_than_its_author(self):
        author = self.new_user("x_author", *ADMIN)
        for domain in (
            "[('partner_id.user_ids.password', '=like', 'a%')]",
            "[('create_uid.api_key_ids.key', '=like', 'a%')]",
            "[('xero_link_ids.connection_id.tenant_id', '!=', False)]",
        ):
            with self.subTest(domain), self.assertRaises(ValidationError):
                self.rule(author, domain=domain)

    def test_a_condition_sees_only_the_companies_of_its_author(self):
        other = self._make_company("Second Trading")
        author = self.new_user("x_author", *ADMIN)
        hidden = self.env["res.partner"].create({"name": "Hidden", "company_id": other.id})
        self.partner.with_context(active_test=False).parent_id = hidden
        self.rule(author, company_id=self.company.id, domain="[('partner_id.parent_id.name', '=', 'Hidden')]")
        matching = self.env["xero.validation.rule"].search([])._matching(self.invoice(), self.company)
        self.assertFalse(matching)

    def test_a_rule_for_all_companies_needs_an_author_in_all_of_them(self):
        author = self.new_user("x_author", *ADMIN)
        self.rule(author)
        other = self._make_company("Second Trading")
        self.env.user.company_ids += other
        self.new_connection(other).sudo().tenant_id = "other"
        with self.assertRaisesRegex(ValidationError, "choose a company"):
            self.rule(author, name="Another")

    def test_only_administrators_make_rules(self):
        for group in ("xero_connector.group_xero_user", "xero_connector.group_xero_approver"):
            user = self.new_user(f"x_{group}", group, "account.group_account_manager")
            with self.assertRaises(AccessError):
                self.rule(user)
        self.assertTrue(self.rule(self.new_user("x_admin", *ADMIN)))

    def test_who_changes_a_condition_is_its_author(self):
        first, second = self.new_user("x_first", *ADMIN), self.new_user("x_second", *ADMIN)
        rule = self.rule(first)
        self.assertEqual(rule.author_id, first)
        rule.with_user(second).domain = "[]"
        self.assertEqual(rule.author_id, second)
        with self.assertRaisesRegex(UserError, "who wrote it"):
            rule.with_user(second).author_id = first
