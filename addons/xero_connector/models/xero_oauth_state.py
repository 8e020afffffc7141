"""The single-use text that ties a consent at Xero to who asked for it."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from odoo import api, fields, models

LIFETIME = timedelta(minutes=15)


class XeroOauthState(models.Model):
    """One consent under way; only the server reads it."""

    _name = "xero.oauth.state"
    _description = "Xero Consent Under Way"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    digest = fields.Char(required=True, groups=fields.NO_ACCESS)
    session_digest = fields.Char(groups=fields.NO_ACCESS)
    redirect_uri = fields.Char(required=True)

    _digest_unique = models.UniqueIndex("(digest)")

    @api.private
    def issue(self, connection, redirect_uri, session_nonce):
        """A new state for `connection` and the current user.

        :param session_nonce: text kept in the browser's session, ``''`` outside a request
        :return: the text to send to Xero
        """
        state = secrets.token_urlsafe(32)
        self.sudo().search([("create_date", "<", fields.Datetime.now() - LIFETIME)]).unlink()
        self.sudo().create(
            {
                "connection_id": connection.id,
                "company_id": connection.company_id.id,
                "user_id": self.env.uid,
                "digest": _digest(state),
                "session_digest": _digest(session_nonce),
                "redirect_uri": redirect_uri,
            }
        )
        return state

    @api.private
    def consume(self, state, session_nonce):
        """The consent that `state` belongs to; a state works once.

        :return: ``(connection, redirect_uri)``, or ``(None, None)`` when the state is unknown,
            used, too old, of another user, company or session
        """
        row = self.sudo().search([("digest", "=", _digest(state or ""))], limit=1)
        if not row.try_lock_for_update():
            return None, None
        fits = (
            row.user_id.id == self.env.uid
            and row.create_date >= fields.Datetime.now() - LIFETIME
            and row.connection_id.company_id == row.company_id
            and hmac.compare_digest(row.session_digest, _digest(session_nonce))
        )
        connection, redirect_uri = row.connection_id, row.redirect_uri
        if not fits:
            # Somebody else's attempt must not use up the state of who asked for it.
            return None, None
        row.unlink()
        return connection.with_env(self.env), redirect_uri


def _digest(text):
    return hashlib.sha256((text or "").encode()).hexdigest()
