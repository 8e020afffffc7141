"""`make demo`: a company's invoices and a payroll week go from a real Odoo to the local Xero, and are compared there.

STAY=0 ends after the table. Exit code 0 only when everything that should arrive did, with equal amounts, and
everything bad was stopped for the reason that was expected.
"""

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import sys
import time
from datetime import datetime, timezone

import database
import demo_documents
import demo_hours
import demo_result
import house
from demo_bookkeeper import Bookkeeper
from demo_company import Books
from demo_connect import COMBINED_RATE, ORGANISATION, Connecting
from demo_odoo import OdooReader
from demo_payroll import PEOPLE, PayrollWeek
from house import BUILD, Missing
from odoo_server import OdooError, OdooServer, start_sandbox
from processes import free_ports
from xero_reader import PayrollReader, XeroReader

DATABASE = "xero_demo"
MODULES = ("xero_connector", "xero_payroll")
# In payroll there are only those whom the demo puts there.
NOBODY = ("--employees", 0)
ODOO_PORT, SANDBOX_PORT = 8069, 8100
ARCHIVED_ACCOUNT = "299"


def demo(arguments):
    """Run the demo; 0 when all is as it must be."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with _only_one(options.database), contextlib.ExitStack() as stack:
        say = Progress()
        say(f"Takes about half a minute. The database {options.database} is made anew.")
        database.create(options.database, *MODULES)
        say(f"Odoo: database with {' and '.join(MODULES)}")
        ports = [_port(ODOO_PORT), _port(SANDBOX_PORT)] if options.stay else [None, None]
        xero = stack.enter_context(start_sandbox("AU", ports[1], arguments=NOBODY))
        odoo = stack.enter_context(OdooServer(options.database, port=ports[0], env=xero.odoo_env))
        say(f"Odoo at {odoo.url}, local Xero at {xero.url}")
        try:
            show = Demo(odoo, xero, say)
            code = show.run(options.spoil)
        except (OdooError, LookupError, RuntimeError, OSError) as error:
            raise Missing(f"{error}\n    The logs: {odoo.log} and {xero.log}") from error
        if options.stay:
            show.invite()
            _wait()
            print("\nStopping.")
    return code


class Progress:
    """Says what was done and how long it took since the start."""

    def __init__(self):
        self.start = time.monotonic()

    def __call__(self, text):
        print(f"{time.monotonic() - self.start:4.0f} s  {text}", flush=True)


class Demo:
    """The story: books in Odoo, consent, mapping, push, a payroll week, comparison.

    :param odoo: running OdooServer
    :param xero: running SandboxServer
    :param say: takes each line of progress
    """

    def __init__(self, odoo, xero, say):
        self.odoo, self.xero, self.say = odoo, xero, say
        self.books = Books(odoo.login(), datetime.now(timezone.utc).date())
        self.dates = demo_documents.Dates(self.books.today)
        self.connecting = Connecting(self.books)
        self.moves = {}
        self.week = self.reader = None

    def run(self, spoil=False):
        """Everything up to the table; 0 when all is as it must be."""
        self._keep_books()
        bookkeeper = Bookkeeper(self.xero.url, ORGANISATION)
        bookkeeper.add_tax_rate(COMBINED_RATE, ("GST", 10), ("Port levy", 2))
        bookkeeper.set_account_status(ARCHIVED_ACCOUNT, "ACTIVE")
        self._connect()
        bookkeeper.set_account_status(ARCHIVED_ACCOUNT, "ARCHIVED")
        bookkeeper.lock_books(self.dates.lock)
        bookkeeper.hire(PEOPLE)
        self.connecting.refresh()
        self.say(f"In Xero: books locked to {self.dates.lock}, account {ARCHIVED_ACCOUNT} archived, "
                 f"{len(PEOPLE)} people in payroll")
        self._push()
        self._pay()
        self.reader = XeroReader(self.xero.url, ORGANISATION, "demo-reader")
        if spoil:
            number = min(found.number for found in self.reader.documents() if found.kind == "ACCREC"
                         and found.currency == "AUD" and found.status == "AUTHORISED")
            bookkeeper.change_invoice(number)
            self.say(f"In Xero: {number} changed by hand")
        return self._compare()

    def _keep_books(self):
        self.books.make()
        self.moves = demo_documents.make(self.books, self.dates)
        self.say(f"Odoo: {len(self.moves)} invoices and credit notes of {len(self.books.partners)} customers posted")

    def _connect(self):
        self.connecting.consent(payroll_access=True)
        self.say("Connected through Xero's consent page")
        self.connecting.choose_organisation()
        self.say(f"Organisation {ORGANISATION} chosen, its accounts, taxes and currencies are here")
        accounts, taxes = self.connecting.map()
        self.say(f"Proposals confirmed, the rest chosen: accounts {accounts}, taxes {taxes}")
        self.connecting.begin(self.dates.start)

    def _push(self):
        chosen = [move for move, document in self.moves.items() if not document.left]
        started = time.monotonic()
        run = self.connecting.push(chosen)
        seconds = time.monotonic() - started
        self.say(f"Pushed {run['total']} documents in {seconds:.1f} s and {run['calls']} calls of Xero's API: "
                 f"{run['done']} in Xero, {run['failed']} stopped")

    def _pay(self):
        self.week = PayrollWeek(self.books, self.connecting.connection_id)
        entries = self.week.keep_time()
        self.week.take_leave()
        self.say(f"Odoo: {entries} entries of time from {self.week.first} to {self.week.last}, a day of leave")
        self.week.approve()
        self.week.push()
        self.say(f"Approved by managers and payroll, and pushed. {self.week.summary}")

    def _compare(self):
        in_xero = self.reader.documents()
        in_odoo = OdooReader(self.books, self.connecting.tax_types())
        results = in_odoo.results(self.moves, in_xero)
        names = [result.name for result in results if result.xero]
        receivable = in_odoo.receivable(names), self.reader.receivable()
        print()
        for line in demo_result.table(results, _columns()):
            print(line)
        faults = demo_result.faults(results, in_xero, receivable) + self._compare_hours()
        faults += [f"Not by Xero's specification: {text}" for text in self.reader.control("GET", "violations")]
        for fault in faults:
            print(f"WRONG: {fault}")
        print()
        print(*demo_result.summary(results, "AUD", receivable), sep="\n", flush=True)
        return int(bool(faults))

    def _compare_hours(self):
        weeks, in_xero = self.week.compare(PayrollReader(self.xero.url, ORGANISATION, "demo-payroll-reader"))
        print("", *demo_hours.table(weeks), self.week.next_step, sep="\n")
        return demo_hours.faults(weeks, in_xero) + self.week.faults()

    # === AFTERWARDS === #

    def invite(self):
        """Say where to look and what to try."""
        left = [move for move, document in self.moves.items() if document.left]
        root, organisation = self.odoo.url, f"{self.xero.url}/organisation/{self.reader.tenant_id}"
        company = self.books.company_id
        print(f"""
