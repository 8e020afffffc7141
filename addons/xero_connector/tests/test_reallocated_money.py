"""Money that is taken off one document and pays another one goes to Xero by itself, and To Do names it (B19, B23)."""

from odoo.tests import tagged

from .test_push_statement_lines import StatementCase

KINDS = {"account.payment": "customer_payment", "account.bank.statement.line": "statement_payment"}


@tagged("post_install", "-at_install")
class TestReallocatedMoney(StatementCase):
    def two(self, *amounts):
        """Invoices in Xero."""
        return self.paid(*amounts)[0]

    def money(self, model, move, amount=30.0):
        """A payment, or a line of a bank statement, that pays `move`."""
        if model != "account.payment":
            return self.on_statement(amount, move)
        payment = self.on_account(amount)
        self.reconcile(payment, move)
        return payment

    def entry(self, money):
        return money.move_id if money._name != "account.payment" else money

    def again(self, mode):
        mode.last_start = "2020-01-01"
        self.schedules()

    def not_yet(self, money):
        """Whether To Do names `money` as what Xero does not have yet."""
        self.env.flush_all()
        todo = self.env["xero.todo"]
        todo.invalidate_model()
        domain = [("company_id", "=", self.company.id), ("kind", "=", "not_yet"), ("model", "=", money._name)]
        rows = todo.search(domain)
        found = self.env[money._name].search(rows.action_open()["domain"]) if rows else money.browse()
        return money in found

    def undo_while_queued(self, mode, move):
        """The schedule queues what pays `move`, and that is undone before the worker comes."""
        with self.as_request(self.connection) as current:
            mode.with_env(current.env).last_start = "2020-01-01"
            current._cron_schedules()
        move.line_ids.remove_move_reconcile()
        self.work(self.connection)

    def assertPaysSecond(self, money, first, second, amount=30.0):
        self.assertEqual((self.paid_in_xero(first, second), money.xero_state), ([0, amount], "synced"))
        self.assertFalse(self.not_yet(money))

    def test_before_the_worker_comes(self):
        for model, kind in KINDS.items():
            with self.subTest(model):
                self.mode("on_posting", kind)
                first, second = self.two(30.0, 30.0)
                money = self.money(model, first)
                first.line_ids.remove_move_reconcile()
                self.reconcile(self.entry(money), second)
                self.work(self.connection)
                self.assertPaysSecond(money, first, second)

    def test_after_the_worker_has_come(self):
        for model, kind in KINDS.items():
            for push_mode in ("scheduled", "on_posting"):
                with self.subTest(model, push_mode=push_mode):
                    mode = self.mode(push_mode, kind)
                    first, second = self.two(30.0, 30.0)
                    money = self.money(model, first)
                    self.undo_while_queued(mode, first)
                    self.reconcile(self.entry(money), second)
                    if push_mode == "scheduled":
                        self.assertTrue(self.not_yet(money))
                        self.again(mode)
                    self.work(self.connection)
                    self.assertPaysSecond(money, first, second)

    def test_the_same_document_again(self):
        for model, kind in KINDS.items():
            with self.subTest(model):
                mode = self.mode("scheduled", kind)
                (move,) = self.two(30.0)
                money = self.money(model, move)
                self.undo_while_queued(mode, move)
                self.assertEqual(money.xero_state, "excluded")
                self.assertFalse(self.not_yet(money))
                self.reconcile(self.entry(money), move)
                self.assertTrue(self.not_yet(money))
                self.again(mode)
                self.assertEqual((self.paid_in_xero(move), money.xero_state), ([30.0], "synced"))
                self.assertFalse(self.not_yet(money))

    def test_what_was_undone_here_and_deleted_there(self):
        self.connection.payment_direction = "both"
        for model, kind in KINDS.items():
            for push_mode in ("manual", "scheduled", "on_posting"):
                with self.subTest(model, push_mode=push_mode):
                    mode = self.mode("manual", kind)
                    first, second = self.two(30.0, 30.0)
                    money = self.money(model, first)
                    self.push(money)
                    first.line_ids.remove_move_reconcile()
                    self.xero.advance(400)
                    self.delete_in_xero(money, first)
                    self.pull("payment")
                    self.assertEqual(money.xero_state, "excluded")
                    mode.push_mode = push_mode
                    self.again(mode)
                    runs = self.pushes()
                    self.again(mode)
                    self.assertEqual(self.pushes(), runs, "it pays nothing")
                    self.assertFalse(self.not_yet(money))
                    self.reconcile(self.entry(money), second)
                    if push_mode != "on_posting":
                        self.assertTrue(self.not_yet(money))
                    if push_mode == "manual":
                        self.push(money)
                    else:
                        self.again(mode)
                    self.assertPaysSecond(money, first, second)
                    runs = self.pushes()
                    self.again(mode)
                    self.assertEqual(self.pushes(), runs, "once")

    def test_a_second_document_seconds_later(self):
        self.mode("on_posting", "customer_payment")
        first, second = self.two(30.0, 70.0)
        payment = self.on_account(100.0)
        self.reconcile(payment, first)
        self.reconcile(payment, second)
        self.work(self.connection)
        self.assertEqual((self.paid_in_xero(first, second), payment.xero_state), ([30.0, 70.0], "synced"))
        self.assertFalse(self.problem(payment))

    def test_what_an_undo_takes_back_stays_with_it(self):
        # B16
        first, second = self.two(30.0, 30.0)
        payment = self.money("account.payment", first)
        self.push(payment)
        run = self.env["xero.run"].search([("kind", "=", "push"), ("model", "=", payment._name)])
        self.mode("on_posting", "customer_payment")
        with self.as_request(run) as current:
            current.env["xero.undo"].browse(current.action_undo()["res_id"]).action_undo()
        first.line_ids.remove_move_reconcile()
        self.reconcile(payment, second)
        self.work(self.connection)
        self.schedules()
        self.assertEqual(self.paid_in_xero(first, second), [0, 30.0])
