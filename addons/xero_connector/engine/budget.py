"""The call budget of an organisation: asked before each call, fed by each answer.

Nobody sleeps for a limit: a call that may not be made now raises at once and says when it may.
Every access is a short transaction of its own, so that no other work waits for it.
"""

import logging
import random
import time
import uuid
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from odoo import api

from ..client import errors
from . import transaction

_logger = logging.getLogger(__name__)

PER_MINUTE = 60
IN_FLIGHT = 5
TRIES = 30  # several processes may want the row at the same moment, each for milliseconds
MINUTE = timedelta(seconds=60)
PROBE = timedelta(hours=1)
BACKGROUND = "xero_background"  # context key of the worker
# What background work leaves to people who press a button.
RESERVE = {"minute": 6, "day": 40, "in_flight": 1}


class Lease(NamedTuple):
    """One call that somebody may make, and the organisation whose it is: the connection may leave that meanwhile."""

    tenant_id: str
    key: str


@contextmanager
def call(connection):
    """One call to Xero under the budget of the organisation of `connection`.

    :return: a function to be given the limits that Xero's answer told
    :raises errors.RateLimited: no call may be made now; nothing left
    """
    lease = acquire(connection)
    limits = {}
    try:
        yield limits.update
    except errors.RateLimited as error:
        release(connection, lease, limits, error)
        raise
    except BaseException:
        release(connection, lease, limits)
        raise
    release(connection, lease, limits)


def acquire(connection):
    """Take one call from the budget; whoever is not the worker may use the reserve.

    :return: the lease to give back, or ``None`` for a connection without an organisation
    :raises errors.RateLimited: kind and seconds to wait
    """
    tenant_id = connection.tenant_id
    if not tenant_id:
        return None
    urgent = not connection.env.context.get(BACKGROUND)
    return Lease(tenant_id, _locked(connection.env, tenant_id, lambda budget, now: _take(budget, now, urgent)))


def release(connection, lease, limits, error=None, used=True):
    """Give a lease back with what Xero told.

    :param limits: calls left by ``minute`` and ``day``, possibly empty
    :param error: :class:`errors.RateLimited` of the call, or ``None``
    :param used: whether the call was made; else it is there for others
    """
    if not lease:
        return
    tenant_id, key = lease
    try:
        _locked(connection.env, tenant_id, lambda budget, now: _learn(budget, now, key, limits, error, used))
    except transaction.CONFLICTS:
        # The call is over: its answer counts more than the budget, which forgets the lease by itself.
        _logger.warning("A lease of the Xero budget of connection %s was left to expire", connection.id)


def _locked(env, tenant_id, work):
    for attempt in range(1, TRIES + 1):
        row = None
        with env.registry.cursor() as cr:
            try:
                cr.execute(
                    "SELECT id FROM xero_budget WHERE tenant_id = %s FOR UPDATE",
                    [tenant_id],
                    log_exceptions=False,
                )
                row = cr.fetchone()
                if row:
                    own = api.Environment(cr, env.uid, {}, su=True)
                    return work(own["xero.budget"].browse(row[0]), transaction.database_now(own))
            except transaction.CONFLICTS:
                cr.rollback()
                if attempt == TRIES:
                    raise
        if row is None:
            _open(env, tenant_id)
        # Not in step with the others that want the row.
        time.sleep(random.uniform(0, 0.02))
    return None


def _open(env, tenant_id):
    """Make the budget of the organisation; somebody else may do so at the same moment."""
    with env.registry.cursor() as cr:
        try:
            cr.execute(
                """INSERT INTO xero_budget (tenant_id, minute_left, calls_today)
                        VALUES (%s, %s, 0) ON CONFLICT (tenant_id) DO NOTHING""",
                [tenant_id, PER_MINUTE],
                log_exceptions=False,
            )
        except transaction.CONFLICTS:
            cr.rollback()


def _take(budget, now, urgent):
    reserve = dict.fromkeys(RESERVE, 0) if urgent else RESERVE
    if budget.blocked_until and budget.blocked_until > now:
        raise _limited(budget.blocked_kind, budget.blocked_until - now)
    if not budget.minute_started or budget.minute_started + MINUTE <= now:
        budget.write({"minute_started": now, "minute_left": PER_MINUTE})
    if budget.day_resets_at and budget.day_resets_at <= now:
        budget.write({"day_resets_at": False, "day_known": False})
    if budget.minute_left <= reserve["minute"]:
        raise _limited("minute", budget.minute_started + MINUTE - now)
    if budget.day_known and budget.day_left <= reserve["day"]:
        if not budget.day_resets_at:
            # Xero tells the moment only to who runs into the limit: one call an hour looks again.
            budget.write({"day_resets_at": now + PROBE})
            transaction.commit(budget.env)
        raise _limited("day", budget.day_resets_at - now)
    oldest = now.timestamp() - transaction.LOST_AFTER.total_seconds()
    leases = {key: start for key, start in (budget.leases or {}).items() if start > oldest}
    if len(leases) >= IN_FLIGHT - reserve["in_flight"]:
        raise _limited("concurrent", timedelta(seconds=2))
    lease = uuid.uuid4().hex
    today = now.date()
    budget.write(
        {
            "leases": {**leases, lease: now.timestamp()},
            "minute_left": budget.minute_left - 1,
            "day_left": budget.day_left - 1,
            "calls_today": budget.calls_today + 1 if budget.calls_day == today else 1,
            "calls_day": today,
        }
    )
    return lease


def _learn(budget, now, lease, limits, error, used):
    values = {"leases": {key: start for key, start in (budget.leases or {}).items() if key != lease}}
    if not used:
        values["minute_left"] = min(budget.minute_left + 1, PER_MINUTE)
        values["day_left"] = budget.day_left + 1
        values["calls_today"] = max(budget.calls_today - 1, 0)
    if "minute" in limits:
        values["minute_left"] = min(limits["minute"], budget.minute_left)
    if "day" in limits:
        values.update(day_left=limits["day"], day_known=True)
    if error:
        seconds = error.retry_after or (60 if error.kind != "concurrent" else 2)
        until = now + timedelta(seconds=seconds)
        values.update(blocked_until=until, blocked_kind=error.kind)
        if error.kind == "day":
            values.update(day_left=0, day_known=True, day_resets_at=until)
    budget.write(values)


def _limited(kind, wait):
    return errors.RateLimited(kind=kind, retry_after=max(1, round(wait.total_seconds())))
