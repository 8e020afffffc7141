"""Products on their way to Xero's price list; quantities and inventory accounts stay out of it (ITM-09, K22)."""

from odoo import api, models

from .amounts import UNIT, ZERO, decimal
from .problem import Problem

CODE = 30  # characters
NAME = 50
TEXT = 4000


class XeroDatasetItem(models.AbstractModel):
    """Operations createItems, updateOrCreateItems; getItems, which has no pages, for what was lost or is taken."""

    _inherit = "xero.dataset.item"

    _sequence = 20
    _write_query = "summarizeErrors=false&unitdp=4"

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        if self._connection.item_direction == "pull":
            raise Problem("item_only_pulled", state="skipped")
        code = self._code(record)
        if not code:
            raise Problem("item_without_code", product=record.display_name)
        if len(code) > CODE:
            raise Problem("item_code_too_long", product=record.display_name, code=code, limit=CODE)

    # === BUILD === #

    @api.model
    def _code(self, record):
        return (record.default_code or "").strip()

    @api.model
    def _sent_texts(self, record):
        """Name and descriptions as Xero gets them; the name is left out by choice (ITM-04)."""
        described = record.description_sale or ""
        if self._connection.item_name_policy == "legacy":
            texts = {"Description": described or record.name}
        else:
            texts = {"Name": record.name.strip()[:NAME], "Description": described}
        texts["PurchaseDescription"] = record.description_purchase or ""
        return {name: text[:TEXT] for name, text in texts.items()}

    @api.model
    def _prepare_payload(self, record, link):
        payload = {
            "Code": self._code(record),
            **self._sent_texts(record),
            "IsSold": record.sale_ok,
            "IsPurchased": record.purchase_ok,
        }
        accounts = record.product_tmpl_id.get_product_accounts()
        if record.sale_ok:
            account = (
                record.xero_sales_account_id
                or record.categ_id.xero_sales_account_id
                or accounts["income"].xero_account_id
                or self._connection.default_sales_account_id
            )
            payload["SalesDetails"] = self._side(record.lst_price, account, self._taxes(record, "taxes_id"))
        cost = decimal(record.standard_price, UNIT)
        if record.purchase_ok and cost:
            account = (
                record.xero_purchase_account_id
                or record.categ_id.xero_purchase_account_id
                or accounts["expense"].xero_account_id
                or self._connection.default_purchase_account_id
            )
            if (link.figures or {}).get("is_tracked"):
                # Xero keeps its stock: which account bears its cost is decided there.
                account = account.browse()
            payload["PurchaseDetails"] = self._side(cost, account, self._taxes(record, "supplier_taxes_id"))
        return payload, []

    @api.model
    def _side(self, price, account, taxes):
        """SalesDetails or PurchaseDetails; an account that lines could not have is left to the lines."""
        connection = self._connection
        side = {"UnitPrice": decimal(price, UNIT)}
        ours = account.connection_id == connection and account.tenant_id == connection.tenant_id
        if connection.sync_accounts and ours and account.code and account._usable_on_lines():
            side["AccountCode"] = account.code
        if tax := taxes[:1]:
            rate = tax.xero_tax_rate_id
            if not rate or rate.connection_id != connection or rate.tenant_id != connection.tenant_id:
                raise Problem("tax_unmapped", tax=tax.display_name)
            if rate.status != "ACTIVE" or not rate.active:
                raise Problem("tax_archived", tax=rate.display_name)
            side["TaxType"] = rate.tax_type
        return side

    @api.model
    def _taxes(self, record, field):
        """Taxes of this company in Odoo's order; an item of Xero's has one."""
        company = self._connection.company_id
        return record[field].filtered(lambda tax: tax.company_id in company.parent_ids).sorted()

    @api.model
    def _notes(self, record):
        # EXTENDS xero.dataset
        notes = super()._notes(record)
        sides = {"taxes_id": record.sale_ok, "supplier_taxes_id": record.purchase_ok and record.standard_price}
        for field, is_sent in sides.items():
            taxes = self._taxes(record, field) if is_sent else record[field].browse()
            if len(taxes) > 1:
                dropped = ", ".join(taxes[1:].mapped("name"))
                notes.append(("item_taxes_dropped", {"kept": taxes[0].name, "dropped": dropped}))
        return notes

    # === ANSWER AND LOOK-UP === #

    @api.model
    def _lookup_key(self, item):
        return item.get("Code")

    @api.model
    def _list_params(self):
        return self._pull_params()

    @api.model
    def _is_conflict(self, code):
        return code == "item_taken"

    @api.model
    def _conflict_queries(self, records):
        # One call returns the whole price list.
        return [self._pull_params()]

    @api.model
    def _choose(self, record, link, items, code, arguments):
        own = self._code(record)
        free = self._unlinked(link, [item for item in items if item.get("Code") == own])
        if len(free) == 1:
            return free[0]
        raise Problem("item_taken", code=own)

    @api.model
    def _describe(self, item):
        # EXTENDS xero.dataset
        return {"name": item.get("Name"), "number": item.get("Code")}

    @api.model
    def _gone_problem(self, link):
        return Problem("item_gone", xero_id=link.xero_id or "")

    # === INTO ODOO === #

    @api.model
    def _echoed(self, record, item):
        """Fields of the product whose value in Xero is the one that Odoo sent, cut or rounded as it may be."""
        sides = {
            "list_price": ("SalesDetails", record.lst_price),
            "standard_price": ("PurchaseDetails", record.standard_price),
        }
        echoed = {
            field
            for field, (side, price) in sides.items()
            if decimal((item.get(side) or {}).get("UnitPrice") or ZERO, UNIT) == decimal(price, UNIT)
        }
        fields = {
            "name": "Name",
            "description_sale": "Description",
            "description_purchase": "PurchaseDescription",
        }
        sent = self._sent_texts(record)
        return echoed | {field for field, name in fields.items() if (item.get(name) or "") == sent.get(name, "")}
