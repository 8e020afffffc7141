"""Payments that Odoo has already when Xero's come in: registered by hand, or lines of a bank statement (B19)."""

from datetime import timedelta

from odoo import api, models

from .. import values
from .amounts import decimal
from .payment import DAYS_APART, OUTBOUND_TYPES, SHARED, UNRECONCILED
from .problem import Problem
from .pulled import Result
from .statuses import BOOKED, GONE, UNDER_WAY

STATEMENT_LINE = "account.bank.statement.line"


class XeroDatasetPayment(models.AbstractModel):
    _inherit = "xero.dataset.payment"

    @api.model
    def _find_by_hand(self, item, move, taken):
        """What pays `move` in Odoo already: the same amount in nearly the same days.

        :param taken: ``(record, document)`` that others of this block stand for
        :return: a payment, or a line of a bank statement that is reconciled without one; possibly empty
        """
        day, amount = values.parse_date(item.get("Date")), decimal(item.get("Amount"))
        for record in (*move._get_reconciled_payments(), *move._get_reconciled_statement_lines()):
            if (
                (record, move) not in taken
                and abs((record.date - day).days) <= DAYS_APART
                and any(self._connection._same_money(cash, amount) for cash in self._cash_for(record, move))
                and not self._link_for(record, _part(move))._is_in_xero()
                and not (record._name == self._odoo_model and record._xero_is_prepaid())
            ):
                return record
        return self.env[self._odoo_model]

    @api.model
    def _cash_for(self, record, move):
        """Amounts of the cash with which `record` pays `move`, in the document's currency."""
        shares = self._shares_of(record)
        if record._name == STATEMENT_LINE:
            # Whoever reconciles it in Xero may have paid the whole, and booked the fee beside it.
            shares = shares + self._settled(record, self._counterparts(record.move_id))
        found = [share.amount for share in shares if share.document == move and not share.write_off]
        if not found and record.currency_id == move.currency_id:
            return [abs(decimal(record.amount))]
        return found

    @api.model
    def _shares_of(self, record):
        """What a payment, or a line of a bank statement, is shared out to; nothing where nobody can tell."""
        try:
            return self._connection._dataset(self._key, record._name)._shares(record)
        except Problem:
            return []

    @api.model
    def _find_written_off(self, item, move):
        """``(payment, part)`` where Odoo has written off what Xero has paid from another account, or ``None``."""
        day, amount = values.parse_date(item.get("Date")), decimal(item.get("Amount"))
        account_id = (item.get("Account") or {}).get("AccountID")
        for payment in (*move._get_reconciled_payments(), *move._get_reconciled_statement_lines()):
            for share in self._shares_of(payment):
                accounts = share.write_off.account_id.with_company(payment.company_id)
                if (
                    share.document == move
                    and account_id in accounts.xero_account_id.mapped("xero_id")
                    and abs((payment.date - day).days) <= DAYS_APART
                    and self._connection._same_money(share.amount, amount)
                    and not self._link_for(payment, share.part)._is_in_xero()
                ):
                    return payment, share.part
        return None

    @api.model
    def _link_for(self, record, part):
        """The link of a part of `record`, possibly empty, and possibly to nothing."""
        domain = [
            ("tenant_id", "=", self._connection.tenant_id),
            ("dataset", "=", self._key),
            ("model", "=", record._name),
            ("res_id", "=", record.id),
            ("part", "=", part),
        ]
        return self.env["xero.link"].with_context(active_test=False).search(domain)

    @api.model
    def _link_by_hand(self, item, record, document, part=None):
        """:class:`Result` of an element that `record` stands for, with what it pays of `document` or another part."""
        link = self._link_for(record, part or _part(document))
        if link.state in UNDER_WAY:
            # It is on its way to Xero, which is asked about it there.
            return Result(item, "skipped", reason="on_its_way")
        result = self._result(item, "linked", record, document)
        result.part = part or result.part
        if link:
            result.link, result.values = link, {"state": "synced", "reason": False}
        return result

    # === DELETED IN XERO === #

    @api.model
    def _take_back_share(self, item, link, gone):
        """:class:`Result` when what was deleted is a share of a payment that others count on, else ``None``.

        Cancelled as a whole it would open their documents, too, and its bank would show less than Xero's.

        :param gone: ids of all payments of this block that were deleted in Xero
        """
        record = self.env[link.model].browse(link.res_id)
        move = record if link.model == "account.move" else record.move_id
        if move.state != "posted":
            return None
        paid = {share.part for share in self._settled(record, self._counterparts(move))}
        document = ",".join(link.part.split(",")[:2])  # what was written off of it goes with its cash
        told = link.reason == SHARED or self._connection.payment_direction != "from_xero"
        if told and document and document not in paid:
            # Somebody has undone it here, and what it pays instead is sent, or was asked about: both agree.
            self.env["xero.exception"]._close_code(link, UNRECONCILED)
            return Result(item, "updated", link=link, values={"state": "excluded", "reason": False})
        if self._is_on_statement(record):
            return None
        links = record.xero_link_ids.filtered(
            lambda row: row.dataset == self._key and row.tenant_id == link.tenant_id and row.xero_id
        )
        dead = links.filtered(lambda row: row.xero_id in gone or row.xero_status in GONE)
        others = {*paid, *links.mapped("part")} - {*dead.mapped("part"), ""}
        if not others:
            return None
        documents = self.env["account.move"].browse(int(part.split(",")[1]) for part in [link.part, *sorted(others)])
        problem = Problem(
            SHARED,
            payment=record.display_name,
            document=documents[0].display_name,
            others=", ".join(documents[1:].mapped("display_name")),
        )
        return Result(item, "updated", link=link, problem=problem, values={"state": "excluded", "reason": SHARED})

    @api.model
    def _undone_here(self, link):
        """Problem when Xero counts a payment that came from there, and Odoo no longer does; else ``None``."""
        if self._connection.payment_direction != "from_xero" or link.model == STATEMENT_LINE or not link._is_in_xero():
            return None
        record = self.env[link.model].browse(link.res_id)
        move = record if link.model == "account.move" else record.move_id
        paid = move.browse()
        if link.part.startswith("account.move,"):
            paid = move.browse(int(link.part.split(",")[1])).exists().filtered(lambda move: move.is_invoice(True))
        shares = self._settled(record, self._counterparts(move)) if paid else ()
        counts = record.state in BOOKED if record._name == self._odoo_model else move.state == "posted"
        if counts and (not paid or _part(paid) in {share.part for share in shares}):
            return None
        document = paid.display_name or link.number or link.xero_id
        return Problem("payment_undone_here", payment=record.display_name, document=document)

    @api.model
    def _still_pays(self, line, link):
        """Whether a line of a bank statement is reconciled with the document of its link."""
        return link.part in [share.part for share in self._settled(line, self._counterparts(line.move_id))]

    @api.model
    def _is_on_statement(self, record):
        """Whether a bank statement of Odoo's says that the money has moved."""
        if record._name == STATEMENT_LINE:
            return True
        return record._name == self._odoo_model and bool(record.is_matched and record.reconciled_statement_line_ids)

    # === NOT RECONCILED YET === #

    @api.model
    def _is_waiting_here(self, item, move, amount, day):
        """Whether the partner has a payment of that amount in Odoo that nobody has reconciled yet."""
        payments = self.env["account.payment"].search(
            [
                ("company_id", "=", move.company_id.id),
                ("partner_id", "child_of", move.commercial_partner_id.id),
                ("payment_type", "=", "outbound" if item.get("PaymentType") in OUTBOUND_TYPES else "inbound"),
                ("currency_id", "=", move.currency_id.id),
                ("amount", "=", amount),
                ("date", ">=", day - timedelta(days=DAYS_APART)),
                ("date", "<=", day + timedelta(days=DAYS_APART)),
                ("state", "in", BOOKED),
                ("is_reconciled", "=", False),
            ]
        )
        return any(not payment.xero_link_ids.filtered("xero_id") for payment in payments)


# === HELPERS === #


def _part(document):
    """Part of a payment that pays `document`."""
    return f"account.move,{document.id}"
