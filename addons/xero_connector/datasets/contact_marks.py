"""Fields of a contact that have to be there, or to be its own, before it goes to Xero (XM-08)."""

from odoo import api, models

from .problem import Problem

# What stands for a field of a rule; some are several, or those of other records.
HELD_BY = {"address": "street", "persons": "child_ids", "terms": "property_payment_term_id"}
# What no two contacts share; the others are nobody's own.
OWN = ("name", "email", "phone", "vat", "company_registry")


class XeroDatasetContact(models.AbstractModel):
    _inherit = "xero.dataset.contact"

    @api.model
    def _check(self, record, link):
        # EXTENDS
        result = super()._check(record, link)
        for rule in self._connection.sudo().field_rule_ids:
            self._check_marks(record, rule)
        return result

    @api.model
    def _check_marks(self, record, rule):
        """Raise a Problem when `record` lacks what `rule` asks for, or another contact in Xero has the same."""
        value = record[HELD_BY.get(rule.field, rule.field)]
        names = {"partner": record.name, "field": rule.display_name}
        if rule.mandatory and not value:
            raise Problem("field_missing", **names)
        if rule.unique and value and rule.field in OWN:
            known = self.env["xero.link"].sudo()._search([*self._links_domain(), ("xero_id", "!=", False)])
            others = [("id", "!=", record.id), (rule.field, "=", value), ("id", "in", known.subselect("res_id"))]
            if other := self.env["res.partner"].search(others, limit=1):
                raise Problem("field_not_unique", other=other.display_name, **names)
