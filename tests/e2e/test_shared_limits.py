"""Limits that all processes share, an alert that is raised once, and what a dump of the database holds."""

import base64
import re
import subprocess
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from world import CLERK, LIMITS, at_once

from house import environment
from odoo_conf import DATA_DIR
from odoo_server import OdooError

# Calls that Xero takes; fewer than it says (facts, section 2.1), so that a slow machine meets them, too.
PER_MINUTE = 20
EACH = 15  # invoices that each person and the worker send; together more than a minute's calls


@pytest.fixture
def strict_world(world):
    """The world with a limit of calls per minute."""
    world.renew_xero(minute_limit=PER_MINUTE)
    yield world
    world.renew_xero(minute_limit=LIMITS[1])


@pytest.mark.parametrize("company", ["prefork"], indirect=True)
def test_all_processes_share_one_minute(strict_world):
    """Two people and the worker want more calls than there are: Xero refuses next to none, and all goes in the end."""
    world = strict_world
    customers = world.known_customers(1)
    ours, theirs, moves = (world.invoices(EACH, customers) for _who in range(3))
    world.rest()
    world.push_each(moves)
    people = [(world.odoo.login(CLERK, CLERK), ours), (world.odoo.login(), theirs)]
    answers = at_once([partial(press_each, world, client, some) for client, some in people])
    kinds = Counter(answer["type"] for said in answers for answer in said)
    assert kinds["success"] and kinds["warning"], kinds
    waiting = [answer["message"] for said in answers for answer in said if answer["type"] == "warning"]
    assert all("per minute" in message or "other calls" in message for message in waiting), waiting
    while world.open_pushes():
        world.let_time_pass(61)
        world.wait(world.worker_is_idle, "the end of a minute", 90)
    refused = [call for call in world.control("GET", "requests") if call["status"] == 429]
    # Xero's minute may begin at another second than ours: then one call learns it, and all others wait.
    assert len(refused) <= 1 + len(people), refused
    world.let_time_pass(61)
    world.check_exactly_once(ours + theirs + moves)
    assert world.complaints() == []


def press_each(world, client, moves):
    """What pressing the button on each of these invoices says."""
    return [world.press(move, client)[1] for move in moves]


def test_who_is_disconnected_is_told_once(world):
    """Two people and the worker meet the same refusal at the same moment: one alert for each administrator."""
    customers = world.known_customers(1)
    single, moves = world.invoices(2, customers), world.invoices(12, customers)
    world.sql("DELETE FROM mail_activity WHERE res_model = 'xero.connection'")
    clients = [world.odoo.login(CLERK, CLERK), world.odoo.login()]
    with world.fault("disconnected", path="/Invoices$"):
        at_once([
            *(partial(unless_turned_away, world.press, move, client)
              for move, client in zip(single, clients, strict=True)),
            partial(unless_turned_away, world.push_in_background, moves),
        ])
        world.wait(lambda: world.one("SELECT state FROM xero_connection WHERE id = %s", world.connection_id)
                   == "needs_reconnect", "the stop")
        world.rest()
    alerts = world.sql("SELECT user_id, count(*) FROM mail_activity WHERE res_model = 'xero.connection' GROUP BY 1")
    assert alerts and all(count == 1 for _user, count in alerts), alerts
    world.consent_again()
    world.wake_workers()
    if not world.states(moves):
        world.push_in_background(moves)
    for move in single:
        world.press(move)
    world.wait(lambda: world.states(single + moves) == {"synced": 14}, "what was waiting", 90)
    world.check_exactly_once(single + moves)


def unless_turned_away(push, *arguments):
    """Press; whoever does so a moment after the others met the refusal is told what to do."""
    try:
        push(*arguments)
    except OdooError as error:
        assert "connects it under Xero ▸ Connections" in str(error)


def test_a_dump_holds_ciphertext_only(world):
    """pg_dump itself, after tokens were renewed: no secret in any spelling."""
    before = world.refreshes()
    world.sql("UPDATE xero_token SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 minute'")
    world.press_connection("action_test")
    assert world.refreshes() > before
    dump = subprocess.run(["pg_dump", world.database], capture_output=True, check=True, env=environment()).stdout
    assert dump.count(b"v1:") >= 3, "secret, access token and refresh token"
    secrets = list(live_tokens(world))
    assert b"SANDBOX-CLIENT-SECRET" in secrets
    for secret in secrets:
        spellings = {secret, secret.hex().encode()}
        for shift in range(3):  # base64 of a longer text that holds it
            spellings.add(base64.b64encode(b"x" * shift + secret)[4:-4])
        spellings |= {spelling.hex().encode() for spelling in spellings}
        assert not [spelling for spelling in spellings if spelling in dump]
    assert not re.search(rb"eyJ[0-9A-Za-z_-]{40,}", dump), "a token of any kind"


def live_tokens(world):
    """Tokens that Odoo holds now, decrypted with the key outside the database."""
    key = base64.urlsafe_b64decode((Path(DATA_DIR) / "xero_connector.key").read_bytes())
    uuid = world.one("SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'")
    columns = ("client_secret", "access_token", "refresh_token")
    for connection, *sealed in world.sql(f"SELECT connection_id, {', '.join(columns)} FROM xero_token"):
        for column, stored in zip(columns, sealed, strict=True):
            payload = base64.b64decode(stored.split(":")[2])
            binding = f"{uuid}:{world.database}:{connection}:{column}".encode()
            yield AESGCM(key).decrypt(payload[:12], payload[12:], binding)
