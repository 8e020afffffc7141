"""What became in Xero of journal entries that were sent (B24)."""

from odoo.tests import tagged

from .test_push_journals import JournalCase


@tagged("post_install", "-at_install")
class TestPullJournals(JournalCase):
    def setUp(self):
        super().setUp()
        self.move = self.entry()

    def send(self):
        self.push(self.move)
        self.assertEqual(self.move.xero_state, "synced", self.problem(self.move))
        self.xero_id = self.move.xero_link_id.xero_id
        self.xero.advance(400)

    def pull(self, everything=False):
        run = super().pull("manual_journal", everything=everything)
        self.assertEqual(run.failed, 0, run.error)
        return run

    def test_nothing_is_read_before_something_was_sent(self):
        self.assertNotIn("manual_journal", self.connection._pulled_keys())
        self.send()
        self.assertIn("manual_journal", self.connection._pulled_keys())

    def test_our_own_push_is_no_news_and_entries_of_others_stay_there(self):
        self.send()
        lines = [{"LineAmount": amount, "AccountCode": "469"} for amount in (5, -5)]
        theirs = {"Narration": "Theirs", "Status": "POSTED", "JournalLines": lines}
        self.create_in_xero("/ManualJournals", {"ManualJournals": [theirs]})
        before = self.env["account.move"].search_count([])
        run = self.pull()
        self.assertEqual((run.updated, run.created), (0, 0))
        self.assertGreaterEqual(run.skipped, 1)
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertFalse(self.problem(self.move))

    def test_voided_in_xero_is_said(self):
        self.send()
        self.xero.act("void", manual_journal=self.xero_id)
        self.assertEqual(self.pull().updated, 1)
        self.assertEqual((self.move.xero_status, self.problem(self.move)), ("VOIDED", "journal_gone_in_xero"))
        self.assertEqual(self.move.state, "posted")
        # XQ-01: it has no number that is used up, a person makes it anew.
        problem = self.env["xero.exception"].search([("res_id", "=", self.move.id), ("state", "=", "open")])
        with self.as_request(problem) as current:
            wizard = self.env["xero.candidate.wizard"].browse(current.action_cure()["res_id"])
        self.assertEqual((wizard.is_gone, wizard.is_document), (True, False))
        with self.as_request(wizard) as current:
            current.action_create_anew()
        self.assertEqual((self.move.xero_status, self.problem(self.move)), ("POSTED", False))
        self.assertNotEqual(self.move.xero_link_id.xero_id, self.xero_id)

    def test_a_draft_that_people_posted(self):
        self.connection.push_status_manual_journal = "draft"
        self.send()
        self.assertEqual(self.move.xero_status, "DRAFT")
        self.xero.act("approve", manual_journal=self.xero_id)
        self.assertEqual(self.pull().updated, 1)
        self.assertEqual((self.move.xero_status, self.problem(self.move)), ("POSTED", False))

    def test_other_amounts_are_a_difference_and_nothing_else(self):
        self.send()
        lines = [
            {"LineAmount": amount, "AccountCode": code, "TaxType": "BASEXCLUDED"}
            for amount, code in ((120, "469"), (-120, "850"))
        ]
        self.xero.act("edit", manual_journal=self.xero_id, values={"JournalLines": lines})
        self.pull()
        self.assertEqual(self.problem(self.move), "totals_differ")
        self.assertEqual(self.move.amount_total, 100.0)