Odoo   {root}/odoo?cids={company}   login admin, password admin
Xero   {organisation}

Try:
1. Two invoices are not in Xero yet. Open one and press "Push to Xero":
   {root}/odoo/account.move/{left[0]}?cids={company}
   {root}/odoo/account.move/{left[1]}?cids={company}
2. Cure one of the five: Invoicing > Xero > Exceptions. Rename the customer Old Harbour Traders, then "Try again".
3. Read the books as the bookkeeper does: {organisation}/trial-balance
4. The payroll officer's screen is Employees > Xero Payroll > Ready to Pay; what Xero got: {organisation}/payroll

Ctrl-C stops everything.""", flush=True)


# === HELPERS === #


def _parser():
    what = "A company's invoices and a payroll week go from Odoo to a local Xero."
    parser = argparse.ArgumentParser(prog="demo.py", description=what)
    stay = os.environ.get("STAY", "1") != "0"
    parser.add_argument("--stay", action=argparse.BooleanOptionalAction, default=stay, help="stay up after the table")
    parser.add_argument("--database", default=DATABASE, help="made anew, whatever it holds")
    parser.add_argument("--spoil", action="store_true", help="change an invoice in Xero before the comparison")
    return parser


def _columns():
    """Width of the terminal; a file or pipe is wide enough."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 1000


def _port(preferred):
    """That port where it is free, else another."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", preferred))
            return preferred
    return free_ports(1)[0]


@contextlib.contextmanager
def _only_one(name):
    """A second demo on the same database would pull it from under the first."""
    with (BUILD / f"demo-{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Missing(f"The demo is running already on {name}; end that one with Ctrl-C first.") from None
        yield


def _wait():
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


if __name__ == "__main__":
    house.main(demo, sys.argv[1:])
