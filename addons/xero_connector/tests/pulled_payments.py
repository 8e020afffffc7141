"""Payments that people register in Xero, and what an import makes of them."""

from .common import XeroCase


class PulledPaymentCase(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        self.theirs = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("type", "=", "BANK")], limit=1
        )
        self.bank.xero_account_id = self.theirs

    def pay(self, move, amount, day="2026-11-10", account=None, **values):
        """A payment made in Xero; its id."""
        payment = {
            "Invoice": {"InvoiceID": move.xero_link_id.xero_id},
            "Account": {"AccountID": account or self.theirs.xero_id},
            "Date": day,
            "Amount": amount,
            **values,
        }
        return self.create_in_xero("/Payments", {"Payments": [payment]})["Payments"][0]["PaymentID"]

    def pull(self, key="payment", **options):
        return super().pull(key, **options)

    def booked(self, payment_id):
        """The Odoo record of a payment."""
        link = self.env["xero.link"].search([("dataset", "=", "payment"), ("xero_id", "=", payment_id)])
        return self.env[link.model].browse(link.res_id) if link else self.env["account.payment"]

    def pushed(self, lines, **values):
        move = self.invoice(lines, **values)
        self.push(move)
        self.assertEqual(move.xero_state, "synced", self.problem(move))
        return move

    def balance_of(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted"), ("company_id", "=", self.company.id)]
        )
        return round(sum(lines.mapped("balance")), 2)

    def xero_balance(self, account_id):
        report = self.read_xero("/Reports/TrialBalance")["Reports"][0]
        for section in report["Rows"]:
            for row in section.get("Rows") or []:
                cells = row.get("Cells") or []
                attributes = (cells[0].get("Attributes") or [{}]) if cells else [{}]
                if attributes[0].get("Value") == account_id:
                    debit, credit = (float(cells[n]["Value"] or 0) for n in (3, 4))
                    return round(debit - credit, 2)
        return 0.0

    def booked_after(self, payment_id):
        self.pull()
        return self.booked(payment_id)

    def delete(self, *payment_ids):
        for payment_id in payment_ids:
            self.call_xero("POST", f"/Payments/{payment_id}", {"Status": "DELETED"})
        self.pull()
        self.xero.advance(400)

    def by_hand(self, amount):
        """Money of the customer that somebody has registered, on account yet."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": amount,
                "date": "2026-11-09",
                "journal_id": self.bank.id,
            }
        )
        payment.action_post()
        return payment

    def on_statement(self, move, amount):
        """A line of a bank statement in Odoo, reconciled with `move` itself."""
        self.bank.xero_bank_owner = "odoo"
        receivable = move.line_ids.account_id.filtered(lambda a: a.account_type == "asset_receivable")
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": move.name,
                "partner_id": self.partner.id,
                "amount": amount,
                "date": "2026-11-09",
                "counterpart_account_id": receivable.id,
            }
        )
        self.reconcile(line.move_id, move)
        return line

    def reconcile(self, entry, move):
        lines = (entry | move).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable" and not line.reconciled).reconcile()

    def batch(self, moves, amounts):
        """A batch payment in Xero."""
        batch = {
            "Account": {"AccountID": self.theirs.xero_id},
            "Date": "2026-11-10",
            "Reference": "RUN 3",
            "Payments": [
                {"Invoice": {"InvoiceID": move.xero_link_id.xero_id}, "Amount": amount}
                for move, amount in zip(moves, amounts, strict=True)
            ],
        }
        self.create_in_xero("/BatchPayments", {"BatchPayments": [batch]})
