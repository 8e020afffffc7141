"""The rooms of the house keep to their jobs (CON-19, design: reading rule)."""

import ast
from pathlib import Path

from odoo.tests import TransactionCase, tagged

ADDON = Path(__file__).parents[1]
LONGEST = 400
FORBIDDEN = {
    "client": {"odoo", "engine", "datasets", "models"},
    "datasets": {"engine", "client", "xero_python", "requests"},
    "engine": {"models", "xero_python"},
    "models": {"xero_python"},
    "wizards": {"xero_python", "engine", "client"},
    "controllers": {"xero_python", "engine"},
}


@tagged("post_install", "-at_install")
class TestStructure(TransactionCase):
    def imports(self, path):
        """Names of the modules that a file imports, relative ones by their first part."""
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                if node.module:
                    yield node.module.split(".")[0]
                if node.level > 1:
                    yield from (alias.name for alias in node.names)

    def test_reading_rule(self):
        for room, forbidden in FORBIDDEN.items():
            files = list((ADDON / room).glob("*.py"))
            self.assertTrue(files, room)
            for path in files:
                self.assertFalse(forbidden & set(self.imports(path)), f"{room}/{path.name}")

    def test_only_the_engine_commits(self):
        for path in ADDON.rglob("*.py"):
            if path.parent.name not in ("engine", "tests"):
                self.assertNotIn(".commit()", path.read_text(), path.name)

    def test_files_are_short(self):
        for path in ADDON.rglob("*.py"):
            if path.parent.name != "tests":
                lines = len(path.read_text().splitlines())
                self.assertLessEqual(lines, LONGEST, path.name)
