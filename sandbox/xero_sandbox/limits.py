"""Rate limits per tenant and app (facts, section 2.1) on the virtual clock."""

import hashlib
import math
import threading
from collections import deque

from .errors import RateLimited

CONCURRENT = 5
DAY = 86400


class Limits:
    """Counts calls; refused calls do not count.

    Minute windows slide over 60 seconds. The day window is fixed and starts at a time of
    day that differs per tenant.
    """

    def __init__(self, clock, day=5000, minute=60, app_minute=10000, concurrent=CONCURRENT):
        self.clock = clock
        self.day = day
        self.minute = minute
        self.app_minute = app_minute
        self.concurrent = concurrent
        self._lock = threading.Lock()
        self._minutes = {}
        self._apps = {}
        self._days = {}
        self._in_flight = {}

    def enter(self, tenant, app):
        """Count a call that starts; every success needs a :meth:`leave`.

        :raises RateLimited: concurrent, minute, day or appminute is used up.
        """
        with self._lock:
            self._enter(tenant, app, self.clock.now())

    def _enter(self, tenant, app, now):
        calls = self._window(self._minutes, tenant, now)
        app_calls = self._window(self._apps, app, now)
        day = self._day(tenant, now)
        if self._in_flight.get(tenant, 0) >= self.concurrent:
            raise RateLimited("concurrent")
        if day[1] >= self.day:
            raise RateLimited("day", math.ceil(day[0] + DAY - now))
        if len(calls) >= self.minute:
            raise RateLimited("minute", max(1, math.ceil(calls[0] + 60 - now)))
        if len(app_calls) >= self.app_minute:
            raise RateLimited("appminute", max(1, math.ceil(app_calls[0] + 60 - now)))
        calls.append(now)
        app_calls.append(now)
        day[1] += 1
        self._in_flight[tenant] = self._in_flight.get(tenant, 0) + 1

    def leave(self, tenant):
        """The call that entered is over."""
        with self._lock:
            self._in_flight[tenant] -= 1

    def headers(self, tenant, app):
        """The X-...-Remaining headers as they are now."""
        now = self.clock.now()
        with self._lock:
            left = {
                "X-DayLimit-Remaining": self.day - self._day(tenant, now)[1],
                "X-MinLimit-Remaining":
                    self.minute - len(self._window(self._minutes, tenant, now)),
                "X-AppMinLimit-Remaining":
                    self.app_minute - len(self._window(self._apps, app, now)),
            }
        return {name: str(max(0, value)) for name, value in left.items()}

    def _window(self, windows, key, now):
        calls = windows.setdefault(key, deque())
        while calls and calls[0] <= now - 60:
            calls.popleft()
        return calls

    def _day(self, tenant, now):
        shift = int(hashlib.sha256(tenant.encode()).hexdigest(), 16) % DAY
        start = (now - shift) // DAY * DAY + shift
        day = self._days.setdefault(tenant, [start, 0])
        if day[0] != start:
            day[:] = [start, 0]
        return day
