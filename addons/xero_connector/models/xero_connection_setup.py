"""Set-up: the seven steps, reference data, proposals."""

from odoo import api, fields, models
from odoo.exceptions import UserError

STEPS = ("keys", "redirect", "organisation", "accounts", "taxes", "start", "trial")
# Statuses that a preset gives to all kinds of documents; journals know no "authorised".
PRESETS = {"review": ("draft",), "direct": ("authorised", "posted")}
# Odoo accounts that stand on the lines of customer documents.
LINE_ACCOUNT_TYPES = (
    "income",
    "income_other",
    "expense",
    "expense_other",
    "expense_depreciation",
    "expense_direct_cost",
    "liability_current",
    "asset_current",
)
# What else stands on the lines of journal entries, once a journal is sent to Xero.
JOURNAL_ACCOUNT_TYPES = (
    "asset_fixed",
    "asset_non_current",
    "asset_prepayments",
    "liability_non_current",
    "equity",
)


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    step_keys_done = fields.Boolean(compute="_compute_steps")
    step_redirect_done = fields.Boolean(compute="_compute_steps")
    step_organisation_done = fields.Boolean(compute="_compute_steps")
    step_accounts_done = fields.Boolean(compute="_compute_steps")
    step_taxes_done = fields.Boolean(compute="_compute_steps")
    step_start_done = fields.Boolean(compute="_compute_steps")
    step_trial_done = fields.Boolean(compute="_compute_steps")
    step_accounts_text = fields.Char(compute="_compute_steps")
    step_taxes_text = fields.Char(compute="_compute_steps")
    current_step = fields.Char(compute="_compute_steps")
    statuses_chosen = fields.Boolean(compute="_compute_statuses_chosen")
    proposed_start = fields.Date(compute="_compute_proposed_start")
    rounding_advice = fields.Boolean(compute="_compute_rounding_advice")

    @api.depends(
        "client_id",
        "has_client_secret",
        "redirect_problem",
        "state",
        "sync_from",
        "statuses_chosen",
        "no_tax_sale_rate_id",
        "default_sales_account_id",
        "sync_accounts",
    )
    @api.depends_context("uid")
    def _compute_steps(self):
        for connection in self:
            accounts, accounts_mapped = connection._count_mapped_accounts()
            taxes, taxes_mapped = connection._count_mapped_taxes()
            connection.step_keys_done = bool(connection.client_id and connection.has_client_secret)
            connection.step_redirect_done = not connection.redirect_problem
            connection.step_organisation_done = connection.state == "connected"
            connection.step_accounts_done = bool(
                not connection.sync_accounts
                or connection.default_sales_account_id
                or connection._has_mapped_income_account()
            )
            connection.step_taxes_done = bool(taxes_mapped and connection.no_tax_sale_rate_id)
            connection.step_start_done = bool(connection.sync_from and connection.statuses_chosen)
            connection.step_trial_done = bool(connection.id and connection._has_pushed())
            if connection.tenant_id:
                text = self.env._("%(done)s of %(total)s mapped")
                connection.step_accounts_text = text % {"done": accounts_mapped, "total": accounts}
                connection.step_taxes_text = text % {"done": taxes_mapped, "total": taxes}
            else:
                connection.step_accounts_text = connection.step_taxes_text = self.env._("after connecting")
            connection.current_step = next((step for step in STEPS if not connection[f"step_{step}_done"]), "done")

    @api.depends(lambda self: self._push_status_fields())
    def _compute_statuses_chosen(self):
        for connection in self:
            connection.statuses_chosen = all(connection[name] for name in self._push_status_fields())

    @api.depends("sales_tax_period", "company_id")
    def _compute_proposed_start(self):
        """First day of the current tax period (B8)."""
        for connection in self:
            today = fields.Date.context_today(connection)
            period = (connection.sales_tax_period or "").upper()
            months = 1 if "MONTHLY" in period or period == "ONEMONTHS" else 3
            first = (today.month - 1) // months * months + 1
            connection.proposed_start = today.replace(month=first, day=1)

    @api.depends("company_id.tax_calculation_rounding_method")
    def _compute_rounding_advice(self):
        for connection in self:
            method = connection.company_id.tax_calculation_rounding_method
            connection.rounding_advice = method == "round_globally"

    # === ACTIONS === #

    def action_map_accounts(self):
        """Open the grid of accounts with proposals."""
        return self.env["xero.mapping.wizard"]._open(self, "account")

    def action_open_proposals(self):
        """Open the lists of Xero's accounts, taxes and tracking options that Odoo lacks."""
        return self.env["xero.proposal"]._open(self)

    def action_map_taxes(self):
        """Open the grid of taxes with proposals."""
        return self.env["xero.mapping.wizard"]._open(self, "tax")

    def action_preset_review(self):
        """Documents arrive as drafts and are approved in Xero."""
        return self._apply_preset("review")

    def action_preset_direct(self):
        """Documents arrive authorised, as they were posted in Odoo."""
        return self._apply_preset("direct")

    def action_accept_start(self):
        """Take the proposed start date."""
        self._check_administrator()
        self.check_access("write")
        self.sync_from = self.proposed_start

    def action_round_per_line(self):
        """Set Odoo's tax rounding to per line, as Xero rounds (B2)."""
        self._check_administrator()
        self.check_access("write")
        self.sudo().company_id.tax_calculation_rounding_method = "round_per_line"

    def action_trial_push(self):
        """Push the latest document that may travel."""
        self.ensure_one()
        self._check_user()
        self.check_access("read")
        self._check_usable()
        if not self.sync_from:
            raise UserError(self.env._("Set the start date first."))
        move = self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("date", ">=", self.sync_from),
                ("xero_state", "=", False),
            ],
            limit=1,
        )
        if not move:
            raise UserError(self.env._("There is no posted customer invoice since %s to try with.", self.sync_from))
        return move.action_xero_push()

    def action_open_runs(self):
        """Runs of this connection."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Xero Runs"),
            "res_model": "xero.run",
            "views": [(False, "list"), (False, "form")],
            "domain": [("connection_id", "=", self.id)],
        }

    def action_open_events(self):
        """Events of this connection."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connection Events"),
            "res_model": "xero.event",
            "views": [(False, "list"), (False, "form")],
            "domain": [("connection_id", "=", self.id)],
        }

    # === HELPERS === #

    def _apply_preset(self, name):
        self._check_administrator()
        self.check_access("write")
        offered = {field: dict(self._fields[field].selection) for field in self._push_status_fields()}
        chosen = {
            field: next((status for status in PRESETS[name] if status in statuses), None)
            for field, statuses in offered.items()
        }
        # What has statuses of its own, as payroll does, is chosen by whoever looks after it.
        self.write({field: status for field, status in chosen.items() if status})

    @api.model
    def _push_status_fields(self):
        """Fields that say how each kind of document arrives in Xero."""
        return sorted(name for name in self._fields if name.startswith("push_status_"))

    def _accounts_to_map(self):
        """Odoo accounts that can stand on document lines, or on entries of journals that are sent."""
        journals = self.env["account.journal"].search_count(
            [("company_id", "child_of", self.company_id.id), ("xero_send_entries", "=", True)], limit=1
        )
        types = LINE_ACCOUNT_TYPES + (JOURNAL_ACCOUNT_TYPES if journals else ())
        return (
            self.env["account.account"]
            .with_company(self.company_id)
            .search(
                [
                    *self.env["account.account"]._check_company_domain(self.company_id),
                    ("account_type", "in", types),
                ]
            )
        )

    def _has_mapped_income_account(self):
        """Whether a customer invoice has an account to go to."""
        accounts = self.sudo()._accounts_to_map().filtered(lambda account: account.internal_group == "income")
        return any(account.xero_account_id.connection_id == self for account in accounts)

    def _taxes_to_map(self):
        """Odoo's sale and purchase taxes of the company."""
        return self.env["account.tax"].search(
            [("company_id", "=", self.company_id.id), ("type_tax_use", "in", ("sale", "purchase"))]
        )

    def _count_mapped_accounts(self):
        accounts = self.sudo()._accounts_to_map()
        mapped = accounts.filtered(
            lambda a: a.xero_account_id.connection_id == self and a.xero_account_id.tenant_id == self.tenant_id
        )
        return len(accounts), len(mapped)

    def _count_mapped_taxes(self):
        taxes = self.sudo()._taxes_to_map()
        mapped = taxes.filtered(lambda t: t.xero_tax_rate_id.connection_id == self)
        return len(taxes), len(mapped)

    def _has_pushed(self):
        return bool(
            self.env["xero.link"]
            .sudo()
            .search_count(
                [("connection_id", "=", self.id), ("model", "=", "account.move"), ("xero_id", "!=", False)],
                limit=1,
            )
        )

    def _propose_no_tax(self):
        """Fill the no-tax rates by the country's own type, where nobody chose yet (B4)."""
        by_country = {"AU": ("BASEXCLUDED",) * 2, "NZ": ("NONE",) * 2, "GB": ("NONE",) * 2}
        types = by_country.get(self.country_code)
        if not types:
            return
        for field, tax_type in zip(("no_tax_sale_rate_id", "no_tax_purchase_rate_id"), types, strict=True):
            if not self[field]:
                self[field] = self.env["xero.tax.rate"].search(
                    [("connection_id", "=", self.id), ("tax_type", "=", tax_type), ("status", "=", "ACTIVE")],
                    limit=1,
                )
