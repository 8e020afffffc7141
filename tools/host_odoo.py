"""Odoo's command line, with the outcome of each test written down; started by host_suite.py only.

HOST_RESULT names the file: a JSON list [test, outcome, reason] for each thing that happens to a test, passed when it
starts; at the end the line ["end"], without which Odoo has died on the way.
"""

import json
import os
import sys

os.environ["TZ"] = "UTC"  # as in odoo_bin.py
sys.path.pop(0)

import odoo.cli
from odoo.tests import loader

RESULT = open(os.environ.pop("HOST_RESULT"), "w", buffering=1)  # noqa: SIM115


class Recorder(loader.OdooTestResult):
    """Odoo's own test result, which also tells host_suite.py."""

    def startTest(self, test):
        record(test, "passed")
        super().startTest(test)

    def addError(self, test, err):
        self._failed(test, err)
        super().addError(test, err)

    def addFailure(self, test, err):
        self._failed(test, err)
        super().addFailure(test, err)

    def addSkip(self, test, reason):
        record(test, "skipped", reason)
        super().addSkip(test, reason)

    def _failed(self, test, err):
        # Softly: Odoo runs the test once more, and starts it again.
        if not self._soft_fail:
            record(test, "failed", f"{err[0].__name__}: {err[1]}")


def record(test, outcome, reason=""):
    """One line; subtests count for their test, a class that cannot be set up for itself."""
    test = getattr(test, "test_case", test)
    RESULT.write(json.dumps([test.id().removeprefix("odoo.addons."), outcome, str(reason)]) + "\n")


def everything(module_names, position="at_install"):
    """All tests when everything is loaded: those that Odoo runs on the way would not meet our add-ons."""
    moments = ("at_install", "post_install") if position == "post_install" else ()
    return loader.OdooSuite([test for moment in moments for test in make_suite(module_names, moment)])


make_suite, loader.make_suite = loader.make_suite, everything
run_suite = loader.run_suite


def to_the_end(*args, **kwargs):
    """Odoo's own, and the line that says that it came to its end."""
    results = run_suite(*args, **kwargs)
    RESULT.write('["end"]\n')
    return results


loader.OdooTestResult, loader.run_suite = Recorder, to_the_end

if __name__ == "__main__":
    odoo.cli.main()
