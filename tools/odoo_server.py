"""Real Odoo and sandbox server processes, and a client for Odoo's web interface.

    with start_sandbox("AU") as xero, OdooServer("xero_demo", env=xero.odoo_env) as odoo:
        client = odoo.login("admin", "admin")
        client.call("res.partner", "search_count", [])

Databases come from `database.create(name, "xero_connector")`. Needs the project's environment (build/venv).
"""

import psycopg2
import requests

from database import ODOO_BIN, connection_arguments
from house import PYTHON
from odoo_conf import write_conf
from processes import Process, free_ports


class OdooServer(Process):
    """An Odoo server on one database, on loopback: threaded (`workers=0`) or prefork.

    :param database: name of an existing database
    :param workers: HTTP worker processes; 0 for the threaded server
    :param options: further options of odoo.conf, such as `max_cron_threads=0`
    """

    def __init__(self, database, workers=0, port=None, env=None, **options):
        free, gevent_port = free_ports(2)
        self.port = port or free
        self.database = database
        # Not 127.0.0.1: Xero accepts plain http for redirects to localhost only.
        self.url = f"http://localhost:{self.port}"
        name = f"odoo-{database}-{self.port}"
        settings = {
            "db_name": database,
            "dbfilter": f"^{database}$",
            "http_port": self.port,
            "gevent_port": gevent_port,
            "workers": workers,
            "max_cron_threads": 1,
            **options,
        }
        conf = write_conf(name, **settings)
        # The database is checked too: the answer comes when its registry can be loaded.
        health = f"http://127.0.0.1:{self.port}/web/health?db_server_status=1"
        super().__init__(name, [PYTHON, ODOO_BIN, "server", "-c", conf], health, env)

    def start(self, timeout=60):
        """Start it and wait until it answers, with its own address as base URL."""
        set_parameter(self.database, "web.base.url", self.url)
        # Else the first administrator to log in from elsewhere would change it.
        set_parameter(self.database, "web.base.url.freeze", "True")
        return super().start(timeout)

    def login(self, login="admin", password="admin"):
        """A client that is logged in as that user."""
        return OdooClient(self.url, self.database, login, password)


class SandboxServer(Process):
    """The local Xero (`python -m xero_sandbox`) of one country: AU, NZ or UK."""

    def __init__(self, country="AU", port=None, arguments=(), env=None):
        self.port = port or free_ports(1)[0]
        self.url = f"http://localhost:{self.port}"
        # What makes an Odoo server talk to this sandbox instead of Xero.
        self.odoo_env = dict.fromkeys(("XERO_LOGIN_URL", "XERO_IDENTITY_URL", "XERO_API_URL"), self.url)
        command = [PYTHON, "-m", "xero_sandbox", "--port", self.port, "--country", country, *arguments]
        super().__init__(f"sandbox-{country}-{self.port}", command, f"http://127.0.0.1:{self.port}/", env)


def start_sandbox(country="AU", port=None, arguments=(), env=None):
    """Start a sandbox and wait until it answers."""
    return SandboxServer(country, port, arguments, env).start()


class OdooError(Exception):
    """An exception that Odoo answered with: its class name, its message and the server's traceback."""

    def __init__(self, error):
        data = error.get("data", {})
        self.name, self.debug = data.get("name", ""), data.get("debug", "")
        super().__init__(data.get("message") or error.get("message"))


class OdooClient:
    """Calls methods of models over HTTP as a logged-in user, as the web client does."""

    def __init__(self, url, database, login, password):
        self.url = url
        self.http = requests.Session()
        session = self.rpc("/web/session/authenticate", db=database, login=login, password=password)
        self.uid = session["uid"]

    def call(self, model, method, *args, **kwargs):
        """The result of a model's method; `kwargs` may hold `context`."""
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self.rpc(path, model=model, method=method, args=args, kwargs=kwargs)

    def rpc(self, path, **params):
        """One JSON-RPC exchange; raises OdooError with what the server says."""
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.http.post(self.url + path, json=body, timeout=120)
        answer.raise_for_status()
        content = answer.json()
        if "error" in content:
            raise OdooError(content["error"])
        return content.get("result")


def set_parameter(database, key, value):
    """Write a system parameter while no server runs on the database (a running one has it cached)."""
    with psycopg2.connect(dbname=database, **connection_arguments()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s) "
            "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            [key, value],
        )
    connection.close()
