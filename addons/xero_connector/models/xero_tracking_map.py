"""Which option of a tracking category stands for a partner, a salesperson, a journal, a branch ..."""

from odoo import api, fields, models, tools

# Sources beside analytic plans: the model whose records a tracking category tells apart.
SOURCES = [
    ("plan", "Analytic plan"),
    ("partner", "Customer or vendor"),
    ("salesperson", "Salesperson"),
    ("department", "Department of the salesperson"),
    ("category", "Product category"),
    ("journal", "Journal"),
    ("branch", "Branch"),
]
MODELS = {
    "partner": "res.partner",
    "salesperson": "res.users",
    "department": "hr.department",
    "category": "product.category",
    "journal": "account.journal",
    "branch": "res.company",
}


class XeroTrackingMap(models.Model):
    """One record of Odoo's and its option; what is not listed goes by an option of exactly its name."""

    _name = "xero.tracking.map"
    _description = "Xero Tracking Mapping"
    _order = "category_id, model, res_id"

    category_id = fields.Many2one("xero.tracking.category", required=True, ondelete="cascade", index=True)
    connection_id = fields.Many2one(related="category_id.connection_id", store=True, index=True)
    company_id = fields.Many2one(related="category_id.company_id", store=True, index=True)
    record = fields.Reference(
        selection="_selection_record", string="In Odoo", compute="_compute_record", inverse="_inverse_record"
    )
    model = fields.Char()
    res_id = fields.Many2oneReference("Record ID", model_field="model")
    option_id = fields.Many2one(
        "xero.tracking.option",
        "Option in Xero",
        ondelete="cascade",
        domain="[('category_id', '=', category_id), ('xero_id', '!=', False)]",
        help="Empty: this one is not told to Xero.",
    )

    _record_unique = models.Constraint("UNIQUE(category_id, model, res_id)", "This record has an option already.")

    @api.model
    def _selection_record(self):
        return [(name, self.env[name]._description) for name in MODELS.values() if name in self.env]

    @api.depends("model", "res_id")
    def _compute_record(self):
        for row in self:
            known = row.model in self.env and row.res_id
            row.record = f"{row.model},{row.res_id}" if known else False

    def _inverse_record(self):
        for row in self.filtered("record"):
            row.write({"model": row.record._name, "res_id": row.record.id})

    @api.model_create_multi
    def create(self, vals_list):
        """Create from ``record`` or from model and id; the cached options are forgotten."""
        self.env.registry.clear_cache()
        for vals in vals_list:
            if vals.get("record"):
                model, res_id = vals.pop("record").split(",")
                vals.update(model=model, res_id=int(res_id))
        return super().create(vals_list)

    def write(self, vals):
        """Write, and forget the cached options."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Delete, and forget the cached options."""
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache("category_id", "model", "res_id")
    def _option_id(self, category_id, model, res_id):
        """Id of the option that stands for a record, ``False`` for none, ``None`` when nobody has said."""
        domain = [("category_id", "=", category_id), ("model", "=", model), ("res_id", "=", res_id)]
        row = self.sudo().search(domain, limit=1)
        return row.option_id.id if row else None

    @api.depends("category_id", "option_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.category_id.name}: {row.option_id.name or '-'}"
