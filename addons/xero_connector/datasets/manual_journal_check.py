"""What keeps a journal entry from going to Xero, found without an API call (B8, B9, B10, JRN-06)."""

from collections import defaultdict

from odoo import api, models

from . import amounts
from .allocation import RECONCILABLE
from .amounts import ZERO, decimal
from .document_check import PROFIT_AND_LOSS
from .problem import Problem
from .statuses import GONE

TEXT_TYPES = ("line_section", "line_subsection", "line_note")
BANK_TYPES = ("asset_cash", "liability_credit_card")


class XeroDatasetManualJournalCheck(models.AbstractModel):
    """The checks of journal entries, and Odoo's tax beside the one that Xero will compute."""

    _name = "xero.dataset.manual_journal.check"
    _inherit = "xero.dataset.document.check"
    _description = "Xero Manual Journal Checks"

    _final_statuses = (*GONE, "ARCHIVED")
    _final_code = "journal_final_in_xero"

    @api.model
    def _check_kind(self, record):
        # OVERRIDE: only what somebody booked by hand, in a journal that was chosen for it (B9)
        if record.move_type != "entry":
            raise Problem("wrong_type")
        journal = record.journal_id
        if not journal.xero_send_entries:
            raise Problem("journal_not_chosen", state="excluded", journal=journal.display_name)
        # What takes such an entry back is of its kind.
        if code := self._made_by(record) or self._made_by(record.reversed_entry_id):
            raise Problem(code, state="excluded")
        if not self._is_granted():
            raise Problem("scope_missing")

    @api.model
    def _problem_of_gone(self, record, status):
        # OVERRIDE xero.dataset.document.check: an entry has no number, it can be made anew as it is
        return Problem("journal_gone_in_xero", document=record.display_name, status=status)

    @api.model
    def _void_problem(self, record, link):
        # OVERRIDE xero.dataset.document.check
        return self._problem_of_gone(record, link.xero_status)

    @api.model
    def _check_partner(self, record):
        """An entry is nobody's."""

    @api.model
    def _made_by(self, move):
        """Code that says what Odoo made `move` for, ``None`` when people booked it."""
        company = move.company_id
        if move.origin_payment_id:
            return "journal_of_payment"
        if move.statement_line_id:
            return "journal_of_statement"
        if move.tax_cash_basis_origin_move_id or move.tax_cash_basis_rec_id:
            return "journal_cash_basis"
        # Its reconciliation may be undone by now; the journal still tells.
        if move.exchange_diff_partial_ids or move and move.journal_id == company.currency_exchange_journal_id:
            return "journal_exchange"
        if self._is_stock_valuation(move):
            return "journal_stock"
        return None

    @api.model
    def _is_stock_valuation(self, move):
        """Whether Odoo's stock booked `move`; that add-on need not be here."""
        if "stock_move_ids" in move._fields and move.stock_move_ids:
            return True
        company = move.company_id
        if not move or "account_stock_journal_id" not in company._fields:
            return False
        return move.journal_id == company.account_stock_journal_id

    @api.model
    def _check_currency(self, record):
        # OVERRIDE: Xero keeps journals in the organisation's own currency (B10)
        own = record.company_id.currency_id
        if own.decimal_places != 2:
            raise Problem("currency_decimals", currency=own.name)
        foreign = (record.line_ids.currency_id | record.currency_id) - own
        if foreign:
            raise Problem("journal_currency", currency=foreign[0].name, own=own.name)

    @api.model
    def _check_lines(self, record):
        for line in self._booked_lines(record):
            self._check_control_account(line)
            if line.tax_repartition_line_id and line.account_id.internal_group in PROFIT_AND_LOSS:
                raise Problem("journal_tax_elsewhere", tax=line.tax_line_id.name, account=line.account_id.display_name)
        lines = self._amount_lines(record)
        for line in lines:
            self._check_account_with_tax(line.extra["aml"], line.extra["account"], line.extra["tax_rate"])
        if len(lines) < 2:
            raise Problem("journal_without_lines", state="excluded")
        self._check_taxes(record, lines)

    @api.model
    def _check_control_account(self, line):
        """Receivables, payables and banks have documents and payments of their own in Xero (JRN-06)."""
        account = line.account_id
        if account.account_type in RECONCILABLE:
            raise Problem("journal_control_account", account=account.display_name)
        kind = account.xero_account_id.type
        if kind == "BANK" or not kind and account.account_type in BANK_TYPES:
            raise Problem("journal_bank_account", account=account.display_name)

    @api.model
    def _check_account_with_tax(self, line, account, rate):
        if account and account.status == "ACTIVE" and not account._usable_in_journals():
            raise Problem(
                "journal_account_refused", account=account.display_name, odoo_account=line.account_id.display_name
            )
        if account and account.status == "ACTIVE" and not rate._fits(account):
            raise Problem("tax_not_for_account", tax=rate.display_name, account=account.display_name)
        if account and (account.status != "ACTIVE" or not account.active):
            raise Problem("account_archived", account=account.display_name, odoo_account=line.account_id.display_name)

    @api.model
    def _check_taxes(self, record, lines):
        """The tax lines are folded in: what Xero will compute must be what Odoo booked (B10)."""
        for kind, (booked, computed) in sorted(self._both_taxes(record, lines).items()):
            if computed != booked:
                raise Problem(
                    "journal_tax_differs",
                    state="held",
                    tax=kind or " + ".join(record.line_ids.tax_ids.mapped("name")),
                    odoo=str(booked),
                    xero=str(computed),
                    currency=record.company_id.currency_id.name,
                )

    # === LINES === #

    @api.model
    def _booked_lines(self, record):
        return record.line_ids.filtered(lambda line: line.display_type not in TEXT_TYPES)

    @api.model
    def _amount_lines(self, record):
        """:class:`~.amounts.Line` for each line that Xero gets; ``amount`` is signed, debit positive.

        :raises Problem: an account or a tax is not mapped
        """
        lines = []
        for aml in self._booked_lines(record).sorted(lambda line: (line.sequence, line.id)):
            amount = decimal(aml.balance)
            if aml.tax_repartition_line_id or not amount:
                continue
            rate = self._line_tax_rate(aml)
            line = amounts.Line(
                source=aml.id,
                net=amount,
                gross=amount,
                tax_type=rate.tax_type,
                rate=decimal(rate.effective_rate, amounts.UNIT),
                extra={"aml": aml, "account": self._line_account(aml), "tax_rate": rate},
            )
            lines += self._divided(line, self._tracked_shares(aml))
        for line in lines:
            line.amount = line.net
        return self._divided_for_tax(record, lines)

    @api.model
    def _mapped_account(self, line):
        # OVERRIDE: an entry says exactly which account it means, nothing stands in for it
        return line.account_id.xero_account_id

    @api.model
    def _no_tax_rate(self, line):
        # EXTENDS: an organisation that maps one side only means both by it
        connection = self._connection
        return super()._no_tax_rate(line) or connection.no_tax_sale_rate_id or connection.no_tax_purchase_rate_id

    @api.model
    def _side(self, line):
        # OVERRIDE: the side that the account is on
        return "sales" if line.account_id.internal_group == "income" else "purchase"

    # === TAX === #

    @api.model
    def _by_type(self, record):
        """Whether each tax of `record` stands alone on its lines, so that it tells its TaxType."""
        return all(len(line.tax_ids) < 2 for line in self._booked_lines(record))

    @api.model
    def _expected_taxes(self, record):
        """Odoo's booked tax, signed as in the ledger: per TaxType, or as one sum under ``""``."""
        by_type, expected = self._by_type(record), defaultdict(lambda: ZERO)
        for line in self._booked_lines(record).filtered("tax_repartition_line_id"):
            tax = line.group_tax_id or line.tax_line_id
            expected[(tax.xero_tax_rate_id.tax_type or tax.name) if by_type else ""] += decimal(line.balance)
        return expected

    @api.model
    def _both_taxes(self, record, lines):
        """Odoo's booked tax beside what Xero will compute of `lines`: ``{TaxType or "": (booked, computed)}``."""
        booked, computed = self._expected_taxes(record), amounts.computed_taxes(lines, amounts.EXCLUSIVE)
        if not self._by_type(record):
            computed = {"": sum(computed.values(), ZERO)}
        return {kind: (booked.get(kind, ZERO), computed.get(kind, ZERO)) for kind in {*booked, *computed}}

    @api.model
    def _divided_for_tax(self, record, lines):
        """`lines`, some of them in parts where that gives the tax that Odoo booked."""

        def rank(line):
            """Several taxes of a line are rounded one by one in Odoo, and in one in Xero."""
            return len(line.extra["aml"].tax_ids) < 2, -abs(line.amount)

        for kind, (booked, computed) in sorted(self._both_taxes(record, lines).items()):
            bearing = sorted((line for line in lines if not kind or line.tax_type == kind), key=rank)
            lines = amounts.divide_for_tax(lines, bearing, booked - computed)
        return lines

    @api.model
    def _direct_postings(self, record):
        """Accounts of taxes that `record` books on by hand, without a tax."""
        plain = self._booked_lines(record).filtered(lambda line: not line.tax_repartition_line_id and not line.tax_ids)
        accounts = plain.account_id
        parts = self.env["account.tax.repartition.line"].search(
            [("account_id", "in", accounts.ids), ("company_id", "=", record.company_id.id)]
        )
        return accounts.filtered(lambda a: a in parts.account_id or a.xero_account_id.system_account == "GST")
