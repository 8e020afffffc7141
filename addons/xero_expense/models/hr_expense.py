"""Expenses: they show what became of their bill in Xero."""

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from odoo.addons.xero_connector.models.xero_mixin import READERS

# What of a booked expense travels with its bill.
SENT_FIELDS = {"name", "date", "vendor_id"}
# What its bill is made of: who edits that, also before it is booked, does not approve it.
APPROVED_FIELDS = SENT_FIELDS | {
    "account_id",
    "analytic_distribution",
    "currency_id",
    "employee_id",
    "payment_method_line_id",
    "payment_mode",
    "price_unit",
    "product_id",
    "quantity",
    "tax_ids",
    "total_amount",
    "total_amount_currency",
}


class HrExpense(models.Model):
    _inherit = "hr.expense"

    xero_link_id = fields.Many2one(related="account_move_id.xero_link_id", groups=READERS)
    xero_state = fields.Selection(related="account_move_id.xero_state", groups=READERS)
    xero_number = fields.Char(related="account_move_id.xero_number", groups=READERS)
    xero_status_label = fields.Char(related="account_move_id.xero_status_label", groups=READERS)
    xero_payment_state = fields.Selection(related="account_move_id.xero_payment_state", groups=READERS)
    xero_url = fields.Char(related="account_move_id.xero_url", groups=READERS)
    xero_message = fields.Char(related="account_move_id.xero_message", groups=READERS)
    xero_warning = fields.Char(related="account_move_id.xero_warning", groups=READERS)
    xero_waits_for = fields.Char(related="account_move_id.xero_waits_for", groups=READERS)
    xero_can_approve = fields.Boolean(related="account_move_id.xero_can_approve", groups=READERS)
    xero_pushable = fields.Boolean(related="account_move_id.xero_pushable", groups=READERS)
    xero_file_count = fields.Integer(related="account_move_id.xero_file_count", groups=READERS)
    xero_former_link_id = fields.Many2one(
        "xero.link", copy=False, readonly=True, ondelete="set null", groups=fields.NO_ACCESS
    )

    # === CRUD === #

    def write(self, vals):
        # EXTENDS hr_expense
        result = super().write(vals)
        if APPROVED_FIELDS & vals.keys():
            self._xero_after_edit()
        if SENT_FIELDS & vals.keys():
            self.sudo().account_move_id.filtered(lambda move: move.state == "posted")._xero_mark_outdated()
        return result

    # === GROUP === #

    def _read_group_groupby(self, alias, groupby_spec, query):
        # EXTENDS base: the state lives on the link of the bill, lists still group by it
        if groupby_spec != "xero_state":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields["xero_state"], "read")
        return super()._read_group_groupby(alias, "account_move_id.xero_state", query)

    def _read_group_postprocess_groupby(self, groupby_spec, raw_values):
        # EXTENDS base
        if groupby_spec == "xero_state":
            return tuple(value or False for value in raw_values)
        return super()._read_group_postprocess_groupby(groupby_spec, raw_values)

    # === ACTIONS === #

    def action_xero_push(self):
        """Push the bills of these expenses to Xero.

        :return: what pushing the bills returns
        :raises UserError: not connected, or an expense that is not posted
        """
        self.check_access("read")
        return self._xero_bills().action_xero_push()

    def action_xero_dry_run(self):
        """Show the exact body and the expected totals of the bill; nothing is sent.

        :raises UserError: not connected, or an expense that is not posted
        """
        self.check_access("read")
        return self._xero_bills().action_xero_dry_run()

    def action_xero_approve(self):
        """Approve the bills of these expenses.

        :raises UserError: a bill does not wait for an approval, or not for this user's
        """
        self.check_access("read")
        return self._xero_bills().action_xero_approve()

    def action_xero_reject(self):
        """Ask for the reason, then keep the bills of these expenses back until they change."""
        self.check_access("read")
        return self._xero_bills().action_xero_reject()

    def action_xero_refresh(self):
        """Read the bill from Xero again: its status and totals there."""
        self.check_access("read")
        return self.account_move_id.action_xero_refresh()

    def action_xero_open(self):
        """Open the bill in Xero."""
        self.check_access("read")
        return self._xero_bills().action_xero_open()

    def action_xero_history(self):
        """Everything that happened between the bill and Xero."""
        self.check_access("read")
        return self._xero_bills().action_xero_history()

    # === BUSINESS === #

    def _xero_after_edit(self):
        """Remember who edits what is to be approved; where nothing is, it costs no query."""
        if self.env.uid == SUPERUSER_ID:
            return
        connections, approvals = self.env["xero.connection"], self.env["xero.approval"]
        for company, expenses in self.sudo().grouped("company_id").items():
            connection = connections._for_company(company)
            if connection and "expense" in self.env["xero.approval.rule"]._ids_by_kind(company.id):
                noted = expenses.filtered(
                    lambda expense: self.env.user not in approvals._involved(expense.account_move_id or expense)
                )
                self.env["xero.event"]._log_person(connection, {"invoice": noted}, "edited")

    def _xero_bills(self):
        """Odoo's documents that become the bills of these expenses.

        :raises UserError: an expense is not posted
        """
        waiting = self.filtered(lambda expense: not expense.account_move_id)
        if waiting:
            raise UserError(
                self.env._(
                    "%s is not posted yet: approve it and post its journal entry, then push again.",
                    ", ".join(waiting.mapped("name")),
                )
            )
        return self.account_move_id

    def _xero_mark_files(self):
        """A receipt of these expenses has come or changed: the next push of their bills sends it."""
        self.sudo().account_move_id._xero_mark_files()
