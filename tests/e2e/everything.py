"""Runs inside `odoo shell`: documents of every kind that goes to Xero, queued, and their balances (C.2)."""

from collections import defaultdict

from odoo import Command, fields

CODES = {"expense": "429", "rent": "469", "accrued": "850", "bank": "090", "fees": "855", "discounts": "260"}
STATUSES = {
    "push_status_invoice": "authorised",
    "push_status_credit_note": "authorised",
    "push_status_bill": "authorised",
    "push_status_supplier_credit": "authorised",
    "push_status_manual_journal": "posted",
    "push_status_expense": "authorised",
    "push_status_purchase_order": "authorised",
    "payment_direction": "to_xero",
    "batch_payments": True,
}


def make(env, company_id, connection_id, pairs):
    """Make documents in twins that only their origin tells apart, and queue each in a run of its own.

    :param pairs: how many of each kind
    :return: ids of the links
    """
    company = env["res.company"].browse(company_id)
    made = _Documents(env(context={"allowed_company_ids": company.ids}), company, connection_id)
    made.prepare()
    for key, records in made.everything(pairs).items():
        for record in records:
            made.connection.push(key, record)
    links = made.env["xero.link"].search([("connection_id", "=", connection_id), ("state", "=", "queued")])
    # Somebody has looked at the twins: they are two bills each.
    links.filtered(lambda link: link.model == "account.move").duplicate_accepted_by_id = env.user
    env.cr.commit()
    return links.ids


def balances(env, company_id, connection_id):
    """Balance in Odoo, debit positive, by code of the Xero account that stands for Odoo's.

    :return: ``{code: text}`` without zeros
    """
    company = env["res.company"].browse(company_id)
    env = env(context={"allowed_company_ids": company.ids})
    rows = env["xero.account"].search([("connection_id", "=", connection_id)])
    own = {row.system_account: row.code for row in rows if row.system_account}
    taxed = env["account.tax.repartition.line"].search([("company_id", "=", company.id)]).account_id
    clearing = env["account.payment"].search([("company_id", "=", company.id)]).outstanding_account_id
    kinds = {"asset_receivable": own["DEBTORS"], "liability_payable": own["CREDITORS"]}
    sums = defaultdict(float)
    for account, balance in env["account.move.line"]._read_group(
        [("company_id", "=", company.id), ("parent_state", "=", "posted")], ["account_id"], ["balance:sum"]
    ):
        code = kinds.get(account.account_type) or account in taxed and own["GST"]
        sums[code or account in clearing and CODES["bank"] or account.xero_account_id.code] += balance
    return {code: f"{balance:.2f}" for code, balance in sums.items() if company.currency_id.round(balance)}


