"""One pass of the background worker of one connection, and the short work of a button."""

import logging
import time
from datetime import timedelta

from . import check, doubt, pull, push, transaction

_logger = logging.getLogger(__name__)

DUE = """
    SELECT id FROM xero_run
     WHERE connection_id = %s AND state IN ('queued', 'running')
       AND (not_before IS NULL OR not_before <= (clock_timestamp() AT TIME ZONE 'UTC'))
       AND (reserved_until IS NULL OR reserved_until <= (clock_timestamp() AT TIME ZONE 'UTC'))
       AND id != ALL(%s)
  ORDER BY priority, id LIMIT 1
"""


POLL = 0.1  # seconds
ADVANCE = {"push": push.advance, "pull": pull.advance, "adopt": pull.advance, "check": check.advance}


def work(connection, seconds):
    """Do the most urgent work of `connection`, step by step, for about `seconds`.

    :return: whether work that could be done now is left
    """
    deadline = time.monotonic() + seconds
    idle = []
    while time.monotonic() < deadline:
        if not _usable(connection):
            return False
        step = _next_step(connection, idle)
        if step is None:
            return False
        if step():
            idle.clear()
        else:
            idle.append(step.run_id)
    return True


def _usable(connection):
    transaction.commit(connection.env)
    connection.invalidate_recordset()
    return bool(connection.exists()) and connection._is_usable()


class _Step:
    """One thing to do next, and the run that has nothing to do when it did nothing."""

    def __init__(self, function, record, run_id):
        self.function, self.record, self.run_id = function, record, run_id

    def __call__(self):
        try:
            return self.function(self.record)
        except transaction.CONFLICTS:
            # Others were faster each time. What left is known to its request: nothing is forgotten.
            transaction.rollback(self.record.env)
            _logger.info("Xero run %s gives way to others", self.run_id)
            self._postpone("busy")
        except Exception:
            # The worker is shared by all runs of the organisation: one must not stop the others.
            transaction.rollback(self.record.env)
            _logger.exception("A step of Xero run %s failed", self.run_id)
            self._postpone("error")
        return False

    def _postpone(self, reason):
        run = self.record.env["xero.run"].browse(self.run_id)
        transaction.run_committed(run.env, lambda: _wait(run, reason))


def _wait(run, reason):
    run.invalidate_recordset()
    if run.state in ("queued", "running"):
        seconds = push.backoff(run.attempts)
        run.attempts += 1
        run._wait(transaction.database_now(run.env) + timedelta(seconds=seconds), reason)


def _next_step(connection, idle):
    env = connection.env
    for request in doubt.due(connection):
        if request.run_id.id not in idle:
            return _Step(doubt.resolve, request, request.run_id.id)
    env.cr.execute(DUE, [connection.id, idle])
    row = env.cr.fetchone()
    if not row:
        return None
    run = env["xero.run"].browse(row[0])
    return _Step(ADVANCE[run.kind], run, run.id)


def next_wake_up(connection):
    """When work that waits becomes due (naive UTC), or ``None``."""
    env = connection.env
    env.cr.execute(
        """SELECT min(not_before) FROM xero_run
            WHERE connection_id = %s AND state IN ('queued', 'running')
              AND not_before > (clock_timestamp() AT TIME ZONE 'UTC')""",
        [connection.id],
    )
    moments = [env.cr.fetchone()[0], doubt.next_due(connection)]
    return min((moment for moment in moments if moment), default=None)


def finish_now(run, seconds):
    """Do the steps of one run until it is done, waits, or `seconds` are over: a button's work."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not _usable(run.connection_id):
            return
        run.invalidate_recordset()
        if run.state in ("done", "stopped") or (run.not_before and run.not_before > transaction.database_now(run.env)):
            return
        if not ADVANCE[run.kind](run) and not _wait_for_others(run):
            return


def _wait_for_others(run):
    """Whether somebody else is sending what this run needs; a moment has passed then."""
    transaction.commit(run.env)
    run.env.cr.execute(
        """SELECT 1 FROM xero_link
            WHERE run_id = %s AND state = 'sending'
               OR connection_id = %s AND state = 'sending' AND model != %s LIMIT 1""",
        [run.id, run.connection_id.id, run.model],
    )
    if not run.env.cr.rowcount:
        return False
    transaction.commit(run.env)
    time.sleep(POLL)
    return True
