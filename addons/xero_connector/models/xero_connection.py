"""One company's connection to one Xero organisation."""

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_datetime

from ..client import endpoints, errors
from ..client.hidden import Hidden
from .kept import check_kept_by_server

ADMIN_GROUP = "xero_connector.group_xero_admin"
USER_GROUP = "xero_connector.group_xero_user"
STATES = [
    ("disconnected", "Not connected"),
    ("choose", "Choose the organisation"),
    ("connected", "Connected"),
    ("needs_reconnect", "Connect again"),
]
PUSH_STATUSES = [
    ("draft", "Draft"),
    ("submitted", "Awaiting approval"),
    ("authorised", "Authorised"),
    ("by_state", "As in Odoo: posted is authorised"),
]
JOURNAL_STATUSES = [("draft", "Draft"), ("posted", "Posted")]
REDIRECT_PATH = "/xero/oauth/callback"


class XeroConnection(models.Model):
    """Switches, statuses, mapping defaults and health of one company's connection."""

    _name = "xero.connection"
    _description = "Xero Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade", index=True
    )
    active = fields.Boolean(default=True)
    enabled = fields.Boolean(
        "Switched On", default=True, help="Off: no button, schedule or worker calls Xero for this company."
    )
    state = fields.Selection(STATES, required=True, default="disconnected", readonly=True, copy=False)
    state_reason = fields.Char(readonly=True, copy=False)

    # App keys
    client_id = fields.Char("Client ID", help="From the app that you made at developer.xero.com.")
    client_secret = fields.Char(
        compute="_compute_client_secret",
        inverse="_inverse_client_secret",
        help="Stored encrypted; it is never shown again.",
    )
    has_client_secret = fields.Boolean(compute="_compute_token_info", compute_sudo=True)
    client_secret_hint = fields.Char(compute="_compute_token_info", compute_sudo=True)
    access_state = fields.Char("Access", compute="_compute_token_info", compute_sudo=True)
    redirect_uri = fields.Char("Redirect Address", compute="_compute_redirect_uri")
    redirect_problem = fields.Char(compute="_compute_redirect_uri")
    granted_scopes = fields.Char(readonly=True, copy=False)

    # Organisation
    tenant_id = fields.Char("Organisation ID", readonly=True, copy=False, index=True)
    tenant_name = fields.Char("Xero Organisation", readonly=True, copy=False)
    xero_connection_id = fields.Char(readonly=True, copy=False)
    country_code = fields.Char("Country", readonly=True, copy=False)
    base_currency_code = fields.Char("Base Currency", readonly=True, copy=False)
    short_code = fields.Char(readonly=True, copy=False)
    timezone = fields.Char("Time Zone", readonly=True, copy=False)
    is_demo_company = fields.Boolean(readonly=True, copy=False)
    sales_tax_basis = fields.Char(readonly=True, copy=False)
    sales_tax_period = fields.Char(readonly=True, copy=False)
    period_lock_date = fields.Date("Locked until", readonly=True, copy=False)
    end_of_year_lock_date = fields.Date("Year locked until", readonly=True, copy=False)
    organisation_read_at = fields.Datetime(readonly=True, copy=False)
    actions_json = fields.Json(readonly=True, copy=False)
    currency_codes = fields.Json(readonly=True, copy=False)
    last_update = fields.Datetime("Last Import", readonly=True, copy=False)
    last_test = fields.Datetime(readonly=True, copy=False)
    last_result = fields.Char(readonly=True, copy=False)

    # What the administrator decides
    sync_accounts = fields.Boolean(
        "GL Accounts", default=True, help="Off: account codes are typed in as text on Odoo's accounts."
    )
    payroll_access = fields.Boolean(help="Reserved for the payroll add-on.")
    sync_from = fields.Date("Start Date", help="Documents before that day are never sent.")
    push_status_invoice = fields.Selection(PUSH_STATUSES, "Invoices as")
    push_status_credit_note = fields.Selection(PUSH_STATUSES, "Credit notes as")
    push_status_bill = fields.Selection(PUSH_STATUSES, "Bills as")
    push_status_supplier_credit = fields.Selection(PUSH_STATUSES, "Supplier credits as")
    push_status_manual_journal = fields.Selection(JOURNAL_STATUSES, "Journal entries as")
    look_for_bills = fields.Boolean(
        "Ask before a bill is made",
        help="One call more for each batch of bills: what somebody has typed into Xero is not made a second time.",
    )
    push_draft_documents = fields.Boolean("Send unposted documents as drafts")
    on_cancel = fields.Selection(
        [("report", "Is reported"), ("void", "Is voided or deleted in Xero")],
        "What is cancelled",
        default="report",
        required=True,
        help="Of documents that are in Xero already. What is paid there, or lies in a locked period, stays: book a "
        "credit note.",
    )
    on_missing_contact = fields.Selection(
        [
            ("create", "Create it in Xero"),
            ("exception", "Report it"),
            ("skip", "Leave its documents out"),
        ],
        default="create",
        required=True,
    )
    allow_intercompany = fields.Boolean("Send documents between own companies")
    allow_tax_amount = fields.Boolean(
        "Settle cents by the tax of a line",
        default=True,
        help="Off: the cents that differ are listed instead, and the document does not count as agreed.",
    )
    rounding_tolerance = fields.Float(
        digits=(4, 2), default=0.05, help="Cents per document that may be settled; at most 0.10."
    )
    vat_filed_from = fields.Selection([("xero", "Xero"), ("odoo", "Odoo")], "Tax return from")
    default_sales_account_id = fields.Many2one(
        "xero.account", domain="[('connection_id', '=', id), ('status', '=', 'ACTIVE')]"
    )
    default_purchase_account_id = fields.Many2one(
        "xero.account", domain="[('connection_id', '=', id), ('status', '=', 'ACTIVE')]"
    )
    default_bank_account_id = fields.Many2one(
        "xero.account",
        domain="[('connection_id', '=', id), ('status', '=', 'ACTIVE'), ('type', '=', 'BANK')]",
        help="For payments of journals that have no bank account of Xero's themselves.",
    )
    rounding_account_id = fields.Many2one("xero.account", compute="_compute_rounding_account_id")
    no_tax_sale_rate_id = fields.Many2one(
        "xero.tax.rate", "No Tax on Sales", domain="[('connection_id', '=', id), ('status', '=', 'ACTIVE')]"
    )
    no_tax_purchase_rate_id = fields.Many2one(
        "xero.tax.rate", "No Tax on Purchases", domain="[('connection_id', '=', id), ('status', '=', 'ACTIVE')]"
    )
    combination_ids = fields.One2many("xero.tax.combination", "connection_id", "Tax Combinations")
    tax_exigibility = fields.Boolean(related="company_id.tax_exigibility")
    warned_codes = fields.Json(readonly=True, copy=False)
    cron_id = fields.Many2one("ir.cron", readonly=True, copy=False, ondelete="set null")

    _company_unique = models.UniqueIndex(
        "(company_id) WHERE active IS TRUE", "This company has a Xero connection already."
    )
    _tenant_unique = models.UniqueIndex(
        "(tenant_id) WHERE active IS TRUE AND tenant_id IS NOT NULL",
        "This Xero organisation is matched to another company already.",
    )
    _tolerance_range = models.Constraint(
        "CHECK(rounding_tolerance >= 0 AND rounding_tolerance <= 0.10)",
        "The tolerance per document lies between 0.00 and 0.10.",
    )

    # === COMPUTES === #

    @api.depends("company_id", "tenant_name")
    def _compute_display_name(self):
        for connection in self:
            company = connection.company_id.name or ""
            connection.display_name = f"{company} ↔ {connection.tenant_name}" if connection.tenant_name else company

    def _compute_client_secret(self):
        self.client_secret = False

    def _inverse_client_secret(self):
        self._check_administrator()
        for connection in self.filtered("client_secret"):
            try:
                connection._token(create=True).store(client_secret=Hidden(connection.client_secret))
            except errors.KeyMissing as error:
                raise UserError(connection._error_text(error)) from None
        # What was typed in must not travel back to the browser from the cache.
        self.invalidate_recordset(["client_secret", "has_client_secret", "access_state"])

    @api.depends("state")
    def _compute_token_info(self):
        tokens = self.env["xero.token"].search([("connection_id", "in", self.ids)])
        by_connection = tokens.grouped("connection_id")
        for connection in self:
            token = by_connection.get(connection, tokens.browse())
            connection.has_client_secret = bool(token.client_secret)
            if token.refresh_token and token.expires_at:
                connection.access_state = self.env._(
                    "Granted, renews itself; expires %s", format_datetime(self.env, token.expires_at)
                )
            else:
                connection.access_state = self.env._("No access yet")
            connection.client_secret_hint = (
                self.env._("Stored encrypted; type a new one to replace it")
                if token.client_secret
                else self.env._("From your Xero app")
            )

    @api.depends_context("uid")
    def _compute_redirect_uri(self):
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "").rstrip("/")
        problem = False
        if base.startswith("http://127.0.0.1"):
            problem = self.env._("Xero refuses 127.0.0.1: set web.base.url to http://localhost instead.")
        elif not endpoints.is_safe(base):
            problem = self.env._(
                "Xero takes https addresses only: set the system parameter web.base.url to the public "
                "https address of this Odoo."
            )
        for connection in self:
            connection.redirect_uri = base + REDIRECT_PATH
            connection.redirect_problem = problem

    @api.depends("tenant_id", "last_update")
    def _compute_rounding_account_id(self):
        rounding = self.env["xero.account"].search(
            [("connection_id", "in", self.ids), ("system_account", "=", "ROUNDING"), ("status", "=", "ACTIVE")]
        )
        for connection in self:
            connection.rounding_account_id = rounding.filtered(
                lambda a, c=connection: a.connection_id == c and a.tenant_id == c.tenant_id
            )[:1]

    # === CONSTRAINS === #

    @api.constrains(
        "default_sales_account_id",
        "default_purchase_account_id",
        "default_bank_account_id",
        "no_tax_sale_rate_id",
        "no_tax_purchase_rate_id",
    )
    def _check_defaults(self):
        for connection in self:
            rows = (
                connection.default_sales_account_id.connection_id
                | connection.default_purchase_account_id.connection_id
                | connection.default_bank_account_id.connection_id
                | connection.no_tax_sale_rate_id.connection_id
                | connection.no_tax_purchase_rate_id.connection_id
            )
            if rows - connection:
                raise ValidationError(self.env._("Choose accounts and tax rates of this organisation."))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create connections, each with its own background worker."""
        for vals in vals_list:
            check_kept_by_server(self, vals, "xero_connector")
        self.env.registry.clear_cache()
        connections = super().create(vals_list)
        for connection in connections:
            connection._create_worker()
            self.env["xero.match.rule"]._create_defaults(connection)
            self.env["xero.field.rule"]._create_defaults(connection)
            self.env["xero.push.mode"]._create_missing(connection)
        return connections

    def write(self, vals):
        """Write; switching on or off is logged."""
        check_kept_by_server(self, vals, "xero_connector")
        if {"company_id", "active"} & vals.keys():
            self.env.registry.clear_cache()
        if "company_id" in vals and any(c.tenant_id and c.company_id.id != vals["company_id"] for c in self):
            raise UserError(self.env._("A connection that is matched to an organisation keeps its company."))
        switched = self.filtered(lambda c: "enabled" in vals and c.enabled != bool(vals["enabled"]))
        result = super().write(vals)
        for connection in switched:
            kind = "switched_on" if connection.enabled else "switched_off"
            self.env["xero.event"]._log_connection(connection, kind, "ok")
            if connection.enabled:
                connection._wake_worker()
        return result

    def unlink(self):
        """Disconnect, then delete; links, events and documents stay."""
        self._check_administrator()
        # Before anything is switched off or told to Xero: that is not undone by a refusal later on.
        self.check_access("unlink")
        self.env.registry.clear_cache()
        for connection in self:
            connection._stop_worker()
            connection._revoke()
            connection._stop_work("connection_deleted")
            connection.sudo().with_context(active_test=False).schedule_ids.unlink()
            self.env["xero.event"]._log_connection(connection, "deleted", "ok")
        workers = self.sudo().cron_id
        result = super().unlink()
        workers.unlink()
        return result

    # === HELPERS === #

    @api.model
    def _check_administrator(self):
        self._check_companies()
        if not self.env.su and not self.env.user.has_group(ADMIN_GROUP):
            raise AccessError(self.env._("Only a Xero administrator may do this."))

    @api.model
    def _check_user(self):
        self._check_companies()
        if not self.env.su and not self.env.user.has_group(USER_GROUP):
            raise AccessError(
                self.env._("You need the right “Xero: User” to send records to Xero. Ask your administrator.")
            )

    @api.model
    def _check_companies(self):
        """A call may name other companies than the user's; as root, which we go on as, Odoo does not look at that."""
        if not self.env.su:
            self.env.companies.check_access("read")

    @api.model
    @tools.ormcache("company_id")
    def _id_for_company(self, company_id):
        company = self.env["res.company"].sudo().browse(company_id)
        found = self.sudo().search([("company_id", "parent_of", company.id)])
        by_company = found.grouped("company_id")
        while company and company not in by_company:
            company = company.parent_id
        return by_company[company].id if company else False

    @api.model
    def _for_company(self, company):
        """Connection of `company`; a branch without one uses its parent's (B12)."""
        return self.sudo().browse(self._id_for_company(company.id) if company else False)

    def _token(self, create=False):
        """Secrets of this connection, as root."""
        self.ensure_one()
        token = self.env["xero.token"].sudo().search([("connection_id", "=", self.id)])
        if not token and create:
            token = token.create({"connection_id": self.id})
        return token

    def _base_url(self, kind):
        """Address of one of Xero's hosts: ``login``, ``identity`` or ``api``."""
        parameter = self.env["ir.config_parameter"].sudo().get_param(f"xero_connector.{kind}_url")
        try:
            return endpoints.resolve(kind, parameter)
        except ValueError as error:
            raise UserError(str(error)) from None

    def _go_url(self):
        """Where people open Xero; the sandbox serves its own pages."""
        login = self._base_url("login")
        return login if endpoints.is_loopback(login) else "https://go.xero.com"

    def _record_url(self, record):
        """Address of `record` in Odoo, ``''`` where Xero would refuse it."""
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        return "" if "xero" in base.lower() or not base else f"{base}/odoo/{record._name}/{record.id}"

    def _dataset(self, key, model=None):
        """Data set `key` for this connection: as root, in its company.

        :param model: of the records, where those of several models travel under one key
        """
        self.ensure_one()
        key = self.env[f"xero.dataset.{key}"]._by_model.get(model, key)
        return (
            self.env[f"xero.dataset.{key}"]
            .sudo()
            .with_company(self.company_id)
            .with_context(xero_connection_id=self.id, lang="en_US", active_test=True)
        )

    def _company_of_partner(self, partner):
        """Company of this database behind `partner` that has a connection of its own, or empty."""
        company_id = self._connected_company_partners().get(partner.id)
        return self.env["res.company"].browse(company_id)

    @tools.ormcache()
    def _connected_company_partners(self):
        connections = self.sudo().search([("company_id", "!=", False)])
        return {c.company_id.partner_id.id: c.company_id.id for c in connections}

    def _combination_rate(self, taxes):
        """Xero rate that stands for `taxes` together, or empty."""
        self.ensure_one()
        found = self.combination_ids.filtered(lambda c: set(c.tax_ids.ids) == set(taxes.ids))
        return found[:1].tax_rate_id
