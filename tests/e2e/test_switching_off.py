"""A connection that is switched off, disconnected or deleted while a run is going."""

import time

import pytest

from odoo_server import OdooError

INVOICES = 60  # a batch of 50, and the rest


@pytest.fixture
def going(world):
    """Invoices on their way in the background: Xero has the first batch and takes its time to say so."""
    moves = world.invoices(INVOICES, world.customers(5))
    with world.fault("slow_after", method="PUT", path="/Invoices$", seconds=1):
        written = world.count("PUT /Invoices")
        world.push_in_background(moves)
        world.wait(lambda: world.count("PUT /Invoices") == written + 1, "the first batch")
        yield moves


def stopped(world, moves, rest=("queued",)):
    """The worker has come to rest: what was with Xero is known, the rest was not sent and says so."""
    world.rest()
    assert world.arrived() == 1
    states = world.states(moves)
    assert states.pop("synced") == 50
    assert sum(states.values()) == INVOICES - 50
    assert states.keys() <= set(rest)
    assert world.complaints() == []


def test_switched_off(world, going):
    """Switched on again, the run goes on by itself."""
    world.books.call("xero.connection", "write", [world.connection_id], {"enabled": False})
    stopped(world, going)
    with pytest.raises(OdooError, match="is switched off"):
        world.press(going[-1])
    world.books.call("xero.connection", "write", [world.connection_id], {"enabled": True})
    world.wait(lambda: world.states(going) == {"synced": INVOICES}, "the rest")
    world.rest()
    world.check_exactly_once(going)


def test_disconnected(world, going):
    """Connected again, the run goes on by itself."""
    assert world.press_connection("action_disconnect")["params"]["type"] == "success"
    assert world.one("SELECT state FROM xero_connection WHERE id = %s", world.connection_id) == "disconnected"
    stopped(world, going)
    assert world.one("SELECT state FROM xero_connection WHERE id = %s", world.connection_id) == "disconnected"
    world.consent_again()
    world.wait(lambda: world.states(going) == {"synced": INVOICES}, "the rest")
    world.rest()
    world.check_exactly_once(going)


def test_disconnected_before_xero_has_read_the_batch(world):
    """Xero refuses what arrives after the consent is gone: nothing is written, and connected again it goes on."""
    moves = world.invoices(INVOICES, world.customers(5))
    with world.fault("slow", method="PUT", path="/Invoices$", seconds=1):
        world.push_in_background(moves)
        world.wait(lambda: world.arrived() == 1, "the first batch")
        assert world.press_connection("action_disconnect")["params"]["type"] == "success"
        world.rest()
    assert world.states(moves) == {"queued": INVOICES}
    world.consent_again()
    world.wait(lambda: world.states(moves) == {"synced": INVOICES}, "all of them")
    world.rest()
    world.check_exactly_once(moves)


def test_deleted(world, going):
    """Gone at the first attempt, or after a sentence that says to wait; a new connection sends the rest."""
    delete(world)
    stopped(world, going, ("queued", "failed"))
    world.connect()
    world.push_in_background(going)
    world.wait(lambda: world.states(going) == {"synced": INVOICES}, "the rest")
    world.rest()
    world.check_exactly_once(going)


def delete(world):
    """Delete the connection. It may ask to wait for the worker, but then the consent must be as it was."""
    for _attempt in range(20):
        consents = world.control("GET", "tokens")["connections"]
        try:
            return world.books.call("xero.connection", "unlink", [world.connection_id])
        except OdooError as error:
            assert error.name == "odoo.exceptions.UserError"
            assert world.control("GET", "tokens")["connections"] == consents, f"Not deleted ({error}), but disconnected"
            time.sleep(0.5)
    raise AssertionError("It could not be deleted")
