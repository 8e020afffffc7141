"""Tokens: whoever needs a fresh one at the same moment, Xero renews it once, and it is never lost."""

import threading
import time

import pytest

from odoo_server import OdooError

EXPIRED = "UPDATE xero_token SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE connection_id = %s"
READ_LONG_AGO = "UPDATE xero_connection SET organisation_read_at = '2020-01-01' WHERE id = %s"
GRACE = 31 * 60  # seconds until Xero forgets a refresh token that was used


def test_buttons_and_the_worker_at_the_same_moment_renew_the_token_once(world):
    """Three people press, two test the connection, the worker starts: one refresh, and all succeed."""
    customers = world.customers(2)
    single, moves = world.invoices(3, customers), world.invoices(30, customers)
    clients = [world.clerk] * len(single) if not world.kind else [
        world.odoo.login("clerk@example.com", "clerk@example.com") for _move in single]
    testers = [world.odoo.login() for _ in range(2)]
    before = world.refreshes()
    start = threading.Barrier(len(single) + len(testers) + 1)
    answers = []

    def together(work):
        start.wait()
        try:
            answers.append(work())
        except OdooError as error:
            answers.append({"type": f"{error.name}: {error}"})

    def test_connection(client):
        return client.call("xero.connection", "action_test", [world.connection_id], context=world.books.context)["params"]

    works = [lambda move=move, client=client: world.press(move, client)[1]
             for move, client in zip(single, clients, strict=True)]
    works += [lambda client=client: test_connection(client) for client in testers]
    works += [lambda: {"type": "success", "run": world.push_in_background(moves)}]
    threads = [threading.Thread(target=together, args=(work,)) for work in works]
    with world.fault("slow", path="/connect/token", seconds=0.5):
        world.sql(EXPIRED, world.connection_id)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        world.wait(lambda: world.states(single + moves) == {"synced": 33}, what="all invoices")
    assert [answer for answer in answers if answer["type"] != "success"] == []
    assert world.refreshes() - before == 1
    world.check_exactly_once(single + moves)
    assert world.complaints() == []


def test_the_worker_survives_buttons_that_read_the_organisation_at_the_same_moment(world):
    """Two write what they read of the organisation: none of them fails, the run goes on at once."""
    moves = world.invoices(30, world.customers(2))
    testers = [world.odoo.login() for _ in range(2)]
    with world.fault("slow", method="GET", path="/Organisation$", seconds=0.5):
        world.sql(READ_LONG_AGO, world.connection_id)
        started = time.monotonic()
        run = world.push_in_background(moves)
        failed = []

        def test_connection(client):
            try:
                client.call("xero.connection", "action_test", [world.connection_id], context=world.books.context)
            except OdooError as error:
                failed.append(f"{error.name}: {error}")

        threads = [threading.Thread(target=test_connection, args=(client,)) for client in testers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        world.wait(lambda: world.run_is_done(run), 30, what="the run")
    print(f"\n{world.kind}: {time.monotonic() - started:.1f} s")
    assert failed == []
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
        world.wait(lambda: world.arrived() > 0, what="the contact")
        world.odoo.kill()
        button.join()
    world.odoo.start()
    world.control("POST", "clock", {"advance": GRACE})
    world.sql(EXPIRED, world.connection_id)
    assert world.press_connection("action_test")["params"]["type"] == "success"
    assert world.refreshes() - before == 2
