"""Purchase orders: Xero's PurchaseOrders, which no ledger knows."""

import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.xero_connector.datasets import amounts
from odoo.addons.xero_connector.datasets.amounts import ZERO, decimal
from odoo.addons.xero_connector.datasets.statuses import BY_CHOICE, RANKS

_lt = LazyTranslate(__name__)
NUMBERS = 5  # of a batch that are read one by one; more of them, and the list costs less
PLAIN = re.compile(r"[A-Za-z0-9_-]+")  # what may stand in a path without a doubt
INSTRUCTIONS = 500  # characters
ALL = {"page": 1, "pageSize": 1000, "order": "PurchaseOrderNumber ASC"}  # whoever edits one moves no other


class XeroDatasetPurchaseOrder(models.AbstractModel):
    """Operations createPurchaseOrders, updateOrCreatePurchaseOrders, getPurchaseOrders, getPurchaseOrderByNumber.

    A create under the number of a live order edits that order and reports success (facts, section
    3.3): so it is looked up before every create, and a lost one is never sent again unseen.
    """

    _name = "xero.dataset.purchase_order"
    _inherit = "xero.dataset.purchase.order.check"
    _description = "Xero Purchase Orders"

    _key = "purchase_order"
    _xero_path = "/PurchaseOrders"
    _xero_plural = "PurchaseOrders"
    _xero_id = "PurchaseOrderID"
    _odoo_model = "purchase.order"
    _kinds = {"purchase_order": (_lt("Purchase orders"), [])}
    _number_field = "PurchaseOrderNumber"
    _write_query = "summarizeErrors=false"  # unlike documents, orders know no unitdp
    _unit_step = amounts.CENT
    _looks_first = True
    _statuses = (*RANKS, "BILLED", "DELETED")
    _retired = dict.fromkeys(("DRAFT", "SUBMITTED", "AUTHORISED", "BILLED"), "DELETED")
    _pull_sequence = 105
    _only_sent = True
    _hides_deleted = False
    _adopt_sequence = None

    @api.model
    def _prefetch(self, records):
        records.fetch(["name", "state", "date_approve", "partner_id", "currency_id", "order_line"])
        records.order_line.fetch(["display_type", "product_id", "tax_ids", "name", "sequence", "discount"])

    @api.model
    def _ready_domain(self):
        # OVERRIDE: confirmed since the start date
        start = self._connection.sync_from
        return Domain("state", "=", "purchase") & Domain("date_approve", ">=", start) if start else Domain.FALSE

    # === BUILD === #

    @api.model
    def _xero_type(self, record):
        return "PURCHASEORDER"

    @api.model
    def _status(self, record):
        choice = self._connection.push_status_purchase_order
        return "AUTHORISED" if choice == "by_state" else BY_CHOICE.get(choice)

    @api.model
    def _date(self, record):
        return self._day(record.date_approve or record.date_order)

    @api.model
    def _day(self, moment):
        """The day of `moment` (naive UTC) at the company."""
        connection = self._connection.with_context(tz=self._connection.tz or "UTC")
        return fields.Datetime.context_timestamp(connection, moment).date()

    @api.model
    def _rate(self, record):
        return decimal(record.currency_rate, amounts.RATE)

    @api.model
    def _prepare_payload(self, record, link):
        payload, sources = super()._prepare_payload(record, link)
        del payload["Type"]  # there is one kind only, and no such field
        return payload, sources

    @api.model
    def _prepare_extra(self, record, link):
        extra = {"Reference": (record.partner_ref or "")[:255], **self._delivery(record)}
        if record.date_planned:
            day = self._day(record.date_planned)
            extra.update(DeliveryDate=day, ExpectedArrivalDate=day)
        return extra

    @api.model
    def _delivery(self, record):
        """Where the goods go, and on what terms; empty texts clear what Xero had."""
        address = record.dest_address_id
        if not address and "picking_type_id" in record._fields:
            address = record.picking_type_id.warehouse_id.partner_id
        address = address or record.company_id.partner_id
        lines = (" ".join(part.split()) for part in address._display_address(without_company=True).splitlines())
        place = record.incoterm_location if "incoterm_location" in record._fields else ""
        terms = [record.incoterm_id.code, place] if record.incoterm_id else []
        return {
            "DeliveryAddress": "\n".join(part for part in lines if part),
            "AttentionTo": (address.name or "")[:255],
            "Telephone": (address.phone or "")[:50],
            "DeliveryInstructions": " ".join(part for part in terms if part)[:INSTRUCTIONS],
        }

    # === AMOUNTS === #

    @api.model
    def _tax_details(self, record):
        """Odoo's amounts of each line, as they add up to those of the order: ``{line: base line}``."""
        lines = record.order_line.filtered(lambda line: not line.display_type)
        bases = [line._prepare_base_line_for_taxes_computation() for line in lines]
        taxes = self.env["account.tax"]
        taxes._add_tax_details_in_base_lines(bases, record.company_id)
        taxes._round_base_lines_tax_details(bases, record.company_id)
        return dict(zip(lines, bases, strict=True))

    @api.model
    def _amount_lines(self, record):
        details, lines = self._tax_details(record), []
        for line, account, rate in self._line_mappings(record):
            found = details[line]["tax_details"]
            net = decimal(found["total_excluded_currency"] + found["delta_total_excluded_currency"])
            tax = sum((decimal(part["tax_amount_currency"]) for part in found["taxes_data"]), ZERO)
            amount = amounts.Line(
                source=line.id,
                net=net,
                gross=net + tax,
                tax_type=rate.tax_type,
                rate=decimal(rate.effective_rate, amounts.UNIT),
                quantity=amounts.Decimal(repr(line.product_qty)),
                unit_amount=amounts.Decimal(repr(line.price_unit)),
                discount=amounts.Decimal(repr(line.discount)),
                extra={"aml": line, "account": account},
            )
            lines += self._divided(amount, self._tracked_shares(line))
        return lines

    @api.model
    def _mode(self, record):
        taxes = record.order_line.tax_ids
        return amounts.INCLUSIVE if taxes and all(tax.price_include for tax in taxes) else amounts.EXCLUSIVE

    @api.model
    def _expected_taxes(self, record):
        expected = defaultdict(lambda: ZERO)
        for line, base in self._tax_details(record).items():
            for tax in base["tax_details"]["taxes_data"]:
                expected[self._line_tax_rate(line).tax_type] += decimal(tax["tax_amount_currency"])
        return expected

    @api.model
    def _amount(self, record):
        return abs(record.amount_total_cc) if record else 0.0

    # === LOOK-UP === #

    @api.model
    def _lookup_key(self, item):
        # Not said by Xero whether upper and lower case differ: an order too many is taken for the same.
        return (item.get(self._number_field) or "").upper()

    @api.model
    def _conflict_queries(self, records):
        numbers = [self._number(record) for record in records]
        if len(numbers) > NUMBERS or not all(PLAIN.fullmatch(number) for number in numbers):
            return [ALL]
        return [{"path": f"{self._xero_path}/{number}"} for number in numbers]

    @api.model
    def _queries_of(self, xero_ids):
        # EXTENDS xero.dataset: the list has no filter, but what is overwritten is read all the same (RUL-14)
        return super()._queries_of(xero_ids) or [ALL]

    @api.model
    def _choose(self, record, link, items, code, arguments):
        number = self._number(record)
        same = {item[self._xero_id]: item for item in items if self._lookup_key(item) == number.upper()}
        spelled = [{**item, self._number_field: number} for item in same.values()]
        return same[super()._choose(record, link, spelled, code, arguments)[self._xero_id]]

    @api.model
    def _is_same(self, record, item):
        return super()._is_same(record, {**item, "Type": self._xero_type(record)})

    @api.model
    def _could_be(self, element, item):
        said = "Total" if element["LineAmountTypes"] == amounts.INCLUSIVE else "SubTotal"
        sent = sum((line.get("LineAmount") or ZERO for line in element["LineItems"]), ZERO)
        return decimal(item.get(said)) == decimal(sent) and super()._could_be(
            {**element, "Type": None}, {**item, "Type": None}
        )

    # === PULL === #

    @api.model
    def _pull_params(self):
        return {}

    @api.model
    def _other_problem(self, item, record):
        return None
