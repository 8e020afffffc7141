"""Ground for tests: the connected company of the connector's own tests, whose people spend money."""

from odoo import Command

from odoo.addons.xero_connector.tests.books import BooksCase


class ExpenseCase(BooksCase):
    """Sam and Kim pay for themselves or with the company's money; account and tax are mapped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sam, cls.kim = (cls.new_employee(name) for name in ("Sam Reed", "Kim Vale"))
        cls.travel = cls.env["product.product"].create({"name": "Travel", "can_be_expensed": True, "type": "service"})

    def setUp(self):
        super().setUp()
        self.connection.push_status_expense = "authorised"

    def new_connection(self, company=None, **values):
        # The consent that follows covers files, too.
        return super().new_connection(company, **{"include_ap_attachments": True, **values})

    @classmethod
    def new_employee(cls, name, **values):
        return cls.env["hr.employee"].create({"name": name, "company_id": cls.company.id, **values})

    def spend(self, amount=110.0, post=True, day=None, **values):
        """An expense of Sam's, approved and booked."""
        expense = self.env["hr.expense"].create(
            {
                "name": "Taxi",
                "employee_id": self.sam.id,
                "product_id": self.travel.id,
                "account_id": self.expense.id,
                "total_amount_currency": amount,
                "tax_ids": [Command.set(self.input_tax.ids)],
                "date": "2026-11-02",
                **values,
            }
        )
        return self.book(expense, day) if post else expense

    def spend_company(self, amount=110.0, **values):
        """An expense that the company paid to the vendor."""
        values = {"payment_mode": "company_account", "vendor_id": self.vendor.id, **values}
        return self.spend(amount, payment_method_line_id=self.bank.outbound_payment_method_line_ids[:1].id, **values)

    def book(self, expenses, day=None):
        """Approve `expenses` and post them, as the buttons do."""
        self.env.flush_all()
        expenses.approval_state = "approved"
        self.env.flush_all()
        company = expenses.filtered(lambda expense: expense.payment_mode == "company_account")
        if company:
            company.action_post()
        if own := expenses - company:
            wizards = self.env["hr.expense.post.wizard"].with_context(active_ids=own.ids, company_paid_move_ids=[])
            wizards.create({"accounting_date": day} if day else {}).action_post_entry()
        return expenses

    def pushed(self, expenses):
        """Xero's bill of `expenses`, pushed and compared."""
        action = self.push(expenses)
        self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
        move = expenses.account_move_id
        item = self.in_xero(move)
        self.assertFalse(move.xero_link_id.difference)
        self.assertEqual(set(expenses.mapped("xero_state")), {"synced"})
        self.assertAlmostEqual(sum(expenses.mapped("total_amount_currency")), item["Total"], places=6)
        self.assertAlmostEqual(sum(expenses.mapped("tax_amount_currency")), item["TotalTax"], places=6)
        return item

    def bills_in_xero(self):
        return [row for row in self.xero.organisation(1).invoices if row["Type"] == "ACCPAY"]

    def refused(self, expense):
        """Code of what keeps the expense from going to Xero, as its bill says it."""
        self.push(expense)
        return self.problem(expense.account_move_id)
