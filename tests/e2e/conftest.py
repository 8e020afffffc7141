"""A connected company per kind of Odoo server, shared by the tests of these files."""

import pytest
from world import World

SERVERS = {"threaded": 0, "prefork": 2}


@pytest.fixture(scope="session", params=SERVERS)
def company(request):
    """The World of one kind of server; tests of one kind run together."""
    with World(request.param, SERVERS[request.param]).opened() as world:
        yield world


@pytest.fixture
def world(company):
    """The company, connected and switched on, with no faults and a clean log."""
    if not company.odoo.is_running():
        company.odoo.start()
    if not company.one("SELECT count(*) FROM xero_connection WHERE id = %s", company.connection_id):
        company.connect()
    company.heal()
    company.forget()
    return company
