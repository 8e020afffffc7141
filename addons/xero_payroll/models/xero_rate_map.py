"""Which earnings rate hours are paid under, from which day on (XQ-32)."""

from odoo import api, fields, models

KINDS = ("project.task", "project.project", "hr.work.entry.type")


class XeroRateMap(models.Model):
    """One choice; the most specific kind of hours wins, then the latest day that has come."""

    _name = "xero.rate.map"
    _description = "Xero Earnings Rate of Hours"
    _order = "connection_id, date_from desc, id"

    connection_id = fields.Many2one(
        "xero.connection",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["xero.connection"]._for_company(self.env.company),
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    kind_ref = fields.Reference(
        "_selection_kind_ref", "Hours of", help="A task, a project or a type of work; empty: all hours."
    )
    pay_item_id = fields.Many2one(
        "xero.pay.item",
        "Earnings Rate",
        required=True,
        ondelete="cascade",
        domain="[('connection_id', '=', connection_id), '|', ('for_timesheets', '=', True), ('kind', '=', 'leave')]",
    )
    date_from = fields.Date("From", required=True, default="2000-01-01", help="Holds for hours from this day on.")

    @api.model
    def _selection_kind_ref(self):
        models_ = self.env["ir.model"].sudo()
        return [(name, models_._get(name).name) for name in KINDS if name in self.env]

    # === BUSINESS === #

    def _rate_of(self, entry):
        """Earnings rate of an :class:`~.xero_hours.Entry`, empty when nothing was chosen for it.

        :param self: all rows of one organisation
        """
        begun = self.filtered(lambda row: row.date_from <= entry.date).sorted("date_from", reverse=True)
        for kind in (*entry.kinds, None):
            for row in begun:
                if (row.kind_ref or None) == kind:
                    return row.pay_item_id
        return self.env["xero.pay.item"]
