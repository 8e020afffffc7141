"""What a host model gets from us: its link, its state in Xero, its buttons."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from ..datasets.problem import Problem
from . import messages
from .xero_connection_push import INLINE
from .xero_exception import OPEN_STATES
from .xero_link import STATES
from .xero_run import BUTTON

READERS = "account.group_account_invoice,account.group_account_readonly,xero_connector.group_xero_auditor"


class XeroMixin(models.AbstractModel):
    """A host model states its data set; fields, buttons and history come from here."""

    _name = "xero.mixin"
    _description = "Xero Mixin"

    # Nobody searches through it: other companies' links are behind it, too.
    xero_link_ids = fields.One2many(
        "xero.link",
        "res_id",
        "Xero Links",
        domain=lambda self: [("model", "=", self._name)],
        bypass_search_access=True,
        groups=fields.NO_ACCESS,
    )
    xero_link_id = fields.Many2one("xero.link", compute="_compute_xero_link_id", compute_sudo=True, groups=READERS)
    xero_state = fields.Selection(
        STATES,
        "Xero",
        compute="_compute_xero_link_values",
        search="_search_xero_state",
        compute_sudo=True,
        groups=READERS,
    )
    xero_number = fields.Char(compute="_compute_xero_link_values", compute_sudo=True, groups=READERS)
    xero_status = fields.Char("Status in Xero", compute="_compute_xero_link_values", compute_sudo=True, groups=READERS)
    xero_status_label = fields.Char(
        "Status Label", compute="_compute_xero_link_values", compute_sudo=True, groups=READERS
    )
    xero_url = fields.Char("Xero Page", compute="_compute_xero_link_values", compute_sudo=True, groups=READERS)
    xero_message = fields.Char("Xero Note", compute="_compute_xero_message", compute_sudo=True, groups=READERS)
    xero_warning = fields.Char(compute="_compute_xero_message", compute_sudo=True, groups=READERS)
    xero_pushable = fields.Boolean(compute="_compute_xero_pushable", compute_sudo=True, groups=READERS)

    # === HOOKS === #

    def _xero_dataset_key(self):
        """Key of the data set that this record belongs to, or ``None`` when it never travels."""
        return None

    def _xero_company(self):
        """Company whose connection this record uses."""
        self.ensure_one()
        company = self.company_id if "company_id" in self._fields else self.env["res.company"]
        mine = self.env.uid == api.SUPERUSER_ID or company.id in self.env.user._get_company_ids()
        # A form that is not saved yet may claim any company: nothing of a foreign one is told.
        return (company if mine else company.browse()) if company else self.env.company

    @api.model
    def _xero_main_links(self):
        """Domain of the links that speak of records as a whole."""
        return [("part", "=", "")]

    def _xero_by_dataset(self):
        """``{key of a data set: records}`` of those that travel."""
        return {key: same for key, same in self.grouped(lambda record: record._xero_dataset_key()).items() if key}

    # === COMPUTES === #

    @api.depends("xero_link_ids")
    @api.depends_context("company")
    def _compute_xero_link_id(self):
        connections = self.env["xero.connection"]
        tenants = {}
        for record in self:
            connection = connections._for_company(record._xero_company())
            tenants[record.id] = connection.tenant_id
        links = (
            self.env["xero.link"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("tenant_id", "in", [t for t in set(tenants.values()) if t]),
                    ("part", "=", ""),
                ]
            )
        )
        by_record = {(link.res_id, link.tenant_id): link for link in links}
        for record in self:
            record.xero_link_id = by_record.get((record._origin.id, tenants[record.id]), False)

    @api.depends("xero_link_ids.state", "xero_link_ids.number", "xero_link_ids.xero_status", "xero_link_ids.xero_id")
    @api.depends_context("company", "lang")
    def _compute_xero_link_values(self):
        for record in self:
            link = record.xero_link_id
            record.xero_state = link.state
            record.xero_number = link.number
            record.xero_status = link.xero_status
            record.xero_status_label = messages.status_label(self.env, link.xero_status)
            record.xero_url = link.url

    @api.depends_context("company")
    def _compute_xero_pushable(self):
        for record in self:
            connection = self.env["xero.connection"]._for_company(record._xero_company())
            record.xero_pushable = bool(
                record._xero_dataset_key() and connection.enabled and connection.state == "connected"
            )

    @api.depends("xero_link_ids.state", "xero_link_ids.reason")
    @api.depends_context("company", "lang")
    def _compute_xero_message(self):
        """Why a record cannot go to Xero, or what to know first, said before anybody pushes it; no API call."""
        for record in self:
            record.xero_message = record._xero_problem_text()
            record.xero_warning = not record.xero_message and record._xero_warning_text()

    def _xero_noted(self):
        """Data set and record that a note before the push is about; no record where there is none."""
        self.ensure_one()
        key = self._xero_dataset_key()
        connection = self.env["xero.connection"]._for_company(self._xero_company())
        if not key or not self._origin.id or connection.state != "connected" or not self._xero_wants_note():
            return None, self.browse()
        dataset = connection._dataset(key, self._name)
        return dataset, dataset._browse(self._origin.id)

    def _xero_problem_text(self):
        dataset, record = self._xero_noted()
        if not record:
            return False
        try:
            dataset._check(record, record.xero_link_id)
            dataset._check_rules(record)
            dataset._check_amounts(record)
        except Problem as problem:
            return messages.render(self.env, problem.code, problem.arguments)
        return False

    def _xero_warning_text(self):
        """What people should know before they push a record that can go."""
        dataset, record = self._xero_noted()
        warnings = dataset._warnings(record) if record else ()
        return " ".join(messages.render(self.env, code, arguments) for code, arguments in warnings)

    def _xero_wants_note(self):
        """Whether the form should say beforehand what keeps this record from travelling."""
        return True

    # === CRUD === #

    def unlink(self):
        # EXTENDS base: a deleted record leaves an inactive link, and what Xero still has of it is said
        links = self.env["xero.link"].sudo().search([("model", "=", self._name), ("res_id", "in", self.ids)])
        left = {link: self.browse(link.res_id).display_name for link in links if link._stays_in_books()}
        result = super().unlink()
        links.write({"active": False})
        links._report_deleted(left)
        return result

    # === SEARCH AND GROUP === #

    @api.model
    def _xero_tenants(self):
        """Organisations of the companies that the user works in; a branch has its parent's (B12)."""
        connections = self.env["xero.connection"]
        found = {connections._for_company(company).tenant_id for company in self.env.companies}
        return [tenant for tenant in found if tenant]

    @api.model
    def _search_xero_state(self, operator, value):
        return self._search_on_link("state", operator, value)

    @api.model
    def _search_on_link(self, name, operator, value):
        """Domain of the records whose link has one of these values in its field `name`."""
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = {item for item in value if item}
        tenants = self._xero_tenants()
        links = self.env["xero.link"].sudo()
        domain = [("model", "=", self._name), ("tenant_id", "in", tenants), *self._xero_main_links()]
        found = Domain("id", "in", links._search([*domain, (name, "in", list(wanted))]).subselect("res_id"))
        if any(not item for item in value):
            # No link at all is a state, too: not in Xero yet.
            domain.append((name, "!=", False))
            found |= Domain("id", "not in", links._search(domain).subselect("res_id"))
        return found if operator == "in" else ~found

    def _read_group_groupby(self, alias, groupby_spec, query):
        # EXTENDS base: the state lives on the link, lists still group by it
        if groupby_spec != "xero_state":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields["xero_state"], "read")
        tenants = self._xero_tenants()
        return SQL(
            """(SELECT state FROM xero_link WHERE xero_link.model = %s AND xero_link.part = ''
                  AND xero_link.res_id = %s AND xero_link.tenant_id = ANY(%s) AND xero_link.active
                LIMIT 1)""",
            self._name,
            SQL.identifier(alias, "id"),
            tenants,
        )

    def _read_group_postprocess_groupby(self, groupby_spec, raw_values):
        # EXTENDS base
        if groupby_spec == "xero_state":
            return tuple(value or False for value in raw_values)
        return super()._read_group_postprocess_groupby(groupby_spec, raw_values)

    # === ACTIONS === #

    def _xero_check_push(self):
        """Only who may change a record may send it.

        :raises AccessError: the user may not
        """
        self.check_access("write")

    def action_xero_push(self):
        """Push these records to Xero: at once up to ten, else in the background.

        :return: a notification with the outcome, or the run to follow
        :raises UserError: not connected, or nothing to push
        """
        connections = self.env["xero.connection"]
        connections._check_user()
        self._xero_check_push()
        groups = {}
        for connection, records in self.grouped(lambda r: connections._for_company(r._xero_company())).items():
            if by_key := records._xero_by_dataset():
                groups[connection] = by_key
        if not groups:
            raise UserError(self.env._("None of the chosen records can be sent to Xero."))
        if not all(groups):
            raise UserError(
                self.env._(
                    "%(company)s has no Xero connection. A Xero administrator sets it up under Xero ▸ Connections.",
                    company=self[0]._xero_company().name,
                )
            )
        self._xero_send_anew()
        small = len(self) <= INLINE
        runs = self.env["xero.run"].sudo()
        for connection, by_key in groups.items():
            runs |= connection._queue(by_key, "button", BUTTON if small else "2")
        if not small:
            return self._xero_follow(runs)
        # A name may hold that of a record of the parent company (B12).
        names = {record: record.sudo().display_name for record in self}
        for run in runs:
            run.connection_id._push_now(run)
        return self._xero_outcome(names)

    def action_xero_dry_run(self):
        """Show the exact body and the expected totals of a push; nothing is sent."""
        return self.env["xero.dry.run"]._open(self)

    def action_xero_open(self):
        """Open the record in Xero."""
        self.ensure_one()
        self.check_access("read")
        if not self.xero_url:
            raise UserError(self.env._("%s is not in Xero yet.", self.display_name))
        return {"type": "ir.actions.act_url", "url": self.xero_url, "target": "new"}

    def action_xero_refresh(self):
        """Read the record from Xero again: its status and totals there."""
        self.env["xero.connection"]._check_user()
        self._xero_check_push()
        if len(self) > INLINE:
            raise UserError(self.env._("Refresh at most %s records at once.", INLINE))
        for record in self:
            link = record.sudo().xero_link_id
            if not link.xero_id:
                raise UserError(self.env._("%s is not in Xero yet.", record.display_name))
            link.connection_id._refresh_link(link)
        self.invalidate_recordset()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_xero_history(self):
        """Everything that happened between this record and Xero."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Xero History of %s", self.display_name),
            "res_model": "xero.event",
            "views": [(False, "list"), (False, "form")],
            "domain": [("model", "=", self._name), ("res_id", "=", self.id)],
        }

    # === BUSINESS === #

    def _xero_try_again(self, states=("failed", "held")):
        """A document that could not go before is queued again once it was edited and posted, or confirmed (ERR-10).

        :param states: of the links of what goes again; what an undo has queued is left to it
        """
        ours = Domain("model", "=", self._name) & Domain("res_id", "in", self.ids) & Domain("state", "in", states)
        links = self.env["xero.link"].sudo().search(ours & Domain("run_id.undoes_id", "=", False))
        if not links:
            return
        with self._xero_never_fails():
            for connection, waiting in links.grouped("connection_id").items():
                if connection._is_usable():
                    # As what it travels now: a payment may be a batch no longer.
                    records = self.browse(dict.fromkeys(waiting.mapped("res_id")))
                    if by_dataset := records._xero_by_dataset():
                        connection._queue(by_dataset, "posting")

    # === HELPERS === #

    def _xero_follow(self, runs):
        """Show the runs that work in the background."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Push to Xero"),
            "res_model": "xero.run",
            "views": [(False, "form")],
            "res_id": runs[:1].id,
        }
        if len(runs) > 1:
            action.update(views=[(False, "list"), (False, "form")], domain=[("id", "in", runs.ids)])
        return action

    def _xero_outcome(self, names):
        """Notification that says for each record what became of it.

        :param names: ``{record: name}``, of those, too, that somebody has deleted while they were sent
        """
        sentences, kinds, links, left = [], [], [], self.exists()
        for record, name in names.items():
            if record not in left:
                sentence = self.env._("%s was deleted in Odoo meanwhile. Look in Xero whether it is there.", name)
                kind = "warning"
            else:
                sentence, kind = record._xero_outcome_sentence()
            sentences.append(sentence)
            kinds.append(kind)
            if record in left and record.sudo().xero_url:
                label = self.env._("Open in Xero")
                links.append({"label": label, "url": record.sudo().xero_url})
        kind = next((k for k in ("danger", "warning") if k in kinds), "success")
        message = "\n".join(sentences)
        params = {
            "type": kind,
            "message": message,
            "sticky": kind == "danger",
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        }
        if len(self) == 1 and links and kind == "success":
            params.update(message=f"{message} %s", links=links)
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def _xero_outcome_sentence(self):
        """What became of one record: ``(sentence, kind)``."""
        self.ensure_one()
        link = self.sudo().xero_link_id
        name = self.sudo().display_name
        if link.state == "synced" and not link.reason:
            return self._xero_success_sentence(link), "success"
        if link.state in ("sending", "queued", "in_doubt"):
            run = link.run_id
            if link.state == "in_doubt":
                text = self.env._("%s was sent, but Xero did not answer. It is looked up in a moment.", name)
            elif run.not_before:
                text = self.env._(
                    "%(name)s waits until %(moment)s for %(reason)s.",
                    name=name,
                    moment=format_datetime(self.env, run.not_before),
                    reason=messages.wait_label(self.env, run.waiting_for),
                )
            else:
                text = self.env._("%s is being sent.", name)
            return text, "warning"
        problem = (
            self.env["xero.exception"]
            .sudo()
            .search([("link_id", "=", link.id), ("state", "in", OPEN_STATES)], limit=1)
            .with_env(self.env)
            .sudo()
        )
        if problem:
            return f"{name}: {problem.cause} {problem.correction}".strip(), "danger"
        event = self.env["xero.event"].sudo().search([("model", "=", self._name), ("res_id", "=", self.id)], limit=1)
        return f"{name}: {event.with_env(self.env).sudo().message or ''}", "warning"

    def _xero_success_sentence(self, link):
        return self.env._("%(name)s is in Xero.", name=self.display_name)
