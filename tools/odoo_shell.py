"""Runs a function of a script inside `odoo shell`, in a process of its own, and brings back what it answers.

    answer = odoo_shell.call("xero_bench", "tests/bench/first_half.py", "main", url=xero.url)
"""

import json
import subprocess
from pathlib import Path

import database
from house import PYTHON, ROOT, environment
from odoo_conf import write_conf

CODE = """
import json, sys
sys.path[:0] = {folders}
import {module}
print("RESULT " + json.dumps({module}.{function}(env, **{arguments})))
"""
PREFIX = "RESULT "


def call(name, script, function, **arguments):
    """Call `function(env, **arguments)` of a Python file on the database `name`; `env` belongs to root.

    :param arguments: strings, numbers, lists and mappings; so is what the function returns
    :raises SystemExit: it did not end well
    """
    conf = write_conf(f"shell-{name}", db_name=name, max_cron_threads=0)
    script = Path(script)
    folders = [str(script.parent), str(ROOT / "tools")]
    code = CODE.format(folders=folders, module=script.stem, function=function, arguments=arguments)
    process = subprocess.run(
        [PYTHON, database.ODOO_BIN, "shell", "-c", conf, "--no-http", "--log-level=warn"],
        input=code,
        capture_output=True,
        text=True,
        env=environment(),
    )
    lines = [line for line in process.stdout.splitlines() if line.startswith(PREFIX)]
    if not lines:
        raise SystemExit(f"{function} did not end well:\n{process.stdout[-2000:]}\n{process.stderr[-4000:]}")
    return json.loads(lines[-1].removeprefix(PREFIX))
