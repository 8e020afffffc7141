"""Tokens: whoever needs a fresh one at the same moment, Xero renews it once, and it is never lost."""

import threading
from functools import partial

import pytest
from world import CLERK, at_once

from odoo_server import OdooError

EXPIRED = "UPDATE xero_token SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE connection_id = %s"
READ_LONG_AGO = "UPDATE xero_connection SET organisation_read_at = '2020-01-01' WHERE id = %s"
GRACE = 31 * 60  # seconds until Xero forgets a refresh token that was used


def test_buttons_and_the_worker_at_the_same_moment_renew_the_token_once(world):
    """Two people press, one tests the connection, the worker starts: one refresh, and all succeed."""
    customers = world.known_customers(2)
    single, moves = world.invoices(2, customers), world.invoices(12, customers)
    pushes = [partial(world.press, move, world.odoo.login(CLERK, CLERK)) for move in single]
    test = partial(ask_connection, world, world.odoo.login())
    before = world.refreshes()
    with world.fault("slow", path="/connect/token", seconds=0.5):
        world.sql(EXPIRED, world.connection_id)
        answers = at_once([*pushes, test, partial(world.push_in_background, moves)])
        world.wait(lambda: world.states(single + moves) == {"synced": 14}, "all invoices")
    (_seconds, first), (_seconds, second), third, _run = answers
    assert [answer["type"] for answer in (first, second, third)] == ["success"] * 3, answers
    assert world.refreshes() - before == 1
    world.check_exactly_once(single + moves)
    assert world.complaints() == []


def test_buttons_and_the_worker_read_the_organisation_at_the_same_moment(world):
    """All write down what they read: nobody fails, and the worker goes on at once."""
    moves = world.invoices(12, world.known_customers(2))
    tests = [partial(ask_connection, world, world.odoo.login()) for _ in range(2)]
    with world.fault("slow", method="GET", path="/Organisation$", seconds=0.5):
        world.sql(READ_LONG_AGO, world.connection_id)
        answers = at_once([*tests, partial(world.push_in_background, moves)])
        world.wait(lambda: world.run_is_done(answers[-1]), "the end of the run", 15)
    assert [answer["type"] for answer in answers[:2]] == ["success"] * 2, answers
    world.check_exactly_once(moves)
    assert world.complaints() == []


def test_a_renewed_token_survives_the_failure_of_the_call_that_needed_it(world):
    """The call is rolled back, the new pair is not: Xero knows no other any more."""
    moves = world.invoices(2, world.customers(1))
    assert world.press(moves[0])[1]["type"] == "success"
    before = world.refreshes()
    world.sql(EXPIRED, world.connection_id)
    with pytest.raises(OdooError, match="is not in Xero yet") as refused:
        # Reads the first invoice from Xero with a renewed token, then stumbles over the second.
        world.books.call("account.move", "action_xero_refresh", moves)
    assert refused.value.name == "odoo.exceptions.UserError"
    assert world.refreshes() - before == 1
    assert world.press_connection("action_test")["params"]["type"] == "success"
    assert world.refreshes() - before == 1
    # Half an hour later the former refresh token is dead: only the pair that was kept helps.
    world.control("POST", "clock", {"advance": GRACE})
    world.sql(EXPIRED, world.connection_id)
    assert world.press(moves[1])[1]["type"] == "success"
    assert world.refreshes() - before == 2
    world.check_exactly_once(moves)


def test_a_renewed_token_survives_the_death_of_the_server(world):
    """kill -9 while the call that needed it still waits for Xero."""
    move = world.invoices(1, world.customers(1))[0]
    before = world.refreshes()
    world.sql(EXPIRED, world.connection_id)
    with world.fault("slow", method="PUT", path="/Contacts$", seconds=1):
        button = threading.Thread(target=lambda: pytest.raises(OSError, world.press, move))
        button.start()
        world.wait(lambda: world.arrived() > 0, "the contact")
        world.odoo.kill()
        button.join()
    world.odoo.start()
    world.control("POST", "clock", {"advance": GRACE})
    world.sql(EXPIRED, world.connection_id)
    assert world.press_connection("action_test")["params"]["type"] == "success"
    assert world.refreshes() - before == 2


def ask_connection(world, client):
    """What the Test button says to that client."""
    context = world.books.context
    return client.call("xero.connection", "action_test", [world.connection_id], context=context)["params"]
