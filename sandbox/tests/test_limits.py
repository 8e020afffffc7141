"""Rate limits and their headers, on the virtual clock."""

import threading
import time

import pytest

from xero_sandbox.clock import VirtualClock
from xero_sandbox.errors import RateLimited
from xero_sandbox.limits import Limits


def test_headers_count_down(xero, server):
    server.sandbox.limits.minute = 60
    first, second = xero.get("/Organisation"), xero.get("/Organisation")
    for name, limit in (("Day", 5000), ("Min", 60), ("AppMin", 10000)):
        key = f"X-{name}Limit-Remaining"
        assert (first.headers[key], second.headers[key]) == (str(limit - 1), str(limit - 2))
    assert first.headers["Xero-Correlation-Id"] != second.headers["Xero-Correlation-Id"]


def test_minute_limit_and_recovery(xero, server):
    server.sandbox.limits.minute = 3
    assert [xero.get("/Organisation").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = xero.get("/Organisation")
    assert answer.headers["X-Rate-Limit-Problem"] == "minute"
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.content == b""
    server.advance(int(answer.headers["Retry-After"]))
    assert xero.get("/Organisation").status_code == 200


def test_day_limit_lasts_to_the_window_s_end(xero, server):
    server.sandbox.limits.day = 2
    assert [xero.get("/Organisation").status_code for _ in range(3)] == [200, 200, 429]
    answer = xero.get("/Organisation")
    assert answer.headers["X-Rate-Limit-Problem"] == "day"
    assert answer.headers["X-DayLimit-Remaining"] == "0"
    wait = int(answer.headers["Retry-After"])
    assert 0 < wait <= 86400
    server.advance(wait)
    assert xero.control("GET", "/clock")["offset"] == wait
    xero.session.headers["Authorization"] = "Bearer " + server.authorise(
        tokens=True)["access_token"]
    assert xero.get("/Organisation").status_code == 200


def test_limits_are_per_tenant(xero, server):
    from sandbox_client import Client

    server.sandbox.limits.minute = 1
    assert xero.get("/Organisation").status_code == 200
    assert Client(server, organisation=2).get("/Organisation").status_code == 200
    assert xero.get("/Organisation").status_code == 429


def test_five_in_flight_and_the_sixth_is_refused():
    limits = Limits(VirtualClock())
    for _ in range(5):
        limits.enter("t", "a")
    with pytest.raises(RateLimited) as refused:
        limits.enter("t", "a")
    assert refused.value.headers == {"X-Rate-Limit-Problem": "concurrent"}
    limits.leave("t")
    limits.enter("t", "a")


def test_sixth_concurrent_call_over_http(xero, server):
    codes = []

    def call():
        codes.append(xero.get("/Organisation").status_code)

    threads = [threading.Thread(target=call) for _ in range(6)]
    with server.sandbox.lock:
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 5
        # The refused one answers while the others wait for the lock.
        while sum(thread.is_alive() for thread in threads) > 5 and time.monotonic() < deadline:
            time.sleep(0.005)
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200] * 5 + [429]


def test_refused_calls_do_not_count(xero, server):
    server.sandbox.limits.minute = 1
    for _ in range(3):
        xero.get("/Organisation")
    server.sandbox.limits.minute = 60
    assert xero.get("/Organisation").headers["X-MinLimit-Remaining"] == "58"


def test_app_minute_limit(xero, server):
    server.sandbox.limits.app_minute = 1
    xero.get("/Organisation")
    assert xero.get("/Organisation").headers["X-Rate-Limit-Problem"] == "appminute"
