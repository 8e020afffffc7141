"""What fills Xero's two tracking categories (CFG-04, TRK-02)."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .xero_tracking_map import SOURCES

SLOTS = ("1", "2")
NAMED_BY = [
    ("option", "The option chosen on the account"),
    ("name", "Its name"),
    ("code", "Its reference, else its name"),
    ("group", "The plan that it is in"),
]


class Slot(NamedTuple):
    """A tracking category in use: what fills it, by which plan, and what names the option of an analytic account."""

    source: str
    plan: models.BaseModel
    category: models.BaseModel
    named_by: str


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    tracking_1_source = fields.Selection(SOURCES, "First category by")
    tracking_1_plan_id = fields.Many2one("account.analytic.plan", "First Plan", domain="[('parent_id', '=', False)]")
    tracking_1_category_id = fields.Many2one(
        "xero.tracking.category", "Tracking Category 1", domain="[('connection_id', '=', id)]"
    )
    tracking_1_named_by = fields.Selection(NAMED_BY, "First option by", default="option", required=True)
    tracking_2_source = fields.Selection(SOURCES, "Second category by")
    tracking_2_plan_id = fields.Many2one("account.analytic.plan", "Second Plan", domain="[('parent_id', '=', False)]")
    tracking_2_category_id = fields.Many2one(
        "xero.tracking.category", "Tracking Category 2", domain="[('connection_id', '=', id)]"
    )
    tracking_2_named_by = fields.Selection(NAMED_BY, "Second option by", default="option", required=True)
    create_tracking_options = fields.Boolean(
        "Create missing options",
        help="An option that is missing in Xero is made there with the first document that needs it. "
        "Tracking categories are never made.",
    )
    tracking_split = fields.Selection(
        [("split", "Becomes several lines"), ("exception", "Is reported")],
        "A line on several accounts",
        default="split",
        required=True,
        help="A line in Xero has one option of a category; an analytic distribution may name several by percentage.",
    )

    @api.constrains(
        "tracking_1_source",
        "tracking_1_plan_id",
        "tracking_1_category_id",
        "tracking_2_source",
        "tracking_2_plan_id",
        "tracking_2_category_id",
    )
    def _check_tracking(self):
        for connection in self:
            first, second = connection.tracking_1_category_id, connection.tracking_2_category_id
            if first and first == second:
                raise ValidationError(self.env._("%s can be filled from one source only.", first.name))
            if (first | second).connection_id - connection:
                raise ValidationError(self.env._("Choose tracking categories of this organisation."))
            for slot in SLOTS:
                source, plan = connection[f"tracking_{slot}_source"], connection[f"tracking_{slot}_plan_id"]
                if source == "plan" and not plan:
                    raise ValidationError(self.env._("Choose the analytic plan that fills tracking category %s.", slot))

    def _tracking_slots(self):
        """List of :class:`Slot` in use."""
        self.ensure_one()
        slots = []
        for slot in SLOTS:
            source, category = self[f"tracking_{slot}_source"], self[f"tracking_{slot}_category_id"]
            if source and category and category.active and category.tenant_id == self.tenant_id:
                plan, named_by = self[f"tracking_{slot}_plan_id"], self[f"tracking_{slot}_named_by"]
                slots.append(Slot(source, plan, category, named_by))
        return slots

    def _tracks_user(self):
        """Whether Xero is told who has sold or bought something, or his department; no connection tells nothing."""
        slots = self._tracking_slots() if self else ()
        return any(slot.source in ("salesperson", "department") for slot in slots)

    def action_open_tracking_map(self):
        """Options of partners, journals and the like, where their names are not the option's."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tracking"),
            "res_model": "xero.tracking.map",
            "views": [(False, "list")],
            "domain": [("connection_id", "=", self.id)],
        }
