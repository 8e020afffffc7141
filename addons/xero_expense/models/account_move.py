"""Entries of expenses: the receipt of what an employee paid, and the payment of what the company paid."""

from odoo import models

from ..datasets.invoice_check import counts_in_xero


class AccountMove(models.Model):
    _inherit = "account.move"

    # === WHICH EXPENSES === #

    def _xero_expenses(self):
        """Expenses that these entries stand for; also when Odoo has taken them off a cancelled one."""
        booked = self.filtered(lambda move: move.move_type == "in_receipt" or move._xero_company_expense())
        return booked.sudo().line_ids.expense_id

    def _xero_company_expense(self):
        """The expense that the company paid by this entry; empty for all other entries."""
        expenses = self.env["hr.expense"].sudo()
        if self.move_type != "entry" or not self.sudo().origin_payment_id or self.reversed_entry_id:
            return expenses
        return self.sudo().line_ids.expense_id[:1]

    # === HOOKS === #

    def _xero_dataset_key(self):
        # EXTENDS xero_connector
        return "invoice" if self._xero_company_expense() else super()._xero_dataset_key()

    def _xero_files_switch(self):
        # EXTENDS xero_connector
        return "include_ap_attachments" if self._xero_company_expense() else super()._xero_files_switch()

    def _xero_files(self, connection):
        # EXTENDS xero_connector: receipts of the expenses, too; Odoo has copied those that were there when it posted,
        # on each receipt also those of the other employees
        files = super()._xero_files(connection)
        for move in self.filtered(lambda move: move._xero_expenses() and move._xero_sends_files(connection)):
            found = files.get(move.id, self.env["ir.attachment"].sudo())
            domain = [("res_model", "=", "hr.expense"), ("res_field", "=", False), ("type", "=", "binary")]
            own = found.search([*domain, ("res_id", "in", move._xero_expenses().ids)], order="id")
            same = found.search([*domain, ("checksum", "in", found.mapped("checksum"))])
            foreign = set(same.mapped("checksum")) - set(own.mapped("checksum"))
            files[move.id] = found.filtered(lambda file, foreign=foreign: file.checksum not in foreign) | own
        return files

    # === APPROVAL === #

    def _xero_content(self):
        # EXTENDS xero_connector: the expense says whom its bill is for
        content = super()._xero_content()
        if expenses := self._xero_expenses().sorted("id"):
            content["expenses"] = [
                [expense.id, expense.vendor_id.id, expense.name, str(expense.date)] for expense in expenses
            ]
        return content

    # === POSTED ANEW === #

    def _xero_former_links(self):
        """Links of earlier bills of these expenses that still count in Xero."""
        return self.sudo().expense_ids.xero_former_link_id.filtered(counts_in_xero)

    def _xero_remember_bills(self):
        """Let the expenses of these entries know the bill that they leave in Xero; the links of those."""
        left = self.env["xero.link"].sudo()
        for move in self.sudo().filtered("expense_ids"):
            if counts_in_xero(move.xero_link_id):
                move.expense_ids.xero_former_link_id = move.xero_link_id
                left |= move.xero_link_id
        return left

    def _xero_take_over(self):
        """Expenses that are posted again go on with the bill of their deleted receipt, when they are the same."""
        for move in self.sudo().filtered("expense_ids"):
            former = move._xero_former_links()
            told = self.env["hr.expense"].sudo().search([("xero_former_link_id", "in", former.ids)])
            if len(former) != 1 or former.active or told != move.expense_ids or move.xero_link_id:
                continue
            parts = (f"account.move,{former.res_id}", f"account.move,{move.id}")
            files = former.with_context(active_test=False).search([("part", "=", parts[0])])
            files.filtered(lambda link: link.dataset == "attachment").part = parts[1]
            former.write({"res_id": move.id, "active": True, "state": "outdated", "reason": False})
            told.xero_former_link_id = False
            self.env["xero.exception"]._close_code(former, "expense_bill_left")
            move.invalidate_recordset(["xero_link_ids", "xero_link_id"])

    # === CRUD === #

    def _post(self, soft=True):
        # EXTENDS account
        self._xero_take_over()
        return super()._post(soft)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        # EXTENDS hr_expense, which takes the expenses off: a credit note of a receipt travels, an entry's reversal not
        left = self.filtered(lambda move: move._xero_company_expense())._xero_remember_bills()
        result = super()._reverse_moves(default_values_list, cancel)
        left._xero_report_left()
        return result

    def button_cancel(self):
        # EXTENDS hr_expense, which takes the expenses off
        self._xero_remember_bills()
        return super().button_cancel()

    def unlink(self):
        # EXTENDS xero_connector
        left = self._xero_remember_bills()
        result = super().unlink()
        left._xero_report_left()
        return result
