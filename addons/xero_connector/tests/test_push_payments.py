"""Payments registered in Odoo on their way to Xero (PAY-07 to PAY-09, PAY-26, XW-32, B19, B20, B23)."""

from odoo.tests import tagged

from .test_push_bills import BillCase


class PaymentCase(BillCase):
    def setUp(self):
        super().setUp()
        self.connection.payment_direction = "to_xero"
        self.bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        self.bank_in_xero = self.account("090")
        self.bank.xero_account_id = self.bank_in_xero
        self.push(self.partner)

    def account(self, code):
        return self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", code)])

    def pay(self, moves, **values):
        """The payment that the wizard registers."""
        moves = self.env["account.move"].concat(*moves)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"journal_id": self.bank.id, "payment_date": "2026-11-10", **values})
        )
        return wizard._create_payments()

    def paid_invoice(self):
        """An invoice of 110.00 and its payment, both pushed."""
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay([move])
        self.push(payment)
        return move, payment

    def on_account(self, amount):
        """Money of the customer for no document yet."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.partner.id,
                "amount": amount,
                "date": "2026-11-10",
                "journal_id": self.bank.id,
            }
        )
        payment.action_post()
        return payment

    def on_statement(self, amount, *moves, **values):
        """A line of a bank statement of Odoo's, which is reconciled with these documents itself."""
        self.bank.xero_bank_owner = "odoo"
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": "DEP 7",
                "partner_id": moves[0].partner_id.id,
                "amount": amount,
                "date": "2026-11-09",
                "counterpart_account_id": moves[0].line_ids.filtered("date_maturity").account_id.id,
                **values,
            }
        )
        self.reconcile(line.move_id, *moves)
        return line

    def payments_in_xero(self):
        return [row for row in self.xero.organisation(1).payments if row["Status"] == "AUTHORISED"]

    def paid_in_xero(self, *moves):
        """What Xero has been paid of each document."""
        rows = self.payments_in_xero()
        return [
            sum(float(row["Amount"]) for row in rows if row["document_id"] == move.xero_link_id.xero_id)
            for move in moves
        ]

    def reasons(self, payment, *moves):
        """Why what the payment is for each document is not as it should be in Xero."""
        by_part = {link.part: link.reason for link in self.links(payment)}
        return [by_part[f"account.move,{move.id}"] for move in moves]

    def delete_in_xero(self, payment, move):
        """Somebody deletes there what Xero has of the payment for a document; its problem."""
        link = self.links(payment).filtered(lambda link: link.part == f"account.move,{move.id}")
        self.call_xero("POST", f"/Payments/{link.xero_id}", {"Status": "DELETED"})
        return self.env["xero.exception"].search([("link_id", "=", link.id), ("state", "=", "open")])

    def links(self, payment):
        return self.env["xero.link"].search([("model", "=", payment._name), ("res_id", "=", payment.id)])

    def status_in_xero(self, move):
        return self.in_xero(move)["Status"]


