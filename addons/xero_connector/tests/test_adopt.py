"""Adoption: true pairs are found, wrong ones are not linked, nothing is created; many of them: test_adopt_many."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .adoption import LINE, AdoptCase


@tagged("post_install", "-at_install")
class TestAdopt(AdoptCase):
    def test_from_contact_to_payment(self):
        contact = self.contact_in_xero("BLUE GUM")
        move = self.invoice()
        invoice_id = self.in_xero_only(move, contact=contact)
        bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        register = self.env["account.payment.register"]
        register = register.with_context(active_model="account.move", active_ids=move.ids)
        register.create({"journal_id": bank.id, "payment_date": date.today()})._create_payments()
        made = self.xero.act("pay", invoice=invoice_id, amount=1100, account="090", date=str(date.today()))
        counts = {
            model: self.env[model].search_count([]) for model in ("res.partner", "account.move", "account.payment")
        }
        pairs = self.adopt()
        mine = pairs.filtered(lambda pair: pair.xero_id in (contact, invoice_id))
        self.assertEqual(sorted(mine.mapped("score")), [85, 100])
        self.assertFalse(self.env["xero.link"].search([("connection_id", "=", self.connection.id)]))
        self.accept_all()
        self.assertEqual(self.partner.xero_link_id.xero_id, contact)
        self.assertEqual((move.xero_link_id.xero_id, move.xero_state), (invoice_id, "synced"))
        # Payments follow their documents.
        self.adopt()
        self.accept_all()
        payment = move._get_reconciled_payments()
        self.assertEqual(payment.xero_link_id.xero_id, made["PaymentID"])
        self.assertEqual({model: self.env[model].search_count([]) for model in counts}, counts)
        # What is linked is not sent again.
        self.push(move)
        self.assertEqual(self.xero.organisation(1).invoices.get(invoice_id)["InvoiceNumber"], move.name)

    def test_what_waited_for_the_documents_comes_after_them(self):
        # An import before the adoption has left their payments out, and the money of contacts.
        bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        bank.xero_account_id = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("code", "=", "090")]
        )
        contact = self.contact_in_xero("BLUE GUM")
        move = self.invoice()
        invoice_id = self.in_xero_only(move, contact=contact, InvoiceNumber="OTHER-1")
        self.xero.act("pay", invoice=invoice_id, amount=1100, account="090", date=str(date.today()))
        self.assertTrue(self.pull("payment").left_out["document_not_here"])
        self.xero.advance(4000)
        later = self.in_xero_only(move, contact=contact, InvoiceNumber="OTHER-2")
        self.xero.act("pay", invoice=later, amount=1100, account="090", date=str(date.today()))
        self.pull("payment")
        self.adopt()
        pair = self.env["xero.pair"].search([("xero_id", "=", invoice_id)])
        pair.sudo().write({"res_id": move.id, "state": "proposed"})
        with self.as_request(pair) as current:
            current.action_accept()
        self.assertEqual(move.xero_link_id.xero_id, invoice_id)
        self.pull("payment")
        self.assertEqual(move.payment_state, "paid")

    def test_a_contact_whose_partner_was_deleted_gets_another(self):
        gone = self.env["res.partner"].create({"name": "Coming Back Ltd", "is_company": True})
        self.push(gone)
        contact = gone.xero_link_id.xero_id
        gone.unlink()
        partner = self.env["res.partner"].create({"name": "Coming Back Ltd", "is_company": True})
        self.adopt()
        self.accept_all()
        self.assertEqual(partner.xero_link_id.xero_id, contact)
        self.xero.advance(400)
        self.xero.act("edit", contact=contact, values={"EmailAddress": "back@x.example"})
        self.pull("contact")
        self.assertEqual(partner.email, "back@x.example")

    def test_one_payment_of_several_documents(self):
        """Odoo's 330 over three invoices is a batch of three payments in Xero; a second 110 is nobody's (B20)."""
        contact = self.contact_in_xero(self.partner.name)
        moves = [self.invoice([(1, 100.0)]) for _n in range(3)]
        ids = [self.in_xero_only(move, contact=contact) for move in moves]
        self.adopt()
        self.accept_all()
        bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        context = {"active_model": "account.move", "active_ids": [move.id for move in moves]}
        register = self.env["account.payment.register"].with_context(**context)
        register.create({"journal_id": bank.id, "group_payment": True})._create_payments()
        payment = moves[0]._get_reconciled_payments()
        self.assertEqual(payment.amount, 330.0)
        rows = [{"invoice": xero_id, "amount": 110.0} for xero_id in ids]
        self.xero.act("batch_pay", payments=rows, account="090", date=str(date.today()))
        pairs = self.adopt().filtered(lambda pair: pair.dataset == "payment")
        self.assertEqual(pairs.mapped("score"), [95] * 3)
        self.accept_all()
        self.assertEqual(set(pairs.mapped("state")), {"linked"})
        links = self.env["xero.link"].search([("dataset", "=", "payment")])
        self.assertEqual(set(links.mapped("part")), {f"account.move,{move.id}" for move in moves})
        self.assertEqual(set(links.mapped("res_id")), {payment.id})
        # The import has nothing left to do, and nothing to ask.
        run = self.pull("payment")
        self.assertEqual((run.created, run.linked, run.failed), (0, 0, 0))

    def test_a_line_of_a_bank_statement(self):
        """What Odoo's statement has paid without a payment stands for Xero's, found or chosen by hand (B20, B21)."""
        contact = self.contact_in_xero(self.partner.name)
        moves = [self.invoice([(1, 100.0)]) for _n in range(2)]
        ids = [self.in_xero_only(move, contact=contact) for move in moves]
        self.adopt()
        self.accept_all()
        bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        receivable = moves[0].line_ids.filtered("date_maturity").account_id
        lines = self.env["account.bank.statement.line"].create(
            [
                {
                    "journal_id": bank.id,
                    "payment_ref": move.name,
                    "partner_id": self.partner.id,
                    "amount": 110.0,
                    "date": day,
                    "counterpart_account_id": receivable.id,
                }
                for move, day in zip(moves, (str(date.today()), "2026-01-05"), strict=True)
            ]
        )
        for line, move in zip(lines, moves, strict=True):
            (line.line_ids | move.line_ids).filtered(lambda aml: aml.account_id == receivable).reconcile()
        for xero_id in ids:
            self.xero.act("pay", invoice=xero_id, amount=110, account="090", date=str(date.today()))
        pairs = self.adopt().filtered(lambda pair: pair.dataset == "payment")
        found, alone = pairs.sorted("score", reverse=True)
        self.assertEqual((found.score, found.record_ref, alone.state), (95, lines[0], "alone"))
        with self.assertRaises(UserError):
            alone.record_ref = moves[1]
        alone.record_ref = lines[1]
        self.accept_all()
        self.assertEqual(pairs.mapped("state"), ["linked"] * 2)
        links = self.env["xero.link"].search([("dataset", "=", "payment")])
        self.assertEqual(
            {(link.model, link.res_id, link.part) for link in links},
            {(line._name, line.id, f"account.move,{move.id}") for line, move in zip(lines, moves, strict=True)},
        )
        run = self.pull("payment")
        self.assertEqual((run.created, run.linked, run.failed), (0, 0, 0))

    def test_the_import_after_it_changes_only_what_is_edited_in_xero_later(self):
        partner = self.env["res.partner"].create(
            {"name": "Gull & Sons", "is_company": True, "email": "ours@gull.example"}
        )
        product = self.env["product.product"].create({"name": "Our Tea", "default_code": "TEA-1", "list_price": 9})
        theirs = {"Name": "Gull & Sons", "EmailAddress": "theirs@gull.example"}
        contact = self.create_in_xero("/Contacts", {"Contacts": [theirs]})["Contacts"][0]["ContactID"]
        tea = {"Code": "TEA-1", "Name": "Tea", "SalesDetails": {"UnitPrice": 5}}
        self.create_in_xero("/Items", {"Items": [tea]})
        self.adopt()
        self.accept_all()
        self.assertEqual((partner.xero_state, product.xero_state), ("synced", "synced"))
        for _time in range(2):
            self.pull("contact", "item", everything=True)
            self.assertEqual((partner.email, product.name, product.list_price), ("ours@gull.example", "Our Tea", 9))
            # An invoice changes what the contact owes, and nothing that anybody has typed in.
            self.xero.advance(60)
            document = {
                "Type": "ACCREC",
                "Contact": {"ContactID": contact},
                "Status": "AUTHORISED",
                "LineItems": [{**LINE, "UnitAmount": 50}],
                "Date": "2026-11-02",
                "DueDate": "2026-12-02",
            }
            self.create_in_xero("/Invoices", {"Invoices": [document]})
        self.assertEqual(partner.xero_link_id.figures["receivable"]["outstanding"], 55.0)
        self.xero.act("edit", contact=contact, values={"EmailAddress": "new@gull.example"})
        self.pull("contact")
        self.assertEqual(partner.email, "new@gull.example")

    def test_one_edit_in_xero_changes_that_value_alone(self):
        def phone(number):
            return [{"PhoneType": "DEFAULT", "PhoneNumber": number}]

        def street(line):
            return [{"AddressType": "STREET", "AddressLine1": line}]

        partner = self.env["res.partner"].create(
            {"name": "Gull & Sons Pty Ltd", "is_company": True, "phone": "1", "street": "1 Our St", "city": "Perth"}
        )
        product = self.env["product.product"].create({"name": "Our Tea", "default_code": "TEA-1", "list_price": 9})
        theirs = {"Name": "Gull & Sons", "Phones": phone("2"), "Addresses": street("2 Their St")}
        contact = self.create_in_xero("/Contacts", {"Contacts": [theirs]})["Contacts"][0]["ContactID"]
        tea = {"Code": "TEA-1", "Name": "Tea", "Description": "x", "SalesDetails": {"UnitPrice": 5}}
        item = self.create_in_xero("/Items", {"Items": [tea]})["Items"][0]["ItemID"]
        self.adopt()
        self.accept_all()
        self.xero.advance(400)
        self.xero.act("edit", contact=contact, values={"Phones": phone("3")})
        self.xero.act("edit", item=item, values={"Name": "Green Tea"})
        self.pull("contact", "item")
        self.assertEqual((partner.phone, partner.name, partner.street), ("3", "Gull & Sons Pty Ltd", "1 Our St"))
        self.assertEqual((product.name, product.list_price), ("Green Tea", 9))
        # The next edit is measured against this one, and what Odoo sends against what it sent.
        partner.city = "Fremantle"
        self.push(partner)
        self.xero.advance(400)
        self.xero.act("edit", contact=contact, values={"EmailAddress": "new@gull.example"})
        self.pull("contact")
        self.assertEqual((partner.email, partner.city, partner.phone), ("new@gull.example", "Fremantle", "3"))
        self.assertEqual(partner.name, "Gull & Sons Pty Ltd")

    def test_an_update_of_an_adopted_document_keeps_its_lines(self):
        move = self.invoice(
            [
                {"name": "Ropes", "price_unit": 100.0},
                {"name": "Sails", "price_unit": 100.0},
                {"name": "Masts", "price_unit": 250.0},
                self.note_line("As agreed in March"),
            ]
        )
        texts = ("A spar", "SAILS", "Ropes", "As agreed in march")
        lines = [{**LINE, "Description": text, "UnitAmount": 100} for text in texts]
        lines[0]["UnitAmount"], lines[3] = 250, {"Description": texts[3]}
        contact = self.contact_in_xero(self.partner.name)
        invoice_id = self.in_xero_only(move, contact=contact, LineItems=lines)
        made = self.read_xero(f"/Invoices/{invoice_id}")["Invoices"][0]["LineItems"]
        before = [(line["LineItemID"], line["Description"]) for line in made]
        self.adopt()
        self.accept_all()
        move.button_draft()
        move.invoice_line_ids[2].price_unit = 260.0
        move.action_post()
        self.push(move)
        item = self.assertAgrees(move)
        after = {line["LineItemID"]: line["Description"] for line in item["LineItems"]}
        names = {"A spar": "Masts", "SAILS": "Sails", "Ropes": "Ropes", texts[3]: "As agreed in March"}
        self.assertEqual(after, {line_id: names[text] for line_id, text in before})

    def test_differences_are_said_and_rejected_pairs_stay_away(self):
        contact = self.contact_in_xero(self.partner.name)
        move = self.invoice()
        line = {**LINE, "UnitAmount": 999}
        invoice_id = self.in_xero_only(move, contact=contact, LineItems=[line])
        pair = self.adopt().filtered(lambda pair: pair.xero_id == invoice_id)
        self.assertLess(pair.score, 85)
        with self.as_request(pair) as current:
            current.action_accept()
        self.assertEqual(move.xero_link_id.xero_id, invoice_id)
        self.assertEqual(self.problem(move), "totals_differ")
        other = self.invoice()
        other_id = self.in_xero_only(other, contact=contact)
        pair = self.adopt().filtered(lambda pair: pair.xero_id == other_id)
        with self.as_request(pair) as current:
            current.action_reject()
        self.adopt()
        self.accept_all()
        self.assertFalse(other.xero_link_id)
        # Changed by hand: another record is chosen.
        pair.write({"state": "proposed"})
        pair.record_ref = other
        self.assertEqual(pair.score, 100)
        with self.as_request(pair) as current:
            current.action_accept()
        self.assertEqual(other.xero_link_id.xero_id, other_id)

    def test_pairs_are_no_way_round_the_rules(self):
        contact = self.contact_in_xero(self.partner.name)
        pair = self.adopt().filtered(lambda pair: pair.xero_id == contact)
        second = self._make_company("Second Pty")
        user = self.new_user("adopter", "xero_connector.group_xero_user", "account.group_account_invoice")
        theirs = self.env["res.partner"].create({"name": "Theirs", "company_id": second.id})
        person = self.env["res.partner"].create({"name": "Person", "parent_id": self.partner.id})
        for vals in ({"res_id": theirs.id}, {"score": 100}, {"element": {}}, {"xero_id": "x"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                pair.with_user(user).write(vals)
        for record in (theirs, person):
            with self.subTest(record.name), self.assertRaises(UserError):
                pair.record_ref = record
        # One whose contact was linked meanwhile does not stop the others.
        other = self.env["res.partner"].create({"name": "Other"})
        self.link(self.connection, "contact", other, contact)
        self.accept_all()
        self.assertFalse(self.partner.xero_link_id)

    def test_another_organisation_begins_anew(self):
        self.contact_in_xero("Somebody")
        self.adopt()
        with self.as_request(self.connection) as connection:
            connection._import(["contact"])
        self.assertTrue(self.connection._schedule("contact").since)
        self.connection._leave_other_organisation("another")
        self.assertFalse(self.connection._schedule("contact").since)
        self.assertFalse(self.connection.last_update)
        self.assertFalse(self.env["xero.pair"].search([("connection_id", "=", self.connection.id)]))

    def test_names_that_differ_in_a_number_or_a_word_are_others(self):
        def partner(name, email):
            return self.env["res.partner"].create({"name": name, "is_company": True, "email": f"{email}@x.example"})

        def contact(name, email):
            body = {"Contacts": [{"Name": name, "EmailAddress": f"{email}@x.example"}]}
            return self.create_in_xero("/Contacts", body)["Contacts"][0]["ContactID"]

        # Each on one side only.
        partner("Acme Store 1", "acme")
        partner("Smith Plumbing North", "smith")
        alone = [contact("Acme Store 2", "acme"), contact("Smith Plumbing South", "smith")]
        # Each on both sides, all of a mailbox; the last two are a typo apart.
        names = ("Gull Cafe 1", "Gull Cafe 2", "Gull Bakery East", "Gull Bakery West", "Gull Fishery", "Gull Fshery")
        both = {contact(name, "gull"): partner(name, "gull") for name in names}
        # Only a typo.
        both[contact("Kookaburra Roofng", "kook")] = partner("Kookaburra Roofing Pty Ltd", "kook")
        both[contact("Magpie Tiling", "mag")] = partner("Mag Pie Tiling", "mag")
        pairs = self.adopt().grouped("xero_id")
        for key in alone:
            self.assertLess(pairs[key].score, self.connection.adopt_score, pairs[key].title)
        for key, ours in both.items():
            self.assertEqual(pairs[key].res_id, ours.id, pairs[key].title)
            self.assertGreaterEqual(pairs[key].score, self.connection.adopt_score, pairs[key].title)
