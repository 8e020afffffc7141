"""Tracking categories and their options."""

from odoo import api, models

from .reference import ACTIVE, told_status


class XeroDatasetTrackingCategory(models.AbstractModel):
    """Operation getTrackingCategories; categories are never created there."""

    _name = "xero.dataset.tracking_category"
    _inherit = "xero.dataset.reference"
    _description = "Xero Tracking Categories"

    _key = "tracking_category"
    _xero_path = "/TrackingCategories"
    _xero_plural = "TrackingCategories"
    _xero_id = "TrackingCategoryID"
    _odoo_model = "xero.tracking.category"
    _pull_sequence = 50

    @api.model
    def _list_params(self):
        return {"includeArchived": "true"}

    @api.model
    def _prepare_vals(self, item):
        return {
            "xero_id": item.get("TrackingCategoryID"),
            **_said(item),
        }

    @api.model
    def _store(self, items):
        counts = super()._store(items)
        categories = self.env["xero.tracking.category"].with_context(active_test=False)
        categories = categories.search([("connection_id", "=", self._connection.id)])
        by_id = categories.grouped("xero_id")
        for item in items:
            if self._store_options(by_id[item["TrackingCategoryID"]], item.get("Options") or []):
                counts["updated"] += 1
        return counts

    @api.model
    def _store_options(self, category, items):
        """Options of one category as Xero lists them; whether anything changed."""
        model = self.env["xero.tracking.option"].with_context(active_test=False)
        found = model.search([("category_id", "=", category.id)])
        rows = {row.xero_id: row for row in found.filtered("xero_id")}
        new = {row.name.casefold(): row for row in found if not row.xero_id}
        to_create, changes = [], 0
        # An option without an id, or the same one twice, would break the whole list.
        for item in {item["TrackingOptionID"]: item for item in items if item.get("TrackingOptionID")}.values():
            xero_id = item["TrackingOptionID"]
            vals = {name: value for name, value in _said(item).items() if value is not None}
            vals["xero_id"] = xero_id
            row = rows.pop(xero_id, None) or new.pop(vals.get("name", "").casefold(), None)
            if row is None:
                to_create.append({"name": xero_id, **vals, "category_id": category.id})
            elif changed := self._changed(row, vals):
                row.write(changed)
                changes += 1
        model.create(to_create)
        for row in rows.values():
            if row.active:
                row.write({"active": False, "status": "DELETED"})
                changes += 1
        return changes + len(to_create)


def _said(item):
    """Name and status of a category or an option, ``None`` where they cannot be read."""
    status = told_status(item)
    said = {"name": item.get("Name") or None, "status": status}
    return {**said, "active": status == ACTIVE} if status else said
