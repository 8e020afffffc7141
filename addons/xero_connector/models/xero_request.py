"""One write call, stored before it leaves, so that a lost answer is not a lost document."""

import base64
import logging
from datetime import timedelta

from odoo import fields, models

from .. import values
from ..client import errors
from ..datasets.problem import Problem
from ..datasets.statuses import BUSY_STATES
from ..engine import answer, transaction

_logger = logging.getLogger(__name__)

PAUSE = timedelta(seconds=20)
LONG_PAUSE = timedelta(days=1)


class XeroRequest(models.Model):
    """The exact bytes of a write call and what is known of its outcome; server only."""

    _name = "xero.request"
    _description = "Xero Request"
    _order = "id desc"

    connection_id = fields.Many2one("xero.connection", ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    tenant_id = fields.Char(required=True)
    client_id = fields.Char(help="The Xero app that it left with: keys are the app's.")
    run_id = fields.Many2one("xero.run", ondelete="set null")
    dataset = fields.Char(required=True)
    method = fields.Char(required=True)
    path = fields.Char(required=True)
    key = fields.Char(required=True, help="Idempotency key: tenant and a random id.")
    # A plain column, not an attachment: the bytes and the row live and die in one transaction.
    body = fields.Binary(attachment=False)
    link_ids = fields.Json(
        required=True,
        help="In the order of the elements: link id, content hash, move line ids of the lines.",
    )
    conflicts = fields.Json(help="Links whose name or number is taken in Xero, to be looked up.")
    sent_at = fields.Datetime(help="By the clock of the database.")
    attempts = fields.Integer()
    unreadable = fields.Integer(help="Answers to our questions that could not be read.")
    state = fields.Selection(
        [("sending", "Sending"), ("answered", "Answered"), ("unknown", "Unknown")],
        required=True,
        default="sending",
    )
    cached_failure = fields.Boolean(help="Xero answered 500 and repeats it for this key.")
    not_before = fields.Datetime()
    status = fields.Integer()
    correlation_id = fields.Char()

    _open_index = models.Index("(connection_id, state) WHERE state != 'answered'")

    def _body_bytes(self):
        """The bytes as they were sent."""
        return base64.b64decode(self.with_context(bin_size=False).body or b"")

    def _links(self):
        """Links in the order of the elements whose outcome is still open; deleted ones are left out."""
        links = self.env["xero.link"].browse([row["link"] for row in self.link_ids]).exists()
        return links.filtered(lambda link: link.state in BUSY_STATES)

    def _close(self, status=0, correlation_id=False):
        """The outcome is definite: the body is no longer needed."""
        for request in self:
            request.write(
                {
                    "state": "answered",
                    "body": False,
                    "attempts": request.attempts + 1,
                    "status": status or 0,
                    "correlation_id": correlation_id or request.correlation_id,
                }
            )

    def _leave_open(self):
        """Whoever sends it is listened to no longer; somebody will have to look it up."""
        self.ensure_one()
        self._links().write(answer.IN_DOUBT)
        self.write({"state": "unknown", "attempts": self.attempts + 1, "not_before": False})

    def _is_still_ours(self, attempts):
        """Whether nobody took this request over since its attempt number `attempts`; locks it."""
        self.env.cr.execute(
            "SELECT coalesce(attempts, 0), state FROM xero_request WHERE id = %s FOR UPDATE",
            [self.id],
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        self.invalidate_recordset()
        return bool(row) and row[0] == attempts and row[1] != "answered"

    def _conclude(self, attempts, work):
        """Do `work` in a transaction of its own, unless somebody took the request over meanwhile.

        :param attempts: attempt number of the request when the caller took it up
        :return: whether `work` was done
        """

        def fenced():
            if not self._is_still_ours(attempts):
                _logger.info("What comes late of Xero request %s is left aside", self.id)
                return False
            work()
            return True

        return transaction.run_committed(self.env, fenced)

    def _leave(self, **vals):
        """It leaves now: this moment counts for whoever has to find out what became of it."""
        self.write({"sent_at": transaction.database_now(self.env), **vals})

    def _pause(self, error):
        """Ask again later, as long as the client's `error` advises.

        Where nothing may be called somebody who mends that is told. Who is refused an API has to connect again.
        """
        refused = isinstance(error, errors.Unusable)
        pause = LONG_PAUSE if isinstance(error, errors.ApiRefused) else PAUSE
        wait = timedelta(seconds=error.retry_after) if error.retry_after else pause
        self.write(
            {
                # Other failures say nothing about the answers themselves.
                "unreadable": self.unreadable + isinstance(error, errors.Unreadable),
                "not_before": transaction.database_now(self.env) + wait,
                "attempts": self.attempts + 1,
                "cached_failure": self.cached_failure or getattr(error, "cached", False),
                **({"status": error.status} if refused else {}),
            }
        )
        if refused:
            answer.report(self.run_id, [(link, Problem(error.code)) for link in self._links()])

    def _verb(self):
        """HTTP method that the request leaves with; `method` says what it means."""
        dataset = self._dataset()
        elements = values.loads(self._body_bytes())[dataset._xero_plural]
        return dataset._verb(self.method, elements[0])

    def _dataset(self):
        """Data set of the elements, for the connection of this request."""
        return self.connection_id._dataset(self.dataset)
