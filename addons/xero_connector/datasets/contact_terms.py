"""Payment terms of contacts: Odoo's term that is due on the same day as Xero's (XW-31, CTC-19)."""

from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, models

SIDES = {"property_payment_term_id": "Sales", "property_supplier_payment_term_id": "Bills"}
# Invoiced early, in the middle and at the end of a month; the next months are shorter and longer.
PROBES = (date(2026, 1, 5), date(2026, 2, 14), date(2026, 3, 31))
END = relativedelta(day=31)


class XeroDatasetContact(models.AbstractModel):
    _inherit = "xero.dataset.contact"

    @api.model
    def _terms(self, item):
        """``{field: id of Odoo's payment term, False without one in Xero}``; what Odoo lacks is left out."""
        found = {}
        for field, side in SIDES.items():
            terms = (item.get("PaymentTerms") or {}).get(side)
            if not isinstance(terms, dict) or not terms.get("Type"):
                found[field] = False
            elif term := self._term(terms["Type"], int(terms.get("Day") or 0)):
                found[field] = term.id
        return found

    @api.model
    def _term(self, kind, day):
        """The ``account.payment.term`` that is due when Xero's PaymentTerm is, else an empty one."""
        terms = self.env["account.payment.term"]
        due = [_due(kind, day, invoiced) for invoiced in PROBES]
        if None in due:
            return terms
        company = self._connection.company_id
        for term in terms.search([("company_id", "in", (False, company.id)), ("early_discount", "=", False)]):
            line = term.line_ids
            whole = len(line) == 1 and line.value == "percent" and line.value_amount == 100
            if whole and [line._get_due_date(invoiced) for invoiced in PROBES] == due:
                return term
        return terms


def _due(kind, day, invoiced):
    """When Xero's term is due, ``None`` for a kind that nobody knows (specification, PaymentTermType)."""
    if kind == "DAYSAFTERBILLDATE":
        return invoiced + relativedelta(days=day)
    if kind == "DAYSAFTERBILLMONTH":
        return invoiced + END + relativedelta(days=day)
    if kind == "OFCURRENTMONTH":
        return invoiced + relativedelta(day=day)
    if kind == "OFFOLLOWINGMONTH":
        return invoiced + relativedelta(months=1, day=day)
    return None
