"""The idempotency store (facts, section 2.5): 6 minutes, per app, replays every answer."""

import hashlib
import threading

from .errors import BadRequest

KEEP_SECONDS = 360
MAX_LENGTH = 128


class _Entry:
    def __init__(self, fingerprint, started):
        self.fingerprint = fingerprint
        self.started = started
        self.done = threading.Event()
        self.answer = None


class IdempotencyStore:
    """First answers by (app, key). A duplicate that comes meanwhile waits for the first."""

    def __init__(self, clock):
        self._clock = clock
        self._entries = {}
        self._lock = threading.Lock()

    def run(self, app, key, request, work):
        """The answer of ``work()``, or the one that this key got before.

        :param request: what makes two requests the same: method, path, tenant, body ...
        :raises BadRequest: the key is too long or was used with a different request.
        """
        if len(key) > MAX_LENGTH:
            raise BadRequest("ValidationException",
                             f"Idempotency Key must not exceed {MAX_LENGTH} characters.")
        fingerprint = hashlib.sha256(repr(request).encode()).hexdigest()
        entry, first = self._claim((app, key), fingerprint)
        if entry.fingerprint != fingerprint:
            raise BadRequest("ValidationException",
                             f"Idempotency Key: {key} is used with a different request.")
        if not first:
            entry.done.wait()
            return entry.answer
        try:
            entry.answer = work()
        except BaseException:
            with self._lock:
                self._entries.pop((app, key), None)
            raise
        finally:
            entry.done.set()
        return entry.answer

    def _claim(self, name, fingerprint):
        now = self._clock.now()
        with self._lock:
            for old in [k for k, e in self._entries.items() if e.started + KEEP_SECONDS <= now]:
                del self._entries[old]
            entry = self._entries.get(name)
            if entry:
                return entry, False
            entry = self._entries[name] = _Entry(fingerprint, now)
            return entry, True
