"""A long push in the background, and people who press buttons meanwhile."""

import threading

PATIENCE = 3  # seconds that a button may take while Xero answers within one
INVOICES = 200


def test_buttons_answer_in_time_while_200_invoices_travel_in_the_background(world, record_property):
    """Every answer says success, and in the end every invoice is in Xero once."""
    customers = world.customers(20)
    moves = world.invoices(INVOICES, customers)
    # In turn for a customer of the run and for one that nobody has sent yet.
    pairs = zip(customers, world.customers(6), strict=False)
    single = world.invoices(12, [customer for pair in pairs for customer in pair])
    with world.fault("slow", method="PUT", path="/Invoices$", seconds=0.5):
        run = world.push_in_background(moves)
        world.wait(lambda: world.arrived() > 0, "the first batch")
        pressed = []
        while len(pressed) < len(single) and not world.run_is_done(run):
            pressed.append((single[len(pressed)], *world.press(single[len(pressed)])))
        world.wait(lambda: world.run_is_done(run), "the end of the run")
    seconds = [round(seconds, 2) for _move, seconds, _said in pressed]
    record_property("button_seconds", seconds)
    print(f"\n{world.kind}: buttons answered after {seconds} s")
    assert len(pressed) >= 3
    assert [said for _move, _seconds, said in pressed if said["type"] != "success"] == []
    assert max(seconds) < PATIENCE
    assert world.sql("SELECT total, done, failed FROM xero_run WHERE id = %s", run) == [(INVOICES, INVOICES, 0)]
    world.check_exactly_once(moves + [move for move, _seconds, _said in pressed])
    assert world.complaints() == []


def test_a_button_on_an_invoice_of_the_run_itself_sends_it_once(world):
    """Waiting ones are taken over, those on their way are left alone; none is sent twice."""
    moves = world.invoices(60, world.customers(5))
    with world.fault("slow", method="PUT", path="/Invoices$", seconds=0.5):
        run = world.push_in_background(moves)
        world.wait(lambda: world.arrived() > 0, "the first batch")
        under_way, waiting = world.press(moves[0]), world.press(moves[-1])
        world.wait(lambda: world.run_is_done(run), "the end of the run")
    assert waiting[1]["type"] == "success"
    assert max(under_way[0], waiting[0]) < PATIENCE
    world.check_exactly_once(moves)
    assert world.complaints() == []


def test_a_button_whose_customer_is_just_being_sent_by_the_run_is_no_problem(world):
    """Both want the same new contact: one sends it, the other goes on with it."""
    customers = world.customers(5)
    moves = world.invoices(12, customers)
    mine = world.invoices(1, customers)[0]
    with world.fault("slow", method="PUT", path="/Contacts$", seconds=1):
        run = world.push_in_background(moves)
        world.wait(lambda: world.arrived() > 0, "the contacts")
        seconds, said = world.press(mine)
        world.wait(lambda: world.run_is_done(run), "the end of the run")
        world.wait(lambda: world.states([mine]) != {"queued": 1}, "the invoice of the button")
    assert said["type"] != "danger", said["message"]
    assert seconds < PATIENCE
    world.check_exactly_once([*moves, mine])
    assert world.complaints() == []


def test_a_run_whose_customer_is_just_being_sent_by_a_button_is_no_problem(world):
    """The same the other way round."""
    customers = world.customers(5)
    moves = world.invoices(12, customers)
    mine = world.invoices(1, customers)[0]
    with world.fault("slow", method="PUT", path="/Contacts$", seconds=1, nth=1):
        said = []
        button = threading.Thread(target=lambda: said.append(world.press(mine)))
        button.start()
        world.wait(lambda: world.arrived() > 0, "the contact")
        run = world.push_in_background(moves)
        button.join()
        world.wait(lambda: world.run_is_done(run), "the end of the run")
    assert said[0][1]["type"] == "success"
    world.check_exactly_once([*moves, mine])
    assert world.complaints() == []
