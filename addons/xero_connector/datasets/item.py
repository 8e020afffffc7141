"""Items of Xero's price list, and the products that they are."""

from odoo import api, models

from .problem import Problem
from .pulled import TWO_SIDED, Result
from .statuses import UNDER_WAY


class XeroDatasetItem(models.AbstractModel):
    """Operations getItems, getItem; a product is known by its internal reference."""

    _name = "xero.dataset.item"
    _inherit = "xero.dataset"
    _description = "Xero Items"

    _key = "item"
    _xero_path = "/Items"
    _xero_plural = "Items"
    _xero_id = "ItemID"
    _odoo_model = "product.product"
    _knows_changes = True
    _pull_sequence = 80
    _amounts = ("QuantityOnHand", "TotalCostPool")
    _switches = ("sync_items",)
    _by_value = True
    _direction = "item_direction"
    _pull_codes = TWO_SIDED

    # === HOOKS === #

    @api.model
    def _pull_params(self):
        # EXTENDS xero.dataset
        return {"unitdp": 4}

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset
        return " ".join(filter(None, (item.get("Code"), item.get("Name"))))

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset
        tracked = bool(item.get("IsTrackedAsInventory"))
        return {
            **super()._read_answer(item),
            "number": item.get("Code"),
            "figures": {"is_tracked": tracked, "quantity": float(item.get("QuantityOnHand") or 0) if tracked else 0},
        }

    @api.model
    def _match(self, items):
        # EXTENDS xero.dataset
        codes = {item["ItemID"]: (item.get("Code") or "").strip() for item in items}
        connection = self._connection
        products = self.env["product.product"].with_context(active_test=False)
        products = products.search(
            [
                ("default_code", "in", list(codes.values())),
                ("company_id", "in", (False, connection.company_id.id)),
            ]
        )
        by_code = products.grouped("default_code")
        linked = set(self.env["xero.link"]._of(products, connection, self._key).filtered("xero_id").mapped("res_id"))
        matched = {}
        for item in items:
            found = by_code.get(codes[item["ItemID"]], products.browse()).filtered(lambda p: p.id not in linked)
            found = found.filtered("active") or found  # one that rests is better than a second one
            if len(found) > 1:
                matched[item["ItemID"]] = Problem("product_ambiguous", code=item["Code"], count=len(found))
            elif found:
                matched[item["ItemID"]] = found
        return matched

    @api.model
    def _take_in_match(self, item, record):
        return Result(item, "linked", record_id=record.id, values={"value_prints": self._value_prints(item)})

    @api.model
    def _take_in_new(self, items):
        if not self._connection.create_products:
            return [Result(item, "missing") for item in items]
        products = self.env["product.product"].create([self._prepare_new(item) for item in items])
        return [
            Result(item, "created", record_id=product.id, values={"value_prints": self._value_prints(item)})
            for item, product in zip(items, products, strict=True)
        ]

    @api.model
    def _take_in_linked(self, item, link, record):
        if link.state in UNDER_WAY:
            # Odoo's values are on their way; the element is looked at again afterwards.
            return Result(item, "unchanged", link=link, values={"pull_hash": False})
        if not self._is_edited(item, link):
            return Result(item, "unchanged", link=link)
        taken = {"value_prints": self._value_prints(item)}
        vals = self._edited(self._news(record, item), taken, link)
        both = vals and link.state != "synced" and self._connection.item_direction == "both"
        if both and (result := self._both_changed(item, link, record, vals, taken)):
            return result
        if vals:
            record.write(vals)
            self._mark_elsewhere(record)
        return Result(item, "updated" if vals else "unchanged", link=link, values=taken)

    @api.model
    def _news(self, record, item):
        """Values of Xero's that `record` does not hold, and may take."""
        vals = self._differing(record, self._prepare_vals(item))
        for name in self._echoed(record, item):
            vals.pop(name, None)
        if "is_storable" in record._fields and record.is_storable:
            # The cost of stock is a valuation, and Odoo's own business.
            vals.pop("standard_price", None)
        if record.product_tmpl_id.product_variant_count > 1 or self._is_shared(record):
            # What belongs to other variants or companies, too, is only filled in where it is empty.
            vals = {name: value for name, value in vals.items() if not record[name]}
        return vals

    @api.model
    def _is_shared(self, record):
        """Whether another organisation of this database sells the same product."""
        links = [
            ("model", "=", record._name),
            ("res_id", "=", record.id),
            ("tenant_id", "!=", self._connection.tenant_id),
        ]
        return bool(self.env["xero.link"].search_count(links, limit=1))

    # === VALUES === #

    @api.model
    def _prepare_vals(self, item):
        """Product values; a price that Xero does not have leaves Odoo's alone (ITM-02)."""
        return {
            "name": item.get("Name") or "",
            "default_code": (item.get("Code") or "").strip(),
            "description_sale": item.get("Description") or "",
            "description_purchase": item.get("PurchaseDescription") or "",
            "list_price": float((item.get("SalesDetails") or {}).get("UnitPrice") or 0),
            "standard_price": float((item.get("PurchaseDetails") or {}).get("UnitPrice") or 0),
        }

    @api.model
    def _prepare_new(self, item):
        vals = {name: value for name, value in self._prepare_vals(item).items() if value}
        return {
            **vals,
            "name": vals.get("name") or vals.get("description_sale") or vals["default_code"],
            "sale_ok": item.get("IsSold", True),
            "purchase_ok": item.get("IsPurchased", True),
            "company_id": self._connection.company_id.id if self._connection.new_partner_company == "own" else False,
        }
