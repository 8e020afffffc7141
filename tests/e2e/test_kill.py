"""kill -9 in the middle of a run: the next server brings it to its end, every invoice once."""

import pytest

AGES = {"the same key again": 2, "looked up": 7}  # minutes until the next server


@pytest.mark.parametrize("minutes", AGES.values(), ids=AGES)
def test_a_run_of_a_killed_server_ends_with_every_invoice_once(world, minutes):
    """The server dies while Xero has written a batch and not answered yet."""
    moves = world.invoices(60, world.customers(5))
    with world.fault("slow_after", method="PUT", path="/Invoices$", seconds=2, nth=1):
        written = world.count("PUT /Invoices")
        world.push_in_background(moves)
        world.wait(lambda: world.count("PUT /Invoices") == written + 1, "the first batch")
        world.odoo.kill()
    assert world.states(moves) == {"sending": 50, "queued": 10}
    world.let_time_pass(minutes * 60)
    world.odoo.start()

    def at_the_end():
        # A server that has just started hears of no work before its workers listen.
        world.wake_workers()
        return world.states(moves) == {"synced": 60}

    world.wait(at_the_end, "the end of the run")
    world.wait(lambda: world.open_pushes() == 0, "the end of the run")
    world.check_exactly_once(moves)
    assert world.complaints() == []
