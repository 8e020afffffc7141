"""`make serve`: Odoo and the local Xero for development, on a database that is kept, until Ctrl-C."""

import contextlib
import signal

import database
import house
from house import say
from odoo_conf import ADDONS
from odoo_server import OdooServer, start_sandbox

DATABASE = "xero_dev"
ODOO_PORT, SANDBOX_PORT = 8069, 8100


def serve():
    """Bring the add-ons of the kept database up to date and run both servers."""
    modules = sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
    if database.exists(DATABASE):
        say("database", f"updating {', '.join(modules)} in {DATABASE}")
        database.update(DATABASE, *modules)
    else:
        say("database", f"making {DATABASE}")
        database.create(DATABASE, *modules)
    with contextlib.ExitStack() as stack:
        xero = stack.enter_context(start_sandbox("AU", SANDBOX_PORT))
        odoo = stack.enter_context(OdooServer(DATABASE, port=ODOO_PORT, env=xero.odoo_env, dev_mode="reload,xml"))
        say("xero", f"{xero.url}  log {xero.log.relative_to(house.ROOT)}")
        say("odoo", f"{odoo.url}  login admin, password admin  log {odoo.log.relative_to(house.ROOT)}")
        say("", "Ctrl-C ends both")
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    house.main(serve)
