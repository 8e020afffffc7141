"""Cash of bank statement lines that settle documents without a payment, to Xero (PAY-07 to PAY-09, B19 to B21)."""

from odoo import Command
from odoo.tests import tagged

from .test_auto_payments import AutoCase


class StatementCase(AutoCase):
    def paid_by_line(self, **values):
        """An invoice of 110.00 and the line that has paid it, both pushed."""
        move = self.invoice([(1, 100.0)])
        self.push(move)
        line = self.on_statement(110.0, move, **values)
        self.push(line)
        return move, line

    def entered_in_xero(self, move, amount, account=None, day="2026-11-10"):
        """Somebody enters a payment there; its id."""
        body = {
            "Invoice": {"InvoiceID": move.xero_link_id.xero_id},
            "Account": {"AccountID": (account or self.bank_in_xero).xero_id},
            "Date": day,
            "Amount": amount,
        }
        return self.create_in_xero("/Payments", body)["Payments"][0]["PaymentID"]

    def line_of(self, amount, *counterparts, **money):
        """A line of a bank statement, as a bookkeeper has divided it: ``(account, balance, further values)``.

        :param money: further values of the money itself
        """
        self.bank.xero_bank_owner = "odoo"
        lines = [(self.bank.default_account_id, amount, money), *counterparts]
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": "DEP 7",
                "partner_id": self.partner.id,
                "amount": money.get("amount_currency", amount),
                "date": "2026-11-09",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "balance": balance,
                            "partner_id": self.partner.id,
                            "name": "Part",
                            **values,
                        }
                    )
                    for account, balance, values in lines
                ],
            }
        )

    def with_fee(self, move, amount, fee, account, **values):
        """A line of `amount` that pays all of `move`; the bank has kept the `fee`."""
        receivable = move.line_ids.filtered("date_maturity").account_id
        line = self.line_of(amount, (receivable, -move.amount_total, {}), (account, fee, values))
        self.reconcile(line.move_id, move)
        return line


