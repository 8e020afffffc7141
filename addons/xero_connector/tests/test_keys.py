"""The key of the secrets: its owner's alone, whole, and of no use to another database (SEC-02)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from inspect import isfunction
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from odoo.tests import tagged

from ..client import errors
from ..models.xero_token import XeroToken
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
                patch.object(model, "_key__path", lambda _self: path),
                patch.object(model, "_holds_secrets", lambda _self: holds_secrets),
            ):
                yield path

    def test_a_database_of_another_name_cannot_read_its_tokens(self):
        # design.md: bound to uuid and name, so a copy that kept the uuid is disconnected as well
        token = self.connect()._token()
        self.assertTrue(token._reveal__secret("refresh_token"))
        with patch.object(self.env.cr, "dbname", "a_copy"):
            self.assertEqual(self.env.cr.dbname, "a_copy")
            with self.assertRaises(errors.CopiedDatabase):
                token._reveal__secret("refresh_token")

    def test_all_that_come_first_use_the_same_key(self):
        tokens = self.env["xero.token"]
        with self.new_host() as path, ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _n: bytes(tokens._get_or_create__key()), range(8)))
            self.assertEqual(len(set(made)), 1)
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            self.assertEqual([found.name for found in path.parent.iterdir()], ["key"], "nothing half is left")

    def test_no_new_key_while_there_are_secrets_of_another(self):
        with self.new_host(holds_secrets=True) as path:
            with self.assertRaises(errors.KeyMissing):
                self.env["xero.token"]._get_or_create__key()
            self.assertFalse(path.exists())

    def test_no_template_and_no_server_action_reads_a_secret(self):
        # Whoever may write templates runs code as root in them; `@api.private` is for remote calls only.
        self.connect()
        tokens = "env['xero.token'].sudo().search([])[:1]"
        for call in (
            "_reveal__secret('refresh_token')",
            "_read__key()",
            "_get_or_create__key()",
            "_decrypt__text('refresh_token', 'v1:x:y')",
            "_key__path()",
        ):
            with self.subTest(call=call), self.assertRaises(NameError):
                action = self.env["ir.actions.server"].create(
                    {
                        "name": "Look",
                        "model_id": self.env.ref("base.model_res_partner").id,
                        "state": "code",
                        "code": f"record.comment = {tokens}.{call}",
                    }
                )
                action.with_context(active_model="res.partner", active_id=self.partner.id).run()
        methods = [name for name in vars(XeroToken) if isfunction(vars(XeroToken)[name]) and "__" not in name]
        self.assertEqual(set(methods), {"store", "_encrypt", "_binding", "_holds_secrets"})
