"""An import of 3,000 contacts and 1,000 invoices with payments survives kill -9; Import again writes nothing."""

import threading
from contextlib import suppress

import pytest
import requests
from world import World

CONTACTS, SAME_SECOND, CUSTOMERS, PAGE = 2900, 100, 100, 1000
# Ours end up on both sides of the border between two pages of payments.
OURS, OTHERS = 500, 550
AT_ONCE = 100  # invoices that a person posts at once
RESERVED = 60  # seconds that a button keeps its runs for itself
PATIENCE = 240  # seconds, for a busy machine
BANK = "090"
WRITTEN = ("res_partner", "xero_link", "account_move", "account_payment", "account_partial_reconcile")


@pytest.fixture
def world():
    """A company of its own, for thousands of partners come in."""
    with World("pull", 2).opened() as world:
        yield world


def test_killed_in_the_middle_it_goes_on_and_the_second_import_writes_nothing(world):
    """Killed among the contacts and among the payments; in the end everything is here once."""
    moves = prepare(world)
    world.control("POST", "counts/reset", {})
    press_import(world)
    world.wait(lambda: links(world, "contact") >= 2 * PAGE + 400, "the third page of contacts", PATIENCE)
    begin_again(world)
    world.wait(lambda: links(world, "payment") >= OURS // 4, "some of the payments", PATIENCE)
    begin_again(world)
    world.wait(lambda: not unfinished(world), "the end of the import", PATIENCE)
    assert world.books.call("xero.connection", "read", [world.connection_id], ["last_update"])[0]["last_update"]
    check_contacts(world)
    check_payments(world, moves)
    check_second_import(world)
    assert world.complaints() == []


def prepare(world):
    """What is in Xero, and the ids of the invoices that are ours."""
    connection = world.books.call("xero.connection", "read", [world.connection_id], ["tenant_id"])[0]
    world.books.call("xero.connection", "write", [world.connection_id], {"on_missing_partner": "create"})
    journal = world.books.call("account.journal", "search", [("type", "=", "bank")])[:1]
    account = world.books.find("xero.account", ("connection_id", "=", world.connection_id), ("code", "=", BANK))
    world.books.call("account.journal", "write", journal, {"xero_account_id": account})
    customers = world.customers(5)
    moves = [move for _turn in range(OURS // AT_ONCE) for move in world.invoices(AT_ONCE, customers)]
    world.push_in_background(moves)
    world.wait(lambda: world.states(moves) == {"synced": OURS}, "the invoices", PATIENCE)
    organisation = f"organisations/{connection['tenant_id']}"
    world.control("POST", f"{organisation}/seed", {
        "contacts": {"count": CONTACTS, "same_second": SAME_SECOND},
        "invoices_with_payments": {"count": OTHERS, "customers": CUSTOMERS}})
    for xero_id, total in world.sql("SELECT xero_id, xero_total FROM xero_link WHERE model = 'account.move'"):
        payment = {"invoice": xero_id, "amount": float(total), "account": BANK, "date": str(world.books.today)}
        world.control("POST", f"{organisation}/as-user", {"action": "pay", **payment})
    return moves


def press_import(world):
    """The administrator presses Import and closes the browser."""
    def press():
        # The server dies before it answers.
        with suppress(requests.ConnectionError):
            world.press_connection("action_import")

    threading.Thread(target=press, daemon=True).start()


def begin_again(world):
    """The server dies and is started anew, a while later."""
    world.odoo.kill()
    world.let_time_pass(RESERVED + 10)
    world.odoo.start()
    world.wake_workers()


def links(world, dataset):
    """How many elements of a data set are linked."""
    return world.one("SELECT count(*) FROM xero_link WHERE dataset = %s AND xero_id IS NOT NULL", dataset)


def unfinished(world):
    """Runs that are not at their end."""
    return world.sql("SELECT id FROM xero_run WHERE state != 'done'")


def check_contacts(world):
    """A partner for each contact, one contact for each; no page that was done was read again."""
    contacts = world.sql("SELECT xero_id, count(*), count(DISTINCT res_id) FROM xero_link WHERE dataset = 'contact' "
                         "AND xero_id IS NOT NULL GROUP BY 1")
    assert {row[1:] for row in contacts} == {(1, 1)}
    assert len(contacts) >= CONTACTS + CUSTOMERS
    ids = "SELECT DISTINCT res_id FROM xero_link WHERE dataset = 'contact' AND xero_id IS NOT NULL"
    assert world.one(f"SELECT count(*) FROM ({ids}) linked") == len(contacts)
    # Seeded contacts are called "Coral Bakery 000123".
    seeded = "SELECT count(*), count(DISTINCT name) FROM res_partner WHERE parent_id IS NULL AND name ~ ' [0-9]{6}$'"
    assert world.sql(seeded) == [(CONTACTS + CUSTOMERS,) * 2]
    created, unchanged = run_of(world, "contact", "created, unchanged")
    assert created >= CONTACTS + CUSTOMERS
    # The page under way, the block of one second, and a row at each border.
    assert unchanged <= PAGE + SAME_SECOND + CONTACTS // PAGE + 5
    # The pages, the one that shows the end, and the one under way; `make bench` has 110 for a hundred pages (B.1).
    assert world.control("GET", "counts")["GET /Contacts"] <= (CONTACTS + CUSTOMERS) // PAGE + 2


def check_payments(world, moves):
    """Each of our invoices is paid once; those of others are left out."""
    paid = world.sql("SELECT payment_state, amount_residual FROM account_move WHERE id = ANY(%s)", moves)
    assert paid == [("paid", 0)] * OURS
    assert world.one("SELECT count(*) FROM account_payment") == OURS == links(world, "payment")
    assert world.one("SELECT sum(amount) FROM account_payment WHERE state = 'paid'") == world.one(
        "SELECT sum(amount_total) FROM account_move WHERE id = ANY(%s)", moves)
    created, skipped, failed = run_of(world, "payment", "created, skipped, failed")
    assert (created, failed) == (OURS, 0)
    assert skipped >= OTHERS


def run_of(world, dataset, fields):
    """Fields of the import of a data set."""
    ((*found,),) = world.sql(f"SELECT {fields} FROM xero_run WHERE kind = 'pull' AND dataset = %s", dataset)
    return found


def check_second_import(world):
    """At most a call for each data set, and nothing new in Odoo or Xero."""
    before = last_writes(world)
    world.control("POST", "counts/reset", {})
    assert world.press_connection("action_import")["params"]["type"] == "success"
    assert not unfinished(world)
    assert last_writes(world) == before
    counts = world.control("GET", "counts")
    assert counts["total"] <= 12
    assert not [name for name in counts if name.startswith(("PUT ", "POST /")) and "/connect/" not in name]


def last_writes(world):
    """When these tables were written last, and how many rows they have."""
    return {table: world.sql(f"SELECT max(write_date), count(*) FROM {table}") for table in WRITTEN}