class _Documents:
    """What one company sends; all of today."""

    def __init__(self, env, company, connection_id):
        self.env, self.company = env, company
        self.connection = env["xero.connection"].browse(connection_id)
        self.today = fields.Date.context_today(self.connection)

    def prepare(self):
        """Accounts, statuses, vendor, employee."""
        self.connection.write(STATUSES)
        self.expense, self.rent, self.accrued, self.fees = self.env["account.account"].create(
            [
                {"name": "Paper", "code": "990000", "account_type": "expense"},
                {"name": "Rent", "code": "990001", "account_type": "expense"},
                {"name": "Accrued", "code": "990002", "account_type": "liability_current"},
                {"name": "Fees", "code": "990003", "account_type": "expense"},
            ]
        )
        self.discounts = self.company.account_journal_early_pay_discount_loss_account_id
        for key in ("expense", "rent", "accrued", "fees", "discounts"):
            getattr(self, key).xero_account_id = self._xero(CODES[key])
        journals = self.env["account.journal"]
        self.bank = journals.search([("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1)
        self.bank.xero_account_id = self._xero(CODES["bank"])
        self.journal = journals.create(
            {"name": "Adjustments", "code": "ADJ", "type": "general", "xero_send_entries": True}
        )
        template = self.env["account.chart.template"].with_company(self.company)
        self.sales_tax, self.input_tax = template.ref("au_tax_sale_10"), template.ref("au_tax_purchase_10_service")
        self.income = self.env["account.account"].search([("xero_account_id.code", "=", "200")], limit=1)
        self.customer, self.vendor = self.env["res.partner"].create(
            [{"name": "Corner Store", "is_company": True}, {"name": "Paper Mill Ltd", "is_company": True}]
        )
        self.term = self.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "company_id": self.company.id,
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": "included",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        self.employee = self.env["hr.employee"].create({"name": "Sam Reed", "company_id": self.company.id})
        self.travel = self.env["product.product"].create(
            {
                "name": "Travel",
                "can_be_expensed": True,
                "type": "service",
                "property_account_expense_id": self.expense.id,
            }
        )

    def everything(self, pairs):
        """Records by data set."""
        moves = self.env["account.move"]
        bills = self._document("in_invoice", *(100.0 + number // 2 for number in range(2 * pairs)))
        credits = self._document("in_refund", *[40.0] * pairs)
        for bill, credit in zip(bills[::2], credits, strict=True):
            lines = (bill | credit).line_ids
            lines.filtered(lambda line: line.account_id.account_type == "liability_payable").reconcile()
        invoices = self._document("out_invoice", *[70.0] * pairs)
        refunds = self._document("out_refund", *[9.0] * pairs)
        # One payment of two each; a discount that takes tax back; a fee that the customer keeps.
        together = self._document("out_invoice", *[60.0] * 2 * pairs)
        discounted = self._document("out_invoice", *[50.0] * pairs, invoice_payment_term_id=self.term.id)
        short = self._document("out_invoice", *[30.0] * pairs)
        fee = {
            "amount": 30.0,
            "payment_difference_handling": "reconcile",
            "writeoff_account_id": self.fees.id,
            "writeoff_label": "Fee",
        }
        own, paid = self._expenses("own_account", pairs), self._expenses("company_account", pairs)
        payments = paid.account_move_id.origin_payment_id.concat(
            paid.account_move_id.origin_payment_id,
            *(self._pay(move) for move in [*bills[1::2], *invoices, *discounted, *own.account_move_id]),
            *(self._pay(move, **fee) for move in short),
        )
        batches = (self._pay(together[number : number + 2], group_payment=True) for number in range(0, 2 * pairs, 2))
        expenses = own.account_move_id | paid.account_move_id
        return {
            "invoice": moves.concat(bills, invoices, together, discounted, short, expenses),
            "credit_note": credits | refunds,
            "payment": payments,
            "batch_payment": payments.browse().concat(*batches),
            "manual_journal": moves.concat(*(self._entry(25.0) for _number in range(pairs))),
            "purchase_order": self._orders(2 * pairs),
        }

    def _xero(self, code):
        return self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", code)])

    def _document(self, kind, *prices, **values):
        """Posted documents of one line each."""
        sale = kind.startswith("out")
        line = {
            "name": "Paper",
            "account_id": (self.income if sale else self.expense).id,
            "tax_ids": [Command.set((self.sales_tax if sale else self.input_tax).ids)],
        }
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": kind,
                    "partner_id": (self.customer if sale else self.vendor).id,
                    "invoice_date": self.today,
                    "date": self.today,
                    "ref": False if sale else f"PM-{price}",
                    "invoice_line_ids": [Command.create({**line, "price_unit": price})],
                    **values,
                }
                for price in prices
            ]
        )
        moves.action_post()
        return moves

    def _pay(self, moves, **values):
        register = self.env["account.payment.register"]
        register = register.with_context(active_model="account.move", active_ids=moves.ids)
        values = {"journal_id": self.bank.id, "payment_date": self.today, **values}
        return register.create(values)._create_payments()

    def _entry(self, amount):
        lines = ((self.rent, amount), (self.accrued, -amount))
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.journal.id,
                "date": self.today,
                "line_ids": [
                    Command.create({"name": "Rent", "account_id": account.id, "balance": balance})
                    for account, balance in lines
                ],
            }
        )
        move.action_post()
        return move

    def _expenses(self, mode, pairs):
        """Booked expenses in twins, each with a receipt."""
        paid = {
            "vendor_id": self.vendor.id,
            "payment_method_line_id": self.bank.outbound_payment_method_line_ids[:1].id,
        }
        expenses = self.env["hr.expense"].create(
            [
                {
                    "name": "Taxi",
                    "employee_id": self.employee.id,
                    "product_id": self.travel.id,
                    "account_id": self.expense.id,
                    "total_amount_currency": 20.0 + number // 2,
                    "tax_ids": [Command.set(self.input_tax.ids)],
                    "date": self.today,
                    "payment_mode": mode,
                    **(paid if mode == "company_account" else {}),
                }
                for number in range(2 * pairs)
            ]
        )
        self.env["ir.attachment"].create(
            [
                {"name": "receipt.txt", "raw": f"{mode} {number}".encode(), "res_model": "hr.expense", "res_id": row.id}
                for number, row in enumerate(expenses)
            ]
        )
        self.env.flush_all()
        expenses.approval_state = "approved"
        self.env.flush_all()
        if mode == "company_account":
            expenses.action_post()
        else:
            for expense in expenses:
                wizard = self.env["hr.expense.post.wizard"].with_context(
                    active_ids=expense.ids, company_paid_move_ids=[]
                )
                wizard.create({}).action_post_entry()
        return expenses

    def _orders(self, count):
        line = {
            "product_id": self.travel.id,
            "product_qty": 2,
            "price_unit": 30.0,
            "tax_ids": [Command.set(self.input_tax.ids)],
        }
        orders = self.env["purchase.order"].create(
            [{"partner_id": self.vendor.id, "order_line": [Command.create(line)]} for _number in range(count)]
        )
        orders.button_confirm()
        return orders
