"""What Odoo's own loggers write of a request: never the code of a consent or a typed in secret."""

import logging
import re

_CALLBACK = re.compile(r"(/xero/oauth/callback\?)\S*")
# As the repr of a mapping shows it, in the arguments of a call that DEBUG writes down.
_SECRET = re.compile(r"""(['"]client_secret['"]: )('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


class Masking(logging.Filter):
    """Puts dots in place of what nobody may read, whatever the level."""

    def filter(self, record):
        if record.args and isinstance(record.args, tuple):
            record.args = tuple(map(_mask, record.args))
        return True


def _mask(argument):
    if isinstance(argument, int | float | None):
        return argument
    text = str(argument)
    masked = _SECRET.sub(r"\1'…'", _CALLBACK.sub(r"\1…", text))
    return argument if masked == text else masked


for name in ("werkzeug", "odoo.service.model"):
    logging.getLogger(name).addFilter(Masking())
