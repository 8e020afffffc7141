"""Pay templates of Xero's, for companies that send hours there instead of timesheets (PRL-05)."""

from odoo import api, fields, models

from odoo.addons.xero_connector import values


class XeroPayTemplate(models.Model):
    """What one employee is paid each period in Xero, as it was read last; the base of what is sent next."""

    _name = "xero.pay.template"
    _description = "Xero Pay Template"
    _order = "employee_id"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    tenant_id = fields.Char(required=True, readonly=True)
    employee_id = fields.Many2one("hr.employee", required=True, ondelete="cascade", index=True, readonly=True)
    content = fields.Text(readonly=True, groups=fields.NO_ACCESS, help="As Xero has it, salary and all.")
    pay_item_ids = fields.Many2many(
        "xero.pay.item", string="Hours from Odoo", readonly=True, help="Earnings rates whose hours Odoo has set."
    )
    read_at = fields.Datetime(readonly=True)

    _employee_unique = models.Constraint(
        "UNIQUE(tenant_id, employee_id)", "The pay template of this employee is here already."
    )

    # === BUSINESS === #

    @api.model
    def _of(self, employee, connection):
        """The template of an employee in the organisation of `connection`; not saved yet where none was read."""
        known = self.sudo().search(
            [("tenant_id", "=", connection.tenant_id), ("employee_id", "=", employee.id)], limit=1
        )
        return known or self.sudo().new(
            {"connection_id": connection.id, "tenant_id": connection.tenant_id, "employee_id": employee.id}
        )

    def _lists(self):
        """Its lists of lines in the common spelling, ``None`` while nothing was read."""
        return values.loads(self.content) if self.content else None

    def _keep(self, lists):
        """Xero holds `lists` now."""
        vals = {"content": values.dumps(lists).decode(), "read_at": fields.Datetime.now()}
        if self.id:
            self.write(vals)
            return
        owner = {name: self[name].id for name in ("connection_id", "employee_id")}
        ours = [fields.Command.set(self.pay_item_ids.ids)]
        self.create({**owner, "tenant_id": self.tenant_id, "pay_item_ids": ours, **vals})

    def _hours(self):
        """``{earnings rate: hours}`` that Odoo has set and that are there still."""
        lines = (self._lists() or {}).get("EarningsLines") or ()
        held = {line.get("EarningsRateID"): line.get("NormalNumberOfUnits") for line in lines}
        return {item: held[item.xero_id] for item in self.pay_item_ids if held.get(item.xero_id)}
