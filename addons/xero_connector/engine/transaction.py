"""Short transactions and row locks (PostgreSQL, REPEATABLE READ)."""

import logging
import random
import time
from datetime import timedelta

import psycopg2.errors

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.DeadlockDetected,
)
# Where rows are made that somebody else may be making at the same moment.
CREATING = (*CONFLICTS, psycopg2.errors.UniqueViolation)
TRIES = 6
LOST_AFTER = timedelta(seconds=90)  # longer than every time-out of a call


def commit(env):
    """End the transaction: what was done is durable, the next statement sees others' work."""
    env.cr.commit()


def rollback(env):
    """End the transaction without a trace."""
    env.cr.rollback()
    env.invalidate_all(flush=False)


def run_committed(env, work, conflicts=CONFLICTS):
    """Do `work` in a transaction of its own and commit; repeat it when another one got in between.

    :param work: function without arguments, safe to repeat
    :param conflicts: exceptions that mean that another one got in between
    :return: what `work` returns
    """
    for attempt in range(1, TRIES + 1):
        try:
            result = work()
            commit(env)
            return result
        except conflicts:
            rollback(env)
            if attempt == TRIES:
                raise
            _logger.info("Concurrent change, attempt %s of %s", attempt + 1, TRIES)
            step_aside(attempt)
    return None


def step_aside(attempt):
    """Wait a moment, at random and longer each time: whoever met another is not to meet it again."""
    time.sleep(random.uniform(0.01, 0.05 * 2**attempt))


def database_now(env):
    """Naive UTC time of the database, the one clock that all workers share."""
    env.cr.execute("SELECT (clock_timestamp() AT TIME ZONE 'UTC')::timestamp(0)")
    return env.cr.fetchone()[0]


def lock_row(env, table, row_id, seconds):
    """Lock one row that somebody may hold for a while, asking again in fresh transactions.

    The lock lasts until the transaction of `env` ends; what that had done before is committed.

    :param seconds: how long to try
    :return: whether the lock was got
    """
    deadline = time.monotonic() + seconds
    while True:
        commit(env)
        # Rows that refer to this one may be made all the time.
        lock = "SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED"
        env.cr.execute(SQL(lock, SQL.identifier(table), row_id))
        if env.cr.rowcount:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
