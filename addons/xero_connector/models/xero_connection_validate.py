"""Validation: what is used here and would be refused there; writes nothing on either side."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..client import errors
from ..engine import reference, transaction
from .account_move import DATASETS


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    def action_validate_accounts(self):
        """List the accounts in use that Xero does not have, or would refuse on a line (REF-05, REF-11)."""
        items = self._read_for_validation("account")
        theirs = {item.get("AccountID"): item for item in items}
        codes = {item.get("Code"): item for item in items if item.get("Code")}
        found = []
        for account, usage in self._used("account.account"):
            if self.sync_accounts:
                mapped = account.xero_account_id or self.default_sales_account_id
                item, named = theirs.get(mapped.xero_id), mapped.display_name
                if not mapped:
                    found.append((account, usage, self.env._("No account of Xero's stands for it."), "map_account"))
                    continue
            else:
                named = account.xero_account_code or account.code
                item = codes.get(named)
            if not item:
                cause = self.env._("%s is not in Xero.", named)
            elif item.get("Status") != "ACTIVE":
                cause = self.env._("%s is archived in Xero.", named)
            elif item.get("Type") == "BANK":
                cause = self.env._("%s is a bank account in Xero, which cannot stand on a line.", named)
            else:
                continue
            found.append((account, usage, cause, "map_account"))
        for journal in self._bank_journals():
            item = theirs.get(journal.xero_account_id.xero_id)
            if not item or item.get("Status") != "ACTIVE":
                cause = self.env._("%s is not an active account in Xero.", journal.xero_account_id.display_name)
                found.append((journal, (self.env._("Bank journal"), False), cause, "open"))
        return self._show_mismatches(found, self.env._("Accounts that do not fit Xero"))

    def action_validate_taxes(self):
        """List the taxes in use that Xero does not have, or computes otherwise (XW-20)."""
        theirs = {item.get("TaxType"): item for item in self._read_for_validation("tax_rate")}
        found = []
        for tax, usage in self._used("account.tax"):
            rate = tax.xero_tax_rate_id
            item = theirs.get(rate.tax_type)
            sale = tax.type_tax_use == "sale"
            if rate.connection_id != self:
                cause = self.env._("No tax rate of Xero's stands for it.")
            elif not item or item.get("Status") != "ACTIVE":
                cause = self.env._("%s is not an active tax rate in Xero.", rate.display_name)
            elif not item.get("CanApplyToRevenue" if sale else "CanApplyToExpenses"):
                cause = self.env._("%s cannot be used on such documents in Xero.", rate.display_name)
            elif tax.xero_rate_warning:
                cause = tax.xero_rate_warning
            else:
                continue
            found.append((tax, usage, cause, "map_tax"))
        return self._show_mismatches(found, self.env._("Taxes that do not fit Xero"))

    def action_validate_contacts(self):
        """List the partners in use whose contact is missing, archived or not unique; costs no call (CTC-20)."""
        self._check_for_validation()
        found = []
        used = self._used("res.partner")
        numbers = {}
        for partner, _usage in used:
            for number in {partner.xero_ar_account, partner.xero_ap_account} - {False, ""}:
                numbers.setdefault(number.strip().upper(), set()).add(partner.id)
        for partner, usage in used:
            link = partner.xero_link_id
            own = {
                number.strip().upper() for number in {partner.xero_ar_account, partner.xero_ap_account} - {False, ""}
            }
            if link.xero_status in ("ARCHIVED", "GDPRREQUEST"):
                cause = self.env._("Its contact is archived or erased in Xero.")
            elif any(len(numbers[number]) > 1 for number in own):
                cause = self.env._("Another partner has the same account number.")
            elif not link.xero_id and self.on_missing_contact != "create":
                cause = self.env._("It has no contact in Xero, and contacts are not created there.")
            elif not link.xero_id and self.require_account_number and not own:
                cause = self.env._("It has no contact in Xero and no account number to find one by.")
            else:
                continue
            found.append((partner, usage, cause, "open"))
        return self._show_mismatches(found, self.env._("Contacts that do not fit Xero"))

    # === HELPERS === #

    def _check_for_validation(self):
        self.ensure_one()
        self._check_user()
        self.check_access("read")
        self._check_usable()

    def _read_for_validation(self, key):
        """The list as it is in Xero now; one call, nothing is stored.

        :raises UserError: Xero was not reached
        """
        self._check_for_validation()
        connection = self.sudo()
        transaction.commit(self.env)
        try:
            return reference.read_list(connection, connection._dataset(key))
        except errors.XeroError as error:
            raise UserError(self._error_text(error)) from None

    def _used(self, model):
        """Accounts, taxes or partners of documents since the start date.

        :return: list of ``(record, (where, last day))``, the latest first
        """
        column, join = {
            "account.account": ("l.account_id", SQL("")),
            "account.tax": (
                "t.account_tax_id",
                SQL("JOIN account_move_line_account_tax_rel t ON t.account_move_line_id = l.id"),
            ),
            "res.partner": ("m.commercial_partner_id", SQL("")),
        }[model]
        self.env["account.move.line"].flush_model()
        companies = self.env["res.company"].sudo().search([("id", "child_of", self.company_id.id)])
        self.env.cr.execute(
            SQL(
                """SELECT %(column)s, count(DISTINCT m.id), max(m.date), min(m.name)
                     FROM account_move m
                     JOIN account_move_line l ON l.move_id = m.id AND l.display_type IN ('product', 'epd', 'rounding')
                     %(join)s
                    WHERE m.company_id IN %(companies)s AND m.state = 'posted' AND m.move_type IN %(types)s
                      AND m.date >= %(start)s AND %(column)s IS NOT NULL
                 GROUP BY 1 ORDER BY 3 DESC, 1""",
                column=SQL(column),
                join=join,
                companies=tuple(companies.ids),
                types=tuple(DATASETS),
                start=self.sync_from or "1900-01-01",
            )
        )
        rows = self.env.cr.fetchall()
        records = self.env[model].sudo().with_company(self.company_id)
        found = []
        for record_id, count, last, name in rows:
            several = self.env._("%(count)s documents, e.g. %(name)s", count=count, name=name)
            where = name if count == 1 else several
            found.append((records.browse(record_id), (where, last)))
        return found

    def _bank_journals(self):
        """Bank journals that an account of Xero's stands for."""
        journals = self.env["account.journal"].sudo()
        return journals.search([("xero_account_id.connection_id", "=", self.id)])

    def _show_mismatches(self, found, title):
        """The list of what does not fit.

        :param found: list of ``(record, (where, last day), cause, cure)``
        """
        if not found:
            return self._notify(self.env._("Everything that is used fits Xero."), "success")
        lines = self.env["xero.mismatch"].create(
            [
                {
                    "connection_id": self.id,
                    "model": record._name,
                    "res_id": record.id,
                    "where_used": where,
                    "last_used": last,
                    "cause": cause,
                    "cure": cure,
                }
                for record, (where, last), cause, cure in found
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "xero.mismatch",
            "views": [(False, "list")],
            "domain": [("id", "in", lines.ids)],
        }
