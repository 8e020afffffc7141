"""Time off on its way to Xero."""

from odoo import api, models
from odoo.exceptions import UserError

PLACE = ("request_date_from", "request_date_to", "holiday_status_id", "employee_id")
# How long it is hangs on the working schedule, too.
STATES = ("state", *PLACE, "resource_calendar_id", "date_from", "date_to")
TAKEN_BACK = ("refuse", "cancel")
GOES_WITH = "leave_goes_with"


class HrLeave(models.Model):
    _inherit = "hr.leave"

    # === HOOKS === #

    @api.model
    def _xero_main_links(self):
        # EXTENDS xero.mixin
        return [("dataset", "=", "leave_application")]

    def _xero_wants_note(self):
        # EXTENDS xero.mixin: before it is granted nobody asks
        return self.state == "validate" and bool(self.xero_pay_item_id)

    # === CRUD === #

    def write(self, vals):
        # EXTENDS hr_holidays: what Xero has of it, and of its neighbours, may no longer agree
        moved = any(name in vals for name in STATES) and not self.env.context.get("xero_no_echo")
        near = self._xero_neighbours() if moved else self.browse()
        result = super().write(vals)
        if moved:
            (self | near if vals.get("state") in TAKEN_BACK else self)._xero_part()
            (near | self._xero_neighbours())._xero_mark_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_in_xero(self):
        """What is in Xero is refused or cancelled, so that it is taken back there (XQ-09)."""
        (self | self._xero_heads()).sudo()._check_not_on_its_way()
        for leave in self.sudo():
            head = leave._xero_heads()
            sent = leave.xero_link_id.xero_id or (head != leave and head.xero_state == "synced")
            if sent and "rejected" not in (leave.xero_leave_status, head.xero_leave_status):
                raise UserError(
                    self.env._(
                        "%s is in Xero: refuse or cancel it and push that before you delete it.", leave.display_name
                    )
                )

    def unlink(self):
        # EXTENDS hr_holidays: what was one application with these is another one now
        near = self._xero_neighbours() - self
        result = super().unlink()
        near._xero_mark_changed()
        return result

    # === ACTIONS === #

    def action_xero_push(self):
        # EXTENDS xero.mixin: what is one application with others goes with the first of them
        return super(HrLeave, self._xero_heads()).action_xero_push()

    # === HELPERS === #

    def _xero_heads(self):
        """The leaves under which these are in Xero."""
        heads = self.browse()
        for leave in self:
            connection = self.env["xero.connection"]._for_company(leave._xero_company())
            together = connection and leave.state == "validate" and leave.employee_id
            heads |= connection._dataset("leave_application")._group(leave)[0].with_env(self.env) if together else leave
        return heads

    def _xero_neighbours(self):
        """These leaves, and those that are one application with them."""
        found = self
        for leave in self.filtered(lambda leave: leave.state == "validate" and leave.request_date_from):
            connection = self.env["xero.connection"]._for_company(leave._xero_company())
            if connection and connection.state == "connected":
                found |= connection._dataset("leave_application")._group(leave).with_env(self.env)
        return found

    def _xero_part(self):
        """Leave that went with others and stands alone now has no part in their application, and none of its own.

        While people think about it, it is in Xero as it went.
        """
        decided = self.sudo().filtered(
            lambda leave: leave.xero_leave_status and leave.state in (*TAKEN_BACK, "validate")
        )
        went = decided.filtered(lambda leave: not leave.xero_link_ids.filtered("xero_id"))
        went.filtered(lambda leave: leave._xero_heads() == leave).xero_leave_status = False

    def _xero_mark_changed(self):
        links = self.env["xero.link"].sudo()
        links._mark_changed(self._name, self.ids)
        # Who stood aside for another leave may have to go on its own now.
        aside = [("model", "=", self._name), ("res_id", "in", self.ids), ("reason", "=", GOES_WITH)]
        links.search([*aside, ("xero_id", "=", False)]).unlink()
