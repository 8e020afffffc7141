"""Every exchange of these tests is compared with Xero's own specifications, or it is said that it is not (B1)."""

import os
from pathlib import Path

from odoo.tests import tagged

from .common import XeroCase


@tagged("post_install", "-at_install")
class TestSpecifications(XeroCase):
    def test_a_departure_is_noticed(self):
        folder = os.environ.get("XERO_OPENAPI")
        if not folder:
            self.skipTest("XERO_OPENAPI names no folder with Xero's specifications (looked for ../shared/xero-openapi)")
        self.assertTrue(Path(folder).is_dir(), f"XERO_OPENAPI names {folder}, which is not there")
        self.create_in_xero("/Contacts", {"Contacts": [{"Name": "A", "Nickname": "x"}]})
        self.assertIn("Nickname", " ".join(self.xero.violations))
        self.xero.sandbox.violations.clear()
