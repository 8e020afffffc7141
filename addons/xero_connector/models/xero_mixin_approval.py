"""Approve and reject on a document, and what it does by itself when it is posted."""

import logging
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..datasets.statuses import GONE
from .xero_mixin import READERS

_logger = logging.getLogger(__name__)


class XeroMixin(models.AbstractModel):
    _inherit = "xero.mixin"

    xero_waits_for = fields.Char(
        "Waits for Approval by", compute="_compute_xero_approval", compute_sudo=True, groups=READERS
    )
    xero_can_approve = fields.Boolean(compute="_compute_xero_approval", compute_sudo=True, groups=READERS)

    # === HOOKS === #

    def _xero_content(self):
        """What an approver says yes to, as a JSON value; by default any edit makes it another one."""
        self.ensure_one()
        return {"write_date": str(self.write_date)}

    def _xero_waiting_link(self):
        """The link that waits for an approval, possibly empty."""
        self.ensure_one()
        return self.xero_link_id._waiting_for_approval()

    # === COMPUTES === #

    @api.depends("xero_link_ids.state", "xero_link_ids.reason")
    @api.depends_context("company", "uid")
    def _compute_xero_approval(self):
        for record in self:
            waits = record._xero_waiting_link()
            rule, may = record._xero_approval_state() if waits else (False, False)
            record.xero_waits_for = rule and rule._approver_names()
            record.xero_can_approve = may

    def _xero_approval_state(self):
        """The rule that waits, and whether the user may give its approval."""
        approvals = self.env["xero.approval"].sudo()
        rule, given = self._xero_next_approval()
        if not rule:
            return rule, False
        try:
            approvals._check_may_decide(rule, self, given)
        except UserError:
            return rule, False
        return rule, True

    # === ACTIONS === #

    def action_xero_approve(self):
        """Approve these documents; those that need no further approval are sent in the background.

        :raises UserError: a document does not wait for an approval, or not for this user's
        """
        for record in self:
            record._xero_decide("approved")
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_xero_reject(self):
        """Ask for the reason, then keep these documents back until they change."""
        self.env["xero.connection"]._check_user()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": "xero.reject.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_res_ids": {self._name: self.ids}},
        }

    # === APPROVAL === #

    def _xero_next_approval(self):
        """The rule that waits for its approval, possibly empty, and the decisions so far."""
        self.ensure_one()
        connection = self.sudo().xero_link_id.connection_id
        dataset = connection._dataset(self._xero_dataset_key(), self._name)
        record = dataset._browse(self.id)
        approvals = self.env["xero.approval"]
        given = approvals._given(record, connection, dataset._approval_print(record))
        return approvals._next_rule(self.env["xero.approval.rule"]._needed(dataset, record), given), given

    def _xero_decide(self, decision, reason=False):
        """Write down the user's decision on this document, and go on with it."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._check_user()
        link = self.sudo()._xero_waiting_link()
        if link:
            # One decision after the other: the second person sees the first one's.
            self.env.cr.execute("SELECT id FROM xero_link WHERE id = %s FOR UPDATE", [link.id])
            link.invalidate_recordset(["state", "reason"])
        if not link._waiting_for_approval():
            raise UserError(self.env._("%s does not wait for an approval.", self.display_name))
        connection = link.connection_id
        connection._check_usable()
        dataset = link._dataset()
        rule, given = self._xero_next_approval()
        if rule:
            self.env["xero.approval"]._check_may_decide(rule, self, given)
            self.env["xero.approval"].sudo().create(
                {
                    "connection_id": connection.id,
                    "company_id": connection.company_id.id,
                    "model": self._name,
                    "res_id": self.id,
                    "rule_id": rule.id,
                    "decision": decision,
                    "user_id": self.env.uid,
                    "amount": dataset._amount(dataset._browse(self.id)),
                    "reason": reason,
                    "fingerprint": dataset._approval_print(dataset._browse(self.id)),
                }
            )
            self.env["xero.event"]._log(
                link,
                decision,
                "ok" if decision == "approved" else "warning",
                user=self.env.user,
                arguments={"level": rule.sequence, "text": reason or ""},
            )
        connection.with_env(self.env).sudo().push(link.dataset, self.sudo(), "approval")

    # === BY ITSELF === #

    @contextmanager
    def _xero_never_fails(self):
        """What Odoo does must not fail because of Xero; what was left undone is found by the schedule."""
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                yield
        except Exception:
            _logger.warning("Nothing was queued for Xero of %s", self, exc_info=True)

    def _xero_send_anew(self):
        """What we have taken back in Xero goes again when a person posts or pushes it again; no schedule asks (B16)."""
        ours = Domain("model", "=", self._name) & Domain("res_id", "in", self.ids)
        gone = Domain("xero_status", "in", GONE) & Domain("xero_id", "!=", False) | Domain("reason", "=", "cancelled")
        excluded = self.env["xero.link"].sudo().search(ours & Domain("state", "=", "excluded") & gone)
        for connection, links in excluded.grouped("connection_id").items():
            anew = links.filtered(
                lambda link, c=connection: c and link._dataset()._comes_anew(self.browse(link.res_id))
            )
            anew._forget_gone()
            anew.write({"state": "outdated", "reason": False})

    def _xero_after_posting(self, by_person=True):
        """Queue what goes to Xero by itself when it is posted, and remember who posted what is to be approved.

        Nobody who posts waits for that or fails by it; with push by hand it costs no query.

        :param by_person: the user has made it what it is, and does not approve it himself
        """
        connections = self.env["xero.connection"]
        travelling = self.filtered(lambda record: record._xero_dataset_key())
        for connection, records in travelling.grouped(lambda r: connections._for_company(r._xero_company())).items():
            if not connection:
                continue
            modes = self.env["xero.push.mode"]._ids_on_posting(connection.id)
            if modes or records._xero_gated():
                with records._xero_never_fails():
                    if by_person:
                        records._xero_note_person(connection, "posted")
                    records._xero_push_posted(connection, modes)

    def _xero_after_edit(self, kind="edited"):
        """Remember who edits what is to be approved; where nothing is, it costs no query."""
        if self.env.uid == SUPERUSER_ID:
            return
        connections = self.env["xero.connection"]
        # Who made it does not approve it anyway, and need not be written down while he makes it.
        others = self.filtered(lambda record: record.sudo().create_uid != self.env.user)
        for connection, records in others.grouped(lambda r: connections._for_company(r._xero_company())).items():
            if gated := connection and records._xero_gated():
                with gated._xero_never_fails():
                    travelling = gated.filtered(lambda record: record._xero_dataset_key())
                    travelling._xero_note_person(connection, kind)

    def _xero_gated(self):
        """Those of these whose company, or a parent of it, asks for approvals; it costs no query."""
        ids_by_kind = self.env["xero.approval.rule"]._ids_by_kind
        return self.filtered(lambda record: ids_by_kind(record._xero_company().id))

    def _xero_line_changed(self):
        """The user has made, edited or deleted lines of these."""
        self._xero_after_edit()
        self._xero_may_be_there()._xero_mark_outdated()

    def _xero_user_changed(self):
        """Somebody else has sold or bought these: where Xero is told who, it is to know (TRK-02)."""
        connections = self.env["xero.connection"]
        told = self.filtered(lambda record: connections._for_company(record.company_id)._tracks_user())
        told._xero_may_be_there()._xero_mark_outdated()

    def _xero_may_be_there(self):
        """What Xero may have of these; it costs no query."""
        return self

    def _xero_note_person(self, connection, kind):
        """Who edits or posts a document that needs an approval does not give it."""
        ids_by_kind = self.env["xero.approval.rule"]._ids_by_kind
        noted = self.filtered(
            lambda record: (
                ids_by_kind(record._xero_company().id).keys()
                & connection._dataset(record._xero_dataset_key(), self._name)._approval_amounts(record.sudo()).keys()
                and self.env.user not in self.env["xero.approval"]._involved(record)
            )
        )
        self.env["xero.event"]._log_person(connection, noted._xero_by_dataset(), kind)

    def _xero_push_posted(self, connection, modes):
        """Queue those of a kind that is sent when it is posted.

        :param modes: ``{kind: id of its xero.push.mode}``
        """
        if not modes or not connection._is_usable():
            return
        for mode in self.env["xero.push.mode"].sudo().browse(modes.values()):
            if mode.model_name == self._name and (by_dataset := mode._ready(self.ids)._xero_by_dataset()):
                connection._queue_posted(by_dataset)
