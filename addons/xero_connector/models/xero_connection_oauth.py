"""Connect, choose the organisation, test, disconnect."""

import logging
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request

from ..client import XeroApi, errors, oauth, scopes
from ..client.hidden import Hidden
from ..datasets.statuses import BUSY_STATES
from ..engine import reference, session, transaction
from . import messages
from .xero_run import UNDER_WAY

_logger = logging.getLogger(__name__)

NONCE = "xero_oauth_nonce"


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    tenant_choice_id = fields.Many2one(
        "xero.tenant.choice", "Organisation to connect", domain="[('connection_id', '=', id)]", copy=False
    )
    country_differs = fields.Boolean(compute="_compute_country_differs")
    country_confirmed = fields.Boolean("The organisation is in another country, and that is right", copy=False)

    @api.depends("tenant_choice_id.country_code", "company_id.account_fiscal_country_id")
    def _compute_country_differs(self):
        for connection in self:
            chosen = connection.tenant_choice_id.sudo().country_code
            own = connection.company_id.account_fiscal_country_id.code
            connection.country_differs = bool(chosen and own and chosen != own)

    # === ACTIONS === #

    def action_connect(self):
        """Go to Xero's consent page.

        :return: an ``ir.actions.act_url`` with client id, redirect address, scopes and state
        """
        self.ensure_one()
        self._check_administrator()
        self.check_access("write")
        if self.state == "connected":
            raise UserError(self.env._("%(name)s is connected already.", name=self.display_name))
        if not self.client_id or not self.sudo().has_client_secret:
            raise UserError(self.env._("Fill in the Client ID and the Client Secret of your Xero app and save first."))
        if self.redirect_problem:
            raise UserError(self.redirect_problem)
        nonce = secrets.token_urlsafe(16) if request else ""
        if request:
            request.session[NONCE] = nonce
        state = self.env["xero.oauth.state"].issue(self, self.redirect_uri, nonce)
        url = oauth.authorize_url(
            self._base_url("login"), self.client_id, self.redirect_uri, scopes.scopes_for(self._features()), state
        )
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def action_choose_organisation(self):
        """Connect the chosen organisation; it is never taken silently."""
        self.ensure_one()
        self._check_administrator()
        self.check_access("write")
        choice = self.tenant_choice_id.sudo()
        if not choice or choice.connection_id != self:
            raise UserError(self.env._("Choose the Xero organisation that belongs to %s.", self.company_id.name))
        if choice.base_currency_code != self.company_id.currency_id.name:
            raise UserError(
                self.env._(
                    "%(organisation)s keeps its books in %(theirs)s, %(company)s in %(ours)s. "
                    "Only an organisation with the same base currency can be connected.",
                    organisation=choice.name,
                    theirs=choice.base_currency_code,
                    company=self.company_id.name,
                    ours=self.company_id.currency_id.name,
                )
            )
        if self.country_differs and not self.country_confirmed:
            raise UserError(
                self.env._(
                    "%(organisation)s is in another country than %(company)s. Tick the confirmation if that is right.",
                    organisation=choice.name,
                    company=self.company_id.name,
                )
            )
        taken = self.sudo().search([("tenant_id", "=", choice.tenant_id), ("id", "!=", self.id)])
        if taken:
            raise UserError(
                self.env._(
                    "%(organisation)s is matched to %(company)s already.",
                    organisation=choice.name,
                    company=taken.company_id.name,
                )
            )
        self._leave_other_organisation(choice.tenant_id)
        self.sudo().write(
            {
                "tenant_id": choice.tenant_id,
                "tenant_name": choice.name,
                "xero_connection_id": choice.xero_connection_id,
                "state": "connected",
                "state_reason": False,
                "tenant_choice_id": False,
            }
        )
        self.env["xero.tenant.choice"].sudo().search([("connection_id", "=", self.id)]).unlink()
        self.env["xero.event"]._log_connection(self, "connected", "ok")
        self._release_runs()
        # The match is a fact from here on, whatever the import meets.
        transaction.commit(self.env)
        return self._import(self._reference_keys())

    def action_test(self):
        """Ask Xero who it is and what we may do there; changes nothing."""
        self.ensure_one()
        self._check_user()
        self.check_access("read")
        self._check_usable()
        transaction.commit(self.env)
        try:
            self.sudo()._read_organisation()
            actions = reference.read_actions(self.sudo())
        except errors.XeroError as error:
            # What the error changed was written elsewhere: go on from there.
            transaction.commit(self.env)
            reason = self._error_text(error)
            self.env["xero.event"]._log_connection(self, "test_failed", "failed", arguments={"detail": reason})
            self.sudo().write({"last_test": fields.Datetime.now(), "last_result": reason})
            return self._notify(reason, "danger")
        self.sudo().write({"actions_json": actions, "last_test": fields.Datetime.now(), "last_result": False})
        self.env["xero.event"]._log_connection(self, "tested", "ok")
        refused = [name for name in ("CreateDraftInvoice", "CreateApprovedInvoice") if actions.get(name) is False]
        message = self.env._("Connected to %(organisation)s.", organisation=self.tenant_name)
        if refused:
            message += " " + self.env._("The connecting user may not: %(actions)s.", actions=", ".join(refused))
        return self._notify(message, "warning" if refused else "success")

    def action_disconnect(self):
        """Give the consent back; settings and links stay."""
        self.ensure_one()
        self._check_administrator()
        self.check_access("write")
        if self.state == "disconnected":
            raise UserError(self.env._("%(name)s is not connected.", name=self.display_name))
        self._revoke()
        self.sudo().write({"state": "disconnected", "state_reason": False, "xero_connection_id": False})
        self.env["xero.event"]._log_connection(self, "disconnected", "ok")
        return self._notify(self.env._("Disconnected from Xero. Settings and links are kept."), "success")

    # === CALLBACK === #

    def _receive_code(self, code, redirect_uri):
        """Exchange the code of a consent and list the organisations to choose from.

        :raises errors.XeroError: Xero did not give tokens
        """
        self.ensure_one()
        code = Hidden(code)
        token = self._token(create=True)
        keys = self._base_url("identity"), self.client_id, token._reveal__secret("client_secret")
        # State and code work once: Odoo repeats a request that met others' work, but they are gone by then.
        transaction.commit(self.env)
        answer = oauth.exchange_code(*keys, code, redirect_uri)
        transaction.run_committed(self.env, lambda: session.store_tokens(token, answer))
        event_id = oauth.claims(answer["access_token"]).get("authentication_event_id")
        api_url = self._base_url("api")
        listing = XeroApi(api_url, answer["access_token"])
        tenants = listing.connections(event_id) or listing.connections()
        found = []
        for tenant in tenants:
            if tenant.get("tenantType") != "ORGANISATION":
                continue
            organisation = XeroApi(api_url, answer["access_token"], tenant["tenantId"]).get("/Organisation")
            details = (organisation.rows("Organisations") or [{}])[0]
            found.append(
                {
                    "connection_id": self.id,
                    "name": tenant.get("tenantName") or details.get("Name") or tenant["tenantId"],
                    "tenant_id": tenant["tenantId"],
                    "xero_connection_id": tenant["id"],
                    "country_code": details.get("CountryCode"),
                    "base_currency_code": details.get("BaseCurrency"),
                }
            )
        scope = answer.get("scope") or " ".join(scopes.scopes_for(self._features()))
        transaction.run_committed(self.env, lambda: self._keep_consent(scope, found))

    def _keep_consent(self, scope, found):
        """Remember what was granted, and for which organisations.

        :param scope: granted scopes, divided by spaces
        :param found: values of ``xero.tenant.choice``
        """
        choices = self.env["xero.tenant.choice"].sudo()
        choices.search([("connection_id", "=", self.id)]).unlink()
        choices.create(found)
        known = self.tenant_id and choices.search([("connection_id", "=", self.id), ("tenant_id", "=", self.tenant_id)])
        values = {"granted_scopes": scope, "state": "choose", "state_reason": False, "last_result": False}
        if known and self.state in ("needs_reconnect", "disconnected"):
            # The match was confirmed before; consenting again keeps it.
            values.update(state="connected", xero_connection_id=known.xero_connection_id)
        self.sudo().write(values)
        kind = "connected" if values["state"] == "connected" else "consent"
        self.env["xero.event"]._log_connection(self, kind, "ok")
        if values["state"] == "connected":
            self._release_runs()

    # === HELPERS === #

    def _release_runs(self):
        """What waits for a consent goes on at once."""
        refused = [kind.__name__ for kind in errors.NO_CONSENT]
        doubtful = [("connection_id", "=", self.id), ("state", "=", "unknown"), ("status", "in", (401, 403))]
        self.env["xero.request"].sudo().search(doubtful).not_before = False
        self.env["xero.run"].sudo().search(
            [("connection_id", "=", self.id), ("state", "=", "queued"), ("waiting_for", "in", refused)]
        ).write({"not_before": False, "waiting_for": False, "attempts": 0})
        self._wake_worker()

    def _leave_other_organisation(self, tenant_id):
        """Another organisation starts with no links; those of the old one stay, inactive (B16)."""
        if self.tenant_id and self.tenant_id != tenant_id:
            self._stop_work("organisation_changed")
            old = (
                self.env["xero.link"]
                .sudo()
                .search([("connection_id", "=", self.id), ("tenant_id", "=", self.tenant_id)])
            )
            old.write({"active": False})
            self._forget_imports()
            self.sudo().write(
                {
                    "default_sales_account_id": False,
                    "default_purchase_account_id": False,
                    "default_bank_account_id": False,
                    "tracking_1_category_id": False,
                    "tracking_2_category_id": False,
                    "no_tax_sale_rate_id": False,
                    "no_tax_purchase_rate_id": False,
                    "organisation_key": False,
                    "cis_contractor": False,
                    "cis_read_at": False,
                }
            )
        # Links of an earlier connection to this organisation work again.
        known = (
            self.env["xero.link"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "child_of", self.company_id.id), ("tenant_id", "=", tenant_id)])
        )
        known.filtered(lambda link: link.connection_id != self).write({"connection_id": self.id})
        known.filtered(lambda link: link.record_exists).write({"active": True})
        self._take_up_doubts(tenant_id)

    def _take_up_doubts(self, tenant_id):
        """What an earlier connection to this organisation left in doubt is looked up by this one, however old."""
        requests = self.env["xero.request"].sudo()
        requests = requests.search(
            [
                ("company_id", "child_of", self.company_id.id),
                ("tenant_id", "=", tenant_id),
                ("state", "!=", "answered"),
            ]
        )
        requests.write({"connection_id": self.id})
        requests.run_id.write({"connection_id": self.id, "state": "queued", "finished_at": False, "not_before": False})
        if requests:
            self._wake_worker()

    def _stop_work(self, reason):
        """Nothing of what waits will be sent: the links say so, the runs are closed.

        What left without an answer stays in doubt until the organisation is connected again.

        :param reason: code in the catalogue
        """
        self.ensure_one()
        connection = [("connection_id", "=", self.id)]
        for left in self.env["xero.request"].sudo().search([*connection, ("state", "!=", "answered")]):
            left._leave_open()
        links = self.env["xero.link"].sudo().search([*connection, ("state", "in", ("queued", *BUSY_STATES))])
        doubtful = links.filtered(lambda link: link.state == "in_doubt")
        (links - doubtful).write({"state": "failed", "reason": reason})
        problems = ((links - doubtful, reason), (doubtful, "left_in_doubt"))
        self.env["xero.exception"]._report([(link, code, {}, 0.0) for some, code in problems for link in some])
        self.env["xero.run"].sudo().search([("connection_id", "=", self.id), ("state", "in", UNDER_WAY)]).write(
            {"state": "stopped", "finished_at": fields.Datetime.now()}
        )

    def _revoke(self):
        """Disconnect at Xero as far as it can be reached, and forget the tokens."""
        self.ensure_one()
        token = self._token()
        try:
            if token and token._reveal__secret("refresh_token"):
                if self.xero_connection_id:
                    session.call(self.sudo(), lambda api_: api_.delete_connection(self.xero_connection_id))
                others = self.sudo().search([("client_id", "=", self.client_id), ("id", "!=", self.id)])
                if not others.filtered(lambda c: c.state == "connected"):
                    oauth.revoke(
                        self._base_url("identity"),
                        self.client_id,
                        token._reveal__secret("client_secret"),
                        token._reveal__secret("refresh_token"),
                    )
        except errors.XeroError as error:
            # What Xero does not hear now ends there by itself; here it ends in any case.
            _logger.warning("Xero was not told of the disconnection: %s", type(error).__name__)
        token.store(access_token="", refresh_token="") if token else None
        token.write({"expires_at": False})

    def _read_organisation(self):
        """Refresh what the connection keeps of the organisation; one call."""
        self._keep_organisation(reference.read_organisation(self))

    def _keep_organisation(self, item):
        """Write what differs from the organisation as Xero sent it; the changed values."""
        self.invalidate_recordset()
        vals = self._dataset("organisation")._prepare_vals(item)
        changed = {name: value for name, value in vals.items() if value is not None and self[name] != value}
        self.write({**changed, "organisation_read_at": fields.Datetime.now()})
        return changed

    def _set_needs_reconnect(self, error):
        """Stop until somebody connects again; settings stay, and people are told once."""
        self.ensure_one()
        self.write({"state": "needs_reconnect", "state_reason": self._error_text(error)})
        self.env["xero.event"]._log_connection(
            self, "needs_reconnect", "failed", code="needs_reconnect", arguments={"detail": error.message}
        )
        self._alert(
            self.env._("Connect %s to Xero again: Xero no longer accepts the connection.", self.company_id.name)
        )

    def _is_usable(self):
        """Whether anything may be sent or read now."""
        return self.active and self.enabled and self.state == "connected"

    def _check_usable(self):
        """Raise a sentence when the connection cannot be used now."""
        self.ensure_one()
        if not self.enabled:
            raise UserError(
                self.env._("The Xero connection of %(company)s is switched off.", company=self.company_id.name)
            )
        if self.state != "connected":
            raise UserError(
                self.env._(
                    "%(company)s is not connected to Xero (%(state)s). A Xero administrator connects it "
                    "under Xero ▸ Connections.",
                    company=self.company_id.name,
                    state=dict(self._fields["state"]._description_selection(self.env))[self.state],
                )
            )

    def _error_text(self, error):
        """A sentence for an error of the client."""
        code = {
            errors.AccessRevoked: "access_revoked",
            errors.CopiedDatabase: "copied_database",
            errors.KeyMissing: "key_missing",
            errors.AuthExpired: "access_revoked",
            errors.ApiRefused: errors.ApiRefused.code,
            errors.UnsafeAddress: errors.UnsafeAddress.code,
            errors.ScopeMissing: "scope_missing",
            errors.RateLimited: "rate_limited",
            errors.Offline: "offline",
            errors.OutcomeUnknown: "no_answer",
        }.get(type(error), "xero_refused")
        known = self.env["xero.known.error"]._for_code(code).with_env(self.env).sudo()
        if not known:
            return error.message
        return messages.fill(self.env, f"{known.cause} {known.correction}", {"text": error.message})

    def _notify(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": kind == "danger",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
