"""What a push would send: the exact body and the totals that are expected; nothing is sent or written (XK-03)."""

import json
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import values
from ..datasets.problem import Problem
from ..models import messages


class XeroDryRun(models.TransientModel):
    """One record, shown as a push would send it at this moment."""

    _name = "xero.dry.run"
    _description = "Xero Dry Run"

    company_id = fields.Many2one("res.company", readonly=True)
    name = fields.Char(readonly=True)
    problem = fields.Char(readonly=True)
    hints = fields.Text(readonly=True, help="What to know before it is sent.")
    request = fields.Char("Call", readonly=True)
    body = fields.Text(readonly=True)
    total_ids = fields.Json("Totals", readonly=True, help="Rows of (what, Odoo, Xero), in the document's currency.")
    totals = fields.Html(compute="_compute_totals", sanitize=False)

    @api.depends("total_ids")
    def _compute_totals(self):
        for wizard in self:
            wizard.totals = self.env["ir.qweb"]._render(
                "xero_connector.dry_run_totals", {"rows": wizard.total_ids or []}, raise_if_not_found=False
            )

    @api.model
    def _open(self, record):
        """Show what a push of `record` would send.

        :raises UserError: the record never travels, or its company has no organisation
        """
        record.ensure_one()
        connections = self.env["xero.connection"]
        connections._check_user()
        record.check_access("read")
        connection, key = connections._for_company(record._xero_company()), record._xero_dataset_key()
        if not key or not connection.tenant_id:
            raise UserError(self.env._("%s does not go to Xero.", record.display_name))
        # Only the server makes these rows; their reader is who asked.
        wizard = self.sudo().create(
            {
                "name": record.display_name,
                "company_id": connection.company_id.id,
                **self._prepare_dry_run(connection._dataset(key, record._name), record),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dry run: nothing is sent"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_dry_run(self, dataset, record):
        """Values for what `dataset` would send now, or the first thing that is in its way."""
        parts, hints, problem = [], {}, False
        # Whatever a hook writes on the way is undone.
        with self.env.cr.savepoint() as savepoint:
            ours = dataset._browse(record.id)
            self._suppose_sent(dataset, ours)
            known = dataset.env["xero.link"].search(
                [
                    ("tenant_id", "=", dataset._connection.tenant_id),
                    ("dataset", "=", dataset._key),
                    ("model", "=", record._name),
                    ("res_id", "=", record.id),
                ]
            )
            by_part = {link.part: link for link in known}
            nothing = dataset.env["xero.link"]
            for part in dataset._parts(ours)[record.id]:
                link = by_part.get(part) or nothing.new({"part": part, "res_id": record.id, "dataset": dataset._key})
                try:
                    parts.append((link.xero_id, *self._element(dataset, ours, link)))
                    hints |= dict.fromkeys(self._hints(dataset, ours, link))
                except Problem as found:
                    problem = messages.render(self.env, found.code, found.arguments)
            vals = {"problem": problem, "hints": "\n".join(hints)}
            if parts:
                body = values.to_json({dataset._xero_plural: [payload for _id, _path, payload in parts]})
                vals |= {
                    "request": f"{'POST' if parts[0][0] else 'PUT'} {parts[0][1]}",
                    "body": json.dumps(body, indent=2, ensure_ascii=False),
                    "total_ids": [
                        [name, f"{odoo:,.2f}", f"{xero:,.2f}"]
                        for name, odoo, xero in dataset._expected_figures(ours, [part[2] for part in parts])
                    ],
                }
            savepoint.rollback()
        dataset.env.invalidate_all()
        return vals

    @api.model
    def _suppose_sent(self, dataset, record):
        """Go on as if what `record` needs were in Xero already: a push sends that first."""
        links, connection = dataset.env["xero.link"], dataset._connection
        dataset._make_ready(record)
        for key, needed in dataset._dependencies(record).items():
            known = {link.res_id: link for link in links._of(needed, connection, key)}
            for other in needed:
                xero_id = self.env._("given by Xero when %s is sent", other.display_name)
                if link := known.get(other.id):
                    link.xero_id = link.xero_id or xero_id
                    continue
                links.create(
                    {
                        "connection_id": connection.id,
                        "company_id": connection.company_id.id,
                        "tenant_id": connection.tenant_id,
                        "dataset": key,
                        "model": other._name,
                        "res_id": other.id,
                        "xero_id": f"{xero_id} ({other.id})",
                    }
                )

    @api.model
    def _hints(self, dataset, record, link):
        """Sentences: warnings, and for whose decision the push would wait."""
        if dataset._retires(record, link):
            return []
        found = dataset._warnings(record)
        for check in (dataset._check_approval, partial(dataset._check_both_sides, link=link)):
            try:
                check(record)
            except Problem as problem:
                found.append((problem.code, problem.arguments))
        return [messages.render(self.env, code, arguments) for code, arguments in found]

    @api.model
    def _element(self, dataset, record, link):
        """Path and payload of what `dataset` would send.

        :raises Problem: something is in its way
        """
        if dataset._retires(record, link):
            dataset._check_retirement(record, link)
            payload = dataset._prepare_retirement(link)
            return dataset._request_path(link, payload), payload
        dataset._check(record, link)
        dataset._check_rules(record)
        payload, sources = dataset._prepare_payload(record, link)
        return dataset._request_path(link, payload), dataset._with_identity(payload, link, record, sources)
