"""What somebody has put aside stays aside until it is another question."""

from odoo.tests import tagged

from .contacts import ContactCase


@tagged("post_install", "-at_install")
class TestPullIgnored(ContactCase):
    def problems(self, xero_id):
        return self.env["xero.exception"].search([("xero_id", "=", xero_id)])

    def ignore(self, xero_id):
        with self.as_request(self.problems(xero_id)) as current:
            current.action_ignore()

    def states(self, xero_id):
        return sorted(self.problems(xero_id).mapped("state"))

    def ambiguous(self):
        self.env["res.partner"].create([{"name": "Wattle Ltd"}, {"name": "WATTLE"}])
        return self.contact("Wattle")

    def test_an_ignored_contact_is_not_told_again(self):
        contact_id = self.ambiguous()
        self.pull()
        self.ignore(contact_id)
        for everything in (False, True):
            run = self.pull(everything=everything)
            self.assertEqual(run.failed, 0)
            self.assertEqual(self.states(contact_id), ["ignored"])

    def test_edited_in_xero_it_is_told_again(self):
        contact_id = self.ambiguous()
        self.pull()
        self.ignore(contact_id)
        self.xero.advance(400)
        self.edit(contact_id, EmailAddress="hello@wattle.example")
        self.assertEqual(self.pull().failed, 1)
        self.assertEqual(self.states(contact_id), ["ignored", "open"])

    def test_another_candidate_is_another_question(self):
        contact_id = self.ambiguous()
        self.pull()
        self.ignore(contact_id)
        self.env["res.partner"].create({"name": "Wattle"})
        self.assertEqual(self.pull().failed, 1)
        self.assertEqual(self.states(contact_id), ["ignored", "open"])

    def test_who_tries_again_is_told(self):
        contact_id = self.ambiguous()
        self.pull()
        self.ignore(contact_id)
        with self.as_request(self.problems(contact_id)) as current:
            current.action_retry()
        self.assertEqual(self.states(contact_id), ["ignored", "open"])

    def test_a_linked_contact_with_open_documents(self):
        self.connection.on_missing_partner = "create"
        contact_id = self.contact("Busy")
        self.pull()
        self.invoice(partner_id=self.linked(contact_id).id)
        self.xero.advance(400)
        self.edit(contact_id, ContactStatus="ARCHIVED")
        self.pull()
        self.ignore(contact_id)
        for _time in range(2):
            self.pull(everything=True)
            self.assertEqual(self.states(contact_id), ["ignored"])
        # Restored, the question is answered; archived once more, it is asked anew.
        self.edit(contact_id, ContactStatus="ACTIVE")
        self.pull(everything=True)
        self.assertEqual(self.states(contact_id), ["done"])
        self.edit(contact_id, ContactStatus="ARCHIVED")
        self.pull(everything=True)
        self.assertEqual(self.states(contact_id), ["done", "open"])

    def test_what_could_not_be_stored(self):
        self.connection.on_missing_partner = "create"
        contact_id = self.contact("Bad")
        self.edit(contact_id, Name="")
        self.pull()
        self.ignore(contact_id)
        run = self.pull(everything=True)
        self.assertEqual(run.failed, 0)
        self.assertEqual(self.states(contact_id), ["ignored"])

    def test_another_organisation_asks_everything_anew(self):
        contact_id = self.ambiguous()
        self.pull()
        self.connection._forget_imports()
        self.assertEqual(self.pull().failed, 1)
        self.assertEqual(self.states(contact_id), ["ignored", "open"])
