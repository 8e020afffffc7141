"""Problems that an import meets, of a record or of an element that no record stands for yet."""

from odoo import api, fields, models

from .. import values
from .xero_exception import OPEN_STATES


class XeroException(models.Model):
    _inherit = "xero.exception"

    _ignored_index = models.Index("(connection_id, fingerprint) WHERE state = 'ignored'")

    @api.model
    def _report_pulled(self, run, dataset, problems):
        """Open or replace the exceptions of elements that came from Xero.

        What somebody has put aside stays aside until the element or its problem is another one; who has that
        element read again wants to know.

        :param problems: list of ``(link or empty, element, Problem)``
        :return: ids of the elements that stay aside
        """
        connection = run.connection_id
        prints = {item[dataset._xero_id]: _print(dataset, item, problem) for _link, item, problem in problems}
        existing = self._open_pulled(connection, dataset._key, list(prints)).grouped("xero_id")
        aside = set() if run.only else self._aside(connection, prints) - existing.keys()
        told = [row for row in problems if row[1][dataset._xero_id] not in aside]
        if linked := [(link, problem.code, problem.arguments, 0.0) for link, _item, problem in told if link]:
            self._report(linked, run, "pull", prints)
        to_create = []
        unlinked = {item[dataset._xero_id]: (item, problem) for link, item, problem in told if not link}
        for xero_id, (item, problem) in unlinked.items():
            vals = {
                "code": problem.code,
                "arguments": problem.arguments,
                "fingerprint": prints[xero_id],
                "title": dataset._title(item),
                "run_id": run.id,
            }
            if xero_id in existing:
                existing[xero_id][:1]._renew(vals)
                continue
            to_create.append(
                {
                    **vals,
                    "first_run_id": run.id,
                    "direction": "pull",
                    "xero_id": xero_id,
                    "connection_id": connection.id,
                    "company_id": run.company_id.id,
                    "currency_id": run.company_id.currency_id.id,
                    "dataset": dataset._key,
                    "model": dataset._odoo_model,
                }
            )
        self.sudo().with_context(tracking_disable=True).create(to_create)
        return aside

    @api.model
    def _aside(self, connection, prints):
        """Xero ids of those whose problem somebody has put aside as it is now."""
        domain = [("connection_id", "=", connection.id), ("fingerprint", "in", list(prints.values()))]
        rows = prints and self.sudo().search([*domain, ("state", "=", "ignored")])
        ignored = set(rows.mapped("fingerprint")) if rows else set()
        return {xero_id for xero_id, fingerprint in prints.items() if fingerprint in ignored}

    @api.model
    def _open_pulled(self, connection, dataset, xero_ids):
        return self._pulled(connection, dataset, xero_ids, OPEN_STATES)

    @api.model
    def _pulled(self, connection, dataset, xero_ids, states):
        domain = [("connection_id", "=", connection.id), ("dataset", "=", dataset)]
        return self.sudo().search([*domain, ("xero_id", "in", xero_ids), ("state", "in", states)])

    @api.model
    def _close_pulled(self, connection, dataset, xero_ids):
        """The problems of these elements of Xero's are cured, also those that were put aside: they may come again."""
        problems = self._pulled(connection, dataset, xero_ids, (*OPEN_STATES, "ignored")) if xero_ids else self.browse()
        if problems:
            problems._mark_done()

    @api.model
    def _close_list(self, owner, code, dataset):
        """This problem of the list that `dataset` keeps of one record is cured; of other lists it may be open."""
        domain = [("link_id", "=", owner.id), ("code", "=", code), ("run_id.dataset", "=", dataset)]
        if problems := self.sudo().search([*domain, ("state", "in", OPEN_STATES)]):
            problems._mark_done()

    def _mark_done(self):
        """These problems are cured."""
        self.write({"state": "done", "closed_at": fields.Datetime.now()})


# === HELPERS === #


def _print(dataset, item, problem):
    """Text that stays the same while the element and what is wrong with it do."""
    content = {"element": dataset._content_print(item), "code": problem.code, "arguments": problem.arguments}
    return values.fingerprint(content)
