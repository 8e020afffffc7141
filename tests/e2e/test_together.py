"""People who do things at the same moment: two press on one invoice, others post while a run is going on."""

from functools import partial

import pytest
from world import CLERK, at_once

PAIRS = 4
POSTED = 200
SLOW = 3  # seconds that a call of the run takes
MOMENT = 2  # seconds that posting one invoice may take; who waited for a call would take longer
RETRY = "SERIALIZATION_FAILURE"


@pytest.mark.parametrize("seconds", (0, 0.5), ids=("at once", "slowly"))
def test_two_people_press_on_the_same_invoice(world, seconds):
    """One document, one call; the one reads that it is in Xero, the other that or that it is being sent."""
    moves = world.invoices(PAIRS, world.known_customers(1))
    one, other = world.odoo.login(CLERK, CLERK), world.odoo.login()
    for move in moves:
        before = world.count("PUT /Invoices")
        with world.fault("slow", method="PUT", path="/Invoices$", seconds=seconds):
            answers = [said for _seconds, said in at_once([partial(world.press, move, one),
                                                           partial(world.press, move, other)])]
            world.wait(lambda move=move: world.states([move]) == {"synced": 1}, "the invoice")
        assert world.count("PUT /Invoices") - before == 1
        number = world.one("SELECT name FROM account_move WHERE id = %s", move)
        kinds = sorted(said["type"] for said in answers)
        assert kinds in (["success", "success"], ["success", "warning"]), answers
        for said in answers:
            sentence = "is in Xero" if said["type"] == "success" else "is being sent"
            assert f"{number} {sentence}" in said["message"], answers
    world.check_exactly_once(moves)
    assert world.complaints() == []


@pytest.mark.parametrize("company", ["prefork"], indirect=True)
def test_200_invoices_are_posted_while_a_run_goes_on(world, record_property):
    """One by one and all in one call; some are queued by that. Nobody fails, nobody waits for the worker."""
    customers = world.customers(20)
    moves = world.invoices(60, customers)
    single, together = world.drafts(POSTED, customers), world.drafts(POSTED, customers)
    # Pushed before they were posted: posting sends them after all.
    tried = single[::10] + together[::2]
    world.wait(partial(world.run_is_done, world.push_in_background(tried)), "the refusals")
    clients = [world.odoo.login(), world.odoo.login(CLERK, CLERK)]
    with world.fault("slow", method="PUT", path="/Invoices$", seconds=SLOW):
        world.push_in_background(moves)
        world.wait(lambda: world.arrived() > 0, "the first batch")
        lanes = at_once([partial(post_each, world, client, single[place::2]) for place, client in enumerate(clients)])
        whole = world.post(together)
    world.wait(lambda: world.states(moves + tried) == {"synced": len(moves + tried)}, "the end of the runs", 90)
    world.rest()
    seconds = sorted(second for lane in lanes for second in lane)
    record_property("posting_seconds", [seconds[0], seconds[-1], whole])
    print(f"\n{POSTED} invoices one by one: median {seconds[POSTED // 2]:.2f} s, longest {seconds[-1]:.2f} s; "
          f"{POSTED} in one call: {whole:.1f} s")
    assert seconds[-1] < MOMENT
    assert [line for line in world.log_lines() if RETRY in line] == []
    world.check_exactly_once(moves + tried)
    assert world.complaints() == []


def post_each(world, client, moves):
    """Post these invoices one after the other; the seconds that each took."""
    return [world.post([move], client) for move in moves]
