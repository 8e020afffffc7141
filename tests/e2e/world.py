"""A connected company in a real Odoo server with a local Xero, and what tests look at from outside."""

import itertools
import re
import time
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from urllib.parse import urljoin

import psycopg2
import requests

import database
from demo_bookkeeper import Bookkeeper
from demo_company import Books
from demo_connect import CHOICE, COMBINED_RATE, ORGANISATION, Connecting
from demo_documents import Dates
from demo_odoo import money
from odoo_server import OdooError, OdooServer, start_sandbox
from xero_reader import XeroReader

# Limits have their tests elsewhere; here several tests share a minute. See also World.forget.
LIMITS = ("--minute-limit", 6000, "--day-limit", 60000)
CLERK = "clerk@example.com"
NOISE = re.compile(r"Traceback|A step of Xero run|server action #\d+ failed| CRITICAL ")


class World:
    """Odoo, Xero, the company between them, its administrator and a clerk.

    :param kind: names the database
    :param workers: HTTP worker processes of Odoo, 0 for threads
    """

    def __init__(self, kind, workers):
        self.kind = kind
        self.database = f"xero_e2e_{kind}"
        database.create(self.database, "xero_connector")
        self.xero = start_sandbox("AU", arguments=LIMITS)
        self.odoo = OdooServer(self.database, workers=workers, env=self.xero.odoo_env, max_cron_threads=2)
        self._numbers = itertools.count(1)
        self._sql = psycopg2.connect(dbname=self.database, **database.connection_arguments())
        self._sql.autocommit = True
        self._log_start = 0

    def open(self):
        """Start Odoo and connect the company."""
        self.odoo.start()
        self.admin = self.odoo.login()
        self.books = Books(self.admin, datetime.now(timezone.utc).date())
        self.books.make()
        Bookkeeper(self.xero.url, ORGANISATION).add_tax_rate(COMBINED_RATE, ("GST", 10), ("Port levy", 2))
        self.clerk = self._hire()
        self.connect()

    def close(self):
        """Stop both servers and drop the database."""
        self._sql.close()
        self.odoo.stop()
        self.xero.stop()
        database.drop(self.database)

    # === COMPANY === #

    def connect(self):
        """A new connection, set up to the end."""
        connecting = Connecting(self.books)
        connecting.consent()
        connecting.choose_organisation()
        connecting.map()
        connecting.begin(Dates(self.books.today).start)
        self.connection_id = connecting.connection_id

    def consent_again(self):
        """The existing connection goes through Xero's consent page once more."""
        address = self.press_connection("action_connect")["url"]
        choices = {name: tenant for tenant, name in CHOICE.findall(self.admin.http.get(address, timeout=30).text)}
        form = {"decision": "allow", "tenant": choices[ORGANISATION]}
        allowed = self.admin.http.post(address, data=form, allow_redirects=False, timeout=30)
        self.admin.http.get(urljoin(address, allowed.headers["Location"]), timeout=60).raise_for_status()

    def heal(self):
        """Make sure that the connection works, whatever the test before did."""
        self.control("DELETE", "faults")
        self.books.call("xero.connection", "write", [self.connection_id], {"enabled": True})
        with suppress(OdooError):
            if self.press_connection("action_test")["params"]["type"] == "success":
                return
        with suppress(OdooError):
            self.press_connection("action_disconnect")
        self.consent_again()

    def press_connection(self, button):
        """Press a button of the connection form as the administrator."""
        return self.books.call("xero.connection", button, [self.connection_id])

    def _hire(self):
        groups = [self.books.call("ir.model.data", "search_read", [("module", "=", module), ("name", "=", name)],
                                  ["res_id"])[0]["res_id"]
                  for module, name in (("account", "group_account_invoice"), ("xero_connector", "group_xero_user"))]
        company = self.books.company_id
        self.books.create(
            "res.users", name="Clerk", login=CLERK, password=CLERK, company_id=company,
            company_ids=[(6, 0, [company])], group_ids=[(4, group) for group in groups],
        )
        return self.odoo.login(CLERK, CLERK)

    def customers(self, count):
        """Ids of new customers, unknown to Xero."""
        number = next(self._numbers)
        return self.books.call("res.partner", "create", [
            {"name": f"{self.kind.title()} Customer {number}-{position} Pty Ltd", "is_company": True}
            for position in range(count)])

    def known_customers(self, count):
        """Ids of new customers that Xero knows."""
        customers = self.customers(count)
        self.books.call("res.partner", "action_xero_push", customers)
        return customers

    def invoices(self, count, customers):
        """Ids of new posted invoices of two lines, given to the customers in turn."""
        gst, free = self.books.taxes["gst"], self.books.taxes["free"]
        beans, bread = self.books.products["beans"], self.books.products["bread"]

        def line(product, quantity, price, tax):
            values = {"product_id": product, "quantity": quantity, "price_unit": price, "tax_ids": [(6, 0, [tax])]}
            return (0, 0, values)

        moves = self.books.call("account.move", "create", [{
            "move_type": "out_invoice", "partner_id": customers[position % len(customers)],
            "invoice_date": str(self.books.today), "date": str(self.books.today),
            "invoice_line_ids": [line(beans, 7, 38.49 + position / 100, gst), line(bread, 2, 54, free)],
        } for position in range(count)])
        self.books.call("account.move", "action_post", moves)
        return moves

    # === PUSHING === #

    def push_in_background(self, moves):
        """Select the invoices in the list and press Push to Xero; the id of the run."""
        answer = self.books.call("account.move", "action_xero_push", moves)
        assert answer["res_model"] == "xero.run", answer
        return answer["res_id"]

    def press(self, move, client=None):
        """Press the button on one invoice as the clerk: seconds until the answer, and what it says."""
        started = time.monotonic()
        answer = (client or self.clerk).call("account.move", "action_xero_push", [move], context=self.books.context)
        return time.monotonic() - started, answer["params"]

    def run_is_done(self, run):
        """Whether that run has ended."""
        return self.one("SELECT state = 'done' FROM xero_run WHERE id = %s", run)

    def worker_is_idle(self):
        """Whether the connection's scheduled action neither runs nor is about to."""
        return self.one(
            """SELECT NOT EXISTS (SELECT FROM ir_cron_trigger JOIN ir_cron ON ir_cron.id = cron_id
                                   WHERE cron_name LIKE 'Xero: %%' AND call_at <= now() AT TIME ZONE 'UTC')"""
        ) and self.one("""SELECT (SELECT count(*) FROM ir_cron WHERE cron_name LIKE 'Xero: %%') =
            (SELECT count(*) FROM (SELECT id FROM ir_cron WHERE cron_name LIKE 'Xero: %%'
                                      FOR UPDATE SKIP LOCKED) free)""")

    def wake_workers(self):
        """What Odoo does when work comes in: a server that has just started would wait for a minute."""
        connection = psycopg2.connect(dbname="postgres", **database.connection_arguments())
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.database])
        connection.close()

    # === LOOKING === #

    def sql(self, query, *arguments):
        """Rows of a statement in a transaction of its own."""
        with self._sql.cursor() as cursor:
            cursor.execute(query, arguments)
            return cursor.fetchall() if cursor.description else []

    def one(self, query, *arguments):
        """The only value of the only row."""
        ((value,),) = self.sql(query, *arguments)
        return value

    def states(self, moves):
        """How many links of these invoices are in which state."""
        return dict(Counter(state for (state,) in self.sql(
            "SELECT state FROM xero_link WHERE model = 'account.move' AND res_id = ANY(%s)", moves)))

    def control(self, verb, path, content=None):
        """The local Xero's control interface."""
        answer = requests.request(verb, f"{self.xero.url}/_sandbox/{path}", json=content, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def count(self, template):
        """How often Xero was called so, such as PUT /Invoices."""
        return self.control("GET", "counts").get(template, 0)

    def refreshes(self):
        """How many tokens Xero has renewed."""
        return self.control("GET", "tokens")["refreshes"]

    def arrived(self):
        """How many calls met a fault so far; unlike the counts also those that are not answered yet."""
        return len(self.control("GET", "faults")["log"])

    @contextmanager
    def fault(self, kind, **rule):
        """Meanwhile Xero misbehaves so."""
        self.control("POST", "faults", {"kind": kind, **rule})
        try:
            yield
        finally:
            self.control("DELETE", "faults")

    def wait(self, condition, what, seconds=30):
        """Wait until the condition holds and return what it said."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if result := condition():
                return result
            time.sleep(0.05)
        runs = self.sql("SELECT id, state, phase, total, done, failed, waiting_for, not_before FROM xero_run "
                        "ORDER BY id DESC LIMIT 3")
        raise AssertionError(f"{what} did not come within {seconds} s; the last runs: {runs}\n{self.odoo.tail(8)}")

    # === JUDGING === #

    def forget(self):
        """Judge from here on; what a failed test left behind must not fail the next one."""
        self.sql("UPDATE xero_budget SET minute_started = NULL, blocked_until = NULL, leases = NULL")
        self.sql("DELETE FROM xero_exception WHERE state = 'open'")
        self.sql("UPDATE xero_request SET state = 'answered' WHERE state != 'answered'")
        self.sql("UPDATE xero_run SET state = 'stopped' WHERE state NOT IN ('done', 'stopped')")
        self.sql("UPDATE xero_link SET state = 'failed' WHERE state IN ('queued', 'sending', 'in_doubt')")
        self._log_start = len(self.odoo.log.read_text(errors="replace"))

    def complaints(self):
        """What the server's log says of things that went wrong unexpectedly."""
        text = self.odoo.log.read_text(errors="replace")[self._log_start:]
        return [line for line in text.splitlines() if NOISE.search(line)]

    def check_exactly_once(self, moves):
        """Every invoice is in Xero once, with Odoo's amounts, and Odoo knows which one it is."""
        fields = ["name", "amount_untaxed", "amount_tax", "amount_total"]
        rows = self.books.call("account.move", "read", moves, fields)
        links = self.sql("SELECT res_id, state, xero_id, number FROM xero_link WHERE model = 'account.move' "
                         "AND res_id = ANY(%s)", moves)
        assert self.states(moves) == {"synced": len(moves)}
        assert len({xero_id for _move, _state, xero_id, _number in links}) == len(moves)
        reader = XeroReader(self.xero.url, ORGANISATION, f"reader-{next(self._numbers)}")
        by_number = {}
        for document in reader.documents():
            by_number.setdefault(document.number, []).append(document)
        twice = [number for number, documents in by_number.items() if len(documents) > 1]
        assert not twice
        linked = {move: xero_id for move, _state, xero_id, _number in links}
        for row in rows:
            (document,) = by_number[row["name"]]
            assert document.xero_id == linked[row["id"]]
            in_odoo = [money(row[name]) for name in fields[1:]]
            assert [document.net, document.tax, document.total] == in_odoo, row["name"]
        self._check_contacts(reader, moves)
        self._check_nothing_left_open()

    def _check_contacts(self, reader, moves):
        names = [name for (name,) in self.sql(
            "SELECT DISTINCT p.name FROM account_move m JOIN res_partner p ON p.id = m.commercial_partner_id "
            "WHERE m.id = ANY(%s)", moves)]
        in_xero = Counter(contact["Name"] for contact in reader.get("Contacts", page=1, pageSize=1000)["Contacts"])
        assert {name: in_xero[name] for name in names} == dict.fromkeys(names, 1)

    def _check_nothing_left_open(self):
        assert self.sql("SELECT model, res_id, code FROM xero_exception WHERE state = 'open'") == []
        assert self.sql("SELECT id, state FROM xero_request WHERE state != 'answered'") == []
        assert self.sql("SELECT id, state FROM xero_run WHERE state NOT IN ('done', 'stopped')") == []
        assert self.control("GET", "violations") == []
