"""A connected company in a real Odoo server with a local Xero, and what tests look at from outside."""

import itertools
import os
import re
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
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
REST = 90  # seconds
CLERK = "clerk@example.com"
EACH = "for move in records: env['xero.connection']._for_company(move.company_id).push('invoice', move)"
NOISE = re.compile(r"Traceback|A step of Xero run|server action #\d+ failed| CRITICAL ")
# The scheduled actions of the add-on.
CRONS = "cron_name LIKE 'Xero: %%'"
# Columns that hold a moment which something waits for, or from which it counts.
MOMENTS = {
    "xero_request": ("sent_at", "not_before"),
    "xero_run": ("not_before", "reserved_until"),
    "xero_budget": ("minute_started", "blocked_until", "day_resets_at"),
    "xero_token": ("expires_at",),
    "xero_connection": ("organisation_read_at",),
    "ir_cron": ("nextcall",),
    "ir_cron_trigger": ("call_at",),
}
CRON_WORKER = re.compile(r"Worker WorkerCron \((\d+)\) alive")


def at_once(works):
    """What these functions return, called at the same moment; what one raises is raised."""
    start = threading.Barrier(len(works))

    def begin(work):
        start.wait(10)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


class World:
    """Odoo, Xero, the company between them, its administrator and a clerk.

    :param kind: names the database
    :param workers: HTTP worker processes of Odoo, 0 for threads
    """

    country = "AU"
    modules = ("xero_connector",)
    sandbox_options = LIMITS
    choices = {}  # values of the connection

    def __init__(self, kind, workers):
        self.kind = kind
        self.database = f"xero_e2e_{kind}"
        database.create(self.database, *self.modules)
        self._sql = psycopg2.connect(dbname=self.database, **database.connection_arguments())
        self._sql.autocommit = True
        # Odoo's own actions would only disturb; some of them want the internet.
        self.sql(f"UPDATE ir_cron SET active = {CRONS}")
        self.xero = start_sandbox(self.country, arguments=self.sandbox_options)
        self.odoo = OdooServer(self.database, workers=workers, env=self.xero.odoo_env, max_cron_threads=2)
        self._numbers = itertools.count(1)
        self._log_start = 0

    def open(self):
        """Start Odoo and connect the company."""
        self.odoo.start()
        self.admin = self.odoo.login()
        self.books = self._books()
        self.books.make()
        self._prepare_xero()
        self.clerk = self._hire()
        self.connect()

    @contextmanager
    def opened(self):
        """The company at work; whatever happens, nothing is left of it."""
        try:
            self.open()
            yield self
        finally:
            self.close()

    def close(self):
        """Stop both servers and drop the database."""
        self._sql.close()
        self.odoo.stop()
        self.xero.stop()
        database.drop(self.database)

    # === COMPANY === #

    def _books(self):
        return Books(self.admin, datetime.now(timezone.utc).date())

    def _prepare_xero(self):
        """What the organisation needs that a new one does not have."""
        Bookkeeper(self.xero.url, ORGANISATION).add_tax_rate(COMBINED_RATE, ("GST", 10), ("Port levy", 2))

    def renew_xero(self, **options):
        """The same organisation without what tests have left there, its clock at the present; connected again."""
        self.control("POST", "reset", options)
        self._prepare_xero()
        self.forget()
        self.heal()

    def connect(self):
        """A new connection, set up to the end."""
        connecting = Connecting(self.books)
        connecting.consent(**self.choices)
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
        """Ids of new posted invoices of three lines on two accounts, given to the customers in turn."""
        moves = self.drafts(count, customers)
        self.post(moves)
        return moves

    def drafts(self, count, customers):
        """The same, not posted yet."""
        gst, free = self.books.taxes["gst"], self.books.taxes["free"]
        beans, bread, freight = (self.books.products[name] for name in ("beans", "bread", "freight"))

        def line(product, quantity, price, tax):
            values = {"product_id": product, "quantity": quantity, "price_unit": price, "tax_ids": [(6, 0, [tax])]}
            return (0, 0, values)

        return self.books.call("account.move", "create", [{
            "move_type": "out_invoice", "partner_id": customers[position % len(customers)],
            "invoice_date": str(self.books.today), "date": str(self.books.today),
            "invoice_line_ids": [
                line(beans, 7, 38.49 + position / 100, gst), line(bread, 2, 54, free), line(freight, 1, 44.95, gst)],
        } for position in range(count)])

    # === PUSHING === #

    def push_in_background(self, moves):
        """Select the invoices in the list and press Push to Xero; the id of the run."""
        answer = self.books.call("account.move", "action_xero_push", moves)
        assert answer["res_model"] == "xero.run", answer
        return answer["res_id"]

    def push_each(self, moves):
        """Queue each of the invoices in a run of its own, as an automation of the company would."""
        model = self.books.find("ir.model", ("model", "=", "account.move"))
        action = self.books.create("ir.actions.server", name="Push each", model_id=model, state="code", code=EACH)
        context = {**self.books.context, "active_model": "account.move", "active_ids": moves}
        self.admin.call("ir.actions.server", "run", [action], context=context)

    def press(self, move, client=None):
        """Press the button on one invoice as the clerk: seconds until the answer, and what it says."""
        started = time.monotonic()
        answer = (client or self.clerk).call("account.move", "action_xero_push", [move], context=self.books.context)
        return time.monotonic() - started, answer["params"]

    def post(self, moves, client=None):
        """Post drafts in one call; the seconds that it took."""
        started = time.monotonic()
        (client or self.admin).call("account.move", "action_post", moves, context=self.books.context)
        return time.monotonic() - started

    def run_is_done(self, run):
        """Whether that run has ended."""
        return self.one("SELECT state = 'done' FROM xero_run WHERE id = %s", run)

    def open_pushes(self):
        """How many pushes have not ended; schedules may bring something in at any time."""
        return self.one("SELECT count(*) FROM xero_run WHERE kind = 'push' AND state NOT IN ('done', 'stopped')")

    def worker_is_idle(self):
        """Whether the connection's scheduled action neither runs nor is about to."""
        return self.one(
            """SELECT NOT EXISTS (SELECT FROM ir_cron_trigger JOIN ir_cron ON ir_cron.id = cron_id
                                   WHERE cron_name LIKE 'Xero: %%' AND call_at <= now() AT TIME ZONE 'UTC')"""
        ) and self.one("""SELECT (SELECT count(*) FROM ir_cron WHERE cron_name LIKE 'Xero: %%') =
            (SELECT count(*) FROM (SELECT id FROM ir_cron WHERE cron_name LIKE 'Xero: %%'
                                      FOR UPDATE SKIP LOCKED) free)""")

    def rest(self):
        """Wait until the workers have nothing to do; who misses a notice looks once a minute."""
        self.wait(self.worker_is_idle, "the workers' rest", REST)

    # === TIME AND DEATH === #

    def seconds_to_wait(self):
        """Seconds until the connection's worker wants to run again by itself, else until its next turn; 0 when due."""
        return self.one(
            """SELECT greatest(0, extract(epoch FROM coalesce(min(call_at), min(nextcall)) - now() AT TIME ZONE 'UTC'))
                 FROM xero_connection JOIN ir_cron ON ir_cron.id = xero_connection.cron_id
                 LEFT JOIN ir_cron_trigger ON ir_cron_trigger.cron_id = ir_cron.id
                WHERE xero_connection.id = %s""", self.connection_id)

    def let_time_pass(self, seconds):
        """Move everything that was noted back and Xero's clock on, while no worker is at work; then it goes on."""
        connection = psycopg2.connect(dbname=self.database, **database.connection_arguments())
        with connection, connection.cursor() as cursor:
            # A worker holds this lock while it works: never does a call take that long.
            cursor.execute(f"SELECT id FROM ir_cron WHERE {CRONS} FOR NO KEY UPDATE", [])
            for table, columns in MOMENTS.items():
                changes = ", ".join(f"{column} = {column} - %(seconds)s * interval '1 second'" for column in columns)
                cursor.execute(f"UPDATE {table} SET {changes}", {"seconds": seconds})
            # Leases are moments in seconds.
            cursor.execute(
                """UPDATE xero_budget SET leases =
                       (SELECT jsonb_object_agg(key, value::float - %s) FROM jsonb_each_text(leases))""", [seconds])
            self.control("POST", "clock", {"advance": seconds})
        connection.close()
        self.wake_workers()

    def cron_workers(self):
        """Ids of the processes of a prefork server that run scheduled actions."""
        server = self.odoo.pid
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        # Not by their niceness: under nice -n 19 all processes have the same.
        started = set(CRON_WORKER.findall(self.odoo.log.read_text(errors="replace")))
        return [int(child) for child in children if child in started]

    def kill_cron_workers(self):
        """End the processes that run scheduled actions at once; the server starts new ones.

        :return: ids of those that were there
        """
        workers = self.cron_workers()
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        return workers

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

    def arrivals(self, moves):
        """How often each of these invoices is in Xero, by its number in Odoo."""
        numbers = [number for (number,) in self.sql("SELECT name FROM account_move WHERE id = ANY(%s)", moves)]
        found = Counter(document.number for document in self._reader().documents())
        return {number: found[number] for number in numbers}

    def balances_in_xero(self):
        """Xero's trial balance: debit less credit by code of the account."""
        reader = self._reader()
        codes = {row["AccountID"]: row["Code"] for row in reader.get("Accounts")["Accounts"] if row.get("Code")}
        report = reader.get("Reports/TrialBalance", date=str(self.books.today))["Reports"][0]
        found = {}
        for row in (row for section in report["Rows"] for row in section.get("Rows", ())):
            name, _debit, _credit, debit, credit = row["Cells"]
            for attribute in name.get("Attributes", ()):
                found[codes[attribute["Value"]]] = Decimal(debit["Value"] or 0) - Decimal(credit["Value"] or 0)
        return found

    def balances_in_odoo(self, moves):
        """Debit less credit of these invoices by code of the Xero account that stands for Odoo's."""
        accounts = self.books.call("account.account", "search_read", [], ["xero_account_id"])
        chosen = {row["id"]: row["xero_account_id"][0] for row in accounts if row["xero_account_id"]}
        rows = self.books.call("xero.account", "search_read", [("connection_id", "=", self.connection_id)],
                               ["code", "system_account"])
        codes = {row["id"]: row["code"] for row in rows}
        # These two are never chosen: Xero books on them by itself.
        by_kind = {row["system_account"]: row["code"] for row in rows if row["system_account"]}
        found = Counter()
        for account, kind, balance in self.sql(
                """SELECT account_id, CASE WHEN display_type = 'payment_term' THEN 'DEBTORS'
                                           WHEN display_type = 'tax' THEN 'GST' END, sum(balance)
                     FROM account_move_line WHERE move_id = ANY(%s) GROUP BY 1, 2""", moves):
            found[by_kind[kind] if kind else codes[chosen[account]]] += balance
        return dict(found)

    def states(self, records, model="account.move"):
        """How many links of these records are in which state."""
        return dict(Counter(state for (state,) in self.sql(
            "SELECT state FROM xero_link WHERE model = %s AND res_id = ANY(%s)", model, records)))

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

    def log_lines(self):
        """What the server has logged since then."""
        return self.odoo.log.read_text(errors="replace")[self._log_start:].splitlines()

    def sent_again(self, moves):
        """Numbers of these invoices that were sent although Xero had them, or their contact: it refuses that by luck.

        Xero knows these by number and name. What has neither, like a bill, would be there twice.
        """
        return [number for (number,) in self.sql(
            """SELECT m.name FROM account_move m WHERE m.id = ANY(%s) AND EXISTS (
                      SELECT FROM xero_event e WHERE e.kind = 'matched'
                         AND (e.model, e.res_id) IN (('account.move', m.id), ('res.partner', m.partner_id)))""",
            moves)]

    def stories(self, numbers):
        """What happened to these invoices and their contacts: their links, and each event in its order."""
        return self.sql(
            """SELECT m.name, l.state, l.reason, l.xero_id, l.run_id, array_agg(concat_ws(' ', e.create_date::time(0),
                      e.kind, e.result, e.code, e.arguments::text) ORDER BY e.id)
                 FROM account_move m LEFT JOIN xero_link l ON l.model = 'account.move' AND l.res_id = m.id
                 LEFT JOIN xero_event e ON e.model = 'account.move' AND e.res_id = m.id
                WHERE m.name = ANY(%s) GROUP BY 1, 2, 3, 4, 5""", numbers) + self.sql(
            """SELECT p.name, array_agg(concat_ws(' ', e.create_date::time(0), e.kind, e.result, e.code,
                      e.arguments::text) ORDER BY e.id)
                 FROM res_partner p JOIN xero_event e ON e.model = 'res.partner' AND e.res_id = p.id
                WHERE p.id IN (SELECT partner_id FROM account_move WHERE name = ANY(%s)) GROUP BY 1""", numbers)

    def complaints(self):
        """What the server's log says of things that went wrong unexpectedly: whole entries, each with its traceback."""
        entries = re.split(r"\n(?=\d{4}-\d\d-\d\d \d\d:)", "\n".join(self.log_lines()))
        return [entry for entry in entries if NOISE.search(entry)]

    def check_exactly_once(self, moves):
        """Every invoice is in Xero once, with Odoo's amounts, and Odoo knows which one it is."""
        fields = ["name", "amount_untaxed", "amount_tax", "amount_total"]
        rows = self.books.call("account.move", "read", moves, fields)
        links = self.sql("SELECT res_id, state, xero_id, number FROM xero_link WHERE model = 'account.move' "
                         "AND res_id = ANY(%s)", moves)
        assert self.states(moves) == {"synced": len(moves)}
        assert len({xero_id for _move, _state, xero_id, _number in links}) == len(moves)
        reader = self._reader()
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
        self.check_nothing_left_open()

    def _reader(self):
        return XeroReader(self.xero.url, ORGANISATION, f"reader-{next(self._numbers)}")

    def _check_contacts(self, reader, moves):
        names = [name for (name,) in self.sql(
            "SELECT DISTINCT p.name FROM account_move m JOIN res_partner p ON p.id = m.commercial_partner_id "
            "WHERE m.id = ANY(%s)", moves)]
        in_xero = Counter(contact["Name"] for contact in reader.get("Contacts", page=1, pageSize=1000)["Contacts"])
        assert {name: in_xero[name] for name in names} == dict.fromkeys(names, 1)

    def check_nothing_left_open(self):
        """No problem, no request in doubt, no run that waits, no call that is not by the specification."""
        assert self.sql("SELECT model, res_id, code FROM xero_exception WHERE state = 'open'") == []
        assert self.sql("SELECT id, state FROM xero_request WHERE state != 'answered'") == []
        assert self.open_pushes() == 0
        assert self.control("GET", "violations") == []
