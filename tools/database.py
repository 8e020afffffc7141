"""Databases for development and tests: a template with accounting installed, and copies of it.

Run as a script it makes one: `build/venv/bin/python tools/database.py NAME [MODULE,...]`.
Needs the project's environment (psycopg2) and what set-up remembered in build/state.json.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys

import psycopg2
from psycopg2 import sql

import house
from house import BUILD, DATA_DIR, LOG, PYTHON, ROOT, Missing, environment, load_state, say
from odoo_conf import write_conf

TEMPLATE = "xero_tpl"
# The charts are only available here: a test or the demo puts one on its own company.
MODULES = ("account", "l10n_au", "l10n_nz", "l10n_uk")
STAMP = BUILD / "template.json"
ODOO_BIN = ROOT / "tools" / "odoo_bin.py"


def ensure_template():
    """Make the template database unless it is there for this Odoo, these modules and this server."""
    wanted = {"odoo": load_state()["odoo"], "modules": MODULES, "server": load_state()["postgres"]}
    key = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    if exists(TEMPLATE) and STAMP.exists() and json.loads(STAMP.read_text())["key"] == key:
        say("database", f"template {TEMPLATE} is there: nothing to do")
        return
    STAMP.unlink(missing_ok=True)
    drop(TEMPLATE)
    say("database", f"making the template {TEMPLATE} with {', '.join(MODULES)} (about a minute)")
    install(TEMPLATE, *MODULES)
    STAMP.write_text(json.dumps({"key": key, **wanted}, indent=1) + "\n")
    say("database", f"template {TEMPLATE} made")


def create(name, *modules):
    """Make a database afresh as a copy of the template and install modules into it."""
    drop(name)
    with _server() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    filestore = DATA_DIR / "filestore"
    if (filestore / TEMPLATE).is_dir():
        # Odoo never changes a file of the filestore, so links do for a copy.
        shutil.copytree(filestore / TEMPLATE, filestore / name, copy_function=os.link)
    if modules:
        install(name, *modules)


def install(name, *modules, option="--init"):
    """Install modules into a database (created where missing); Odoo's log goes to build/log."""
    LOG.mkdir(parents=True, exist_ok=True)
    log = LOG / f"install-{name}.log"
    conf = write_conf(f"install-{name}", db_name=name, max_cron_threads=0)
    options = (option, ",".join(modules), "--skip-auto-install", "--stop-after-init", "--no-http")
    with log.open("w") as output:
        command = [PYTHON, ODOO_BIN, "server", "-c", conf, *options]
        code = subprocess.run(command, stdout=output, stderr=output, env=environment()).returncode
    text = log.read_text(errors="replace")
    # Odoo ends with 0 although a module could not be installed; its log and the database tell.
    faults = [line for line in text.splitlines() if " ERROR " in line or " CRITICAL " in line]
    if code or faults or not set(modules) <= _installed(name):
        last = "\n    ".join(faults[:3] or text.splitlines()[-8:])
        raise Missing(f"installing {', '.join(modules)} into {name} failed; {log} says:\n    {last}")


def _installed(name):
    with _server(name) as cursor:
        cursor.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
        return {row[0] for row in cursor.fetchall()}


def update(name, *modules):
    """Update installed modules after their data, views or fields have changed."""
    install(name, *modules, option="--update")


def drop(name):
    """Delete a database and its files, whoever is still connected to it."""
    with _server() as cursor:
        # Not autovacuum's: only a superuser may end that, and it gives way by itself.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [name],
        )
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    shutil.rmtree(DATA_DIR / "filestore" / name, ignore_errors=True)


def exists(name):
    """Whether the server has a database of that name."""
    with _server() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.rowcount)


class _server:
    """A cursor outside transactions (CREATE DATABASE needs that), on the server's own database unless told."""

    def __init__(self, database="postgres"):
        self.database = database

    def __enter__(self):
        try:
            self.connection = psycopg2.connect(dbname=self.database, **connection_arguments())
        except psycopg2.OperationalError as error:
            reason = " ".join(str(error).split())
            raise Missing(f"PostgreSQL does not answer ({reason}); check PGHOST and DATABASE_URL.") from None
        self.connection.autocommit = True
        return self.connection.cursor()

    def __exit__(self, *error):
        self.connection.close()


def connection_arguments():
    """psycopg2's arguments for the server that set-up found."""
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    return {names[key]: value for key, value in load_state()["postgres"].items()}


def _main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    create(arguments[0], *(name for names in arguments[1:] for name in names.split(",")))
    say("database", f"{arguments[0]} made")
    return 0


if __name__ == "__main__":
    house.main(_main, sys.argv[1:])
