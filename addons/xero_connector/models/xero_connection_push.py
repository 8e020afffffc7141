"""Queueing records, and pressing the button."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..client import errors
from ..datasets.statuses import BUSY_STATES
from ..engine import conflicts, reference, transaction, worker
from .xero_run import BUTTON

INLINE = 10  # records that a button sends while its user waits
INLINE_SECONDS = 12
RESERVED = timedelta(seconds=20)
LOCK_DATES_OLD = timedelta(minutes=30)


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    # === QUEUE === #

    @api.private
    def push(self, dataset, records, trigger="code"):
        """Queue `records` for Xero, in the caller's transaction; nothing is sent here.

        :param dataset: key of a data set, e.g. ``invoice``
        :param records: records of that data set's model, of this connection's company
        :param trigger: ``button``, ``schedule``, ``posting``, ``approval``, ``webhook`` or ``code``
        :return: the ``xero.run``
        :raises UserError: not connected, switched off, or a record of another company
        """
        return self._queue({dataset: records}, trigger)

    def _queue(self, records_by_dataset, trigger, priority="2", run=None):
        """:meth:`push` for records of several data sets in one run.

        :param run: a batch that is exported now; default: a new run
        """
        self.ensure_one()
        self._check_usable()
        records_by_dataset = {key: r for key, r in records_by_dataset.items() if r}
        for records in records_by_dataset.values():
            self._check_company_of(records)
        model = next(iter(records_by_dataset.values()))._name if records_by_dataset else False
        if run:
            run._restart(trigger, priority, model)
        else:
            run = self._new_run("push", trigger, priority, model=model)
        self._fill(run, records_by_dataset)
        if priority == BUTTON:
            # The button works on it; should its process die, the worker takes over then.
            run.reserved_until = fields.Datetime.now() + RESERVED
            self._wake_worker(run.reserved_until)
        else:
            self._wake_worker()
        return run

    def _queue_posted(self, records_by_dataset):
        """:meth:`_queue` in one run for all that a transaction posts: the wizard of payments takes them one by one."""
        runs = self.env.cr.postcommit.data.setdefault("xero_posted", {})
        model = next(iter(records_by_dataset.values()))._name
        run = self.env["xero.run"].sudo().browse(runs.get((self.id, self.env.uid, model))).exists()
        if run and run.state == "queued" and not run.started_at:
            self._fill(run, records_by_dataset)
        else:
            run = self._queue(records_by_dataset, "posting")
            runs[self.id, self.env.uid, model] = run.id
        return run

    def _fill(self, run, records_by_dataset):
        """Queue records under a run that nobody has begun."""
        run.total += sum(len(self._upsert_links(key, records, run)) for key, records in records_by_dataset.items())

    def _new_run(self, kind, trigger, priority, **values):
        """A run of this connection, waiting to be worked on.

        :param values: further values of the ``xero.run``
        """
        return (
            self.env["xero.run"]
            .sudo()
            .create(
                {
                    "connection_id": self.id,
                    "company_id": self.company_id.id,
                    "kind": kind,
                    "trigger": trigger,
                    "priority": priority,
                    "user_id": self.env.uid,
                    **values,
                }
            )
        )

    def _check_company_of(self, records):
        """A record of company A never travels with the organisation of B."""
        if "company_id" not in records._fields:
            return
        foreign = records.filtered(
            lambda record: record.company_id and self._for_company(record.company_id) != self.sudo()
        )
        if foreign:
            raise UserError(
                self.env._(
                    "%(record)s belongs to %(company)s, which is not connected to %(organisation)s.",
                    record=foreign[0].display_name,
                    company=foreign[0].company_id.name,
                    organisation=self.tenant_name,
                )
            )

    def _upsert_links(self, key, records, run):
        """Queue links for `records`; those in a worker's hands are left to it.

        Plain SQL: whoever posts at the same moment must neither fail nor wait.

        :return: ids of the links that the run is responsible for now
        """
        company_ids = {}
        if "company_id" in records._fields and records._name != "res.partner":
            company_ids = {record.id: record.company_id.id for record in records.sudo()}
        # What a record is made of is no secret of its user's, the links behind that are.
        dataset = self._dataset(key, records._name)
        parts = dataset._parts(records.sudo())
        self._drop_old_parts(dataset, records, parts)
        rows = [(res_id, part, company_ids.get(res_id)) for res_id in records.ids for part in parts[res_id]]
        queued = self._upsert_rows(dataset._key, records._name, rows, run)
        records.invalidate_recordset(["xero_link_ids", "xero_link_id"])
        return queued

    def _upsert_rows(self, dataset, model, rows, run):
        """:meth:`_upsert_links` for ``(res_id, part, company id or nothing)`` of `model`."""
        if not rows:
            return []
        self.env["xero.link"].flush_model()
        links = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, TRUE, 'queued', %s, 0, %s, %s, now() AT TIME ZONE 'UTC', "
                "now() AT TIME ZONE 'UTC')",
                self.id,
                company_id or self.company_id.id,
                self.tenant_id,
                dataset,
                model,
                res_id,
                part,
                run.id,
                self.env.uid,
                self.env.uid,
            )
            for res_id, part, company_id in rows
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO xero_link (connection_id, company_id, tenant_id, dataset, model, res_id,
                        part, active, state, run_id, split, create_uid, write_uid, create_date, write_date)
                   VALUES %s
                   ON CONFLICT (tenant_id, dataset, model, res_id, part) DO UPDATE
                      SET changed = xero_link.changed
                                 OR xero_link.state = 'outdated' AND xero_link.only_followers IS NOT TRUE,
                          state = 'queued', run_id = EXCLUDED.run_id, split = 0, active = TRUE,
                          connection_id = EXCLUDED.connection_id,
                          write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                    WHERE xero_link.state NOT IN %s
                RETURNING id""",
                links,
                BUSY_STATES,
            )
        )
        self.env["xero.link"].invalidate_model()
        return [row[0] for row in self.env.cr.fetchall()]

    def _drop_old_parts(self, dataset, records, parts):
        """Forget parts that were never sent and are no parts any more, and what was to go in their stead."""
        if not dataset._has_parts:
            return
        links = self.env["xero.link"].sudo().with_context(active_test=False)
        links.search(
            [
                *dataset._links_domain(),
                ("res_id", "in", records.ids),
                ("xero_id", "=", False),
                ("state", "not in", BUSY_STATES),
            ]
        ).filtered(lambda link: link.dataset != dataset._key or link.part not in parts[link.res_id]).unlink()

    def _release_credits(self, move_ids):
        """Queue the allocations that waited until these credit notes or documents were approved in Xero (B23)."""
        parts = [f"account.move,{move_id}" for move_id in move_ids]
        waiting = self.env["xero.link"].search(
            [
                ("tenant_id", "=", self.tenant_id),
                ("dataset", "=", "credit_allocation"),
                ("state", "=", "held"),
                ("reason", "=", "allocation_waits"),
                "|",
                ("res_id", "in", move_ids),
                ("part", "in", parts),
            ]
        )
        if waiting:
            model = waiting[0].model
            run = self._new_run("push", "schedule", "2", model=model)
            rows = [(link.res_id, link.part, link.company_id.id) for link in waiting]
            run.total = len(self._upsert_rows("credit_allocation", model, rows, run))
            self._wake_worker()

    def _release_payments(self, move_ids, reasons=("payment_waits", "payment_document_missing")):
        """Queue the payments that waited until these documents were there, or were approved, in Xero (B23).

        :param reasons: what they waited for
        """
        if not move_ids or not self._is_usable():
            return
        self._release_credits(move_ids)
        documents = self.env["account.move"].browse(move_ids).exists()
        payments = documents._get_reconciled_payments() | documents.origin_payment_id
        for money in filter(None, (payments, documents._get_reconciled_statement_lines())):
            waiting = self.env["xero.link"].search(
                [
                    ("tenant_id", "=", self.tenant_id),
                    ("model", "=", money._name),
                    ("res_id", "in", money.ids),
                    ("state", "=", "held"),
                    ("reason", "in", reasons),
                ]
            )
            # The credit note of a discount follows its payment.
            if by_dataset := money.browse(set(waiting.mapped("res_id")))._xero_by_dataset():
                self._queue(by_dataset, "schedule")

    # === BUTTON === #

    def _push_now(self, run):
        """As root: send the records of a small run while the user waits, on a fresh snapshot.

        The request's transaction ends here: what was queued survives whatever comes.
        """
        self.ensure_one()
        transaction.commit(self.env)
        self._refresh_lock_dates()
        worker.finish_now(run, INLINE_SECONDS)
        transaction.run_committed(self.env, lambda: self._hand_over(run))
        self.env.invalidate_all()

    def _hand_over(self, run):
        """What the button did not finish is the worker's now."""
        run.invalidate_recordset()
        run.reserved_until = False
        if run.state != "done":
            self._wake_worker(run.not_before or None)
        elif self._has_work():
            # A run may have waited for a contact that this button sent.
            self._wake_worker()

    def _refresh_lock_dates(self):
        """Read the organisation when what we know of its lock dates is older than 30 minutes."""
        read_at = self.organisation_read_at
        if self.organisation_key and read_at and read_at > fields.Datetime.now() - LOCK_DATES_OLD:
            return
        try:
            item = reference.read_organisation(self)
        except errors.XeroError:
            # The push meets the same trouble and reports it with the record.
            transaction.rollback(self.env)
        else:
            transaction.run_committed(self.env, lambda: self._keep_organisation(item))

    def _candidates(self, dataset, record):
        """What Xero holds under the name or number of `record`: elements of `dataset`.

        :raises UserError: Xero was not reached
        """
        try:
            return conflicts.holders(self, dataset, dataset._conflict_queries([record]))
        except errors.XeroError as error:
            raise UserError(self._error_text(error)) from None

    def _refresh_link(self, link, xero_id=None):
        """Read the Xero side of `link` again.

        :param xero_id: element that it is linked to from now on
        :raises UserError: Xero was not reached, or does not know it any more
        """
        self.ensure_one()
        self._check_usable()
        try:
            reference.read_again(link, xero_id)
        except errors.XeroError as error:
            raise UserError(self._error_text(error)) from None
