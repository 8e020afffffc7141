"""The virtual clock: real time plus an offset that tests may advance."""

import time
from datetime import datetime, timezone


class VirtualClock:
    """Real UTC time shifted by ``offset`` seconds; it never goes backwards."""

    def __init__(self, offset=0.0):
        self.offset = float(offset)
        self._last_ms = 0

    def now(self):
        """Seconds since the epoch (float)."""
        return time.time() + self.offset

    def stamp(self):
        """Milliseconds since the epoch, never less than the stamp before."""
        self._last_ms = max(int(self.now() * 1000), self._last_ms)
        return self._last_ms

    def today(self):
        """The civil UTC date now, ``YYYY-MM-DD``."""
        return self.iso()[:10]

    def iso(self):
        """Now as ``YYYY-MM-DDTHH:MM:SS`` in UTC."""
        return datetime.fromtimestamp(self.now(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")

    def advance(self, seconds):
        """Move the clock forward.

        :raises ValueError: when ``seconds`` is negative.
        """
        if seconds < 0:
            raise ValueError("The clock only goes forward.")
        self.offset += float(seconds)
