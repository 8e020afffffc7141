"""All that anybody logs."""

import logging
import traceback
from contextlib import contextmanager


class Ear(logging.Handler):
    """Hears everything that anybody logs."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        text = record.getMessage()
        if record.exc_info:
            text += "".join(traceback.format_exception(*record.exc_info))
        self.lines.append((record.name, text))


@contextmanager
def listening():
    """All loggers at DEBUG, into one ear and nowhere else."""
    ear, root = Ear(), logging.getLogger()
    loggers = [root, *(one for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger))]
    before = [(one, one.level, one.handlers, one.propagate, one.disabled) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.handlers, one.propagate, one.disabled = [], True, False
    root.handlers = [ear]
    try:
        yield ear.lines
    finally:
        for one, level, handlers, propagate, disabled in before:
            one.setLevel(level)
            one.handlers, one.propagate, one.disabled = handlers, propagate, disabled
