"""Leave of whoever has left: Xero takes none from outside, payroll enters it there (XQ-31)."""

from odoo import fields, models

from .hr_leave_push import STATES

BY_HAND = "leave_by_hand"


class HrLeave(models.Model):
    _inherit = "hr.leave"

    xero_by_hand = fields.Boolean("Entered in Xero", readonly=True, copy=False, groups=fields.NO_ACCESS)

    # === CRUD === #

    def write(self, vals):
        # EXTENDS hr_holidays: what was entered by hand was entered as it stood then
        result = super().write(vals)
        if any(name in vals for name in STATES):
            again = self.sudo().filtered("xero_by_hand")
            again.xero_by_hand = False
            links = again.xero_link_ids.filtered(lambda link: link.reason == BY_HAND)
            links.filtered("xero_id").write({"state": "outdated", "reason": False})
            links.filtered(lambda link: not link.xero_id).unlink()
        return result

    # === BUSINESS === #

    def _xero_stand_by_hand(self):
        """Remember that payroll has put this leave right in Xero; who said so stands in its history.

        :raises AccessError: the user may not see it, or is no payroll user
        :raises UserError: some of it is on its way to Xero
        """
        self.check_access("read")
        self._check_payroll_user()
        self._check_not_on_its_way()
        self.sudo().xero_by_hand = True
        self._xero_enter_by_hand(BY_HAND)
        for leave in self.sudo():
            leave.message_post(
                body=self.env._("%s: this leave is as it should be in Xero, entered by hand.", self.env.user.name),
                author_id=self.env.user.partner_id.id,
            )
