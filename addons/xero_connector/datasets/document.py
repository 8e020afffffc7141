"""Invoices, bills and credit notes: how they are built and read back."""

from collections import defaultdict

from odoo import api, models

from . import amounts
from .amounts import ZERO, decimal
from .figures import difference
from .problem import Problem
from .statuses import BY_CHOICE, RANKS, UNDER_WAY

TEXT = 4000  # characters of a description


class XeroDatasetDocument(models.AbstractModel):
    """What invoices and credit notes share; each is a data set of its own."""

    _name = "xero.dataset.document"
    _inherit = "xero.dataset.document.check"
    _description = "Xero Documents"

    _odoo_model = "account.move"
    _sequence = 30
    _write_query = "summarizeErrors=false&unitdp=4"
    _amount_types = ("product", "epd", "rounding")
    _text_types = ("line_section", "line_subsection", "line_note")
    _types = {}  # move_type of Odoo: Type of Xero
    _status_fields = {}  # Type of Xero: field of the connection that says how documents arrive
    _unhashed = ("Status",)
    _discounted = ()  # Types whose lines have a DiscountRate

    # === CHECK === #

    @api.model
    def _prefetch(self, records):
        records.fetch(["name", "state", "move_type", "date", "invoice_date", "partner_id", "currency_id", "line_ids"])
        records.line_ids.fetch(
            [
                "display_type",
                "account_id",
                "tax_ids",
                "amount_currency",
                "price_total",
                "quantity",
                "price_unit",
                "discount",
                "name",
                "sequence",
                "product_id",
                "tax_repartition_line_id",
            ]
        )

    @api.model
    def _check_amounts(self, record):
        self._settle(record, self._amount_lines(record))

    @api.model
    def _dependencies(self, records):
        return {**super()._dependencies(records), "contact": self._partner(records)}

    @api.model
    def _number(self, record):
        """Number in Xero: Odoo's own, unless somebody chose another one (XQ-01)."""
        return record.xero_link_id.number_override or self._own_number(record)

    @api.model
    def _reference(self, record):
        """Reference of a sale; purchases have none in Xero."""
        return (record.ref or "")[:255]

    @api.model
    def _xero_type(self, record):
        """Type in Xero, ``None`` for what is no document of this data set."""
        return self._types.get(record.move_type)

    @api.model
    def _status(self, record):
        choice = self._connection[self._status_field(record)]
        if record.state != "posted":
            return "DRAFT"
        return "AUTHORISED" if choice == "by_state" else BY_CHOICE.get(choice)

    @api.model
    def _drafts_travel(self, record):
        # EXTENDS xero.dataset.document.check: the status as in Odoo is Draft as well (XM-07)
        as_in_odoo = self._xero_type(record) and self._connection[self._status_field(record)] == "by_state"
        return as_in_odoo or super()._drafts_travel(record)

    @api.model
    def _status_field(self, record):
        """Name of the connection's field that says how `record` arrives."""
        return self._status_fields[self._xero_type(record)]

    @api.model
    def _totals(self, record):
        """What Odoo says of `record`, in its currency: ``(net, tax, total)``."""
        return decimal(record.amount_untaxed), decimal(record.amount_tax), decimal(record.amount_total)

    # === BUILD === #

    @api.model
    def _prepare_payload(self, record, link):
        contact = self._partner(record).xero_link_id
        if not contact.xero_id:
            under_way = contact.state in UNDER_WAY
            state = "queued" if under_way else "failed"
            raise Problem("contact_not_in_xero", state=state, partner=self._partner(record).name)
        lines = self._amount_lines(record)
        settled = self._settle(record, lines)
        items, sources = self._line_items(record, lines)
        payload = {
            "Type": self._xero_type(record),
            "Contact": {"ContactID": contact.merged_into or contact.xero_id},
            self._number_field: self._number(record),
            "Date": self._date(record),
            "LineAmountTypes": settled.mode,
            "CurrencyCode": record.currency_id.name,
            "LineItems": items,
        }
        if record.currency_id != record.company_id.currency_id:
            payload["CurrencyRate"] = self._rate(record)
        payload.update(self._prepare_extra(record, link))
        wanted = self._status(record)
        if link.xero_id and RANKS.get(wanted, 0) > RANKS.get(link.xero_status, len(RANKS)):
            payload["Status"] = wanted
        return payload, sources

    @api.model
    def _prepare_extra(self, record, link):
        """Fields that only one document type has."""
        return {}

    @api.model
    def _with_identity(self, payload, link, record, sources):
        payload = super()._with_identity(payload, link, record, sources)
        if not link.xero_id:
            return {**payload, "Status": self._status(record)}
        # Without its LineItemID a line is deleted and made anew in Xero.
        known = {source: list(ids) for source, ids in (link.line_ids or {}).items()}
        items = []
        for item, source in zip(payload["LineItems"], sources, strict=True):
            ids = known.get(str(source))
            items.append({**item, "LineItemID": ids.pop(0)} if ids else item)
        return {**payload, "LineItems": items}

    @api.model
    def _rate(self, record):
        return decimal(record.invoice_currency_rate, amounts.RATE)

    @api.model
    def _sign(self, record):
        """Odoo books income of an invoice negative; Xero's lines are positive."""
        return -1 if record.is_inbound() else 1

    @api.model
    def _amount_lines(self, record):
        """:class:`~.amounts.Line` for each line that carries an amount; several where it is tracked by shares."""
        sign = self._sign(record)
        lines = []
        for aml, account, rate in self._line_mappings(record):
            net = decimal(sign * aml.amount_currency)
            product = aml.display_type == "product"
            line = amounts.Line(
                source=aml.id,
                net=net,
                gross=decimal(aml.price_total) if product else net,
                tax_type=rate.tax_type,
                rate=decimal(rate.effective_rate, amounts.UNIT),
                extra={"aml": aml, "account": account},
            )
            if product:
                line.quantity = _number(aml.quantity)
                line.unit_amount = _number(aml.price_unit)
                line.discount = _number(aml.discount)
            else:
                line.unit_amount = net
            lines += self._divided(line, self._tracked_shares(aml))
        return lines

    @api.model
    def _settle(self, record, lines):
        """Choose LineAmountTypes and walk down the ladder until both sides agree (B2)."""
        mode, expected = self._mode(record), self._expected_taxes(record)
        modes = dict.fromkeys((mode, amounts.EXCLUSIVE))
        for candidate in modes:
            if amounts.settle_without_override(lines, expected, candidate):
                return amounts.Settled(candidate)
        tolerance = decimal(self._connection.rounding_tolerance)
        for candidate in modes:
            settled = amounts.settle_with_override(lines, expected, candidate)
            if settled and abs(settled.remainder) <= tolerance:
                break
        else:
            if settled := self._settle_typed_in(record, lines, expected):
                return settled
            computed = sum(amounts.computed_taxes(lines, amounts.EXCLUSIVE).values(), ZERO)
            raise Problem(
                "cents_too_many",
                state="held",
                odoo=str(self._totals(record)[1]),
                xero=str(computed),
                tolerance=str(tolerance),
                currency=record.currency_id.name,
            )
        if not self._connection.allow_tax_amount:
            for line in lines:
                line.tax_amount = None
        return settled

    @api.model
    def _settle_typed_in(self, record, lines, expected):
        """What to do when the cents are more than a rounding: :class:`~.amounts.Settled`, or ``None`` to hold it."""
        return None

    @api.model
    def _mode(self, record):
        """Inclusive when every tax of the document is price-included."""
        lines = self._document_lines(record).filtered(self._carries_amount)
        taxes = lines.tax_ids
        inclusive = taxes and all(tax.price_include for tax in taxes)
        if inclusive and "epd" not in lines.mapped("display_type"):
            return amounts.INCLUSIVE
        return amounts.EXCLUSIVE

    @api.model
    def _expected_taxes(self, record):
        """Odoo's tax per TaxType, from the booked tax lines as long as each tells its TaxType."""
        sign = self._sign(record)
        document_lines = self._document_lines(record)
        amount_lines = document_lines.filtered(self._carries_amount)
        if any(len(line.tax_ids) > 1 for line in amount_lines):
            return self._expected_taxes_of_combinations(record)
        expected = defaultdict(lambda: ZERO)
        for line in document_lines:
            if line.tax_repartition_line_id:
                rate = (line.group_tax_id or line.tax_line_id).xero_tax_rate_id
                expected[rate.tax_type] += decimal(sign * line.amount_currency)
        return expected

    @api.model
    def _expected_taxes_of_combinations(self, record):
        """The same from Odoo's own split of the taxes over the lines; several times slower."""
        expected = defaultdict(lambda: ZERO)
        base_lines, _tax_lines = record._get_rounded_base_and_tax_lines()
        for base in base_lines:
            rate = self._line_tax_rate(base["record"])
            for tax in base["tax_details"]["taxes_data"]:
                expected[rate.tax_type] += decimal(tax["tax_amount_currency"])
        return expected

    @api.model
    def _line_items(self, record, lines):
        """LineItems in the order of the document, and the Odoo line of each."""
        by_source = defaultdict(list)
        for line in lines:
            by_source[line.source].append(line)
        items, sources = [], []
        for aml in self._shown_lines(record):
            texts = _chunks(aml.name or aml.product_id.display_name or self._own_number(record))
            carrying = [self._amount_item(aml, line, texts[0]) for line in by_source[aml.id]]
            items += [*(carrying or [{"Description": texts[0]}]), *({"Description": text} for text in texts[1:])]
            sources += [aml.id] * (max(len(carrying), 1) + len(texts) - 1)
        return items, sources

    @api.model
    def _amount_item(self, aml, line, text):
        fitted = amounts.fit(line, self._has_discount(aml), self._unit_step)
        if fitted.pop("quantity_in_text", False) and line.quantity != 1:
            note = f"{line.quantity.normalize():f} {aml.product_uom_id.name or ''}".strip()
            text = f"{text} ({note})"[:TEXT]
        item = {"Description": text, **fitted, "LineAmount": line.amount, "TaxType": line.tax_type}
        if line.tax_amount is not None:
            item["TaxAmount"] = line.tax_amount
        if tracking := self._tracking_items(line.extra["tracking"]):
            item["Tracking"] = tracking
        return {**item, **self._account_item(line.extra["account"], aml)}

    # === ANSWER === #

    @api.model
    def _lookup_key(self, item):
        return item.get(self._number_field)

    @api.model
    def _read_answer(self, item):
        return {
            **super()._read_answer(item),
            "number": item.get(self._number_field),
            "xero_total": float(item.get("Total") or 0),
        }

    @api.model
    def _figures(self, record, link):
        figures = dict(zip(("net", "tax", "total"), self._totals(record), strict=True))
        taxes = {f"tax {kind}": tax for kind, tax in self._expected_taxes(record).items()}
        if record.currency_id != record.company_id.currency_id:
            # The same total at another rate is another one in the books.
            figures["rate"] = self._rate(record)
        return {
            "currency": record.currency_id.name,
            **{name: str(figure) for name, figure in {**figures, **taxes}.items()},
        }

    @api.model
    def _compare(self, figures, item):
        found = {
            "net": decimal(item.get("SubTotal")),
            "tax": decimal(item.get("TotalTax")),
            "total": decimal(item.get("Total")),
        }
        ours = {name: amounts.Decimal(text) for name, text in figures.items() if name != "currency"}
        if "rate" in ours:
            found["rate"] = decimal(item.get("CurrencyRate"), amounts.RATE)
        if not item.get("LineItems"):  # a list answers without them
            ours = {name: ours[name] for name in found}
        for line in item.get("LineItems") or []:
            kind = f"tax {line.get('TaxType')}"
            found[kind] = found.get(kind, ZERO) + decimal(line.get("TaxAmount"))
        return difference(ours, found, figures["currency"], lambda sums: sums["total"])

    @api.model
    def _amount(self, record):
        return abs(record.amount_total_signed) if record else 0.0


# === HELPERS === #


def day_of(item):
    """Day of a document as text, of what Xero answers and of what was sent alike."""
    return (item.get("DateString") or item.get("Date") or "")[:10]


def _number(value):
    return amounts.Decimal(repr(float(value or 0)))


def _chunks(text):
    text = text.strip() or "-"
    return [text[start : start + TEXT] for start in range(0, len(text), TEXT)]
