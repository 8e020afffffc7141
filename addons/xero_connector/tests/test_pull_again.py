"""What an import meets again: rows of two pages, problems of before, records that were put to rest."""

from odoo import Command
from odoo.tests import tagged

from .contacts import ContactCase


@tagged("post_install", "-at_install")
class TestPullAgain(ContactCase):
    def merge(self, kept, *others):
        partners = kept.concat(*others)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(partners.ids, dst_partner=kept)
        self.env.invalidate_all()

    def problems(self, *codes):
        return self.env["xero.exception"].search([("code", "in", codes), ("state", "=", "open")])

    def merged_in_xero(self, source, target):
        self.xero.advance(400)
        self.edit(source, ContactStatus="ARCHIVED", MergedToContactID=target)
        self.pull()

    def two(self):
        """Two contacts of Xero's that are two partners: their ids."""
        self.connection.on_missing_partner = "create"
        ids = self.contact("Source"), self.contact("Target")
        self.pull()
        return ids

    # === COUNTS === #

    def test_rows_that_two_pages_share_are_counted_once(self):
        # PUL-03, PUL-16, B25: pages overlap by a second, and more come in that second than a page holds
        self.patch(self.env.registry["xero.dataset.contact"], "_page", 15)
        self.patch(self.env.registry["xero.dataset.contact"], "_block", 4)
        self.connection.require_account_number = True
        self.env["res.partner"].create([{"name": "Twin Ltd", "is_company": True}] * 2)
        names = [*(f"Numbered {number}" for number in range(30)), "Twin Ltd"]
        for name in names:
            self.contact(name, AccountNumber=name)
        for number in range(12):
            self.contact(f"Without {number}")
        contacts = [row for row in self.xero.organisation(1).contacts if row["ContactStatus"] == "ACTIVE"]
        numbered = [row for row in contacts if row.get("AccountNumber")]
        run = self.pull()
        self.work_until(lambda: run.state == "done")
        self.assertGreater(run.calls, len(contacts) // 15)
        without = len(contacts) - len(numbered)
        self.assertEqual((run.linked, run.missing, run.failed), (0, len(numbered) - 1, 1))
        self.assertEqual(run.left_out["no_account_number"], without)
        self.assertEqual(self.connection.contacts_missing, run.missing)
        # All of them linked, the next full pass finds each once.
        self.connection.write({"require_account_number": False, "on_missing_partner": "create"})
        run = self.pull(everything=True)
        self.work_until(lambda: run.state == "done")
        self.assertEqual((run.created, run.failed), (len(contacts) - 1, 1))
        run = self.pull(everything=True)
        self.work_until(lambda: run.state == "done")
        self.assertEqual((run.unchanged, run.failed, run.total), (len(contacts) - 1, 1, len(self.all_contacts())))

    def all_contacts(self):
        return list(self.xero.organisation(1).contacts)

    # === LINKS WITHOUT AN ID === #

    def test_a_partner_that_could_not_be_sent_is_found_by_the_import(self):
        self.connection.contact_direction = "pull"
        partner = self.env["res.partner"].create({"name": "Only In Odoo", "is_company": True})
        self.push(partner)
        link = self.env["xero.link"].search([("model", "=", "res.partner"), ("res_id", "=", partner.id)])
        self.assertFalse(link.xero_id)
        contact_id = self.contact("Only in Odoo")
        run = self.pull()
        self.assertEqual((run.linked, run.failed), (1, 0))
        self.assertEqual((self.linked(contact_id), link.xero_id, link.state), (partner, contact_id, "synced"))
        self.assertFalse(self.problem(partner))

    def test_a_product_that_could_not_be_sent_is_found_by_the_import(self):
        product = self.env["product.product"].create({"name": "Oolong", "default_code": "OOLONG"})
        link = self.env["xero.link"].create(
            {
                "connection_id": self.connection.id,
                "company_id": self.company.id,
                "tenant_id": self.connection.tenant_id,
                "dataset": "item",
                "model": "product.product",
                "res_id": product.id,
                "state": "failed",
            }
        )
        made = self.create_in_xero("/Items", {"Items": [{"Code": "OOLONG", "Name": "Oolong"}]})["Items"][0]
        run = self.pull("item")
        self.assertEqual((run.linked, run.failed), (1, 0))
        self.assertEqual((link.xero_id, link.state), (made["ItemID"], "synced"))

    # === PUT TO REST === #

    def test_who_rests_in_odoo_is_not_made_again(self):
        self.connection.on_missing_partner = "create"
        partner = self.env["res.partner"].create({"name": "Sleeping Ltd", "is_company": True, "active": False})
        contact_id = self.contact("Sleeping Ltd")
        run = self.pull()
        self.assertEqual(self.linked(contact_id), partner)
        self.assertFalse(partner.active)
        # One that is in use comes first.
        self.env["res.partner"].create({"name": "Busy Ltd", "is_company": True, "active": False})
        busy = self.env["res.partner"].create({"name": "Busy Ltd", "is_company": True})
        contact_id = self.contact("Busy Ltd")
        run = self.pull()
        self.assertEqual((self.linked(contact_id), run.failed), (busy, 0))

    def test_a_person_who_rests_in_odoo_stays_so(self):
        # CTC-08
        self.connection.on_missing_partner = "create"
        person = {"FirstName": "Bo", "LastName": "Li", "EmailAddress": "bo@x.example", "IncludeInEmails": True}
        contact_id = self.contact("House", ContactPersons=[person])
        self.pull()
        partner = self.linked(contact_id)
        self.connection.contact_owner = "xero"
        partner.child_ids.active = False
        self.xero.advance(400)
        self.edit(contact_id, EmailAddress="house@x.example")
        self.pull()
        self.assertEqual((partner.email, len(partner.child_ids)), ("house@x.example", 0))

    # === MERGED === #

    def test_a_merger_in_xero_is_a_question_until_it_is_answered(self):
        source, target = self.two()
        self.merged_in_xero(source, target)
        problem = self.problems("contact_merged")
        self.assertEqual(len(problem), 1)
        for everything in (False, True):
            self.pull(everything=everything)
            self.assertEqual(problem.state, "open")
        kept, other = self.linked(source), self.linked(target)
        self.merge(kept, other)  # the partner that is left was the contact that is not
        self.assertEqual(self.linked(target), kept)
        self.assertEqual(kept.xero_link_id.xero_id, target)
        self.assertFalse(self.problems("contact_merged", "contacts_merged"))
        self.xero.advance(400)
        self.edit(target, EmailAddress="left@x.example")
        self.pull()
        self.assertEqual(kept.email, "left@x.example")

    def test_the_other_way_round_nothing_is_asked(self):
        source, target = self.two()
        self.merged_in_xero(source, target)
        kept, other = self.linked(target), self.linked(source)
        self.merge(kept, other)
        self.assertEqual(kept.xero_link_id.xero_id, target)
        self.assertFalse(self.problems("contact_merged", "contacts_merged"))

    def test_partners_merged_first_are_a_question_until_xero_follows(self):
        for first in (True, False):
            with self.subTest(first=first):
                ids = self.two()
                kept = self.linked(ids[0])
                self.merge(kept, self.linked(ids[1]))
                self.assertEqual(len(self.problems("contacts_merged")), 1)
                self.connection.contact_owner = "xero"
                self.merged_in_xero(*(ids if first else reversed(ids)))
                self.assertFalse(self.problems("contact_merged", "contacts_merged"))
                left = ids[1] if first else ids[0]
                self.assertEqual(kept.xero_link_id.xero_id, left)
                self.xero.advance(400)
                self.edit(left, EmailAddress="left@x.example")
                self.pull()
                self.assertEqual(kept.email, "left@x.example")
                for contact_id in ids:
                    self.edit(contact_id, Name=f"Gone {contact_id}")

    def test_a_link_that_says_nothing_gives_way(self):
        self.connection.on_missing_partner = "create"
        contact_id = self.contact("Known Ltd")
        self.pull()
        kept = self.env["res.partner"].create({"name": "Never Sent", "is_company": True})
        self.connection.contact_direction = "pull"
        self.push(kept)
        self.assertFalse(kept.xero_link_id.xero_id)
        self.merge(kept, self.linked(contact_id))
        self.assertEqual(kept.xero_link_id.xero_id, contact_id)

    # === BRANCHES === #

    def test_the_card_counts_what_branches_have_not_sent(self):
        # B12
        before = self.connection.not_yet_count, self.connection.not_yet_amount
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids += branch
        self.env = self.env(context={**self.env.context, "allowed_company_ids": (self.company | branch).ids})
        receivable = self.partner.property_account_receivable_id
        self.partner.with_company(branch).property_account_receivable_id = receivable
        line = {"name": "B", "price_unit": 10, "account_id": self.income.id, "tax_ids": [Command.clear()]}
        move = self.env["account.move"].with_company(branch)
        move = move.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": "2026-11-02",
                "company_id": branch.id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        move.action_post()
        self.env.flush_all()
        self.connection.invalidate_recordset()
        after = self.connection.not_yet_count, self.connection.not_yet_amount
        self.assertEqual(after, (before[0] + 1, before[1] + 10))
