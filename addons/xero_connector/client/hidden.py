"""Texts that may be used, but not shown: tokens, secrets, bodies of calls.

Error trackers collect the local variables of a failing call by their ``repr``.
"""


class Hidden(str):
    """A secret text; whoever looks at a variable sees dots."""

    __slots__ = ()

    def __repr__(self):
        return "'…'"


class HiddenBytes(bytes):
    """Bytes that hold a secret or somebody's data; whoever looks at a variable sees their number."""

    __slots__ = ()

    def __repr__(self):
        return f"<{len(self)} bytes>"
