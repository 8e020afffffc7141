"""Checks of an add-on's folder: manifest, data files, well-formed XML, size of Python files."""

import ast
from xml.etree import ElementTree

LICENSE = "LGPL-3"
REQUIRED = ("name", "summary", "version", "author", "license", "depends")
# The order of keys in OCA's template; other keys may stand anywhere.
ORDER = (
    "name summary version development_status category website author maintainers license application installable "
    "auto_install external_dependencies depends data demo assets"
).split()
DATA_FOLDERS = ("data", "demo", "report", "security", "views", "wizards")
# Odoo reads this one by its name.
UNLISTED = ("data/neutralize.sql",)
MAX_LINES = 400


def faults(addon):
    """What is wrong with an add-on, one sentence each."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    found = [*_manifest(manifest), *_listed(addon, manifest), *_xml(addon), *_sizes(addon)]
    return [f"{addon.name}: {fault}" for fault in found]


def _manifest(manifest):
    for key in REQUIRED:
        if not manifest.get(key):
            yield f"the manifest has no {key}"
    if not str(manifest.get("version", "")).startswith("19.0."):
        yield "the manifest's version does not start with 19.0."
    if manifest.get("license") != LICENSE:
        yield f"the manifest's licence is not {LICENSE}"
    known = [key for key in manifest if key in ORDER]
    if known != sorted(known, key=ORDER.index):
        yield f"the manifest's keys are not in OCA's order: {', '.join(sorted(known, key=ORDER.index))}"


def _listed(addon, manifest):
    listed = [*manifest.get("data", ()), *manifest.get("demo", ())]
    for name in listed:
        if not (addon / name).is_file():
            yield f"{name} is in the manifest but not on disk"
    on_disk = (path for folder in DATA_FOLDERS for path in sorted((addon / folder).rglob("*")))
    for path in on_disk:
        name = path.relative_to(addon).as_posix()
        if path.suffix in (".xml", ".csv", ".sql") and name not in listed and name not in UNLISTED:
            yield f"{name} is on disk but not in the manifest"


def _xml(addon):
    for path in sorted(addon.rglob("*.xml")):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            yield f"{path.relative_to(addon).as_posix()}: {error}"


def _sizes(addon):
    for path in sorted(addon.rglob("*.py")):
        lines = len(path.read_text().splitlines())
        if lines > MAX_LINES and "tests" not in path.relative_to(addon).parts:
            yield f"{path.relative_to(addon).as_posix()} has {lines} lines, more than {MAX_LINES}"
