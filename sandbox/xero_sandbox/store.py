"""Save the sandbox's state to a file and load it again.

Rate-limit windows, the idempotency store and the request log start afresh.
"""

import json
import os
import threading
from decimal import Decimal
from pathlib import Path

from .organisation import TABLES

VERSION = 2
EVERY_SECONDS = 3
_OAUTH = ("user_id", "apps", "codes", "refresh_tokens", "connections", "scopes", "counts")
_ORGANISATION = ("details", "next_number", "rounding_enabled", "refused_actions", "quirks",
                 "cis", "subcontractors", "seeded")


def dump(sandbox):
    """The state as JSON text."""
    with sandbox.lock:
        return json.dumps({
            "version": VERSION, "options": sandbox.options, "offset": sandbox.clock.offset,
            "key": sandbox.oauth.key.hex(),
            "oauth": {name: getattr(sandbox.oauth, name) for name in _OAUTH},
            "organisations": [_organisation(org) for org in sandbox.organisations.values()],
        }, default=_encode)


def load(sandbox, text):
    """Put a saved state into ``sandbox``; its options win over the sandbox's.

    :raises ValueError: when the text is not a state of this version.
    """
    state = json.loads(text, object_hook=_decode)
    if state.get("version") != VERSION:
        raise ValueError("The state file was written by another version of the sandbox.")
    with sandbox.lock:
        sandbox.reset(**state["options"])
        sandbox.clock.offset = state["offset"]
        sandbox.oauth.key = bytes.fromhex(state["key"])
        for name in _OAUTH:
            setattr(sandbox.oauth, name, state["oauth"][name])
        for saved in state["organisations"]:
            _restore(sandbox.organisations[saved["tenant_id"]], saved)


def _organisation(org):
    return {
        "tenant_id": org.tenant_id, "journals": org.ledger.journals,
        "in_force": org.ledger.in_force,
        **{name: getattr(org, name) for name in _ORGANISATION},
        "tables": {name: list(getattr(org, name)) for name in TABLES},
        "payroll": org.payroll.dump(),
    }


def _restore(org, saved):
    for name in _ORGANISATION:
        if name in saved:  # a state of an older sandbox has fewer
            setattr(org, name, saved[name])
    for name in [name for name in TABLES if name in saved["tables"]]:
        getattr(org, name).replace(saved["tables"][name])
    if "payroll" in saved:
        org.payroll.load(saved["payroll"])
    org.ledger.journals[:] = saved["journals"]
    org.ledger.in_force.clear()
    org.ledger.in_force.update(saved["in_force"])
    org.undo.clear()


def _encode(value):
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    raise TypeError(f"{value!r} cannot be saved")


def _decode(value):
    return Decimal(value["$decimal"]) if "$decimal" in value else value


class StateFile:
    """Keeps a file up to date: loaded at start, written after changes and at the end."""

    def __init__(self, sandbox, path):
        """:raises ValueError: when the file exists but cannot be read as a state."""
        self._sandbox = sandbox
        self._path = Path(path)
        self._stop = threading.Event()
        if self._path.exists():
            load(sandbox, self._path.read_text())
        self._saved = sandbox.changed
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        """Begin to watch for changes; returns itself."""
        self._thread.start()
        return self

    def close(self):
        """Stop watching and write the last changes."""
        self._stop.set()
        self._thread.join()
        self._write()

    def _run(self):
        while not self._stop.wait(EVERY_SECONDS):
            self._write()

    def _write(self):
        changed = self._sandbox.changed
        if changed == self._saved and self._path.exists():
            return
        fresh = self._path.with_name(self._path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(dump(self._sandbox))
        fresh.replace(self._path)
        self._saved = changed
