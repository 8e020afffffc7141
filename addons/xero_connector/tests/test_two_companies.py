"""Two companies, two organisations, one database: shared partners and accounts, and nothing of one in the other."""

from odoo import Command
from odoo.tests import tagged

from .common import XeroCase

ROWS = ("xero.link", "xero.exception", "xero.event", "xero.run", "xero.account", "xero.tax.rate", "account.payment")


@tagged("post_install", "-at_install")
class TestTwoCompanies(XeroCase):
    def setUp(self):
        super().setUp()
        self.second_company = self._make_company("Second Pty")
        self.env.user.company_ids = [Command.link(self.second_company.id)]
        self.first = self.connect()
        self.second = self.connect(self.second_company, organisation=2)
        codes = {self.company: "491000", self.second_company: "492000"}
        self.shared = self.env["account.account"].create(
            {
                "name": "Shared Sales",
                "account_type": "income",
                "company_ids": [Command.set([company.id for company in codes])],
                "code_mapping_ids": [
                    Command.create({"company_id": company.id, "code": code}) for company, code in codes.items()
                ],
            }
        )
        for connection, code in ((self.first, "200"), (self.second, "260")):
            self.shared.with_company(connection.company_id).xero_account_id = self.theirs(connection, code)
            self.bank(connection).xero_account_id = self.theirs(connection, "090")

    # === GROUND === #

    def theirs(self, connection, code):
        return self.env["xero.account"].search([("connection_id", "=", connection.id), ("code", "=", code)])

    def bank(self, connection):
        domain = [("company_id", "=", connection.company_id.id), ("type", "=", "bank")]
        return self.env["account.journal"].search(domain, limit=1)

    def organisation(self, connection):
        return 1 if connection == self.first else 2

    def sold(self, connection, amount):
        """An invoice of the company to the shared partner on the shared account, in its organisation."""
        company = connection.company_id
        gst = self.env["account.chart.template"].with_company(company).ref(self.gst_xmlid())
        line = {"name": "x", "account_id": self.shared.id, "price_unit": amount, "tax_ids": [Command.set(gst.ids)]}
        move = self.env["account.move"].with_company(company)
        move = move.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": "2026-11-02",
                "invoice_line_ids": [Command.create(line)],
            }
        )
        move.action_post()
        self.push(move)
        self.assertEqual(move.with_company(company).xero_state, "synced", self.problem(move))
        return move

    def pay(self, connection, move, amount):
        organisation = self.organisation(connection)
        xero_id = move.with_company(connection.company_id).xero_link_id.xero_id
        made = self.xero.act("pay", organisation, invoice=xero_id, amount=amount, account="090", date="2026-11-10")
        return made["PaymentID"]

    def bring_in(self, connection, *keys):
        with self.as_request(connection) as current:
            current._import(list(keys))

    def rows(self, connection):
        """What there is of a company, and how it looks."""
        company = ("company_id", "=", connection.company_id.id)
        return {
            model: self.env[model].with_context(active_test=False).search_read([company], order="id") for model in ROWS
        }

    # === TESTS === #

    def test_payments_stay_with_their_company(self):
        ours, theirs = self.sold(self.first, 100), self.sold(self.second, 200)
        self.assertEqual(ours.name, theirs.name, "the numbers of both overlap")
        first_id, second_id = self.pay(self.first, ours, 110), self.pay(self.second, theirs, 20)
        before = self.rows(self.second)
        self.bring_in(self.first, "payment")
        self.assertEqual((ours.payment_state, theirs.payment_state), ("paid", "not_paid"))
        self.assertEqual(self.rows(self.second), before)
        before = self.rows(self.first)
        self.bring_in(self.second, "payment")
        self.assertEqual((theirs.payment_state, theirs.amount_residual), ("partial", 200.0))
        self.assertEqual(self.rows(self.first), before)
        for connection, xero_id in ((self.first, first_id), (self.second, second_id)):
            link = self.env["xero.link"].search([("dataset", "=", "payment"), ("xero_id", "=", xero_id)])
            payment = self.env["account.payment"].browse(link.res_id)
            self.assertEqual((link.connection_id, link.tenant_id), (connection, connection.tenant_id))
            self.assertEqual((payment.company_id, payment.journal_id), (connection.company_id, self.bank(connection)))
            self.assertEqual(payment.move_id.line_ids.company_id, connection.company_id)

    def test_a_payment_is_booked_to_the_bank_of_its_own_organisation(self):
        theirs = self.sold(self.second, 200)
        self.bank(self.second).xero_account_id = False
        self.second.default_bank_account_id = False
        self.pay(self.second, theirs, 220)
        self.bring_in(self.second, "payment")
        # The first company's bank account has the same code.
        self.assertEqual(theirs.payment_state, "not_paid")
        problem = self.env["xero.exception"].search([("code", "=", "payment_account_unmapped")])
        self.assertEqual(problem.company_id, self.second_company)

    def test_shared_records_have_ids_and_mappings_of_each(self):
        for connection, amount, code in ((self.first, 100, "200"), (self.second, 200, "260")):
            move = self.sold(connection, amount)
            organisation = self.xero.organisation(self.organisation(connection))
            link = move.with_company(connection.company_id).xero_link_id
            item = organisation.invoices.get(link.xero_id)
            self.assertEqual([line["AccountCode"] for line in item["LineItems"]], [code])
            contact = self.partner.with_company(connection.company_id).xero_link_id
            self.assertEqual((link.tenant_id, contact.tenant_id), (connection.tenant_id,) * 2)
            self.assertEqual(item["contact_id"], contact.xero_id)
        links = self.env["xero.link"].search([("model", "=", "res.partner"), ("res_id", "=", self.partner.id)])
        self.assertEqual(len(set(links.mapped("xero_id"))), 2)

    def test_what_one_organisation_changes_of_a_shared_partner_the_other_has_to_get(self):
        for connection in (self.first, self.second):
            self.sold(connection, 100)
        first, second = (self.partner.with_company(c.company_id).xero_link_id for c in (self.first, self.second))
        self.bring_in(self.second, "contact")
        self.xero.advance(400)
        self.xero.act("edit", contact=first.xero_id, values={"EmailAddress": "new@bluegum.example"})
        self.bring_in(self.first, "contact")
        self.assertEqual(self.partner.email, "new@bluegum.example")
        self.assertEqual((first.state, second.state), ("synced", "outdated"))
        with self.as_request(self.partner) as partner:
            partner.with_company(self.second_company).action_xero_push()
        self.assertEqual(second.state, "synced")
        contact = self.xero.organisation(2).contacts.get(second.xero_id)
        self.assertEqual(contact["EmailAddress"], "new@bluegum.example")
        # A partner of one company alone is nobody else's business.
        self.partner.company_id = self.company
        second.state = "synced"
        self.xero.advance(400)
        self.xero.act("edit", contact=first.xero_id, values={"EmailAddress": "newer@bluegum.example"})
        self.bring_in(self.first, "contact")
        self.assertEqual((self.partner.email, second.state), ("newer@bluegum.example", "synced"))

    def test_reference_data_of_one_never_touches_the_other(self):
        keys = ("account", "tax_rate", "tracking_category", "branding_theme", "currency")
        organisation = self.xero.organisation(1)
        sales = next(row for row in organisation.accounts if row.get("Code") == "200")
        organisation.accounts.put({**sales, "Name": "Sales at home", "updated": organisation.stamp()})
        rate = next(row for row in organisation.tax_rates if row["TaxType"] == "OUTPUT")
        organisation.tax_rates.put({**rate, "Name": "GST at home"})
        models = (
            "xero.account",
            "xero.tax.rate",
            "xero.tracking.category",
            "xero.tracking.option",
            "xero.branding.theme",
        )

        def theirs(connection):
            domain = [("connection_id", "=", connection.id)]
            return {name: self.env[name].with_context(active_test=False).search_read(domain) for name in models}

        before = theirs(self.second)
        self.assertTrue(all(before.values()))
        self.bring_in(self.first, *keys)
        self.assertEqual(theirs(self.second), before)
        self.assertEqual(self.theirs(self.first, "200").name, "Sales at home")
        self.assertNotEqual(self.theirs(self.second, "200").name, "Sales at home")
        self.assertEqual(self.shared.with_company(self.second_company).xero_account_id.connection_id, self.second)
        mine, others = (
            self.env["xero.account"].search([("connection_id", "=", c.id)]) for c in (self.first, self.second)
        )
        self.assertFalse(set(mine.mapped("xero_id")) & set(others.mapped("xero_id")))

    def test_a_user_of_one_company_reads_nothing_of_the_other(self):
        self.pay(self.second, self.sold(self.second, 200), 220)
        self.bring_in(self.second, "payment", "account")
        user = self.new_user("one", "xero_connector.group_xero_admin", "account.group_account_manager")
        for model in ("xero.link", "xero.exception", "xero.event", "xero.run", "xero.account", "xero.tax.rate"):
            with self.subTest(model):
                found = self.env[model].with_user(user).with_context(active_test=False).search([])
                self.assertFalse(found.sudo().company_id - self.company)
