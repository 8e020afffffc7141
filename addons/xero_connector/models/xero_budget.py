"""Calls that are left to one Xero organisation, shared by all processes (facts, section 2.1)."""

from odoo import fields, models


class XeroBudget(models.Model):
    """One organisation's budget; written by the engine in transactions of its own."""

    _name = "xero.budget"
    _description = "Xero Call Budget"
    _rec_name = "tenant_id"

    tenant_id = fields.Char(required=True)
    minute_started = fields.Datetime(help="Start of the minute that is counted now (UTC).")
    minute_left = fields.Integer()
    day_left = fields.Integer(help="As Xero's last answer said, less the calls since.")
    day_known = fields.Boolean(help="Xero has told how many calls are left today.")
    day_resets_at = fields.Datetime(help="Known once the day's limit was hit (UTC).")
    blocked_until = fields.Datetime(help="Nothing is sent before that moment (UTC).")
    blocked_kind = fields.Char()
    leases = fields.Json(help="Calls under way: moment of the start in seconds, by a random id.")
    calls_today = fields.Integer()
    calls_day = fields.Date()

    _tenant_unique = models.UniqueIndex("(tenant_id)")
