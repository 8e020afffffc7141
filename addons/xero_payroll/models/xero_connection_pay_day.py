"""What is read of Xero on a pay day, when most of its calls go to the hours themselves (docs/payroll.md)."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..regions import ALL

AT_ONCE = 50  # people of whom each list is read while somebody waits; lists of more follow at night


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    # === BUSINESS === #

    def _is_pay_day(self, day):
        """Whether people are paid on that day, by the settings or by Xero's calendars."""
        return self._pay_day_after(day, itself=True) == day

    def _waits_for_night(self, key):
        """Whether a data set costs a call for each of so many people that a pay day has no room for it."""
        if key not in ALL or not self._dataset(key)._of_employee:
            return False
        return len(self._dataset("employee")._employee_links()) > AT_ONCE

    def _pull_balances(self):
        """Read the leave balances that a pay run has changed: now, those of many people in the night after (K20)."""
        if not self._dataset("leave_balance")._is_pulled():
            return
        if self._waits_for_night("leave_balance"):
            self._schedule("leave_balance").again_at = self._next_midnight(fields.Datetime.now())
        else:
            self.pull("leave_balance", "schedule")

    # === ACTIONS === #

    def action_import_payroll(self):
        """Bring in everything of payroll that is switched on; lists of many people, once known, follow at night."""
        self.ensure_one()
        connection = self.sudo()
        if refusal := connection._payroll_refusal("employee"):
            raise UserError(refusal)
        keys = [key for key in connection._pulled_keys() if key in ALL]
        later = [key for key in keys if connection._waits_for_night(key) and connection._schedule(key).last_success]
        outcome = self._import([key for key in keys if key not in later])
        if later:
            labels = ", ".join(connection._dataset_label(key) for key in later)
            later_text = self.env._("Of so many people these follow at night, to save Xero's calls: %s.", labels)
            outcome["params"]["message"] = f"{outcome['params']['message']} {later_text}"
        return outcome
