"""Another date in Xero for one document whose own lies in a locked period (books B15)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

LOCKED = ("locked_period", "locked_year")


class XeroMoveDate(models.TransientModel):
    """An approver decides on one document; Odoo's own date stays."""

    _name = "xero.move.date"
    _description = "Another Date for Xero"

    exception_id = fields.Many2one("xero.exception", required=True, readonly=True, ondelete="cascade")
    record_name = fields.Char(related="exception_id.record_name")
    cause = fields.Char(related="exception_id.cause")
    own_date = fields.Date("Date in Odoo", readonly=True)
    date = fields.Date("Date in Xero")

    @api.model
    def _open(self, problem):
        """Ask for the date.

        :param problem: one ``xero.exception`` of a document
        :raises UserError: the document must keep its date
        """
        _connection, dataset, record = problem._for_cure()
        self._check_movable(problem, dataset, record)
        wizard = self.create(
            {
                "exception_id": problem.id,
                "own_date": record.date,
                "date": self._first_open_day(problem.sudo().connection_id),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Another date for Xero: %s", problem.record_name or ""),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _check_movable(self, problem, dataset, record):
        """Raise a UserError unless the user may send `record` under another date."""
        if not self.env.user.has_group("xero_connector.group_xero_approver"):
            raise UserError(self.env._("An approver decides whether a document goes to Xero under another date."))
        if problem.code not in LOCKED or record._name != "account.move" or not dataset._date_can_move:
            raise UserError(self.env._("%s keeps its date.", record.display_name))
        if record.is_sale_document(include_receipts=True) and record.is_move_sent:
            raise UserError(
                self.env._("%s was sent to the customer: it keeps its date in Xero, too.", record.display_name)
            )

    @api.model
    def _first_open_day(self, connection):
        locked = [day for day in (connection.period_lock_date, connection.end_of_year_lock_date) if day]
        return max([*(day + timedelta(days=1) for day in locked), fields.Date.context_today(self)])

    def action_move(self):
        """Send the document under the chosen date; the history and the link say so.

        :raises UserError: that date is locked, too, or the document must keep its date
        """
        self.ensure_one()
        problem = self.exception_id
        connection, dataset, record = problem._for_cure()
        self._check_movable(problem, dataset, record)
        locked = max(filter(None, (connection.period_lock_date, connection.end_of_year_lock_date)), default=None)
        if not self.date:
            raise UserError(self.env._("Choose the date under which %s goes to Xero.", self.record_name))
        if locked and self.date <= locked:
            raise UserError(self.env._("Xero is locked to %s. Choose a later date.", locked))
        link = problem.sudo().link_id
        link.write({"date_override": self.date, "date_moved_by_id": self.env.uid})
        self.env["xero.event"]._log(
            link,
            "date_moved",
            "warning",
            user=self.env.user,
            arguments={"own": str(record.date), "date": str(self.date)},
        )
        return problem.action_retry()
