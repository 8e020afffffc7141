"""Validation: what is used here and would be refused there; writes nothing on either side."""

from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..client import errors
from ..datasets.contact_match import account_number
from ..datasets.problem import Problem
from ..engine import reference, transaction
from .account_move import DATASETS

# The taxes of a line, whatever their order.
TAXES = """(SELECT array_agg(t.account_tax_id ORDER BY t.account_tax_id)
              FROM account_move_line_account_tax_rel t WHERE t.account_move_line_id = l.id)"""


class Use(NamedTuple):
    """Lines of one kind: one of them, its data set, their documents, the last day, the first name."""

    line: models.BaseModel
    dataset: models.BaseModel
    move_ids: set
    last: object
    name: str


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    def action_validate_accounts(self):
        """List the accounts in use that Xero does not have, or would refuse on a line (REF-05, REF-11)."""
        items = self._read_for_validation("account")
        theirs = {item.get("AccountID"): item for item in items}
        codes = {item.get("Code"): item for item in items if item.get("Code")}
        found = []
        for use in self._used("m.move_type", "l.display_type", "l.product_id", "l.account_id", entries=self._entries()):
            source, mapped = self._account_source(use)
            if self.sync_accounts:
                item, named = theirs.get(mapped.xero_id), mapped.display_name
            else:
                named = use.dataset._line_account_code(use.line)
                item = codes.get(named)
            if self.sync_accounts and not mapped:
                cause = self.env._("No account of Xero's stands for it.")
            elif not item:
                cause = self.env._("%s is not in Xero.", named)
            elif item.get("Status") != "ACTIVE":
                cause = self.env._("%s is archived in Xero.", named)
            elif item.get("Type") == "BANK":
                cause = self.env._("%s is a bank account in Xero, which cannot stand on a line.", named)
            else:
                continue
            found.append((source, use, cause, "map_account" if source._name == "account.account" else "open"))
        for journal in self._bank_journals():
            item = theirs.get(journal.xero_account_id.xero_id)
            if not item or item.get("Status") != "ACTIVE":
                cause = self.env._("%s is not an active account in Xero.", journal.xero_account_id.display_name)
                found.append((journal, None, cause, "open"))
        return self._show_mismatches(found, self.env._("Accounts that do not fit Xero"))

    def action_validate_taxes(self):
        """List the taxes in use that Xero does not have, or computes otherwise (XW-20)."""
        theirs = {item.get("TaxType"): item for item in self._read_for_validation("tax_rate")}
        found = []
        for use in self._used("m.move_type", TAXES, entries=self._entries()):
            source, rate, named = self._rate_source(use)
            item = theirs.get(rate.tax_type)
            sale = use.dataset._side(use.line) == "sales"
            if source._name == "account.tax" and source._xero_is_withheld():
                cause = self.env._("It takes money off, which no tax rate of Xero's does.")
            elif rate.connection_id != self or rate.tenant_id != self.tenant_id:
                cause = self.env._("No tax rate of Xero's stands for %s.", named)
            elif not item or item.get("Status") != "ACTIVE":
                cause = self.env._("%s is not an active tax rate in Xero.", rate.display_name)
            elif not item.get("CanApplyToRevenue" if sale else "CanApplyToExpenses"):
                cause = self.env._("%s cannot be used on such documents in Xero.", rate.display_name)
            elif source._name == "account.tax" and source.xero_rate_warning:
                cause = source.xero_rate_warning
            else:
                continue
            found.append((source, use, cause, "map_tax" if source._name == "account.tax" else "open"))
        return self._show_mismatches(found, self.env._("Taxes that do not fit Xero"))

    def action_validate_contacts(self):
        """List the partners in use whose contact is missing, archived or not unique; costs no call (CTC-20)."""
        self._check_for_validation()
        found, numbers = [], self._account_numbers()
        for use in self._used("m.commercial_partner_id"):
            partner = use.line.move_id.commercial_partner_id
            link, own = partner.xero_link_id, _own_numbers(partner)
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
            found.append((partner, use, cause, "open"))
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

    def _entries(self):
        """Posted journal entries that travel: of journals that were chosen, and booked by people (B9)."""
        dataset = self.sudo()._dataset("manual_journal")
        (_label, domain) = dataset._kinds["manual_journal"]
        entries = self.env["account.move"].sudo().search([*domain, ("state", "=", "posted")])
        return entries.filtered(lambda move: not dataset._made_by(move))

    def _used(self, *columns, entries=()):
        """Kinds of lines of documents since the start date, the latest first.

        :param columns: SQL of what tells one kind from another
        :param entries: journal entries that count like documents
        :return: list of :class:`Use`
        """
        self.env["account.move.line"].flush_model()
        companies = self.env["res.company"].sudo().search([("id", "child_of", self.company_id.id)])
        self.env.cr.execute(
            SQL(
                """SELECT min(l.id), array_agg(DISTINCT m.id), max(m.date), min(m.name)
                     FROM account_move m
                     JOIN account_move_line l ON l.move_id = m.id AND l.display_type IN ('product', 'epd', 'rounding')
                    WHERE m.company_id IN %(companies)s AND m.state = 'posted' AND m.date >= %(start)s
                      AND (m.move_type IN %(types)s AND m.commercial_partner_id IS NOT NULL OR m.id = ANY(%(entries)s))
                 GROUP BY %(columns)s ORDER BY 3 DESC, 1""",
                columns=SQL(", ").join(SQL(column) for column in columns),
                companies=tuple(companies.ids),
                types=tuple(DATASETS),
                entries=[entry.id for entry in entries],
                start=self.sync_from or "1900-01-01",
            )
        )
        found, connection = [], self.sudo().with_company(self.company_id)
        for line_id, move_ids, last, name in self.env.cr.fetchall():
            line = connection.env["account.move.line"].browse(line_id)
            dataset = connection._dataset(DATASETS.get(line.move_id.move_type, "manual_journal"))
            found.append(Use(line, dataset, set(move_ids), last, name))
        return found

    def _account_source(self, use):
        """``(product, category or account that decides, xero.account of the line)``, as the push chooses it."""
        line, dataset = use.line, use.dataset
        field = f"xero_{dataset._side(line)}_account_id"
        deciding = (record for record in (line.product_id, line.product_id.categ_id) if record[field])
        source = next(deciding, line.account_id) if self.sync_accounts else line.account_id
        try:
            return source, dataset._line_account(line)
        except Problem:
            return source, self.env["xero.account"]

    def _rate_source(self, use):
        """``(what decides, xero.tax.rate, name of the taxes)`` of a line; a single tax decides, else the connection."""
        taxes = use.line.tax_ids
        if not taxes:
            return self, use.dataset._no_tax_rate(use.line), self.env._("lines without a tax")
        if len(taxes) == 1:
            return taxes, taxes.xero_tax_rate_id, taxes.display_name
        return self, self._combination_rate(taxes), " + ".join(taxes.mapped("name"))

    def _account_numbers(self):
        """``{account number: ids of the partners that have it}``, whether they are used or not."""
        partners = self.env["res.partner"].sudo().with_company(self.company_id)
        domain = ["|", ("xero_ar_account", "!=", False), ("xero_ap_account", "!=", False)]
        numbers = {}
        for partner in partners.search([*domain, ("company_id", "in", (False, self.company_id.id))]):
            for number in _own_numbers(partner):
                numbers.setdefault(number, set()).add(partner.commercial_partner_id.id)
        return numbers

    def _bank_journals(self):
        """Bank journals that an account of Xero's stands for."""
        journals = self.env["account.journal"].sudo()
        return journals.search([("xero_account_id.connection_id", "=", self.id)])

    def _show_mismatches(self, found, title):
        """The list of what does not fit.

        :param found: list of ``(record, Use or None for a bank journal, cause, cure)``
        """
        if not found:
            return self._notify(self.env._("Everything that is used fits Xero."), "success")
        rows = {}
        for record, use, cause, cure in found:
            rows.setdefault((record, cause, cure), []).append(use)
        lines = self.env["xero.mismatch"].create(
            [
                {
                    "connection_id": self.id,
                    "model": record._name,
                    "res_id": record.id,
                    "where_used": self._where_used(uses),
                    "last_used": max((use.last for use in uses if use), default=False),
                    "cause": cause,
                    "cure": cure,
                }
                for (record, cause, cure), uses in rows.items()
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "xero.mismatch",
            "views": [(False, "list")],
            "domain": [("id", "in", lines.ids)],
        }

    def _where_used(self, uses):
        if None in uses:
            return self.env._("Bank journal")
        count = len(set().union(*(use.move_ids for use in uses)))
        name = min(use.name for use in uses)
        return name if count == 1 else self.env._("%(count)s documents, e.g. %(name)s", count=count, name=name)


def _own_numbers(partner):
    """Account numbers of a partner, as they are compared."""
    return {account_number(text) for text in (partner.xero_ar_account, partner.xero_ap_account)} - {""}
