"""Collecting what is not in Xero yet into the batches of Export Control."""

from collections import defaultdict
from contextlib import suppress

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import Command, models
from odoo.fields import Domain
from odoo.tools import mute_logger

from ..datasets.gates import ERRORS

# Whatever else a link says, the document is in Xero, on its way, or not for Xero.
TO_SEND = ("outdated", "failed", "held")


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    def _collect(self, by_hand=False):
        """Put documents that are not in Xero yet, and wait in no batch, into open batches of their month.

        :param by_hand: only of kinds that nothing else sends
        """
        for connection in self.sudo():
            if not (connection.enabled and connection.state == "connected"):
                continue
            connection = connection.with_company(connection.company_id)
            by_itself = connection.push_mode_ids.filtered("is_on").mapped("kind") if by_hand else ()
            for kind, key in connection._dataset_by_kind().items():
                dataset = connection._dataset(key)
                if kind not in by_itself and dataset._in_batches:
                    # Who collects at the same moment has them in batches that cannot be seen from here yet.
                    with suppress(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                        connection._collect_kind(kind, dataset)

    def _collect_kind(self, kind, dataset):
        domain = self._waiting_domain(dataset, kind, TO_SEND)
        records = dataset._browse([]).search(domain, order="id")
        by_month = defaultdict(records.browse)
        for record in records:
            by_month[dataset._date(record).replace(day=1)] |= record
        for first_day, same in sorted(by_month.items()):
            self._open_batch(kind, first_day).document_ids = [
                Command.create(self._prepare_batch_document(dataset, record)) for record in same
            ]

    def _waiting_domain(self, dataset, kind, states, untried=False):
        """Domain of the records of `kind` that are still to be sent, and wait in no batch, where a person decides.

        :param states: of a link that leave something to send; no link at all does, too
        :param untried: leave out what was pushed since it changed last, and could not follow
        """
        settled_by = Domain("state", "not in", states)
        if untried:
            settled_by |= Domain("reason", "!=", False)
        settled = self.env["xero.link"].sudo()._search([*dataset._links_domain(), *dataset._settling, *settled_by])
        documents = self.env["xero.batch.document"]._search(
            [("company_id", "=", self.company_id.id), ("model", "=", dataset._odoo_model), ("live", "=", True)]
        )
        unsettled = Domain("id", "not in", settled.subselect("res_id")) | dataset._unsettled_domain()
        return dataset._kind_domain(kind) & unsettled & Domain("id", "not in", documents.subselect("res_id"))

    def _open_batch(self, kind, first_day):
        """The open batch of a kind of documents and a month, made when there is none."""
        values = {"batch_kind": kind, "date_from": first_day, "state": "open", "not_for_export": False}
        domain = [("connection_id", "=", self.id), *((name, "=", value) for name, value in values.items())]
        batch = self.env["xero.run"].search(domain, limit=1)
        last_day = first_day + relativedelta(months=1, days=-1)
        return batch or self._new_run("push", "button", "2", date_to=last_day, **values)

    def _prepare_batch_document(self, dataset, record):
        return {
            "model": record._name,
            "res_id": record.id,
            "partner_id": record.partner_id.id if "partner_id" in record._fields else False,
            "date": dataset._date(record),
            "amount": dataset._amount(record),
        }

    def _export_closed(self, kind):
        """Send the closed batches of one kind that nothing keeps back (EXP-04); the error of one stops it alone."""
        batches = self.env["xero.run"].search(
            [
                ("connection_id", "=", self.id),
                ("batch_kind", "=", kind),
                ("state", "=", "closed"),
                ("not_for_export", "=", False),
            ]
        )
        for batch in batches:
            try:
                with self.env.cr.savepoint():
                    batch._export_checked()
            except ERRORS as error:
                # The data set says who may read it.
                about = {"run_id": batch.id, "dataset": self._dataset_by_kind()[kind]}
                about["arguments"] = {"batch": batch.display_name, "detail": str(error)}
                self.env["xero.event"]._log_connection(self, "batch_failed", "failed", **about)