@tagged("post_install", "-at_install")
class TestPushStatementLines(StatementCase):
    def test_cash_of_one_invoice(self):
        # PAY-09, PAY-26
        move, line = self.paid_by_line()
        (row,) = self.payments_in_xero()
        self.assertEqual((float(row["Amount"]), row["Reference"], row["Date"]), (110.0, "DEP 7", "2026-11-09"))
        self.assertEqual(row["document_id"], move.xero_link_id.xero_id)
        self.assertEqual(row["account_id"], self.bank_in_xero.xero_id)
        link = self.links(line)
        self.assertEqual((link.dataset, link.xero_id), ("payment", row["PaymentID"]))
        self.assertEqual((link.part, link.state), (f"account.move,{move.id}", "synced"))
        self.assertEqual((line.xero_state, self.status_in_xero(move)), ("synced", "PAID"))
        self.xero.sandbox.log.clear()
        self.push(line)
        self.assertFalse(self.xero.count("PUT /Payments"))

    def test_an_import_leaves_it_alone(self):
        for direction in ("both", "to_xero"):
            with self.subTest(direction):
                self.connection.payment_direction = direction
                move, line = self.paid_by_line()
                before = len(self.payments_in_xero())
                with self.as_request(self.connection) as current:
                    current.action_import()
                self.work(self.connection)
                self.assertEqual(len(self.links(line)), 1)
                self.assertFalse(self.env["account.payment"].search([("partner_id", "=", self.partner.id)]))
                self.assertFalse(self.env["xero.exception"].search_count([("state", "=", "open")]))
                self.assertEqual((len(self.payments_in_xero()), line.xero_state), (before, "synced"))

    def test_several_documents(self):
        moves = [self.invoice([(1, price)]) for price in (100.0, 50.0)]
        self.push(self.env["account.move"].concat(*moves))
        line = self.on_statement(165.0, *moves)
        self.push(line)
        self.assertEqual((self.sent(), self.paid_in_xero(*moves)), ([55.0, 110.0], [110.0, 55.0]))
        self.assertEqual(self.xero.count("PUT /Payments"), 1)

    def test_a_bill_and_a_refund(self):
        # XW-32
        bill, credit = self.bill(), self.invoice([(1, 40.0)], move_type="out_refund")
        self.push(bill | credit)
        for move, kind in ((bill, "ACCPAYPAYMENT"), (credit, "ARCREDITPAYMENT")):
            with self.subTest(kind):
                self.push(self.on_statement(-move.amount_total, move))
                row = self.payments_in_xero()[-1]
                self.assertEqual((row["PaymentType"], float(row["Amount"])), (kind, move.amount_total))
        self.assertEqual(self.in_xero(bill)["InvoiceNumber"], "PM-7781")

    def test_one_line_for_an_invoice_and_a_credit_note(self):
        # 110 - 44 arrive: Xero's bank account shows the same
        move, credit = self.invoice([(1, 100.0)]), self.invoice([(1, 40.0)], move_type="out_refund")
        self.push(move | credit)
        receivable = move.line_ids.filtered("date_maturity").account_id
        line = self.line_of(66.0, (receivable, -110.0, {}), (receivable, 44.0, {}))
        _liquidity, of_invoice, of_credit = line.line_ids
        for part, document in ((of_invoice, move), (of_credit, credit)):
            (part | document.line_ids.filtered("date_maturity")).reconcile()
        self.push(line)
        self.assertEqual((self.sent(), line.xero_state), ([44.0, 110.0], "synced"))
        kinds = {row["PaymentType"] for row in self.payments_in_xero()}
        self.assertEqual(kinds, {"ACCRECPAYMENT", "ARCREDITPAYMENT"})

    def test_what_the_bank_has_kept(self):
        # B20: what is sent is cash, the fee goes to its own account
        fees = self.env["account.account"].create({"name": "Fees", "code": "990404", "account_type": "expense"})
        move = self.invoice([{"quantity": 1, "price_unit": 100.0, "tax_ids": False}])
        self.push(move)
        line = self.with_fee(move, 97.0, 3.0, fees)
        self.push(line)
        self.assertEqual((self.sent(), line.xero_link_id.reason), ([97.0], "account_unmapped"))
        self.map_account(fees, "404")
        self.account("404").enable_payments = True
        for account in self.xero.organisation(1).accounts:
            if account.get("Code") == "404":
                account["EnablePaymentsToAccount"] = True
        self.push(line)
        self.assertEqual((self.sent(), self.status_in_xero(move)), ([3.0, 97.0], "PAID"))
        self.assertEqual(line.xero_state, "synced")

    def test_other_money_of_the_line_stays(self):
        # 115 arrive, 5 of them for something else
        move = self.invoice([(1, 100.0)])
        self.push(move)
        line = self.with_fee(move, 115.0, -5.0, self.income)
        self.push(line)
        self.assertEqual((self.sent(), line.xero_state), ([110.0], "synced"))

    def test_a_discount_with_tax_is_told(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        line = self.with_fee(move, 99.0, 10.0, self.income, tax_ids=[Command.set(self.gst.ids)])
        self.push(line)
        self.assertEqual((self.sent(), line.xero_link_id.reason), ([99.0], "payment_discount_with_tax"))

    def test_foreign_currency_from_the_companys_bank(self):
        # PAY-21, B3: the bank's own rate
        usd = self.env.ref("base.USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2026-11-01", "rate": 0.65}
        )
        move = self.invoice([(1, 1000.0)], currency_id=usd.id, invoice_date="2026-11-02")
        self.push(move)
        line = self.on_statement(1617.65, move, foreign_currency_id=usd.id, amount_currency=1100.0)
        self.push(line)
        (row,) = self.payments_in_xero()
        self.assertEqual((float(row["Amount"]), float(row["BankAmount"])), (1100.0, 1617.65))
        self.assertAlmostEqual(float(row["CurrencyRate"]), 0.68, places=4)
        self.assertEqual(self.status_in_xero(move), "PAID")

    def test_a_foreign_bank_account(self):
        usd = self.env.ref("base.USD")
        self.connection.currency_codes = [self.company.currency_id.name, usd.name]
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2026-11-01", "rate": 0.65}
        )
        self.bank = self.env["account.journal"].create(
            {"name": "Dollars", "type": "bank", "code": "USD1", "currency_id": usd.id, "company_id": self.company.id}
        )
        self.bank.xero_account_id = self.bank_in_xero
        own, foreign = self.invoice([(1, 100.0)]), self.invoice([(1, 100.0)], currency_id=usd.id)
        self.push(own | foreign)
        with self.subTest("kept in another currency there"):
            line = self.on_statement(110.0, foreign)
            self.push(line)
            self.assertEqual(self.problem(line), "payment_bank_other" if self.bank_in_xero.currency_code else None)
        self.bank_in_xero.sudo().currency_code = usd.name
        dataset = self.connection._dataset("payment", line._name)
        for move, values, amount in (
            (foreign, {}, 110.0),
            (own, {"foreign_currency_id": self.company.currency_id.id, "amount_currency": 110.0}, 73.7),
        ):
            with self.subTest(move.currency_id.name):
                move.line_ids.remove_move_reconcile()
                line = self.on_statement(amount, move, **values)
                (share,) = dataset._shares(dataset._browse(line.id))
                self.assertEqual((float(share.amount), float(share.own)), (110.0, amount))

    def test_checks_before_any_call(self):
        # PAY-07, PAY-08, B8, B15, B23
        move = self.invoice([(1, 100.0)])
        line = self.on_statement(110.0, move)
        with self.subTest("document not there"):
            self.push(line)
            self.assertEqual(line.xero_link_id.reason, "payment_document_missing")
        self.push(move)
        with self.subTest("draft there"):
            move.xero_link_id.xero_status = "DRAFT"
            self.push(line)
            self.assertEqual(line.xero_link_id.reason, "payment_waits")
            move.xero_link_id.xero_status = "AUTHORISED"
        with self.subTest("locked there"):
            self.connection.period_lock_date = "2026-11-30"
            self.push(line)
            self.assertEqual(line.xero_link_id.reason, "locked_period")
            self.connection.period_lock_date = False
        with self.subTest("before the start"):
            self.connection.sync_from = "2026-11-10"
            self.push(line)
            self.assertEqual(line.xero_link_id.reason, "before_start")
            self.connection.sync_from = "2020-01-01"
        with self.subTest("no bank account"):
            self.bank.xero_account_id = False
            self.push(line)
            self.assertEqual(line.xero_link_id.reason, "payment_bank_unmapped")
        self.assertFalse(self.payments_in_xero())
        self.assertFalse(self.xero.count("PUT /Payments"))
        self.connection.default_bank_account_id = self.bank_in_xero
        self.push(line)
        self.assertEqual((self.sent(), line.xero_state), ([110.0], "synced"))

    def test_money_of_xeros_own_feed_stays(self):
        # B21: the line is older than the connection; there the same money comes in by the feed
        move = self.invoice([(1, 100.0)])
        self.push(move)
        line = self.on_statement(110.0, move)
        self.env.cr.execute("UPDATE account_journal SET xero_bank_owner = 'xero' WHERE id = %s", [self.bank.id])
        self.bank.invalidate_recordset()
        self.push(line)
        self.assertEqual((line.xero_state, line.xero_link_id.reason), ("excluded", "payment_bank_of_xero"))
        self.mode("scheduled", "statement_payment")
        self.schedules()
        self.assertEqual(self.sent(), [])

    def test_direction_from_xero_keeps_it_here(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        line = self.on_statement(110.0, move)
        self.connection.payment_direction = "from_xero"
        self.assertFalse(line._xero_dataset_key())
        with self.as_request(self.connection) as current:
            current.push("payment", line.with_env(current.env))
        self.work(self.connection)
        self.assertEqual((line.xero_link_id.reason, self.sent()), ("payments_from_xero", []))

    def test_the_same_money_entered_in_xero_is_linked(self):
        # B19
        self.connection.payment_direction = "both"
        for amount in (110.0, 60.0):
            with self.subTest(amount):
                move = self.invoice([(1, 100.0)])
                self.push(move)
                line = self.on_statement(amount, move)
                before = len(self.payments_in_xero())
                payment_id = self.entered_in_xero(move, amount)
                self.push(line)
                self.assertEqual((line.xero_link_id.xero_id, line.xero_state), (payment_id, "synced"))
                self.assertEqual(len(self.payments_in_xero()), before + 1)

    def test_a_fee_entered_in_xero_is_linked(self):
        # B19, B20
        self.connection.payment_direction = "both"
        fees = self.env["account.account"].create({"name": "Fees", "code": "990404", "account_type": "expense"})
        self.map_account(fees, "404")
        for account in self.xero.organisation(1).accounts:
            if account.get("Code") == "404":
                account["EnablePaymentsToAccount"] = True
        move = self.invoice([{"quantity": 1, "price_unit": 100.0, "tax_ids": False}])
        self.push(move)
        line = self.with_fee(move, 97.0, 3.0, fees)
        ids = {self.entered_in_xero(move, 97.0), self.entered_in_xero(move, 3.0, self.account("404"))}
        run = self.pull("payment")
        self.assertEqual((run.linked, run.created, run.failed), (2, 0, 0))
        self.assertEqual(set(self.links(line).mapped("xero_id")), ids)
        self.push(line)
        self.assertEqual((len(self.payments_in_xero()), line.xero_state), (2, "synced"))

    def test_a_payment_that_the_statement_confirms_goes_once(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay([move])
        line = self.confirmed(payment)
        self.assertFalse(line._xero_dataset_key())
        self.mode("scheduled", "statement_payment")
        self.mode("scheduled", "customer_payment")
        self.schedules()
        self.assertEqual((self.sent(), payment.xero_state, line.xero_state), ([110.0], "synced", False))

    def test_a_payment_from_xero_that_the_statement_confirms_does_not_go_back(self):
        self.connection.payment_direction = "both"
        self.bank.xero_bank_owner = "odoo"
        move = self.invoice([(1, 100.0)])
        self.push(move)
        self.entered_in_xero(move, 110.0)
        self.pull("payment")
        self.confirmed(move._get_reconciled_payments())
        self.mode("scheduled", "statement_payment")
        self.mode("scheduled", "customer_payment")
        self.schedules()
        self.assertEqual(self.sent(), [110.0])
        self.assertFalse(self.env["xero.link"].search_count([("model", "=", "account.bank.statement.line")]))

    def test_a_payment_that_became_a_line_goes_once(self):
        # B21: half of the invoice, so that Xero itself would take it twice
        for direction in ("to_xero", "both"):
            with self.subTest(direction):
                self.connection.payment_direction = direction
                move = self.invoice([(1, 100.0)])
                self.push(move)
                payment = self.pay([move], amount=55.0)
                self.push(payment)
                payment.action_cancel()
                line = self.on_statement(55.0, move)
                self.push(line)
                self.assertEqual((line.xero_state, line.xero_link_id.reason), ("held", "payment_counted"))
                self.push(payment)
                with self.as_request(self.delete_in_xero(payment, move)) as problem:
                    problem.action_cure()
                self.push(line)
                self.assertEqual((line.xero_state, self.problem(line)), ("synced", False))
                self.assertEqual(self.paid_in_xero(move), [55.0])

    def test_a_line_that_became_a_payment_goes_once(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        line = self.on_statement(55.0, move)
        self.push(line)
        line.unlink()
        payment = self.pay([move], amount=55.0)
        self.push(payment)
        self.assertEqual((payment.xero_state, payment.xero_link_id.reason), ("held", "payment_counted"))
        (row,) = self.payments_in_xero()
        self.call_xero("POST", f"/Payments/{row['PaymentID']}", {"Status": "DELETED"})
        self.env["xero.exception"].search([("code", "=", "deleted_in_odoo")]).action_ignore()
        self.push(payment)
        self.assertEqual((self.paid_in_xero(move), payment.xero_state), ([55.0], "synced"))

    def confirmed(self, payment):
        """A line of the statement that is reconciled with the entry of `payment`."""
        self.bank.xero_bank_owner = "odoo"
        outstanding = payment.outstanding_account_id
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": "DEP 7",
                "amount": payment.amount,
                "date": "2026-11-11",
                "counterpart_account_id": outstanding.id,
            }
        )
        (line.move_id | payment.move_id).line_ids.filtered(lambda aml: aml.account_id == outstanding).reconcile()
        self.assertTrue(payment.is_matched)
        return line

    def test_a_share_undone_here_and_deleted_there_is_settled(self):
        self.connection.payment_direction = "both"
        for kind in ("payment", "line"):
            with self.subTest(kind):
                first, second = self.invoice([(1, 100.0)]), self.invoice([(1, 100.0)])
                self.push(first | second)
                record = self.pay([first]) if kind == "payment" else self.on_statement(110.0, first)
                if kind == "payment":
                    self.confirmed(record)
                self.push(record)
                first.line_ids.remove_move_reconcile()
                self.push(record)
                self.assertEqual(self.reasons(record, first), ["payment_unreconciled"])
                self.reconcile(record.move_id, second)
                self.xero.advance(400)
                problem = self.delete_in_xero(record, first)
                self.pull("payment")
                self.assertEqual((problem.state, self.reasons(record, first)), ("done", [False]))
                self.push(record)
                self.assertEqual((self.paid_in_xero(first, second), record.xero_state), ([0, 110.0], "synced"))

    def test_what_is_undone_here_still_counts_there(self):
        move, line = self.paid_by_line()
        line.action_undo_reconciliation()
        self.assertEqual(line.xero_state, "outdated")
        self.push(line)
        link = self.links(line)
        self.assertEqual((link.state, link.reason, self.sent()), ("outdated", "payment_unreconciled", [110.0]))
        with self.subTest("deleted there, it is over"):
            self.xero.advance(400)
            self.call_xero("POST", f"/Payments/{link.xero_id}", {"Status": "DELETED"})
            problem = self.env["xero.exception"].search([("link_id", "=", link.id), ("state", "=", "open")])
            with self.as_request(problem) as current:
                current.action_cure()
            self.assertFalse(self.env["xero.exception"].search_count([("state", "=", "open")]))

    def test_what_was_never_sent_is_forgotten_with_its_reconciliation(self):
        line = self.on_statement(110.0, self.invoice([(1, 100.0)]))
        self.push(line)
        self.assertEqual(line.xero_state, "held")
        line.action_undo_reconciliation()
        self.assertFalse(self.links(line))
        self.assertFalse(self.env["xero.exception"].search_count([("state", "=", "open")]))

    def test_another_day_is_told(self):
        _move, line = self.paid_by_line()
        line.date = "2026-11-12"
        self.assertEqual(line.xero_state, "outdated")
        self.push(line)
        self.assertEqual((line.xero_state, line.xero_link_id.reason), ("outdated", "payment_edited"))

    def test_a_deleted_line_is_told(self):
        _move, line = self.paid_by_line()
        link = self.links(line)
        line.unlink()
        self.assertFalse(link.active)
        problem = self.env["xero.exception"].search([("link_id", "=", link.id), ("state", "=", "open")])
        self.assertEqual(problem.code, "deleted_in_odoo")

    def test_undo_of_the_push(self):
        # B16: its payment alone, and no schedule sends it again
        _move, line = self.paid_by_line()
        run = self.env["xero.run"].search([("kind", "=", "push"), ("model", "=", line._name)])
        with self.as_request(run) as current:
            wizard = current.env["xero.undo"].browse(current.action_undo()["res_id"])
            self.assertEqual((wizard.undo_count, wizard.line_ids.amount), (1, 110.0))
            wizard.action_undo()
        self.work(self.connection)
        self.assertEqual((self.sent(), line.xero_state), ([], "excluded"))
        self.mode("scheduled", "statement_payment")
        self.schedules()
        self.assertEqual(self.sent(), [])
        self.push(line)
        self.assertEqual((self.sent(), line.xero_state), ([110.0], "synced"))

    def test_lost_answers_are_found_again(self):
        for kind in ("drop_after", "error500_after", "drop_before"):
            with self.subTest(kind=kind):
                move = self.invoice([(1, 100.0)])
                self.push(move)
                line = self.on_statement(110.0, move)
                before = len(self.payments_in_xero())
                self.xero.sandbox.faults.add(kind, method="PUT", path="/Payments$", times=1)
                self.push(line)
                self.age(minutes=7)
                for _pass in range(4):
                    self.work(self.connection)
                    self.age(seconds=30)
                self.assertEqual((line.xero_state, len(self.payments_in_xero())), ("synced", before + 1))
                self.xero.sandbox.faults.clear()


@tagged("post_install", "-at_install")
class TestAutoStatementLines(StatementCase):
    def test_by_hand_nothing_goes(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        runs = self.pushes()
        line = self.on_statement(110.0, move)
        self.schedules()
        self.assertEqual((self.pushes(), line.xero_state), (runs, False))

    def test_when_reconciled_it_is_sent_in_the_background(self):
        # TIM-09
        self.mode("on_posting", "statement_payment")
        move = self.invoice([(1, 100.0)])
        self.push(move)
        self.xero.sandbox.log.clear()
        line = self.on_statement(110.0, move)
        self.assertEqual((self.xero.calls, line.xero_state), ([], "queued"), "reconciling waits for nobody")
        self.work(self.connection)
        self.assertEqual((line.xero_state, self.sent()), ("synced", [110.0]))

    def test_the_schedule_sends_once_what_its_condition_lets_through(self):
        # TIM-08, RUL-05
        mode = self.mode("scheduled", "statement_payment", domain="[('amount', '>', 100)]")
        small, large = self.invoice([(1, 50.0)]), self.invoice([(1, 500.0)])
        self.push(small | large)
        lines = self.on_statement(55.0, small) | self.on_statement(550.0, large)
        self.schedules()
        self.assertEqual(lines.mapped("xero_state"), [False, "synced"])
        runs = self.pushes()
        mode.last_start = "2020-01-01"
        self.schedules()
        self.assertEqual((self.pushes(), self.sent()), (runs, [550.0]))

    def test_it_waits_for_its_document(self):
        # B23
        self.mode("on_posting", "statement_payment")
        move = self.invoice([(1, 100.0)])
        line = self.on_statement(110.0, move)
        self.work(self.connection)
        self.assertEqual((line.xero_state, line.xero_link_id.reason), ("held", "payment_document_missing"))
        self.push(move)
        self.work(self.connection)
        self.assertEqual((line.xero_state, self.sent()), ("synced", [110.0]))

    def test_an_approval_holds_it(self):
        # RUL-09
        boss = self.new_user("line_boss", "account.group_account_user", "xero_connector.group_xero_approver")
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "statement_payment"})
        _move, line = self.paid_by_line()
        self.assertEqual((line.xero_state, line.xero_link_id.reason, self.sent()), ("held", "waiting_approval", []))
        line.with_user(boss).action_xero_approve()
        self.work(self.connection)
        self.assertEqual((line.xero_state, self.sent()), ("synced", [110.0]))
