"""Items on the lines of documents (ITM-07): their code, and a warning when Xero has less than is sold."""

from collections import defaultdict

from odoo import api, models

from .amounts import UNIT, ZERO, decimal
from .problem import Problem
from .statuses import UNDER_WAY


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _item_products(self, records):
        """Products on the lines of `records` that can be items."""
        products = records.invoice_line_ids.filtered(lambda line: line.display_type == "product").product_id
        return products.filtered(lambda product: (product.default_code or "").strip())

    @api.model
    def _dependencies(self, records):
        # EXTENDS xero.dataset.document
        needed = super()._dependencies(records)
        if self._connection.send_item_codes and self._connection.item_direction != "pull":
            needed["item"] = self._item_products(records)
        return needed

    @api.model
    def _prepare_payload(self, record, link):
        # EXTENDS xero.dataset.document: an item that is on its way is waited for, a refused one is not
        if self._connection.send_item_codes:
            for product in self._item_products(record):
                item = product.xero_link_id
                if not item.xero_id and item.state in UNDER_WAY:
                    raise Problem("item_under_way", state="queued", product=product.display_name)
        return super()._prepare_payload(record, link)

    @api.model
    def _amount_item(self, aml, line, text):
        # EXTENDS xero.dataset.document
        item = super()._amount_item(aml, line, text)
        link = aml.product_id.xero_link_id
        if self._connection.send_item_codes and aml.display_type == "product" and link.xero_id and link.number:
            item["ItemCode"] = link.number
        return item

    @api.model
    def _notes(self, record):
        # EXTENDS xero.dataset.document
        notes = super()._notes(record)
        if not self._connection.send_item_codes or self._xero_type(record) != "ACCREC":
            return notes
        sold = defaultdict(lambda: ZERO)
        for line in record.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            sold[line.product_id] += decimal(
                line.product_uom_id._compute_quantity(line.quantity, line.product_id.uom_id), UNIT
            )
        for product, quantity in sold.items():
            held = decimal(product.xero_qty_on_hand, UNIT)
            if product.xero_is_tracked and held < quantity:
                arguments = {"product": product.display_name, "held": f"{held.normalize():f}"}
                notes.append(("item_quantity_short", {**arguments, "sold": f"{quantity.normalize():f}"}))
        return notes
