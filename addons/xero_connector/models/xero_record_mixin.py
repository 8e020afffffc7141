"""Rows that speak of one record of any model: its name, and the way to it."""

from odoo import api, fields, models


class XeroRecordMixin(models.AbstractModel):
    """For models with the fields ``model`` and ``res_id``."""

    _name = "xero.record.mixin"
    _description = "Xero Row About a Record"

    record_name = fields.Char("Record", compute="_compute_record_name")

    @api.depends("model", "res_id")
    def _compute_record_name(self):
        for model, rows in self.grouped("model").items():
            names = {}
            if model and model in self.env:
                records = self.env[model].browse(rows.mapped("res_id")).exists()
                names = {record.id: record.display_name for record in records._filtered_access("read")}
            for row in rows:
                row.record_name = names.get(row.res_id) or row._name_without_record()

    def _name_without_record(self):
        """What stands for a record that is gone or that the reader may not see."""
        return False

    def action_open_record(self):
        """Open the record."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
