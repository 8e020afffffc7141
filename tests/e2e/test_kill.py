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
    _let_time_pass(world, minutes)
    world.odoo.start()
    world.wake_workers()
    world.wait(lambda: world.states(moves) == {"synced": 60}, "the end of the run")
    world.wait(lambda: world.one("SELECT count(*) FROM xero_run WHERE state NOT IN ('done', 'stopped')") == 0,
               "the end of the run")
    world.check_exactly_once(moves)
    assert world.complaints() == []


def _let_time_pass(world, minutes):
    """Everywhere, by moving what was noted back and Xero's clock on; no server runs."""
    interval = f"{minutes} minutes"
    world.sql("UPDATE xero_request SET sent_at = sent_at - %s::interval, not_before = not_before - %s::interval",
              interval, interval)
    world.sql("UPDATE xero_run SET not_before = not_before - %s::interval", interval)
    world.sql("UPDATE ir_cron_trigger SET call_at = call_at - %s::interval", interval)
    world.control("POST", "clock", {"advance": minutes * 60})
