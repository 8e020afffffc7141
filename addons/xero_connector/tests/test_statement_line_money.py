"""The bank of Xero shows what Odoo's does, and no money counts twice, whatever a bank statement pays (B19 to B21)."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_push_statement_lines import StatementCase


@tagged("post_install", "-at_install")
class TestStatementLineMoney(StatementCase):
    def fees(self):
        """An account for what the bank keeps, to which Xero lets payments go."""
        fees = self.env["account.account"].create({"name": "Fees", "code": "990404", "account_type": "expense"})
        self.map_account(fees, "404")
        self.account("404").enable_payments = True
        for account in self.xero.organisation(1).accounts:
            if account.get("Code") == "404":
                account["EnablePaymentsToAccount"] = True
        return fees

    def netted(self, amount, invoice, other, *further):
        """A line of `amount` that settles `invoice` and `other` at once."""
        documents = [invoice, other]
        terms = [document.line_ids.filtered("date_maturity") for document in documents]
        line = self.line_of(amount, *((term.account_id, -term.balance, {}) for term in terms), *further)
        for part, term in zip(line.line_ids[1:3], terms, strict=True):
            (part | term).reconcile()
        return line

    def test_the_fee_of_a_net_amount_is_of_what_has_come_in(self):
        # 110 - 22 - 3: Xero's bank account shows what Odoo's does
        fees = self.fees()
        invoices = [self.invoice([(1, 100.0)]) for _index in range(2)]
        credit, bill = self.invoice([(1, 20.0)], move_type="out_refund"), self.bill([(1, 20.0)])
        kinds = ("ARCREDITPAYMENT", "ACCPAYPAYMENT")
        for invoice, other, kind in zip(invoices, (credit, bill), kinds, strict=True):
            with self.subTest(kind):
                before = len(self.payments_in_xero())
                self.push(invoice)
                self.push(other)
                line = self.netted(85.0, invoice, other, (fees, 3.0, {}))
                self.push(line)
                rows = self.payments_in_xero()[before:]
                told = sorted((row["PaymentType"], float(row["Amount"])) for row in rows)
                self.assertEqual(told, sorted([("ACCRECPAYMENT", 3.0), ("ACCRECPAYMENT", 107.0), (kind, 22.0)]))
                self.assertEqual(line.xero_state, "synced")

    def test_what_was_entered_in_xero_by_hand_is_linked_in_every_direction(self):
        # B19: half of the invoice, so that Xero itself would take it twice
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment_id = self.entered_in_xero(move, 55.0)
        lines = [self.on_statement(55.0, move), self.on_statement(20.0, move)]
        self.push(lines[0] | lines[1])
        self.assertEqual([self.links(line).state for line in lines], ["synced"] * 2)
        self.assertEqual((self.links(lines[0]).xero_id, self.paid_in_xero(move)), (payment_id, [75.0]))
        self.xero.sandbox.log.clear()
        self.push(self.on_statement(10.0, move) | self.on_statement(15.0, move))
        self.assertEqual((self.xero.count("GET /Payments"), self.paid_in_xero(move)), (1, [100.0]), "one read for all")

    def test_money_that_is_rounded(self):
        # A bank account in another currency: what each document takes is rounded, so is the whole
        usd = self.env.ref("base.USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2026-11-01", "rate": 0.65}
        )
        self.bank = self.env["account.journal"].create(
            {"name": "Dollars", "type": "bank", "code": "USD1", "currency_id": usd.id, "company_id": self.company.id}
        )
        move = self.invoice([(1, 300.0)])
        own = {"foreign_currency_id": self.company.currency_id.id, "amount_currency": 330.0}
        dataset = self.connection._dataset("payment", "account.bank.statement.line")
        for cents in range(9):
            move.line_ids.remove_move_reconcile()
            line = dataset._browse(self.on_statement(50.01 + cents / 100, move, **own).id)
            self.assertEqual(dataset._whole_money(line), dataset._shares(line)[0].own)

    def test_money_of_a_weak_currency(self):
        # A cent of the company's currency is most of a unit of the bank account's.
        rupee = self.env.ref("base.INR")
        rupee.active = True
        rate = {"currency_id": rupee.id, "company_id": self.company.id, "name": "2026-11-01", "rate": 83.0}
        self.env["res.currency.rate"].create(rate)
        values = {"name": "Rupees", "type": "bank", "code": "INR1", "currency_id": rupee.id}
        self.bank = self.env["account.journal"].create({**values, "company_id": self.company.id})
        receivable = self.partner.with_company(self.company).property_account_receivable_id
        line = self.line_of(
            11.69,
            (receivable, -12.05, {"currency_id": rupee.id, "amount_currency": -1000.0}),
            (self.fees(), 0.36, {"currency_id": rupee.id, "amount_currency": 30.0}),
            currency_id=rupee.id,
            amount_currency=970.0,
        )
        dataset = self.connection._dataset("payment", line._name)
        self.assertEqual(dataset._whole_money(dataset._browse(line.id)), 1000)


@tagged("post_install", "-at_install")
class TestCountedPayments(StatementCase):
    def assertHeld(self, record):
        self.push(record)
        self.assertEqual((record.xero_state, record.xero_link_id.reason), ("held", "payment_counted"))

    def registered_again(self):
        """An invoice, a payment of half of it that is in Xero and was cancelled here, and another one instead."""
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay([move], amount=55.0)
        self.push(payment)
        payment.action_cancel()
        return move, payment, self.pay([move], amount=55.0)

    def test_a_line_that_is_imported_again(self):
        # B14: half of the invoice, so that Xero itself would take it twice
        move = self.invoice([(1, 100.0)])
        self.push(move)
        line = self.on_statement(55.0, move)
        self.push(line)
        line.unlink()
        line = self.on_statement(55.0, move)
        self.assertHeld(line)
        (row,) = self.payments_in_xero()
        self.call_xero("POST", f"/Payments/{row['PaymentID']}", {"Status": "DELETED"})
        self.env["xero.exception"].search([("code", "=", "deleted_in_odoo")]).action_ignore()
        self.push(line)
        self.assertEqual((self.paid_in_xero(move), line.xero_state), ([55.0], "synced"))

    def test_a_payment_that_is_registered_again(self):
        move, payment, again = self.registered_again()
        self.assertHeld(again)
        self.push(payment)
        with self.as_request(self.delete_in_xero(payment, move)) as problem:
            problem.action_cure()
        self.push(again)
        self.assertEqual((self.paid_in_xero(move), again.xero_state), ([55.0], "synced"))

    def test_what_the_company_has_deleted_goes_first(self):
        # B14: in one run, or somebody pushes the new one first
        self.connection.on_cancel = "void"
        for pushed in (False, True):
            with self.subTest(pushed=pushed):
                self.mode("manual" if pushed else "scheduled", "customer_payment", last_start="2020-01-01")
                move, payment, again = self.registered_again()
                if pushed:
                    self.push(again)
                    self.assertEqual((again.xero_state, self.problem(again)), ("held", "payment_goes_first"))
                    self.push(payment)
                    self.work(self.connection)
                else:
                    self.schedules()
                self.assertEqual((self.paid_in_xero(move), again.xero_state), ([55.0], "synced"))
                self.assertEqual((payment.xero_state, self.problem(payment)), ("excluded", False))
                self.assertFalse(self.problem(again))

    def test_it_goes_by_itself_once_nobody_is_asked_any_more(self):
        # B14: what was deleted in Xero by hand comes in, or is read by the cure; or Xero is to count both
        self.connection.payment_direction = "both"
        for way, paid in (("import", 55.0), ("cure", 55.0), ("ignore", 110.0)):
            with self.subTest(way):
                move, payment, again = self.registered_again()
                self.push(payment)
                self.assertHeld(again)
                problem = self.env["xero.exception"].search([("link_id", "=", payment.xero_link_id.id)], limit=1)
                self.assertEqual(problem.code, "payment_cancelled_in_odoo")
                if way != "ignore":
                    self.delete_in_xero(payment, move)
                if way == "import":
                    self.xero.advance(400)
                    self.pull("payment")
                else:
                    with self.as_request(problem) as current:
                        current.action_ignore() if way == "ignore" else current.action_cure()
                self.work(self.connection)
                self.assertEqual((self.paid_in_xero(move), again.xero_state), ([paid], "synced"))
                self.assertFalse(self.problem(again))

    def test_what_stays_in_xero_does_not_go_first(self):
        # B14: Xero has reconciled it with its bank statement, and deletes it for nobody
        self.connection.on_cancel = "void"
        _move, payment, again = self.registered_again()
        payment.xero_link_id.figures = {"is_reconciled": True}
        self.push(payment)
        self.assertEqual(self.problem(payment), "payment_reconciled_there")
        self.assertHeld(again)

    def test_a_fee_makes_it_another_amount(self):
        move = self.invoice([{"quantity": 1, "price_unit": 200.0, "tax_ids": False}])
        self.push(move)
        payment = self.pay([move], amount=100.0)
        self.push(payment)
        payment.action_cancel()
        fees = self.env["account.account"].create({"name": "Fees", "code": "990404", "account_type": "expense"})
        receivable = move.line_ids.filtered("date_maturity").account_id
        line = self.line_of(97.0, (receivable, -100.0, {}), (fees, 3.0, {}))
        self.reconcile(line.move_id, move)
        self.push(line)
        link = self.links(line).filtered(lambda link: link.part == f"account.move,{move.id}")
        self.assertEqual((link.state, link.reason, self.sent()), ("held", "payment_counted", [100.0]))

    def test_nobody_knows_yet_whether_xero_has_it(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay([move], amount=55.0)
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Payments$", times=1)
        self.push(payment)
        self.assertEqual(payment.xero_state, "in_doubt")
        payment.action_cancel()
        self.assertHeld(self.on_statement(55.0, move))

    def test_nobody_knows_yet_whether_xero_has_a_batch(self):
        self.connection.batch_payments = True
        moves = [self.invoice([(1, price)]) for price in (100.0, 50.0, 25.0)]
        self.push(self.env["account.move"].concat(*moves))
        payment = self.pay(moves[:2], group_payment=True)
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/BatchPayments$", times=1)
        self.push(payment)
        self.assertEqual(payment.xero_state, "in_doubt")
        moves[1].line_ids.remove_move_reconcile()
        self.assertHeld(self.on_statement(55.0, moves[1]))
        payment.action_cancel()
        self.assertHeld(self.on_statement(110.0, moves[0]))
        # What it was not sent for does not wait.
        line = self.on_statement(27.5, moves[2])
        self.push(line)
        self.assertEqual((line.xero_state, self.paid_in_xero(*moves)), ("synced", [110.0, 55.0, 27.5]))

    def test_what_somebody_lets_xero_count_keeps_nothing_back(self):
        # B14: he has decided that it is other money
        for batch in (False, True):
            with self.subTest(batch=batch):
                self.connection.batch_payments = batch
                moves = [self.invoice([(1, 100.0)]) for _index in range(2)]
                self.push(self.env["account.move"].concat(*moves))
                payment = self.pay(moves, amount=150.0, group_payment=True)
                self.push(payment)
                move = next(move for move in moves if self.status_in_xero(move) != "PAID")
                paid = self.paid_in_xero(move)[0]
                payment.action_cancel()
                again = self.pay([move], amount=20.0)
                self.assertHeld(again)
                self.push(payment)
                ours = [("model", "=", payment._name), ("res_id", "=", payment.id), ("state", "=", "open")]
                problems = self.env["xero.exception"].search(ours)
                self.assertEqual(set(problems.mapped("code")), {"payment_cancelled_in_odoo"})
                self.assertHeld(again)
                problems.action_ignore()
                self.push(again)
                self.assertEqual((again.xero_state, self.problem(again)), ("synced", False))
                self.assertEqual(self.paid_in_xero(move), [paid + 20.0])
                # Undone once more it is another decision.
                payment.action_draft()
                payment.action_post()
                self.reconcile(payment, move)
                payment.action_cancel()
                self.assertHeld(self.pay([move], amount=10.0))

    def test_a_batch_payment_waits_too(self):
        moves = [self.invoice([(1, price)]) for price in (100.0, 50.0)]
        self.push(self.env["account.move"].concat(*moves))
        payment = self.pay([moves[0]], amount=40.0)
        self.push(payment)
        payment.action_cancel()
        self.pay([moves[0]], amount=70.0)
        self.connection.batch_payments = True
        batch = self.pay(moves, group_payment=True)
        self.assertEqual(batch._xero_dataset_key(), "batch_payment")
        self.assertHeld(batch)

    def test_parts_that_all_count_go(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        for part in (self.pay([move], amount=55.0), self.on_statement(55.0, move)):
            self.push(part)
            self.assertEqual(part.xero_state, "synced")
        self.assertEqual(self.paid_in_xero(move), [110.0])


@tagged("post_install", "-at_install")
class TestWhoPushesLines(StatementCase):
    def test_who_does_the_invoicing_pushes_what_todo_tells_him_to(self):
        # The line itself is written only by who keeps the bank.
        for group in ("account.group_account_invoice", "account.group_account_manager"):
            with self.subTest(group):
                user = self.new_user(f"line_{group[-7:]}", group, "xero_connector.group_xero_user")
                move = self.invoice([(1, 100.0)])
                line = self.on_statement(110.0, move)
                self.assertFalse(line.with_user(user).has_access("write"))
                self.push(line, user)
                problem = self.env["xero.exception"].search([("model", "=", line._name), ("res_id", "=", line.id)])
                self.assertEqual(problem.code, "payment_document_missing")
                self.push(move)
                self.assertTrue(problem.with_user(user)._may_retry())
                self.assertTrue(problem.with_user(user)._for_cure())
                with self.as_request(problem, user) as current:
                    current.action_retry_same_cause()
                self.work(self.connection)
                self.assertEqual((line.xero_state, self.paid_in_xero(move)), ("synced", [110.0]))
                self.xero.act("reconcile", payment=line.xero_link_id.xero_id)
                with self.as_request(line, user) as current:
                    current.action_xero_refresh()
                self.assertTrue(line.xero_link_id.figures["is_reconciled"])

    def test_who_only_reads_the_books_does_not(self):
        user = self.new_user("line_reader", "account.group_account_readonly", "xero_connector.group_xero_user")
        _move, line = self.paid_by_line()
        for press in ("action_xero_push", "action_xero_refresh"):
            with self.assertRaises(AccessError), self.as_request(line, user) as current:
                getattr(current, press)()
        with self.assertRaises(AccessError):
            line.with_user(user)._xero_check_push()

    def test_what_has_no_button_is_asked_for_as_ever(self):
        keeper = self.new_user("file_keeper", "account.group_account_invoice", "xero_connector.group_xero_user")
        file = self.env["ir.attachment"].create({"name": "scan.pdf", "res_model": "account.move"})
        file.res_id = self.invoice().id
        problem = self.env["xero.exception"].new({"model": file._name, "res_id": file.id, "direction": "push"})
        self.assertTrue(problem.with_user(keeper)._may_retry())
