"""Branding themes."""

from odoo import api, models


class XeroDatasetBrandingTheme(models.AbstractModel):
    """Operation getBrandingThemes; read only."""

    _name = "xero.dataset.branding_theme"
    _inherit = "xero.dataset.reference"
    _description = "Xero Branding Themes"

    _key = "branding_theme"
    _xero_path = "/BrandingThemes"
    _xero_plural = "BrandingThemes"
    _xero_id = "BrandingThemeID"
    _odoo_model = "xero.branding.theme"
    _pull_sequence = 60
    _weekly = True  # nothing but looks; the Import button reads them, too

    @api.model
    def _prepare_vals(self, item):
        return {
            "xero_id": item.get("BrandingThemeID"),
            "name": item.get("Name") or None,
            "sort_order": item.get("SortOrder") or 0,
        }
