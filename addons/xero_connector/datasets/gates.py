"""What administrators decide without code: rules before a push, approvals, and what may go by itself."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import values
from .problem import Problem

# What a condition can run into; errors of the database end the step.
ERRORS = (UserError, ValueError, TypeError, LookupError, AttributeError)
WAITING = "waiting_approval"
REJECTED = "approval_rejected"


class XeroDataset(models.AbstractModel):
    """Gates that all data sets have; a data set of documents names its kinds."""

    _inherit = "xero.dataset"

    # Kinds of documents that push modes and approvals are set for: ``{kind: (label, domain)}``.
    _kinds = {}

    # Domain of the links that say whether a record has been sent.
    _settling = (("part", "=", ""),)

    # States of a record that was taken back in Odoo.
    _undone_states = ("cancel",)

    # === KINDS === #

    @api.model
    def _kind(self, record):
        """Kind of `record`, ``None`` when it is none of this data set's."""
        return next((kind for kind, (_label, domain) in self._kinds.items() if record.filtered_domain(domain)), None)

    @api.model
    def _ready_domain(self):
        """Domain of the records that may travel now."""
        return Domain.TRUE

    @api.model
    def _sent_domain(self):
        """Domain of the records that Xero has, or had."""
        links = self.env["xero.link"].sudo()._search([*self._links_domain(), ("xero_id", "!=", False)])
        return Domain("id", "in", links.subselect("res_id"))

    @api.model
    def _unsettled_domain(self):
        """Domain of the records of which something is still to be sent, whatever their links say."""
        return Domain.FALSE

    @api.model
    def _links_domain(self):
        """Domain of the links of its records in this organisation, also as what they travel instead."""
        return [
            ("model", "=", self._odoo_model),
            ("dataset", "in", (self._key, *self._instead_of)),
            ("tenant_id", "=", self._connection.tenant_id),
        ]

    @api.model
    def _kind_domain(self, kind):
        """Domain of the records of one kind that may travel now, of the companies that use this connection."""
        return Domain(self._kinds[kind][1]) & self._ready_domain() & self._company_domain()

    @api.model
    def _company_domain(self):
        if "company_id" not in self.env[self._odoo_model]._fields:
            return Domain.TRUE
        connection = self._connection
        companies = self.env["res.company"].search([("id", "child_of", connection.company_id.id)])
        own = companies.filtered(lambda company: connection._for_company(company) == connection)
        return Domain("company_id", "in", own.ids)

    # === BEFORE A PUSH === #

    @api.model
    def _preflight(self, record, link):
        """:meth:`_check`, and the rules of the administrators.

        :raises Problem: `record` cannot go to Xero; no API call
        """
        if self._retires(record, link):
            self._check_retirement(record, link)
            return
        self._check(record, link)
        self._check_rules(record)
        if not link.xero_id:
            # An update is asked for when it is known that something changed.
            self._check_approval(record)

    @api.model
    def _rule_company(self, record):
        """Company whose rules, and those of its parents, count for `record`."""
        company = record.company_id if "company_id" in record._fields else None
        return company or self._connection.company_id

    @api.model
    def _check_rules(self, record):
        """Raise a Problem with the message of the first rule that keeps `record` back."""
        rules = self.env["xero.validation.rule"]._for(record, self._rule_company(record), "block")
        for rule in rules:
            try:
                kept_back = rule._matching(record, self._connection.company_id)
            except ERRORS as error:
                raise Problem("rule_broken", rule=rule.name, error=str(error)) from error
            if kept_back:
                raise Problem("rule_blocked", message=rule.message, rule_id=rule.id)

    @api.model
    def _rule_notes(self, record):
        """``(code, arguments)`` of the rules that only warn."""
        rules = self.env["xero.validation.rule"]._for(record, self._rule_company(record), "warn")
        notes = []
        for rule in rules:
            try:
                if rule._matching(record, self._connection.company_id):
                    notes.append(("rule_warned", {"message": rule.message, "rule_id": rule.id}))
            except ERRORS as error:
                notes.append(("rule_broken", {"rule": rule.name, "error": str(error)}))
        return notes

    @api.model
    def _warnings(self, record):
        """``(code, arguments)`` of what people should know of a record that can go; its history says it afterwards."""
        return self._notes(record) + self._rule_notes(record)

    # === APPROVAL === #

    @api.model
    def _approval_amounts(self, record):
        """``{kind of document: amount in company currency}`` of all that `record` becomes in Xero."""
        return {self._kind(record): self._amount(record)}

    @api.model
    def _approval_print(self, record):
        """Fingerprint of what an approver says yes to: an edit makes another one."""
        content = {
            "record": f"{record._name},{record.id}",
            "amount": str(self._amount(record)),
            "content": values.to_json(record._xero_content()),
        }
        return values.fingerprint(content)

    @api.model
    def _check_approval(self, record):
        """Raise a Problem unless everybody whose approval is asked for has given it to the present content."""
        approvals = self.env["xero.approval"]
        rules = self.env["xero.approval.rule"]._needed(self, record)
        if not rules:
            return
        given = approvals._given(record, self._connection, self._approval_print(record))
        if rejected := given.filtered(lambda row: row.decision == "rejected")[:1]:
            raise Problem(REJECTED, state="held", user=rejected.user_id.name, text=rejected.reason or "")
        if rule := approvals._next_rule(rules, given):
            raise Problem(WAITING, state="held", who=rule._approver_names())
