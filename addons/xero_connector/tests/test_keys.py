"""The key of the secrets: its owner's alone, whole, and of no use to another database (SEC-02)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from odoo.tests import tagged

from ..client import errors
from .common import XeroCase


@tagged("post_install", "-at_install")
class TestKeys(XeroCase):
    @contextmanager
    def new_host(self, holds_secrets=False):
        """The path of the key of a host that has none yet."""
        model = type(self.env["xero.token"])
        with TemporaryDirectory() as folder:
            path = Path(folder) / "key"
            with (
                patch.object(model, "_key_path", lambda _self: path),
                patch.object(model, "_holds_secrets", lambda _self: holds_secrets),
            ):
                yield path

    def test_a_database_of_another_name_cannot_read_its_tokens(self):
        # design.md: bound to uuid and name, so a copy that kept the uuid is disconnected as well
        token = self.connect()._token()
        self.assertTrue(token.reveal("refresh_token"))
        with patch.object(self.env.cr, "dbname", "a_copy"):
            self.assertEqual(self.env.cr.dbname, "a_copy")
            with self.assertRaises(errors.CopiedDatabase):
                token.reveal("refresh_token")

    def test_all_that_come_first_use_the_same_key(self):
        tokens = self.env["xero.token"]
        with self.new_host() as path, ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _n: bytes(tokens._get_or_create_key()), range(8)))
            self.assertEqual(len(set(made)), 1)
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            self.assertEqual([found.name for found in path.parent.iterdir()], ["key"], "nothing half is left")

    def test_no_new_key_while_there_are_secrets_of_another(self):
        with self.new_host(holds_secrets=True) as path:
            with self.assertRaises(errors.KeyMissing):
                self.env["xero.token"]._get_or_create_key()
            self.assertFalse(path.exists())
