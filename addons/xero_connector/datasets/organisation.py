"""The organisation itself: what a connection keeps of it."""

from odoo import api, models

from .. import values

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
        """Connection values from the organisation."""
        return {
            "organisation_key": item.get(self._xero_id) or False,
            "tenant_name": item.get("Name") or item.get("LegalName"),
            "country_code": item.get("CountryCode") or False,
            "base_currency_code": item.get("BaseCurrency") or False,
            "short_code": item.get("ShortCode") or False,
            "timezone": item.get("Timezone") or False,
            "is_demo_company": bool(item.get("IsDemoCompany")),
            "sales_tax_basis": item.get("SalesTaxBasis") or False,
            "sales_tax_period": item.get("SalesTaxPeriod") or False,
            "period_lock_date": values.parse_date(item.get("PeriodLockDate")) or False,
            "end_of_year_lock_date": values.parse_date(item.get("EndOfYearLockDate")) or False,
        }
