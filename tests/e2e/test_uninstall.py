"""The module is uninstalled while a run goes on, installed again and connected: nothing comes twice."""

import time

import pytest
from world import CRONS, World

from odoo_server import OdooError

INVOICES = 30
ATTEMPTS, PATIENCE = 200, 20
BUSY = "processing a scheduled action"
LEFT = {
    "tables": "SELECT tablename FROM pg_tables WHERE tablename LIKE 'xero%%'",
    "scheduled actions": f"SELECT cron_name FROM ir_cron WHERE {CRONS}",
    "external ids": "SELECT name FROM ir_model_data WHERE module = 'xero_connector'",
    "waiting for a lock": "SELECT query FROM pg_stat_activity WHERE datname = current_database() "
                          "AND wait_event_type = 'Lock'",
}


@pytest.fixture
def world():
    """A company of its own: the module is taken away from it."""
    with World("uninstalled", 2).opened() as world:
        yield world


def test_uninstalled_during_a_run_and_installed_again(world):
    """The server goes on answering, nothing is left behind, and pushed again no invoice comes twice."""
    moves = world.invoices(INVOICES, world.customers(5))
    with world.fault("slow_after", method="PUT", path="/Invoices$", seconds=1):
        world.push_each(moves)
        world.wait(lambda: world.count("PUT /Invoices") > 2, "the first invoices")
        attempts = module(world, "button_immediate_uninstall")
    arrived = sum(world.arrivals(moves).values())
    print(f"\nuninstalled at attempt {attempts}, {arrived} of {INVOICES} invoices were in Xero")
    assert 2 < arrived < INVOICES
    assert {what: world.sql(query) for what, query in LEFT.items()} == dict.fromkeys(LEFT, [])
    assert world.books.call("account.move", "search_count", [("id", "in", moves), ("state", "=", "posted")]) == INVOICES
    assert max(world.arrivals(moves).values()) == 1
    module(world, "button_immediate_install")
    world.connect()
    world.push_in_background(moves)
    world.wait(lambda: set(world.states(moves)) <= {"synced", "failed", "held"}, "the end of the run")
    asked = dict(world.sql("SELECT code, count(*) FROM xero_exception WHERE state = 'open' GROUP BY 1"))
    print(f"pushed again: {world.states(moves)}, questions {asked}")
    assert max(world.arrivals(moves).values()) == 1
    unanswered = world.sql("SELECT res_id FROM xero_link WHERE model = 'account.move' AND state != 'synced' AND NOT "
                           "EXISTS (SELECT FROM xero_exception e WHERE e.link_id = xero_link.id AND e.state = 'open')")
    assert unanswered == []
    assert world.complaints() == []


def module(world, button):
    """Press that button of the module until Odoo does it; how often it was pressed.

    Odoo refuses as long as a scheduled action runs: after a while the administrator switches the connection off.
    """
    (ours,) = world.admin.call("ir.module.module", "search", [("name", "=", "xero_connector")])
    for attempt in range(1, ATTEMPTS + 1):
        try:
            world.admin.call("ir.module.module", button, [ours])
            return attempt
        except OdooError as error:
            assert BUSY in str(error), error.debug
        if attempt == PATIENCE:
            world.books.call("xero.connection", "write", [world.connection_id], {"enabled": False})
        time.sleep(0.1)
    raise AssertionError(f"{button} was refused {ATTEMPTS} times")
