"""A person before a real browser, a real Odoo server and the local Xero."""

import contextlib
import functools
import re
from dataclasses import dataclass, field

import psycopg2
import pytest
import requests
from books import PASSWORD, Books
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect, sync_playwright
from screen import Screen

import database
from house import BUILD, ROOT
from odoo_server import OdooServer, start_sandbox

DATABASE = "xero_browser"
SCREENSHOTS = BUILD / "screenshots"
FOR_README = ROOT / "docs" / "images"
FLAGS = (
    "--no-sandbox",  # it cannot be had as root, nor in most containers; all pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 20_000  # milliseconds, for whatever is awaited; the machine may be busy


def pytest_addoption(parser):
    parser.addoption("--update-pictures", action="store_true", help="write the README's screenshots to docs/images")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        for number, screen in enumerate(getattr(item.session, "screens", ())):
            with contextlib.suppress(PlaywrightError):
                screen.picture(f"failed-{item.name}-{number}")
    return report


@pytest.fixture(scope="session")
def xero(chromium):  # first of all: without a browser nothing is started
    with start_sandbox("AU") as sandbox:
        yield Xero(sandbox)


@pytest.fixture(scope="session")
def odoo(xero):
    database.create(DATABASE, "xero_connector")
    # With that variable Odoo's worker looks up when a scheduled action is switched on.
    server = OdooServer(DATABASE, env={**xero.odoo_env, "ODOO_NOTIFY_CRON_CHANGES": "1"})
    with server:
        yield server
    database.drop(DATABASE)


@pytest.fixture(scope="session")
def books(odoo):
    return Books(odoo)


@pytest.fixture(scope="session")
def browser(chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def visitors(request, browser):
    """A context of an Odoo's address: gives a function of a login, the screen of that person there, logged in."""
    screens = request.session.screens = []
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    folders = [SCREENSHOTS] + [FOR_README] * request.config.getoption("--update-pictures", False)

    def log_in(url, login):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-AU")
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(3 * PATIENCE)  # the first page makes the style sheets
        screen = Screen(context.new_page(), url, folders)
        screens.append(screen)
        screen.log_in(login, PASSWORD)
        return screen

    @contextlib.contextmanager
    def visit(url):
        yield functools.partial(log_in, url)
        for screen in [screen for screen in screens if screen.url == url]:
            screens.remove(screen)
            screen.page.context.close()

    return visit


@pytest.fixture(scope="session")
def somebody(visitors, odoo, books):
    """A function of a login: the screen of that person, logged in."""
    with visitors(odoo.url) as log_in:
        yield log_in


@pytest.fixture(scope="session")
def ruby(somebody):
    """The bookkeeper, a Xero administrator."""
    return somebody("ruby")


@pytest.fixture
def minute(odoo, xero):
    """A minute of Xero's calls for this test alone, however fast the machine is."""
    xero.control("POST", "/clock", advance=61)
    with psycopg2.connect(dbname=odoo.database, **database.connection_arguments()) as connection:
        connection.cursor().execute("UPDATE xero_budget SET minute_started = NULL")
    connection.close()


@pytest.fixture(autouse=True)
def nothing_breaks(request):
    """No error in the browser, and every call as Xero's specification has it."""
    yield
    for screen in getattr(request.session, "screens", ()):
        assert not screen.errors, f"the browser reports {screen.errors}"
    if "xero" in request.fixturenames:
        assert not request.getfixturevalue("xero").control("GET", "/violations")


class Xero:
    """The local Xero and what its user and its administrator do there."""

    def __init__(self, sandbox):
        self.url, self.odoo_env = sandbox.url, sandbox.odoo_env
        self.tenant = self.control("GET", "/organisations")[0]["tenant_id"]

    def control(self, method, path, **body):
        """Call the sandbox's control interface."""
        answer = requests.request(method, f"{self.url}/_sandbox{path}", json=body or None, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def act(self, action, **arguments):
        """What a person does in Xero itself; the row that changed."""
        return self.control("POST", f"/organisations/{self.tenant}/as-user", action=action, **arguments)

    def seed(self, **counts):
        """Fill the organisation: ``seed(contacts=1500)``."""
        many = {name: {"count": count} for name, count in counts.items()}
        self.control("POST", f"/organisations/{self.tenant}/seed", **many)

    def lock(self, day):
        """Lock the books up to that day, or open them with None."""
        self.control("PATCH", f"/organisations/{self.tenant}", PeriodLockDate=day)


@dataclass
class SetUp:
    """What the bookkeeper saw while she set the connection up."""

    connection: int
    denied: dict = field(default_factory=dict)
    chosen: dict = field(default_factory=dict)
    steps: dict = field(default_factory=dict)


@pytest.fixture(scope="session")
def set_up(ruby, books, xero):
    """The connection, set up by hand along the strip of its form."""
    ruby.app("Invoicing")
    ruby.menu("Xero", "Connections")
    ruby.press("New")
    ruby.type("client_id", "SANDBOX-CLIENT-ID")
    ruby.type("client_secret", "SANDBOX-CLIENT-SECRET")
    seen = SetUp(ruby.save())
    seen.steps["keys"] = ruby.steps()

    ruby.press("Connect to Xero")
    ruby.page.locator("#deny").click()
    expect(ruby.button("Connect to Xero")).to_be_visible()
    seen.denied = {
        "warnings": ruby.warnings(),
        "connections": xero.control("GET", "/tokens")["connections"],
        **books.read("xero.connection", seen.connection, "state", "tenant_id"),
    }

    ruby.press("Connect to Xero")
    expect(ruby.page.locator("#allow")).to_be_visible()
    ruby.picture("consent")
    ruby.page.get_by_label("Demo Company (AU)", exact=True).check()
    ruby.page.locator("#allow").click()
    expect(ruby.button("Save this Organisation")).to_be_visible()
    seen.chosen = {
        "warnings": ruby.warnings(),
        **books.read("xero.connection", seen.connection, "state", "tenant_id"),
    }
    ruby.choose("tenant_choice_id", "Demo Company (AU)")
    ruby.press("Save this Organisation")
    expect(ruby.field("base_currency_code")).to_contain_text("AUD")
    expect(ruby.step("Connect").get_by_title("Done")).to_be_visible()
    seen.steps["organisation"] = ruby.steps()
    ruby.press("Round per line in Odoo, too")
    expect(ruby.button("Round per line in Odoo, too")).to_have_count(0)
    ruby.close_notifications()

    ruby.press("Map Accounts")
    row = ruby.dialog.locator("tr.o_data_row", has_text=books.income_name)
    if not row.locator("[name=xero_account_id]").inner_text().strip():
        ruby.choose("xero_account_id", "200 Sales", row)
    ruby.picture("map-accounts")
    ruby.confirm()
    ruby.press("Map Taxes")
    expect(ruby.dialog.locator("tr.o_data_row").first).to_be_visible()
    ruby.picture("map-taxes")
    ruby.confirm()
    ruby.press(re.compile("^Take"))
    expect(ruby.field("sync_from").locator("input, button, span").first).not_to_be_empty()
    ruby.press(re.compile("^Authorised"))
    expect(ruby.step("Start and status").get_by_title("Done")).to_be_visible()
    seen.steps["start"] = ruby.steps()
    ruby.picture("set-up")
    return seen
