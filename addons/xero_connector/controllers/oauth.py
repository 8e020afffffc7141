"""Where Xero sends people back to after the consent."""

import logging
import re
from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..client import errors
from ..client.hidden import Hidden
from ..models.xero_connection_oauth import NONCE

_logger = logging.getLogger(__name__)
_WORD = re.compile(r"[^0-9A-Za-z_.-]")


class XeroOauth(http.Controller):
    """Consent callback; only a code and a state ever arrive here."""

    @http.route("/xero/oauth/callback", type="http", auth="user", methods=["GET"], save_session=True)
    def callback(self, code=None, state=None, error=None, **_ignored):
        """Finish a consent.

        :param code: single-use code of Xero
        :param state: the text that :meth:`action_connect` sent along
        :param error: reason of a refusal, e.g. ``access_denied``
        :return: redirect to the connection; 400 when `state` is unknown, used or somebody else's
        """
        env = request.env
        if request.httprequest.method != "GET":
            # Werkzeug lets HEAD in where GET is allowed: a look ahead must not use up the consent.
            return self._refuse()
        connection, redirect_uri = env["xero.oauth.state"].consume(state, request.session.get(NONCE, ""))
        if not connection:
            return self._refuse()
        # Not before: a forged call must not spoil the consent that is under way in this browser.
        request.session.pop(NONCE, None)
        try:
            connection._check_administrator()
            connection.check_access("write")
        except AccessError:
            return self._refuse()
        if error or not code:
            kind = "consent_refused" if error == "access_denied" else "consent_failed"
            self._log(connection, kind, _WORD.sub("", error or "")[:80] or "no code")
            return self._back(connection)
        try:
            connection.with_context(**self._company(connection))._receive_code(Hidden(code), redirect_uri)
        except errors.XeroError as problem:
            self._log(connection, "consent_failed", type(problem).__name__)
        except UserError as problem:
            self._log(connection, "consent_failed", str(problem))
        return self._back(connection)

    def _company(self, connection):
        return {"allowed_company_ids": connection.company_id.ids}

    def _log(self, connection, kind, detail):
        event = request.env["xero.event"]._log_connection(connection, kind, "failed", arguments={"detail": detail})
        connection.sudo().last_result = event.message

    def _back(self, connection):
        query = urlencode({"cids": connection.company_id.id})
        return request.redirect(f"/odoo/xero-connections/{connection.id}?{query}")

    def _refuse(self):
        text = request.env._(
            "This consent was not asked for from here, was used before or is older than 15 minutes. "
            "Open the connection in Odoo and press Connect again."
        )
        return request.make_response(text, headers=[("Content-Type", "text/plain; charset=utf-8")], status=400)
