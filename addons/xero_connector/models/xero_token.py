"""Tokens and client secret of a connection, encrypted with a key outside the database."""

import base64
import hashlib
import logging
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odoo import api, fields, models
from odoo.tools import config

from ..client import errors
from ..client.hidden import Hidden, HiddenBytes

_logger = logging.getLogger(__name__)

KEY_VARIABLE = "XERO_CONNECTOR_KEY"
KEY_FILE = "xero_connector.key"
PREFIX = "v1"


class XeroToken(models.Model):
    """One row per connection; no access right names this model, so only the server reads it.

    What gives a secret away has two underscores in its name: no template or server action may name it.
    """

    _name = "xero.token"
    _description = "Xero Token"
    _rec_name = "connection_id"

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True, groups=fields.NO_ACCESS
    )
    client_secret = fields.Text(groups=fields.NO_ACCESS, copy=False)
    access_token = fields.Text(groups=fields.NO_ACCESS, copy=False)
    refresh_token = fields.Text(groups=fields.NO_ACCESS, copy=False)
    expires_at = fields.Datetime(groups=fields.NO_ACCESS, copy=False)
    refreshed_at = fields.Datetime(groups=fields.NO_ACCESS, copy=False)

    _connection_unique = models.UniqueIndex("(connection_id)")

    # === BUSINESS === #

    @api.private
    def store(self, **secrets):
        """Encrypt and write.

        :param secrets: plain texts by field name; ``None`` or ``''`` empties a field
        :raises errors.KeyMissing: the key of this host is gone while the database holds secrets
        """
        self.ensure_one()
        self.sudo().write({name: self._encrypt(name, text) if text else False for name, text in secrets.items()})

    def _reveal__secret(self, name):
        """Plain text of one secret, ``''`` when there is none.

        :raises errors.KeyMissing: encrypted with a key that this host does not have
        :raises errors.CopiedDatabase: encrypted for another database
        """
        self.ensure_one()
        stored = self.sudo()[name]
        return Hidden(self._decrypt__text(name, stored) if stored else "")

    # === ENCRYPTION === #

    @api.model
    def _key__path(self):
        return Path(config["data_dir"]) / KEY_FILE

    @api.model
    def _read__key(self):
        """Key bytes of this host, or ``None``."""
        if text := Hidden(os.environ.get(KEY_VARIABLE, "")):
            return HiddenBytes(hashlib.sha256(text.encode()).digest())
        try:
            return HiddenBytes(base64.urlsafe_b64decode(self._key__path().read_bytes()))
        except FileNotFoundError:
            return None

    @api.model
    def _get_or_create__key(self):
        key = self._read__key()
        if key:
            return key
        if self._holds_secrets():
            raise errors.KeyMissing
        path = self._key__path()
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: a process that is killed in between must not leave half a key under its name.
        handle, new = tempfile.mkstemp(dir=path.parent, prefix=KEY_FILE)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(base64.urlsafe_b64encode(AESGCM.generate_key(256)))
            os.link(new, path)
            _logger.info("Created the key for Xero secrets in the data directory; back it up")
        except FileExistsError:
            _logger.info("Another process created the key for Xero secrets at the same moment")
        finally:
            os.unlink(new)
        return self._read__key()

    @api.model
    def _holds_secrets(self):
        return bool(
            self.sudo().search_count(["|", ("client_secret", "!=", False), ("refresh_token", "!=", False)], limit=1)
        )

    def _binding(self, name):
        """What a secret is tied to: this database by uuid and by name, row and field."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{uuid}:{self.env.cr.dbname}:{self.sudo().connection_id.id}:{name}".encode()

    def _encrypt(self, name, text):
        key = self._get_or_create__key()
        nonce = os.urandom(12)
        sealed = AESGCM(key).encrypt(nonce, text.encode(), self._binding(name))
        return ":".join([PREFIX, _fingerprint(key), base64.b64encode(nonce + sealed).decode()])

    def _decrypt__text(self, name, stored):
        key = self._read__key()
        try:
            _prefix, fingerprint, payload = stored.split(":")
            sealed = base64.b64decode(payload)
        except ValueError:
            raise errors.CopiedDatabase from None
        if not key or _fingerprint(key) != fingerprint:
            raise errors.KeyMissing
        try:
            return AESGCM(key).decrypt(sealed[:12], sealed[12:], self._binding(name)).decode()
        except InvalidTag:
            raise errors.CopiedDatabase from None


def _fingerprint(key):
    return hashlib.sha256(b"xero_connector" + key).hexdigest()[:12]
