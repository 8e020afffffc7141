"""Contacts come in: matched, created, updated, archived, merged; never twice."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .contacts import ContactCase


@tagged("post_install", "-at_install")
class TestPullContacts(ContactCase):
    def test_a_contact_is_created_once(self):
        self.connection.on_missing_partner = "create"
        contact_id = self.contact("Wattle & Sons", EmailAddress="hello@wattle.example")
        run = self.pull()
        self.assertEqual(run.state, "done", run.error)
        partner = self.linked(contact_id)
        self.assertEqual((partner.name, partner.email), ("Wattle & Sons", "hello@wattle.example"))
        self.assertEqual((partner.customer_rank, partner.supplier_rank), (1, 0))
        self.assertEqual(self.pull().created, 0)

    def test_contacts_are_linked_by_default_and_created_only_by_choice(self):
        own = self.contact("Blue Gum", EmailAddress="accounts@bluegum.example")
        other = self.contact("Nobody We Know")
        partners = self.env["res.partner"].search_count([])
        run = self.pull()
        self.assertEqual((run.linked, run.created, run.failed), (1, 0, 0))
        self.assertEqual(self.linked(own), self.partner)
        self.assertFalse(self.linked(other))
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        # A link alone changes nothing that Odoo knows.
        self.assertEqual(self.partner.name, "Blue Gum Pty Ltd")
        self.connection.on_missing_partner = "create"
        self.pull(everything=True)
        self.assertEqual(self.linked(other).name, "Nobody We Know")

    def test_the_second_import_writes_nothing(self):
        self.connection.on_missing_partner = "create"
        ids = [self.contact(f"Contact {number}", EmailAddress=f"c{number}@x.example") for number in range(5)]
        self.pull()
        self.env.flush_all()
        for table in ("res_partner", "xero_link"):
            self.env.cr.execute(f"UPDATE {table} SET write_date = write_date - interval '1 day'")
        self.env.invalidate_all()
        before = [(self.linked(i).write_date, self.linked(i).xero_link_id.write_date) for i in ids]
        run = self.pull(everything=True)
        self.assertEqual((run.created, run.updated, run.linked), (0, 0, 0))
        self.assertGreaterEqual(run.unchanged, 5)
        after = [(self.linked(i).write_date, self.linked(i).xero_link_id.write_date) for i in ids]
        self.assertEqual(before, after)

    def test_all_fields_arrive(self):
        line = {"value": "percent", "value_amount": 100, "delay_type": "days_after", "nb_days": 31}
        term = self.env["account.payment.term"].create({"name": "31 days net", "line_ids": [Command.create(line)]})
        self.connection.on_missing_partner = "create"
        street = {
            "AddressType": "STREET",
            "AddressLine1": "1 Mill Lane",
            "City": "Hobart",
            "Region": "Tasmania",
            "PostalCode": "7000",
            "Country": "Australia",
        }
        postal = {"AddressType": "POBOX", "AddressLine1": "PO Box 9", "City": "Hobart", "PostalCode": "7001"}
        phone = {
            "PhoneType": "DEFAULT",
            "PhoneCountryCode": "61",
            "PhoneAreaCode": "3",
            "PhoneNumber": "6200 0000",
        }
        contact_id = self.contact(
            "Paperbark Press",
            FirstName="Ada",
            LastName="Nguyen",
            EmailAddress="ada@paperbark.example",
            TaxNumber="51 824 753 556",
            CompanyNumber="824753556",
            ContactPersons=[{"FirstName": "Bo", "LastName": "Li", "EmailAddress": "bo@paperbark.example"}],
            Addresses=[street, postal],
            Phones=[phone],
            PaymentTerms={"Sales": {"Day": 31, "Type": "DAYSAFTERBILLDATE"}},
        )
        self.pull()
        partner = self.linked(contact_id).with_company(self.company)
        expected = {
            "name": "Paperbark Press",
            "email": "ada@paperbark.example",
            "vat": "51824753556",
            "company_registry": "824753556",
            "street": "1 Mill Lane",
            "city": "Hobart",
            "zip": "7000",
            "state_id": self.env.ref("base.state_au_6").id,
            "country_id": self.env.ref("base.au").id,
            "phone": "+61 3 6200 0000",
            "property_payment_term_id": term.id,
            "is_company": True,
        }
        self.assertRecordValues(partner, [expected])
        self.assertEqual(
            sorted((child.type, child.name or child.street, child.email or "") for child in partner.child_ids),
            [
                ("contact", "Ada Nguyen", "ada@paperbark.example"),
                ("contact", "Bo Li", "bo@paperbark.example"),
                ("invoice", "PO Box 9", ""),
            ],
        )

    def test_the_template_says_what_xero_does_not(self):
        # XW-27, XW-35
        terms = self.env["account.payment.term"].create([{"name": "Ours"}, {"name": "Theirs"}])
        template = self.env["res.partner"].with_company(self.company).create({"name": "Template", "lang": "en_US"})
        template.write(
            {
                "country_id": self.env.ref("base.nz").id,
                "property_payment_term_id": terms[0].id,
                "property_supplier_payment_term_id": terms[1].id,
            }
        )
        self.connection.write({"on_missing_partner": "create", "template_partner_id": template.id})
        street = {"AddressType": "STREET", "AddressLine1": "1 Mill Lane", "City": "Hobart", "Country": "Australia"}
        plain, placed = self.contact("Plain"), self.contact("Placed", Addresses=[street])
        self.pull()
        partner = self.linked(plain).with_company(self.company)
        self.assertEqual((partner.country_id, partner.lang), (self.env.ref("base.nz"), "en_US"))
        self.assertEqual(partner.property_payment_term_id | partner.property_supplier_payment_term_id, terms)
        self.assertEqual(self.linked(placed).country_id, self.env.ref("base.au"))

    # === MATCHING === #

    def test_keys_match_in_the_order_of_the_rules(self):
        partners = self.env["res.partner"]
        by_name = partners.create({"name": "Grevillea Pty. Ltd."})
        by_mail = partners.create({"name": "Somebody", "email": "GREVILLEA@x.example "})
        contact_id = self.contact("grevillea", EmailAddress="grevillea@x.example")
        self.connection.match_rule_ids.filtered(lambda rule: rule.key == "name").sequence = 1
        self.pull()
        self.assertEqual(self.linked(contact_id), by_name)
        self.assertFalse(by_mail.xero_link_id)

    def test_account_numbers_match_without_spaces_for_customers_and_vendors(self):
        partners = self.env["res.partner"]
        customer = partners.create({"name": "P", "xero_ar_account": "C001"})
        vendor = partners.create({"name": "Q", "xero_ap_account": "V001"})
        one = self.contact("Anything", AccountNumber=" C001 ")
        two = self.contact("Other", AccountNumber="V001")
        both = self.contact("Both", AccountNumber="B1")
        partners.create([{"name": "R", "xero_ar_account": "B1"}, {"name": "S", "xero_ap_account": "B1"}])
        without = self.contact("Without")
        self.connection.write({"require_account_number": True, "on_missing_partner": "create"})
        run = self.pull()
        self.assertEqual((self.linked(one), self.linked(two)), (customer, vendor))
        self.assertFalse(self.linked(both) | self.linked(without))
        self.assertEqual((run.failed, run.linked), (1, 2))
        # CTC-01: left out with the reason, no error; with a number it comes in.
        self.assertEqual(sum(run.left_out.values()), run.skipped)
        said = f"{run.left_out['no_account_number']} without an account number"
        event = self.env["xero.event"].search([("run_id", "=", run.id), ("kind", "=", "pulled")])
        self.assertIn(said, run.left_out_text)
        self.assertIn(said, event.message)
        self.assertFalse(self.env["xero.exception"].search([("xero_id", "=", without)]))
        self.xero.act("edit", contact=without, values={"AccountNumber": "W1"})
        self.assertEqual((self.pull().created, self.linked(without).name), (1, "Without"))

    def test_an_ambiguous_contact_waits_for_a_choice(self):
        self.connection.on_missing_partner = "create"
        partners = self.env["res.partner"].create([{"name": "Wattle Ltd"}, {"name": "WATTLE"}])
        contact_id = self.contact("Wáttle Pty Ltd")
        run = self.pull()
        self.assertEqual(run.failed, 1)
        problem = self.env["xero.exception"].search([("xero_id", "=", contact_id)])
        self.assertEqual((problem.code, problem.record_name), ("partner_ambiguous", "Wáttle Pty Ltd"))
        self.assertEqual(self.env["res.partner"].search_count([("name", "ilike", "w_ttle")]), 2)
        wizard = self.cure(problem)
        self.assertEqual(wizard.line_ids.partner_id, partners)
        with self.as_request(wizard.line_ids[1]) as line:
            line.action_choose()
        self.assertEqual(self.linked(contact_id), partners[1])
        self.assertEqual(problem.state, "done")

    def cure(self, problem):
        with self.as_request(problem) as current:
            return self.env["xero.candidate.wizard"].browse(current.action_cure()["res_id"])

    def test_an_ambiguous_contact_takes_the_best_or_is_left_out(self):
        partners = self.env["res.partner"].create([{"name": "Wattle"}, {"name": "Wattle", "email": "w@x.example"}])
        self.connection.match_rule_ids.filtered(lambda rule: rule.key == "email").active = False
        contact_id = self.contact("Wattle", EmailAddress="w@x.example")
        self.connection.on_duplicate_match = "skip"
        run = self.pull()
        self.assertEqual((run.failed, run.linked), (0, 0))
        self.connection.on_duplicate_match = "link"
        self.pull(everything=True)
        self.assertEqual(self.linked(contact_id), partners[0])

    def test_pairs_come_before_partners_are_created(self):
        self.connection.on_missing_partner = "create"
        self.partner.customer_rank = 1
        with self.assertRaisesRegex(UserError, "Adopt"):
            self.connection.action_import()
        with self.as_request(self.connection) as connection:
            connection.action_adopt()
        self.assertEqual(self.pull().state, "done")

    def test_none_of_the_candidates_makes_a_partner(self):
        self.env["res.partner"].create([{"name": "Wattle Ltd"}, {"name": "WATTLE"}])
        contact_id = self.contact("Wattle")
        self.pull()
        with self.as_request(self.cure(self.env["xero.exception"].search([("xero_id", "=", contact_id)]))) as wizard:
            wizard.action_create_partner()
        self.assertEqual(self.linked(contact_id).name, "Wattle")

    def test_two_contacts_never_take_one_partner(self):
        partner = self.env["res.partner"].create({"name": "Wattle"})
        self.connection.on_missing_partner = "create"
        ids = [self.contact("Wattle Ltd"), self.contact("Wattle Pty")]
        run = self.pull()
        self.assertEqual(run.failed, 2)
        self.assertFalse(partner.xero_link_id)
        codes = self.env["xero.exception"].search([("xero_id", "in", ids)]).mapped("code")
        self.assertEqual(codes, ["partner_wanted_twice"] * 2)

    def test_a_missing_partner_is_reported(self):
        self.connection.on_missing_partner = "exception"
        contact_id = self.contact("Only There")
        self.pull()
        self.assertEqual(self.env["xero.exception"].search([("xero_id", "=", contact_id)]).code, "partner_missing")

    def test_a_missing_partner_is_left_out(self):
        # RUL-11
        self.connection.on_missing_partner = "skip"
        contact_id = self.contact("Only There")
        run = self.pull()
        self.assertFalse(self.linked(contact_id))
        self.assertFalse(self.env["xero.exception"].search([("xero_id", "=", contact_id)]))
        self.assertFalse(run.failed)

    # === CHANGES === #

    def test_changes_of_either_side(self):
        self.connection.on_missing_partner = "create"
        contact_id = self.contact("Banksia", EmailAddress="a@banksia.example")
        self.pull()
        partner = self.linked(contact_id)
        self.xero.advance(400)
        self.edit(contact_id, EmailAddress="b@banksia.example")
        run = self.pull()
        self.assertEqual(run.updated, 1)
        self.assertEqual((partner.email, partner.xero_state), ("b@banksia.example", "synced"))
        partner.email = "odoo@banksia.example"
        self.assertEqual(partner.xero_state, "outdated")
        self.xero.advance(400)
        self.edit(contact_id, EmailAddress="c@banksia.example")
        self.pull()
        self.assertEqual(self.problem(partner), "both_changed")
        self.assertEqual(partner.email, "odoo@banksia.example")
        problem = self.env["xero.exception"].search([("res_id", "=", partner.id), ("model", "=", "res.partner")])
        with self.as_request(problem) as current:
            current.action_cure()
        self.assertEqual(partner.email, "c@banksia.example")
        self.assertFalse(self.problem(partner))

    def test_what_odoo_has_still_to_send_is_remembered(self):
        self.connection.on_missing_partner = "create"
        contact_id = self.contact("Banksia")
        self.pull()
        partner = self.linked(contact_id)
        partner.phone = "+61 3 6200 0000"
        self.xero.advance(400)
        self.edit(contact_id, ContactPersons=[{"FirstName": "Bo", "LastName": "Li", "EmailAddress": "bo@x.example"}])
        self.pull()
        self.assertEqual((partner.child_ids.name, partner.xero_state), ("Bo Li", "outdated"))
        self.push(partner)
        self.assertEqual(partner.xero_state, "synced")
        self.assertIn("+61 3 6200 0000", [row["PhoneNumber"] for row in self.in_xero(partner, "Contacts")["Phones"]])

    def test_the_owner_settles_what_both_changed(self):
        for owner, expected in (("xero", "there@x.example"), ("odoo", "here@x.example")):
            with self.subTest(owner):
                self.connection.write({"on_missing_partner": "create", "contact_owner": owner})
                contact_id = self.contact(f"Owner {owner}", EmailAddress="first@x.example")
                self.pull()
                partner = self.linked(contact_id)
                partner.email = "here@x.example"
                self.xero.advance(400)
                self.edit(contact_id, EmailAddress="there@x.example")
                self.pull()
                self.assertEqual(partner.email, expected)
                self.assertFalse(self.problem(partner))

    def test_directions(self):
        self.connection.contact_direction = "push"
        with self.assertRaises(UserError):
            self.connection.pull("contact")
        self.connection.contact_direction = "pull"
        self.push(self.partner)
        self.assertEqual(self.problem(self.partner), "contact_missing")
        self.assertEqual(self.xero.count("PUT /Contacts"), 0)

    def test_a_field_that_does_not_travel(self):
        self.connection.on_missing_partner = "create"
        rule = self.connection.field_rule_ids.filtered(lambda rule: rule.field == "phone")
        rule.write({"to_xero": False, "from_xero": False})
        contact_id = self.contact("Telephone", Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "123"}])
        self.pull()
        self.assertFalse(self.linked(contact_id).phone)
        self.partner.phone = "555"
        self.push(self.partner)
        sent = self.in_xero(self.partner, "Contacts")
        self.assertFalse(any(phone["PhoneNumber"] for phone in sent["Phones"]))

    def test_each_field_stays_at_home_when_it_is_told_to(self):
        # RUL-04: whatever travels with the rule on stays where it is with the rule off, in both directions
        self.connection.write({"on_missing_partner": "create", "contact_owner": "xero"})
        terms = self.env["account.payment.term"].search([("line_ids.nb_days", "=", 30)], limit=1)
        contact = {
            "EmailAddress": "in@x.example",
            "TaxNumber": "51824753556",
            "CompanyNumber": "C-77",
            "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "123"}],
            "Addresses": [{"AddressType": "STREET", "AddressLine1": "1 In St", "City": "Perth"}],
            "ContactPersons": [{"FirstName": "Pia", "LastName": "In", "EmailAddress": "pia@x.example"}],
            "PaymentTerms": {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}},
        }
        arrived = {
            "email": lambda partner: partner.email,
            "phone": lambda partner: partner.phone,
            "vat": lambda partner: partner.vat,
            "company_registry": lambda partner: partner.company_registry,
            "address": lambda partner: partner.street or partner.city,
            "persons": lambda partner: partner.child_ids,
            "terms": lambda partner: partner.with_company(self.company).property_payment_term_id,
        }
        sent = {
            "email": lambda found: found.get("EmailAddress"),
            "phone": lambda found: any(phone["PhoneNumber"] for phone in found["Phones"]),
            "vat": lambda found: found.get("TaxNumber"),
            "company_registry": lambda found: found.get("CompanyNumber"),
            "address": lambda found: any(address.get("AddressLine1") for address in found["Addresses"]),
            "persons": lambda found: found.get("FirstName"),  # the first of them
        }
        rules = self.connection.field_rule_ids.filtered(lambda rule: rule.field != "name")
        self.assertEqual(set(rules.mapped("field")), arrived.keys())
        for rule in rules:
            for travels in (True, False):
                with self.subTest(field=rule.field, travels=travels):
                    rule.write({"to_xero": travels, "from_xero": travels})
                    name = f"{rule.field} {travels}"
                    contact_id = self.contact(f"In {name}", **contact)
                    self.pull()
                    self.assertEqual(bool(arrived[rule.field](self.linked(contact_id))), travels)
                    partner = self.env["res.partner"].create(
                        {
                            "name": f"Out {name}",
                            "is_company": True,
                            "email": "out@x.example",
                            "phone": "555",
                            "vat": "83914571673",
                            "company_registry": f"R-{name}",
                            "street": "2 Out St",
                            "city": "Sydney",
                            "property_payment_term_id": terms.id,
                            "child_ids": [(0, 0, {"name": "Pat Out", "email": "pat@x.example"})],
                        }
                    )
                    self.push(partner)
                    if rule.field in sent:  # payment terms only come from Xero
                        found = bool(sent[rule.field](self.in_xero(partner, "Contacts")))
                        self.assertEqual((rule.field, found), (rule.field, travels))

    def test_restored_in_xero(self):
        # XW-28: what was archived because Xero had it so comes back with it; who works here or is shared stays
        self.connection.write({"on_missing_partner": "create", "new_partner_company": "shared"})
        idle, user, shared = self.contact("Idle"), self.contact("User"), self.contact("Shared")
        self.pull()
        partners = [self.linked(contact_id) for contact_id in (idle, user, shared)]
        self.env["res.users"].create({"name": "U", "login": "u@x.example", "partner_id": partners[1].id})
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["xero.link"].create(
            {
                **{"company_id": other.id, "tenant_id": "00000000-0000-4000-8000-000000000001"},
                **{"dataset": "contact", "model": "res.partner", "res_id": partners[2].id},
            }
        )
        self.xero.advance(400)
        for contact_id in (idle, user, shared):
            self.edit(contact_id, ContactStatus="ARCHIVED")
        self.pull()
        self.assertEqual([partner.active for partner in partners], [False, True, True])
        self.xero.advance(400)
        self.edit(idle, ContactStatus="ACTIVE")
        self.pull()
        self.assertTrue(partners[0].active)

    def test_archived_in_xero(self):
        self.connection.on_missing_partner = "create"
        idle, busy = self.contact("Idle"), self.contact("Busy")
        gone = self.contact("Never Seen")
        self.edit(gone, ContactStatus="ARCHIVED")
        self.pull()
        self.assertFalse(self.linked(gone))
        self.invoice(partner_id=self.linked(busy).id)
        self.xero.advance(400)
        for contact_id in (idle, busy):
            self.edit(contact_id, ContactStatus="ARCHIVED")
        idle_partner, busy_partner = self.linked(idle), self.linked(busy)
        self.pull()
        self.assertEqual((idle_partner.active, busy_partner.active), (False, True))
        self.assertEqual(self.problem(busy_partner), "archived_with_open")

    def test_erased_and_merged_in_xero(self):
        self.connection.on_missing_partner = "create"
        erased, source, target, lone = (self.contact(name) for name in ("Erased", "Source", "Target", "Lone"))
        self.pull()
        other = self.contact("Elsewhere")
        self.edit(other, ContactStatus="ARCHIVED")
        self.pull()
        self.xero.advance(400)
        self.edit(erased, ContactStatus="GDPRREQUEST", Name="Erased by request")
        self.edit(source, ContactStatus="ARCHIVED", MergedToContactID=target)
        self.edit(lone, ContactStatus="ARCHIVED", MergedToContactID=other)
        self.pull()
        self.assertEqual(self.linked(erased).name, "Erased")
        self.assertEqual(self.problem(self.linked(erased)), "contact_erased")
        self.assertEqual(self.problem(self.linked(source)), "contact_merged")
        # The partner is the contact that is left, and no second partner is made for that.
        self.assertEqual(self.linked(other).name, "Lone")
        self.assertTrue(self.linked(other).active)
        self.assertFalse(self.problem(self.linked(other)))
        self.assertEqual(self.env["res.partner"].search_count([("name", "=", "Elsewhere")]), 0)

    def test_a_person_with_another_address_is_another_person(self):
        self.connection.on_missing_partner = "create"
        person = {"FirstName": "Bo", "LastName": "Li", "EmailAddress": "bo@x.example", "IncludeInEmails": True}
        contact_id = self.contact("House", ContactPersons=[person])
        self.pull()
        partner = self.linked(contact_id)
        child = partner.child_ids
        self.xero.advance(400)
        self.edit(contact_id, ContactPersons=[{**person, "EmailAddress": "bo.li@x.example"}])
        self.pull()
        self.assertEqual(set(partner.child_ids.mapped("email")), {"bo@x.example", "bo.li@x.example"})
        self.assertEqual(child.email, "bo@x.example")

    def test_one_bad_contact_holds_back_only_itself(self):
        # B.2: one of a page of a thousand
        self.connection.on_missing_partner = "create"
        contacts = self.xero.organisation(1).contacts
        seeded = self.xero.organisation(1).seed_contacts(self.env["xero.dataset.contact"]._page - len(contacts))
        bad = seeded[700]
        contacts.put({**contacts.get(bad), "Name": ""})
        good = {row["ContactID"] for row in contacts if row["ContactStatus"] == "ACTIVE"} - {bad}
        run = self.pull()
        self.work_until(lambda: run.state == "done")  # a button waits for twenty seconds only
        self.assertEqual((run.state, len(contacts), run.failed), ("done", 1000, 1))
        links = self.env["xero.link"].search([("dataset", "=", "contact")])
        self.assertEqual((set(links.mapped("xero_id")), len(links)), (good, len(good)))
        self.assertEqual(self.env["xero.exception"].search([("dataset", "=", "contact")]).xero_id, bad)

    def test_balances_are_there_for_sales(self):
        self.map_everything(self.connection)
        self.push(self.invoice())
        self.xero.advance(400)
        self.pull(everything=True)
        seller = self.new_user("seller", "base.group_user")
        self.assertAlmostEqual(self.partner.with_user(seller).xero_outstanding, 1100.0)

    # === TWO COMPANIES === #

    def test_two_companies_keep_apart(self):
        second = self._make_company("Second Pty")
        self.env.user.company_ids = [Command.link(second.id)]
        other = self.connect(second, organisation=2, mapped=False)
        both = self.connection | other
        both.write({"on_missing_partner": "create", "new_partner_company": "own"})
        shared = self.env["res.partner"].create({"name": "Shared Supplies"})
        first_id, only_first = self.contact("Shared Supplies"), self.contact("Only First")
        source = self.xero.organisation(1).contacts.get(first_id)
        self.xero.organisation(2).contacts.put({**source, "ContactID": "11111111-1111-4111-8111-111111111111"})
        for connection in both:
            with self.as_request(connection) as current:
                current._import(["contact"])
        links = self.env["xero.link"].search([("model", "=", "res.partner"), ("res_id", "=", shared.id)])
        self.assertEqual(len(set(links.mapped("xero_id"))), 2)
        self.assertEqual(self.linked(only_first).company_id, self.company)
