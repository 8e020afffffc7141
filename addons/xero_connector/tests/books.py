"""Both sides' trial balances, for tests that prove them equal."""

from collections import defaultdict
from decimal import Decimal

from ..datasets.amounts import decimal
from .test_push_payments import PaymentCase


class BooksCase(PaymentCase):
    """A company whose every account has its counterpart in Xero, n : 1."""

    def odoo_balance(self):
        """Balance per Xero account id of all that is posted in Odoo, debit positive."""
        groups = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")], ["account_id"], ["balance:sum"]
        )
        totals = defaultdict(Decimal)
        for account, balance in groups:
            totals[self.counterpart(account)] += decimal(balance)
        return {key: total for key, total in totals.items() if total}

    def counterpart(self, account):
        """Xero account id of an account: control and tax accounts are Xero's own, cash is the bank's."""
        theirs = self.xero.organisation(1)
        if account.account_type == "asset_receivable":
            return theirs.system_account("DEBTORS")["AccountID"]
        if account.account_type == "liability_payable":
            return theirs.system_account("CREDITORS")["AccountID"]
        if self.env["account.tax.repartition.line"].search_count([("account_id", "=", account.id)], limit=1):
            return theirs.system_account("GST")["AccountID"]
        company = self.company
        if account in company.income_currency_exchange_account_id | company.expense_currency_exchange_account_id:
            return theirs.system_account("REALISEDCURRENCYGAIN")["AccountID"]
        clearing = self.env["account.payment"].search([("journal_id", "=", self.bank.id)]).outstanding_account_id
        if account in clearing | self.bank.default_account_id:
            return self.bank_in_xero.xero_id
        return account.xero_account_id.xero_id or account.display_name

    def xero_balance(self):
        """Balance per account id of Xero's ledger."""
        return {key: total for key, total in self.xero.organisation(1).ledger.balances().items() if total}

    def assertBooksAgree(self):
        """Difference 0.00 on every account."""
        ours, theirs = self.odoo_balance(), self.xero_balance()
        self.assertTrue(ours)
        names = {row["AccountID"]: row["Name"] for row in self.xero.organisation(1).accounts}
        differ = {
            names.get(key, key): (ours.get(key, 0), theirs.get(key, 0))
            for key in {**ours, **theirs}
            if ours.get(key) != theirs.get(key)
        }
        self.assertEqual(differ, {}, "balances in Odoo and in Xero")
