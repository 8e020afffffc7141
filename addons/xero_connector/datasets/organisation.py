"""The organisation itself: what a connection keeps of it."""

import re

from odoo import api, models

from .. import values
from .reference import told

COMPANY_FIELDS = ("name", "street", "street2", "city", "zip", "state_id", "country_id")


class XeroDatasetOrganisation(models.AbstractModel):
    """Operation getOrganisations."""

    _name = "xero.dataset.organisation"
    _inherit = "xero.dataset"
    _description = "Xero Organisation"

    _key = "organisation"
    _xero_path = "/Organisation"
    _xero_plural = "Organisations"
    _xero_id = "OrganisationID"
    _odoo_model = "xero.connection"
    _whole = True
    _pull_sequence = 10

    @api.model
    def _store(self, items):
        """Keep what the connection knows of the organisation."""
        changed = self._connection._keep_organisation(items[0])
        if self._connection.update_company:
            changed |= self._keep_company(items[0])
        return {"created": 0, "updated": bool(changed), "unchanged": not changed}

    @api.model
    def _keep_company(self, item):
        """Let Odoo's company be called and registered as the organisation is (ORG-09); the changed values."""
        company = self._connection.company_id
        contacts = self._connection._dataset("contact")
        address = contacts._prepare_vals({**item, "Name": item.get("LegalName") or item.get("Name")})
        vals = {name: address[name] for name in COMPANY_FIELDS if name in address}
        changed = contacts._differing(company, {**vals, "vat": (item.get("TaxNumber") or "").strip()})
        company.with_context(no_vat_validation=True).write(changed)
        return changed

    @api.model
    def _prepare_vals(self, item):
        """Connection values from the organisation, ``None`` where it says nothing that can be read."""
        currency = item.get("BaseCurrency") or ""
        return {
            "organisation_key": told(item, self._xero_id),
            "tenant_name": item.get("Name") or item.get("LegalName"),
            "country_code": told(item, "CountryCode"),
            "base_currency_code": currency if re.fullmatch(r"[A-Z]{3}", currency) else None,
            "short_code": told(item, "ShortCode"),
            "timezone": told(item, "Timezone"),
            "is_demo_company": bool(item.get("IsDemoCompany")),
            "sales_tax_basis": told(item, "SalesTaxBasis"),
            "sales_tax_period": told(item, "SalesTaxPeriod"),
            "period_lock_date": values.parse_date(item.get("PeriodLockDate")) or False,
            "end_of_year_lock_date": values.parse_date(item.get("EndOfYearLockDate")) or False,
        }
