"""Open problems, each with its cause and its cure."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..datasets.pulled import TWO_SIDED
from ..datasets.retire import CHOSEN
from ..datasets.statuses import GONE
from . import messages
from .xero_known_error import CURES, WHO

OPEN_STATES = ("open", "progress")
PARTNER_CODES = ("partner_ambiguous", "partner_wanted_twice", "partner_missing")
GONE_CODES = ("contact_gone", "document_gone", "journal_gone_in_xero")
EDITABLE = {"state", "user_id"}


class XeroException(models.Model):
    """One open problem of one record; it closes itself when cured."""

    _name = "xero.exception"
    _description = "Xero Exception"
    _inherit = ["xero.record.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    connection_id = fields.Many2one("xero.connection", ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    run_id = fields.Many2one("xero.run", ondelete="set null", index="btree_not_null")
    first_run_id = fields.Many2one("xero.run", ondelete="set null", index="btree_not_null", help="Where it came up.")
    link_id = fields.Many2one("xero.link", ondelete="cascade", index=True)
    dataset = fields.Char("Data Set")
    model = fields.Char()
    res_id = fields.Many2oneReference("Record ID", model_field="model", index=True)
    direction = fields.Selection(
        [("push", "To Xero"), ("pull", "From Xero")], required=True, default="push", readonly=True
    )
    xero_id = fields.Char("Xero ID", readonly=True, help="The element of Xero's, when the problem came from there.")
    title = fields.Char("Name in Xero", readonly=True)
    code = fields.Char(required=True, index=True)
    arguments = fields.Json()
    fingerprint = fields.Char(readonly=True, copy=False, help="Of the element of Xero's and of what is wrong with it.")
    state = fields.Selection(
        [("open", "To solve"), ("progress", "In progress"), ("done", "Cured"), ("ignored", "Ignored")],
        required=True,
        default="open",
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one("res.users", "Assigned to", tracking=True)
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary(readonly=True, help="Total of the document, in the company's currency.")
    cause = fields.Char(compute="_compute_texts")
    correction = fields.Char(compute="_compute_texts")
    who = fields.Selection(WHO, "Who can fix it", compute="_compute_texts")
    cure = fields.Selection(CURES, compute="_compute_texts")
    closed_at = fields.Datetime()

    _open_unique = models.UniqueIndex(
        "(link_id, direction) WHERE state IN ('open', 'progress') AND link_id IS NOT NULL"
    )
    _open_pulled_unique = models.UniqueIndex(
        "(connection_id, dataset, xero_id) WHERE state IN ('open', 'progress') AND link_id IS NULL"
    )

    @api.depends_context("lang")
    @api.depends("code", "arguments")
    def _compute_texts(self):
        for problem in self:
            known = self.env["xero.known.error"]._for_code(problem.code).with_env(self.env).sudo()
            problem.cause = messages.fill(self.env, known.cause or problem.code, problem.arguments)
            problem.correction = messages.fill(self.env, known.correction or "", problem.arguments)
            problem.who = known.who
            problem.cure = known.cure

    @api.depends("record_name", "code")
    def _compute_display_name(self):
        for problem in self:
            problem.display_name = problem.record_name or problem.code

    # === CRUD === #

    def write(self, vals):
        """People assign problems; what a problem is about is the server's."""
        ours = {name for name in vals if name in self._fields and "xero_connector" in self._fields[name]._modules}
        if not self.env.su and ours - EDITABLE:
            raise AccessError(self.env._("Only the server writes %s.", ", ".join(sorted(ours - EDITABLE))))
        return super().write(vals)

    # === ACTIONS === #

    def action_retry(self):
        """Push the records of these problems again; what came from Xero is read again."""
        self.env["xero.connection"]._check_user()
        self.check_access("write")
        action = False
        pulled = self.filtered(lambda problem: problem.direction == "pull")
        for model, problems in (self - pulled).grouped("model").items():
            action = self.env[model].browse(problems.mapped("res_id")).exists().action_xero_push()
        for connection, problems in pulled.grouped("connection_id").items():
            action = connection._read_elements([(problem.dataset, problem.xero_id) for problem in problems])
        return action

    def _push_record(self):
        """Push the record of this problem, wherever the problem came from."""
        self.ensure_one()
        return self.env[self.model].browse(self.res_id).exists().action_xero_push()

    def action_retry_same_cause(self):
        """Push all records with the same cause again."""
        self.env["xero.connection"]._check_user()
        same = self.search([("state", "in", OPEN_STATES), ("code", "in", self.mapped("code"))])
        return same.filtered(lambda problem: problem._may_retry()).action_retry()

    def _may_retry(self):
        """Whether the user may push the record of this problem, if it has one."""
        record = self.env[self.model].browse(self.res_id).exists() if self.direction == "push" else None
        try:
            if record:
                self._check_record(record)
        except AccessError:
            return False
        return True

    def action_take(self):
        """Let the others know that the user looks after these problems."""
        self.env["xero.connection"]._check_user()
        self.check_access("write")
        problems = self.filtered(lambda problem: problem.state in OPEN_STATES)
        problems.write({"state": "progress", "user_id": self.env.uid})

    def action_ignore(self):
        """Put these problems aside."""
        self.env["xero.connection"]._check_user()
        self.check_access("write")
        aside = self.sudo()
        aside.write({"state": "ignored", "closed_at": fields.Datetime.now()})
        for dataset, links in aside.link_id.filtered("connection_id")._by_dataset():
            dataset._release_waiting(links)

    def action_cure(self):
        """The one-click cure of the catalogue."""
        self.ensure_one()
        return getattr(self, f"_cure_{self.cure or 'retry'}")()

    def action_move_date(self):
        """An approver sends a document of a locked period under another date (B15)."""
        return self.env["xero.move.date"]._open(self)

    def action_send_odoo(self):
        """Odoo's version of what both sides have changed counts."""
        self.ensure_one()
        if self.code not in TWO_SIDED or self.state not in OPEN_STATES:
            raise UserError(self.env._("This problem is not about what was changed in Odoo and in Xero."))
        return self._cure_send_odoo()

    def _cure_retry(self):
        return self.action_retry()

    def _cure_map_account(self):
        return self.connection_id.action_map_accounts()

    def _cure_map_tax(self):
        return self.connection_id.action_map_taxes()

    def _cure_open_partner(self):
        partner = self.sudo()._needed_partners()[:1]
        if not partner:
            raise UserError(self.env._("%s: what this problem is about was deleted in Odoo.", self.record_name))
        return self._open_form(partner)

    def _cure_open_connection(self):
        return self._open_form(self.connection_id)

    @api.model
    def _open_form(self, record):
        action = {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id}
        return {**action, "views": [(False, "form")]}

    def _cure_refresh_reference(self):
        self.connection_id._import(self.connection_id._reference_keys())
        return self.action_retry()

    def _cure_choose(self):
        return self.env["xero.candidate.wizard"]._open(self)

    def _cure_new_number(self):
        return self.env["xero.candidate.wizard"]._open(self)

    def _cure_accept_duplicate(self):
        """A person has looked: this bill only looks like the other one."""
        self._for_cure()
        link = self.sudo().link_id
        link.duplicate_accepted_by_id = self.env.uid
        self.env["xero.event"]._log(link, "no_duplicate", "ok", user=self.env.user)
        return self.action_retry()

    def _cure_choose_partner(self):
        return self.env["xero.candidate.wizard"]._open_partners(self)

    def _cure_take_xero(self):
        """What Xero has is right: read it again, and write it over Odoo's."""
        connection, dataset, _record = self._for_cure()
        link = self.sudo().link_id
        link.write({"state": "synced", "reason": False, "pull_hash": False, "value_prints": False})
        return connection._read_elements([(dataset._key, link.xero_id)])

    def _cure_send_odoo(self):
        """Odoo's version counts: what somebody changed in Xero is overwritten."""
        self._for_cure()
        link = self.sudo().link_id
        link.write({"sent_print": link.xero_print, "value_prints": False})
        self.env["xero.event"]._log(link, "kept_odoo", "ok", user=self.env.user)
        return self._push_record()

    def _cure_read_again(self):
        """Somebody has changed the record in Xero: read its status, then push again."""
        connection, dataset, _record = self._for_cure()
        link = self.sudo().link_id
        connection._refresh_link(link)
        if link.xero_status in GONE:
            link.state = "excluded"  # what can come anew does, when it is pushed
            dataset._release_waiting(link)
        return self.action_retry()

    def _cure_delete_there(self):
        """What was cancelled in Odoo is deleted in Xero, too, if nobody has done so there."""
        self._for_cure()
        link = self.sudo().link_id
        link.reason = CHOSEN
        self.env["xero.event"]._log(link, CHOSEN, "ok", user=self.env.user)
        action = self._cure_read_again()
        if link.xero_status in GONE:  # whoever has deleted it
            self._close(link)
        return action

    def _cure_check_again(self):
        """What was archived may have been restored: read its status, then push again."""
        connection, _dataset, _record = self._for_cure()
        link = self.sudo()._needed_partners().xero_link_id
        if link.xero_id:
            connection._refresh_link(link)
        return self.action_retry()

    # === BUSINESS === #

    def _name_without_record(self):
        # EXTENDS xero.record.mixin
        return self.title

    @api.model
    def _check_record(self, record):
        """Whoever may push `record` may cure it; files, and what only comes from Xero, ask for nothing of their own.

        :raises AccessError: the user may not
        """
        if "xero_link_ids" in record._fields:
            record._xero_check_push()
        else:
            record.check_access("write")

    def _for_cure(self):
        """Connection, data set and record of one problem, as root, for a user who may cure it.

        :raises UserError: the record was deleted, or its connection is not usable
        """
        self.ensure_one()
        self.env["xero.connection"]._check_user()
        self.check_access("write")
        record = self.env[self.model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The record of this problem was deleted in Odoo."))
        self._check_record(record)
        connection = self.sudo().connection_id
        connection._check_usable()
        dataset = connection._dataset(self.dataset, self.model)
        return connection, dataset, dataset._browse(self.res_id)

    def _link_to(self, xero_id):
        """Link the record to an element of Xero's that a person chose, and go on.

        What Xero holds is compared, never overwritten; only a push does that.
        """
        connection, dataset, record = self._for_cure()
        link = self.sudo().link_id
        connection._refresh_link(link, xero_id)
        link.write({"state": "synced", "reason": False, "content_hash": False, "active": True})
        self.env["xero.event"]._log(link, "linked_by_hand", "ok", user=self.env.user)
        if link.difference:
            self.sudo()._report([(link, "totals_differ", link.difference, dataset._amount(record))])
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        self._close(link)
        waiting = self._waiting_for(record)
        return waiting.action_retry() if waiting else {"type": "ir.actions.client", "tag": "soft_reload"}

    def _link_partner(self, partner):
        """Link the contact of this problem to `partner`, or to a new one when that is empty."""
        self.ensure_one()
        self.env["xero.connection"]._check_user()
        self.check_access("write")
        connection = self.sudo().connection_id
        connection._check_usable()
        if self.code not in PARTNER_CODES or not self.xero_id or self.state not in OPEN_STATES:
            raise UserError(self.env._("This problem is not about which partner a contact is."))
        partner = partner.commercial_partner_id
        if partner:
            partner.check_access("write")
            connection._check_company_of(partner)
            if self.env["xero.link"]._of(partner, connection, self.dataset).xero_id:
                raise UserError(self.env._("%s is linked to another contact of Xero already.", partner.display_name))
        connection._read_anew("prepaid")  # money of a contact that nobody knew was left out
        return connection._read_elements([(self.dataset, self.xero_id)], chosen=partner)

    def _waiting_for(self, record):
        """Problems of documents that only miss the contact `record`."""
        if record._name != "res.partner":
            return self.browse()
        missing = self.search([("state", "in", OPEN_STATES), ("code", "=", "contact_not_in_xero")])
        return missing.filtered(lambda problem: record in problem.sudo()._needed_partners())

    def _needed_partners(self):
        """Partners whose contacts the record of this problem needs in Xero; a partner needs its own."""
        nobody = self.env["res.partner"]
        if not self.connection_id:
            return nobody
        dataset = self.connection_id._dataset(self.dataset, self.model)
        record = dataset._browse(self.res_id).exists()
        return record if self.model == "res.partner" else dataset._dependencies(record).get("contact", nobody)

    @api.model
    def _report(self, problems, run=None, direction="push", prints=None):
        """Open or replace the exceptions of links.

        :param problems: list of ``(link, code, arguments, amount)``; amount in company currency
        :param direction: ``push`` or ``pull``; a record may have a problem of each
        :param prints: fingerprints of what came from Xero, by Xero id
        """
        links = self.env["xero.link"].concat(*(link for link, *_rest in problems))
        existing = {
            problem.link_id.id: problem
            for problem in self.sudo().search(
                [("link_id", "in", links.ids), ("state", "in", OPEN_STATES), ("direction", "=", direction)]
            )
        }
        to_create = []
        for link, code, arguments, amount in problems:
            values = {
                "code": code,
                "arguments": arguments,
                "amount": amount,
                "run_id": run.id if run else False,
                "fingerprint": (prints or {}).get(link.xero_id, False),
            }
            if link.id in existing:
                existing[link.id]._renew(values)
                continue
            to_create.append(
                {
                    **values,
                    "first_run_id": values["run_id"],
                    "direction": direction,
                    "xero_id": link.xero_id if direction == "pull" else False,
                    "connection_id": link.connection_id.id,
                    "company_id": link.company_id.id,
                    "currency_id": link.company_id.currency_id.id,
                    "link_id": link.id,
                    "dataset": link.dataset,
                    "model": link.model,
                    "res_id": link.res_id,
                }
            )
        # Thousands of problems must not write thousands of chatter notes.
        self.sudo().with_context(tracking_disable=True).create(to_create)

    def _renew(self, values):
        """The same record once more: with another cause it is a new problem, of that run (ERR-08)."""
        if self.code != values["code"]:
            values = {**values, "first_run_id": values["run_id"]}
        self.write(values)

    @api.model
    def _close_code(self, links, code):
        """This one problem of these links is cured."""
        domain = [("link_id", "in", links.ids), ("state", "in", OPEN_STATES), ("code", "=", code)]
        if problems := links and self.sudo().search(domain):
            problems._mark_done()

    @api.model
    def _close(self, links, codes=None):
        """The problems of these links are cured.

        :param codes: only what came from Xero, and problems with these codes; default: all of them
        """
        domain = [("link_id", "in", links.ids), ("state", "in", OPEN_STATES)]
        if codes is not None:
            domain += ["|", ("direction", "=", "pull"), ("code", "in", codes)]
        if problems := links and self.sudo().search(domain):
            problems._mark_done()
