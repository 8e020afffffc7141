"""Rows of one company: what they are called, and whose they are, is for who works there."""

from odoo import api, models


class XeroOwn(models.AbstractModel):
    """For models with ``company_id``; it stands before the definition of each, at the end of this file.

    Odoo shows the name of what a many2one points to whoever may read that, also on a form that is
    not saved yet: any id that somebody types in would tell him a name.
    """

    _name = "xero.own"
    _description = "Xero Row of One Company"

    @api.depends_context("uid")
    def _compute_display_name(self):
        # EXTENDS base
        result = super()._compute_display_name()
        for row in self - self._of_own_companies():
            row.display_name = False
        return result

    def write(self, vals):
        # EXTENDS base: what somebody may change must not be given to a company where he may not
        result = super().write(vals)
        if not self.env.su and {"connection_id", "company_id", "category_id"} & vals.keys():
            self.env.flush_all()
            self.check_access("write")
        return result

    def _of_own_companies(self):
        """Those of a company that the user works in, or of its parent (B12); new rows are his own."""
        if self.env.uid == api.SUPERUSER_ID:
            return self
        companies = self.env["res.company"].sudo().browse(self.env.user._get_company_ids()).parent_ids
        # A rule for all companies has none.
        return self.filtered(lambda row: not row._origin.id or row.sudo().company_id <= companies)


class XeroAccount(models.Model):
    _name = "xero.account"
    _inherit = ["xero.own", "xero.account"]


class XeroBrandingTheme(models.Model):
    _name = "xero.branding.theme"
    _inherit = ["xero.own", "xero.branding.theme"]


class XeroConnection(models.Model):
    _name = "xero.connection"
    _inherit = ["xero.own", "xero.connection"]


class XeroEvent(models.Model):
    _name = "xero.event"
    _inherit = ["xero.own", "xero.event"]


class XeroException(models.Model):
    _name = "xero.exception"
    _inherit = ["xero.own", "xero.exception"]


class XeroLink(models.Model):
    _name = "xero.link"
    _inherit = ["xero.own", "xero.link"]


class XeroPair(models.Model):
    _name = "xero.pair"
    _inherit = ["xero.own", "xero.pair"]


class XeroRun(models.Model):
    _name = "xero.run"
    _inherit = ["xero.own", "xero.run"]


class XeroTaxCombination(models.Model):
    _name = "xero.tax.combination"
    _inherit = ["xero.own", "xero.tax.combination"]


class XeroTaxRate(models.Model):
    _name = "xero.tax.rate"
    _inherit = ["xero.own", "xero.tax.rate"]


class XeroTenantChoice(models.Model):
    _name = "xero.tenant.choice"
    _inherit = ["xero.own", "xero.tenant.choice"]


class XeroTrackingCategory(models.Model):
    _name = "xero.tracking.category"
    _inherit = ["xero.own", "xero.tracking.category"]


class XeroTrackingMap(models.Model):
    _name = "xero.tracking.map"
    _inherit = ["xero.own", "xero.tracking.map"]


class XeroTrackingOption(models.Model):
    _name = "xero.tracking.option"
    _inherit = ["xero.own", "xero.tracking.option"]


class XeroFieldRule(models.Model):
    _name = "xero.field.rule"
    _inherit = ["xero.own", "xero.field.rule"]


class XeroMatchRule(models.Model):
    _name = "xero.match.rule"
    _inherit = ["xero.own", "xero.match.rule"]


class XeroSchedule(models.Model):
    _name = "xero.schedule"
    _inherit = ["xero.own", "xero.schedule"]


class XeroPushMode(models.Model):
    _name = "xero.push.mode"
    _inherit = ["xero.own", "xero.push.mode"]


class XeroValidationRule(models.Model):
    _name = "xero.validation.rule"
    _inherit = ["xero.own", "xero.validation.rule"]


class XeroApprovalRule(models.Model):
    _name = "xero.approval.rule"
    _inherit = ["xero.own", "xero.approval.rule"]


class XeroApproval(models.Model):
    _name = "xero.approval"
    _inherit = ["xero.own", "xero.approval"]