@tagged("post_install", "-at_install")
class TestPushPayments(PaymentCase):
    def test_cash_of_one_invoice(self):
        # PAY-09, PAY-26
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay([move], communication="Wire 4711")
        action = self.push(payment)
        self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
        row = self.payments_in_xero()[0]
        self.assertEqual(float(row["Amount"]), 110.0)
        self.assertEqual((row["Reference"], row["Date"]), ("Wire 4711", "2026-11-10"))
        self.assertEqual(row["document_id"], move.xero_link_id.xero_id)
        self.assertEqual(row["account_id"], self.bank_in_xero.xero_id)
        link = self.links(payment)
        self.assertEqual((link.xero_id, link.part), (row["PaymentID"], f"account.move,{move.id}"))
        self.assertEqual(self.status_in_xero(move), "PAID")
        self.xero.sandbox.log.clear()
        self.push(payment)
        self.assertFalse(self.xero.count("PUT /Payments"))
        self.assertEqual(payment.xero_state, "synced")

    def test_whoever_may_pay_may_push_it(self):
        clerk = self.new_user("x_payer", "account.group_account_invoice", "xero_connector.group_xero_user")
        move = self.invoice()
        self.push(move)
        payment = self.pay([move])
        self.assertEqual(self.push(payment, clerk)["params"]["type"], "success")

    def test_a_bill_keeps_its_vendor_reference(self):
        # XW-32
        bill = self.bill()
        self.push(bill)
        self.push(self.pay([bill]))
        self.assertEqual(self.payments_in_xero()[0]["PaymentType"], "ACCPAYPAYMENT")
        self.assertEqual(self.in_xero(bill)["InvoiceNumber"], "PM-7781")
        self.assertEqual(self.status_in_xero(bill), "PAID")

    def test_one_payment_of_three_invoices(self):
        moves = [self.invoice([(1, price)]) for price in (100.0, 50.0, 25.0)]
        self.push(self.env["account.move"].concat(*moves))
        payment = self.pay(moves, group_payment=True)
        self.assertEqual(len(payment), 1)
        self.push(payment)
        self.assertEqual(sorted(float(row["Amount"]) for row in self.payments_in_xero()), [27.5, 55.0, 110.0])
        self.assertEqual(len(self.links(payment)), 3)
        self.assertEqual(self.xero.count("PUT /Payments"), 1)

    def test_97_paid_and_3_written_off(self):
        # B20: what is sent is cash, the rest goes to its own account
        fees = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("account_type", "=", "expense")], limit=2
        )[1]
        move = self.invoice([{"quantity": 1, "price_unit": 100.0, "tax_ids": False}])
        self.push(move)
        payment = self.pay(
            [move],
            amount=97.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=fees.id,
            writeoff_label="Fee",
        )
        with self.subTest("no account"):
            self.push(payment)
            self.assertEqual(len(self.payments_in_xero()), 1)
            self.assertEqual(payment.xero_link_id.reason, "account_unmapped")
        with self.subTest("not enabled for payments"):
            self.map_account(fees, "404")
            self.push(payment)
            self.assertEqual(payment.xero_link_id.reason, "payment_account")
        with self.subTest("enabled"):
            self.account("404").enable_payments = True
            for account in self.xero.organisation(1).accounts:
                if account.get("Code") == "404":
                    account["EnablePaymentsToAccount"] = True
            self.push(payment)
            amounts = sorted(float(row["Amount"]) for row in self.payments_in_xero())
            self.assertEqual(amounts, [3.0, 97.0])
            self.assertEqual(self.status_in_xero(move), "PAID")
            self.assertEqual(payment.xero_state, "synced")

    def test_what_is_written_off_beyond_the_document_is_refused(self):
        # B20: 115 paid of 110, and 5 earned: nothing that Xero has a payment for
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay(
            [move],
            amount=115.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.income.id,
            writeoff_label="Rounded up",
        )
        self.push(payment)
        self.assertEqual(self.problem(payment), "payment_write_off_unclear")
        self.assertFalse(self.payments_in_xero())

    def test_the_document_was_voided_there(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        move.xero_link_id.xero_status = "VOIDED"
        payment = self.pay([move])
        self.push(payment)
        self.assertEqual(self.problem(payment), "payment_document_gone")
        self.assertFalse(self.xero.count("PUT /Payments"))

    def test_what_was_deleted_there_goes_by_no_schedule(self):
        # B16
        _move, payment = self.paid_invoice()
        link = self.links(payment)
        link.write({"xero_status": "DELETED", "state": "outdated"})
        self.xero.sandbox.log.clear()
        with self.as_request(self.connection) as current:
            current.push("payment", payment.with_env(current.env), "schedule")
        self.work(self.connection)
        self.assertEqual((link.state, link.reason), ("excluded", "undo_gone"))
        self.assertFalse([call for call in self.xero.calls if call["method"] != "GET"])

    def test_money_on_account_waits(self):
        payment = self.on_account(75.0)
        self.push(payment)
        self.assertEqual((payment.xero_state, payment.xero_link_id.reason), ("held", "payment_on_account"))
        self.assertFalse(self.xero.count("PUT /Payments"))
        move = self.invoice([(1, 50.0)])
        self.push(move)
        lines = (payment.move_id | move).line_ids.filtered(lambda x: x.account_id.account_type == "asset_receivable")
        lines.reconcile()
        self.push(payment)
        self.assertEqual(float(self.payments_in_xero()[0]["Amount"]), 55.0)
        held = self.links(payment).filtered(lambda link: link.state == "held")
        self.assertEqual((held.part, held.reason), ("", "payment_on_account"), "20 are still on account")

    def test_no_bank_account(self):
        # PAY-07, PAY-08
        self.bank.xero_account_id = False
        move, payment = self.paid_invoice()
        self.assertEqual(self.problem(payment), "payment_bank_unmapped")
        self.assertFalse(self.xero.count("PUT /Payments"))
        self.assertEqual(self.status_in_xero(move), "AUTHORISED")
        self.connection.default_bank_account_id = self.bank_in_xero
        self.push(payment)
        self.assertEqual(self.payments_in_xero()[0]["account_id"], self.bank_in_xero.xero_id)

    def test_the_payment_of_a_draft_waits_for_its_approval(self):
        # B23
        self.connection.push_status_invoice = "draft"
        move, payment = self.paid_invoice()
        self.assertEqual(payment.xero_link_id.reason, "payment_waits")
        self.assertFalse(self.xero.count("PUT /Payments"))
        self.xero.act("approve", invoice=move.xero_link_id.xero_id)
        with self.as_request(self.connection) as current:
            current.action_import()
        self.work(self.connection)
        self.assertEqual(payment.xero_state, "synced")
        self.assertEqual(len(self.payments_in_xero()), 1)

    def test_the_document_is_not_in_xero(self):
        payment = self.pay([self.invoice()])
        self.push(payment)
        self.assertEqual(payment.xero_link_id.reason, "payment_document_missing")

    def test_the_refund_of_a_credit_note(self):
        credit = self.invoice([(1, 40.0)], move_type="out_refund")
        self.push(credit)
        self.push(self.pay([credit]))
        row = self.payments_in_xero()[0]
        self.assertEqual((row["PaymentType"], float(row["Amount"])), ("ARCREDITPAYMENT", 44.0))

    def test_foreign_currency_from_the_companys_bank(self):
        # PAY-21, B3: the rate of the payment, and what the bank moved
        usd = self.env.ref("base.USD")
        self.env["res.currency.rate"].create(
            [
                {"currency_id": usd.id, "company_id": self.company.id, "name": "2026-11-01", "rate": 0.65},
                {"currency_id": usd.id, "company_id": self.company.id, "name": "2026-11-09", "rate": 0.68},
            ]
        )
        move = self.invoice([(1, 1000.0)], currency_id=usd.id, invoice_date="2026-11-02")
        self.push(move)
        self.push(self.pay([move]))
        row = self.payments_in_xero()[0]
        self.assertEqual((float(row["Amount"]), float(row["BankAmount"])), (1100.0, 1617.65))
        self.assertAlmostEqual(float(row["CurrencyRate"]), 0.68, places=5)
        self.assertEqual(self.status_in_xero(move), "PAID")

    def test_paid_in_the_companys_currency(self):
        usd = self.env.ref("base.USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2026-11-01", "rate": 0.65}
        )
        move = self.invoice([(1, 1000.0)], currency_id=usd.id, invoice_date="2026-11-02")
        self.push(move)
        payment = self.pay([move], currency_id=self.company.currency_id.id, amount=1000.0)
        self.push(payment)
        row = self.payments_in_xero()[0]
        self.assertEqual((float(row["Amount"]), float(row["BankAmount"])), (650.0, 1000.0))

    def test_a_bank_account_in_a_currency_of_its_own(self):
        # PAY-21: what moved on it must be known, and Xero's account be kept in the same currency
        usd, own = self.env.ref("base.USD"), self.company.currency_id
        self.connection.currency_codes = [own.name, usd.name]
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2026-11-01", "rate": 0.65}
        )
        self.bank = self.env["account.journal"].create(
            {"name": "Dollars", "type": "bank", "code": "USD1", "currency_id": usd.id, "company_id": self.company.id}
        )
        self.bank.xero_account_id = self.bank_in_xero
        for kept_in, currency, code in (
            (usd, own, "payment_bank_currency"),
            (own, own, "payment_bank_other"),
            (own, usd, "payment_bank_other"),
        ):
            with self.subTest(kept_in=kept_in.name, currency=currency.name):
                self.bank_in_xero.sudo().currency_code = kept_in.name
                move = self.invoice([(1, 100.0)], invoice_date="2026-11-02", currency_id=currency.id)
                self.push(move)
                payment = self.pay([move], currency_id=currency.id)
                self.push(payment)
                self.assertEqual(self.problem(payment), code)
        self.assertFalse(self.xero.count("PUT /Payments"))

    def test_the_same_payment_entered_in_xero_is_linked(self):
        # B19: "exceeds the amount outstanding" leads to the match
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay([move])
        answer = self.create_in_xero(
            "/Payments",
            {
                "Invoice": {"InvoiceID": move.xero_link_id.xero_id},
                "Account": {"Code": "090"},
                "Date": "2026-11-12",
                "Amount": 110.0,
            },
        )
        self.push(payment)
        self.assertEqual(payment.xero_link_id.xero_id, answer["Payments"][0]["PaymentID"])
        self.assertEqual(len(self.payments_in_xero()), 1)
        self.assertEqual(payment.xero_state, "synced")

    def test_a_part_entered_on_both_sides_counts_once(self):
        # B19: both ways, Xero is asked first; a part does not exceed what is open
        self.connection.payment_direction = "both"
        move = self.invoice([(1, 100.0)])
        self.push(move)
        body = {"Invoice": {"InvoiceID": move.xero_link_id.xero_id}, "Account": {"Code": "090"}, "Date": "2026-11-12"}
        theirs = self.create_in_xero("/Payments", {**body, "Amount": 55.0})["Payments"][0]["PaymentID"]
        payment, another = self.pay([move], amount=55.0), self.pay([move], amount=20.0)
        self.push(payment | another)
        self.assertEqual(payment.xero_link_id.xero_id, theirs)
        self.assertEqual(sorted(float(row["Amount"]) for row in self.payments_in_xero()), [20.0, 55.0])
        self.assertEqual((payment | another).mapped("xero_state"), ["synced", "synced"])

    def test_of_two_alike_one_entered_in_xero_the_other_goes(self):
        # B19
        self.connection.payment_direction = "both"
        move = self.invoice([(1, 100.0)])
        self.push(move)
        body = {"Invoice": {"InvoiceID": move.xero_link_id.xero_id}, "Account": {"Code": "090"}, "Date": "2026-11-12"}
        theirs = self.create_in_xero("/Payments", {**body, "Amount": 30.0})["Payments"][0]["PaymentID"]
        first, second = self.pay([move], amount=30.0), self.pay([move], amount=30.0)
        self.push(first | second)
        self.work_until(lambda: set((first | second).mapped("xero_state")) == {"synced"})
        self.assertEqual((first | second).mapped("xero_state"), ["synced", "synced"], self.problem(second))
        self.assertEqual([float(row["Amount"]) for row in self.payments_in_xero()], [30.0, 30.0])
        self.assertIn(theirs, (first | second).xero_link_id.mapped("xero_id"))

    def test_a_difference_within_the_tolerance_is_the_same_payment(self):
        # PAY-22
        self.connection.write({"payment_direction": "both", "reconcile_tolerance": 0.50})
        cases = ((0, 55.00, 54.50, True), (0, 55.00, 54.49, False), (2, 50.00, 49.00, True), (2, 50.00, 48.99, False))
        for percent, ours, theirs, same in cases:
            with self.subTest(percent=percent, theirs=theirs):
                self.connection.reconcile_tolerance_percent = percent
                move = self.invoice([(1, 50.0)])
                self.push(move)
                body = {"Invoice": {"InvoiceID": move.xero_link_id.xero_id}, "Account": {"Code": "090"}}
                self.create_in_xero("/Payments", {**body, "Date": "2026-11-12", "Amount": theirs})
                payment = self.pay([move], amount=ours)
                self.push(payment)
                if same:
                    self.assertEqual(payment.xero_state, "synced")
                    self.assertFalse(self.problem(payment))
                else:
                    self.assertEqual(self.problem(payment), "payment_exceeds")

    def test_two_alike_in_xero_are_a_question(self):
        self.connection.payment_direction = "both"
        move = self.invoice([(1, 100.0)])
        self.push(move)
        body = {"Invoice": {"InvoiceID": move.xero_link_id.xero_id}, "Account": {"Code": "090"}, "Date": "2026-11-12"}
        for _time in range(2):
            self.create_in_xero("/Payments", {**body, "Amount": 30.0})
        payment = self.pay([move], amount=30.0)
        self.push(payment)
        self.assertEqual(self.problem(payment), "payment_maybe_there")
        self.assertEqual(len(self.payments_in_xero()), 2)

    def test_another_payment_in_xero_is_a_question(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay([move])
        body = {"Invoice": {"InvoiceID": move.xero_link_id.xero_id}, "Account": {"Code": "090"}, "Date": "2026-11-12"}
        self.create_in_xero("/Payments", {**body, "Amount": 60.0})
        self.push(payment)
        self.assertEqual(self.problem(payment), "payment_exceeds")
        self.assertEqual(len(self.payments_in_xero()), 1)

    def test_direction_from_xero_keeps_them_here(self):
        # XW-33
        self.connection.payment_direction = "from_xero"
        move = self.invoice()
        self.push(move)
        payment = self.pay([move])
        self.assertFalse(payment.xero_pushable)
        with self.as_request(self.connection) as current:
            current.push("payment", payment.with_env(current.env))
        self.work(self.connection)
        self.assertEqual(payment.xero_link_id.reason, "payments_from_xero")
        self.assertFalse(self.payments_in_xero())

    def test_locked_and_too_old(self):
        move = self.invoice([(1, 100.0)], invoice_date="2026-11-12")
        self.push(move)
        payment = self.pay([move], payment_date="2026-11-10")
        self.connection.write({"period_lock_date": "2026-11-11", "organisation_read_at": "2099-01-01"})
        self.push(payment)
        self.assertEqual((payment.xero_state, payment.xero_link_id.reason), ("held", "locked_period"))
        self.connection.write({"period_lock_date": False, "sync_from": "2026-11-11"})
        self.push(payment)
        self.assertEqual(payment.xero_link_id.reason, "before_start")

    def test_what_is_undone_here_still_counts_there(self):
        move, payment = self.paid_invoice()
        payment.action_cancel()
        self.push(payment)
        self.assertEqual(payment.xero_link_id.reason, "payment_cancelled_in_odoo")
        self.assertEqual(len(self.payments_in_xero()), 1)

    def test_by_choice_it_is_deleted_there(self):
        # B14
        self.connection.on_cancel = "void"
        move, payment = self.paid_invoice()
        payment.action_cancel()
        self.push(payment)
        self.assertFalse(self.payments_in_xero())
        self.assertEqual((payment.xero_state, self.problem(payment)), ("excluded", False))
        self.assertEqual(self.status_in_xero(move), "AUTHORISED")
        self.xero.sandbox.log.clear()
        self.push(payment)
        self.assertFalse(self.xero.calls)

    def test_what_was_deleted_there_goes_again_when_it_is_registered_again(self):
        # B14: cancelled by mistake
        self.connection.on_cancel = "void"
        for by_itself in (False, True):
            with self.subTest(by_itself=by_itself):
                move, payment = self.paid_invoice()
                payment.action_cancel()
                self.push(payment)
                self.assertEqual(payment.xero_state, "excluded")
                self.assertFalse(self.payments_in_xero())
                if by_itself:
                    self.env["xero.push.mode"]._create_missing(self.connection)
                    self.mode("on_posting", "customer_payment")
                payment.action_draft()
                payment.action_post()
                self.reconcile(payment, move)
                if by_itself:
                    self.work(self.connection)
                else:
                    self.assertEqual(payment.xero_state, "outdated")
                    self.push(payment)
                self.assertEqual((payment.xero_state, self.problem(payment)), ("synced", False))
                rows = [row for row in self.payments_in_xero() if row["document_id"] == move.xero_link_id.xero_id]
                self.assertEqual([float(row["Amount"]) for row in rows], [110.0])
                self.assertEqual(self.status_in_xero(move), "PAID")
                payment.action_cancel()
                self.push(payment)

    def test_the_same_money_is_not_sent_for_another_document(self):
        # B20: what Xero has for the first document is deleted there first
        for direction in ("to_xero", "both"):
            by_itself = direction == "both"
            with self.subTest(direction=direction):
                self.connection.payment_direction = direction
                first, payment = self.paid_invoice()
                second = self.invoice([(1, 100.0)])
                self.push(second)
                if by_itself:
                    self.env["xero.push.mode"]._create_missing(self.connection)
                    self.mode("on_posting", "customer_payment")
                first.line_ids.remove_move_reconcile()
                self.work(self.connection)
                self.reconcile(payment, second)
                if by_itself:
                    self.work(self.connection)
                else:
                    self.push(payment)
                self.assertEqual(self.paid_in_xero(first, second), [110.0, 0])
                self.assertEqual(self.reasons(payment, first, second), ["payment_unreconciled", "payment_elsewhere"])
                problem = self.delete_in_xero(payment, first)
                with self.as_request(problem) as current:
                    if by_itself:
                        current.connection_id.action_import()
                        current.env["account.payment"].browse(payment.id).action_xero_push()
                    else:
                        current.action_cure()
                self.assertEqual(self.paid_in_xero(first, second), [0, 110.0])
                self.assertEqual((payment.is_reconciled, payment.xero_state), (True, "synced"))
                self.assertFalse(self.problem(payment))

    def test_what_is_shared_out_anew_is_not_more_than_was_paid(self):
        # B20
        first, second = self.invoice([(1, 100.0)]), self.invoice([(1, 40.0)])
        self.push(first | second)
        payment = self.pay([first], amount=100.0)
        self.push(payment)
        first.line_ids.remove_move_reconcile()
        self.reconcile(payment, second)
        self.reconcile(payment, first)
        self.push(payment)
        self.assertEqual(self.paid_in_xero(first, second), [100.0, 0])
        self.assertEqual(self.reasons(payment, first, second), ["payment_changed", "payment_elsewhere"])
        with self.as_request(self.delete_in_xero(payment, first)) as problem:
            problem.action_cure()
        self.assertEqual(self.paid_in_xero(first, second), [56.0, 44.0])
        self.assertEqual(payment.xero_state, "synced")

    def test_what_is_left_of_the_money_may_go(self):
        # B20: both together are no more than was paid
        first, second = self.invoice([(1, 100.0)]), self.invoice([(1, 40.0)])
        self.push(first | second)
        payment = self.on_account(154.0)
        self.reconcile(payment, first)
        self.push(payment)
        first.line_ids.remove_move_reconcile()
        self.reconcile(payment, second)
        self.push(payment)
        self.assertEqual(self.paid_in_xero(first, second), [110.0, 44.0])

    def test_what_agrees_within_the_tolerance_still_does(self):
        # PAY-22: also when it is pushed again
        self.connection.write({"payment_direction": "both", "reconcile_tolerance": 0.50})
        move = self.invoice([(1, 50.0)])
        self.push(move)
        body = {"Invoice": {"InvoiceID": move.xero_link_id.xero_id}, "Account": {"Code": "090"}}
        self.create_in_xero("/Payments", {**body, "Date": "2026-11-12", "Amount": 54.50})
        payment = self.pay([move], amount=55.00)
        for _time in range(2):
            self.push(payment)
            self.assertEqual((payment.xero_state, self.problem(payment)), ("synced", False))

    def test_a_deleted_one_is_told(self):
        # a clerk cannot delete it there by deleting it here
        move, payment = self.paid_invoice()
        link, name = self.links(payment), payment.name
        payment.action_draft()
        payment.unlink()
        problem = self.env["xero.exception"].search([("link_id", "=", link.id), ("state", "=", "open")])
        self.assertEqual(problem.code, "deleted_in_odoo")
        self.assertIn(name, problem.cause)
        self.assertEqual(len(self.payments_in_xero()), 1)

    def test_the_import_leaves_our_own_payments_alone(self):
        self.connection.payment_direction = "both"
        move, payment = self.paid_invoice()
        with self.as_request(self.connection) as current:
            current.action_import()
        self.assertEqual(self.env["account.payment"].search_count([("partner_id", "=", self.partner.id)]), 1)
        self.assertEqual(payment.xero_state, "synced")
        self.assertFalse(self.env["xero.exception"].search_count([("state", "=", "open")]))


@tagged("post_install", "-at_install")
class TestPaymentsInDoubt(PaymentCase):
    def test_lost_answers_are_found_again(self):
        for kind in ("drop_after", "error500_after", "drop_before"):
            with self.subTest(kind=kind):
                move = self.invoice([(1, 100.0)])
                self.push(move)
                payment = self.pay([move])
                before = len(self.payments_in_xero())
                self.xero.sandbox.faults.add(kind, method="PUT", path="/Payments$", times=1)
                self.push(payment)
                self.age(minutes=7)
                for _pass in range(4):
                    self.work(self.connection)
                    self.age(seconds=30)
                self.assertEqual(payment.xero_state, "synced")
                self.assertEqual(len(self.payments_in_xero()), before + 1)
                self.xero.sandbox.faults.clear()

    def test_two_halves_alike_become_two_payments(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        halves = self.pay([move], amount=55.0) | self.pay([move], amount=55.0)
        self.push(halves)
        self.assertEqual(len(self.payments_in_xero()), 2)
        self.assertEqual(len(set(halves.mapped("xero_link_id.xero_id"))), 2)
        self.assertEqual(self.status_in_xero(move), "PAID")
