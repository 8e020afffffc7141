"""The organisation itself: what a connection keeps of it."""

from odoo import api, models

from .. import values


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

    @api.model
    def _prepare_vals(self, item):
        """Connection values from the organisation."""
        return {
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
