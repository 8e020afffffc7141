"""`make lint`: ruff, pylint-odoo and what they do not look at - XML, manifests, addresses of one machine."""

import subprocess
import sys

import house
import lint_addons
import lint_places
from house import PYTHON, ROOT, environment
from odoo_conf import ADDONS

# The author is not OCA, the README is the repository's, and a model with many concerns is split over files.
NOT_OURS = "--disable=manifest-required-author,missing-readme,consider-merging-classes-inherited"


def lint():
    """Run every check and show what each found; 0 when all are content."""
    addons = sorted(path.parent for path in ADDONS.glob("*/__manifest__.py"))
    results = [_tool("ruff", "check", "--quiet", "--output-format=concise", ".")]
    if addons:
        results.append(_tool("pylint", "--rcfile=.pylintrc", NOT_OURS, *(addon.relative_to(ROOT) for addon in addons)))
    results.append(_report("add-ons", [fault for addon in addons for fault in lint_addons.faults(addon)]))
    results.append(_report("places", list(lint_places.faults(ROOT))))
    return int(not all(results))


def _tool(module, *arguments):
    command = [PYTHON, "-m", module, *arguments]
    result = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=environment(), text=True, capture_output=True
    )
    lines = (result.stdout + result.stderr).strip().splitlines()
    return _report(module, lines if result.returncode else [])


def _report(check, faults):
    print(f"{check:<10} {'ok' if not faults else 'FAILED'}")
    for fault in faults:
        print(f"    {fault}")
    sys.stdout.flush()
    return not faults


if __name__ == "__main__":
    house.main(lint)
