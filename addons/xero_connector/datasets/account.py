"""Accounts: Xero's chart, and what it proposes for Odoo's."""

from odoo import api, models

from .reference import told, told_status

CLASSES = {
    "income": ("REVENUE",),
    "expense": ("EXPENSE",),
    "asset": ("ASSET",),
    "liability": ("LIABILITY",),
    "equity": ("EQUITY",),
    "off_balance": (),
}
TYPES = tuple(
    "BANK CURRENT CURRLIAB DEPRECIATN DIRECTCOSTS EQUITY EXPENSE FIXED INVENTORY LIABILITY NONCURRENT OTHERINCOME "
    "OVERHEADS PREPAYMENT REVENUE SALES TERMLIAB PAYG".split()
)
SYSTEM_ACCOUNTS = tuple(
    "DEBTORS CREDITORS BANKCURRENCYGAIN GST GSTONIMPORTS HISTORICAL REALISEDCURRENCYGAIN RETAINEDEARNINGS ROUNDING "
    "TRACKINGTRANSFERS UNPAIDEXPCLM UNREALISEDCURRENCYGAIN WAGEPAYABLES CISASSETS CISASSET CISLABOUR CISLABOUREXPENSE "
    "CISLABOURINCOME CISLIABILITY CISMATERIALS".split()
)
KNOWN_CLASSES = tuple(name for names in CLASSES.values() for name in names)


class XeroDatasetAccount(models.AbstractModel):
    """Operation getAccounts; nothing is ever created there."""

    _name = "xero.dataset.account"
    _inherit = "xero.dataset.reference"
    _description = "Xero Accounts"

    _key = "account"
    _xero_path = "/Accounts"
    _xero_plural = "Accounts"
    _xero_id = "AccountID"
    _odoo_model = "xero.account"
    _pull_sequence = 30
    # Payments name their bank accounts by them, whatever stands for the accounts of lines.
    _switches = ("sync_accounts", "sync_receipts", "sync_payments")

    @api.model
    def _prepare_vals(self, item):
        return {
            "xero_id": item.get("AccountID"),
            "code": told(item, "Code"),
            "name": item.get("Name") or item.get("Code"),
            "type": told(item, "Type", TYPES),
            "account_class": told(item, "Class", KNOWN_CLASSES),
            "tax_type": told(item, "TaxType"),
            "status": told_status(item),
            "system_account": told(item, "SystemAccount", SYSTEM_ACCOUNTS),
            "enable_payments": bool(item.get("EnablePaymentsToAccount")),
            "currency_code": told(item, "CurrencyCode"),
        }

    @api.model
    def _store(self, items):
        # EXTENDS xero.dataset.reference: where lines name codes, only what payments need comes in anew
        if not self._connection.sync_accounts:
            known = set(self.env[self._odoo_model].search(self._row_domain()).mapped("xero_id"))
            items = [
                item
                for item in items
                if item.get("Type") == "BANK" or item.get("EnablePaymentsToAccount") or item.get("AccountID") in known
            ]
        return super()._store(items)

    @api.model
    def _propose(self, accounts):
        """Xero accounts for Odoo accounts, where code or name and class agree.

        :param accounts: ``account.account``
        :return: ``{account id: (xero.account, reason)}``; the reason is text
        """
        candidates = (
            self.env["xero.account"]
            .search(
                [
                    ("connection_id", "=", self._connection.id),
                    ("tenant_id", "=", self._connection.tenant_id),
                    ("status", "=", "ACTIVE"),
                ]
            )
            .filtered(lambda account: account._usable_on_lines())
        )
        by_code = candidates.grouped("code")
        by_name = candidates.grouped(lambda account: _normalise(account.name))
        main_sales = candidates.filtered(lambda x: x.type in ("SALES", "REVENUE") and _normalise(x.name) == "sales")
        sales_accounts = (
            self.env["account.journal"]
            .search([("company_id", "=", self._connection.company_id.id), ("type", "=", "sale")])
            .default_account_id
        )
        proposals = {}
        for account in accounts:
            classes = CLASSES.get(account.internal_group, ())
            same_code = by_code.get(account.code or "", candidates.browse())
            sales = main_sales if account in sales_accounts else candidates.browse()
            same_name = by_name.get(_normalise(account.name), candidates.browse())
            for found, reason in (
                (same_code & same_name, self.env._("Same code and name")),
                (same_name, self.env._("Same name")),
                (same_code, self.env._("Same code")),
                (sales, self.env._("The organisation's sales account")),
            ):
                fitting = found.filtered(lambda x, c=classes: x.account_class in c)
                if len(fitting) == 1:
                    proposals[account.id] = (fitting, reason)
                    break
        return proposals


def _normalise(name):
    return " ".join((name or "").casefold().replace("&", "and").split())
