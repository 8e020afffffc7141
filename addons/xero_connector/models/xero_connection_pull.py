"""Bringing in from Xero: queueing, the Import button, schedules."""

import time
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..engine import transaction, worker
from .xero_run import BUTTON, UNDER_WAY

INLINE_SECONDS = 20
RESERVED = timedelta(seconds=60)


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    import_run_ids = fields.Many2many("xero.run", compute="_compute_import_run_ids")
    import_running = fields.Boolean(compute="_compute_import_run_ids")
    update_company = fields.Boolean(
        "Keep the company as in Xero", help="Import takes over the organisation's legal name, tax number and address."
    )
    sync_contacts = fields.Boolean("Contacts", default=True, help="Import brings in Xero's contacts.")
    sync_items = fields.Boolean("Items", default=True, help="Import brings in Xero's items.")
    sync_receipts = fields.Boolean("Customer Payments", default=True, help="Import brings in payments of customers.")
    sync_payments = fields.Boolean("Supplier Payments", default=True, help="Import brings in payments to suppliers.")

    contact_direction = fields.Selection(
        [("both", "Both ways"), ("pull", "From Xero only"), ("push", "To Xero only")],
        "Contacts travel",
        default="both",
        required=True,
    )
    contact_owner = fields.Selection(
        [("ask", "Ask"), ("xero", "Xero is right"), ("odoo", "Odoo is right")],
        "Changed on both sides",
        default="ask",
        required=True,
        help="What happens to a contact or an item that was changed in Odoo and in Xero.",
    )
    on_missing_partner = fields.Selection(
        [("skip", "Leave it out"), ("create", "Create it in Odoo"), ("exception", "Report it")],
        "Contacts only in Xero",
        default="skip",
        required=True,
    )
    on_duplicate_match = fields.Selection(
        [("exception", "Report it"), ("link", "Take the best"), ("skip", "Leave it out")],
        "Several partners fit",
        default="exception",
        required=True,
    )
    require_account_number = fields.Boolean(
        "Only contacts with an account number", help="Contacts of Xero without an account number are left out."
    )
    template_partner_id = fields.Many2one(
        "res.partner",
        check_company=True,
        help="New partners take from it what Xero does not say: terms, country, language, currency of purchases.",
    )
    new_partner_company = fields.Selection(
        [("own", "Of this company only"), ("shared", "Shared by all companies")],
        "New partners are",
        required=True,
        default=lambda self: "own" if self.env["res.company"].sudo().search_count([], limit=2) > 1 else "shared",
    )
    create_products = fields.Boolean(
        "Create products for items", help="Off: items of Xero are only linked to products of the same code."
    )
    item_direction = fields.Selection(
        [("both", "Both ways"), ("pull", "From Xero only"), ("push", "To Xero only")],
        "Items travel",
        default="both",
        required=True,
    )
    item_name_policy = fields.Selection(
        [("send", "First 50 characters"), ("legacy", "Not sent, the description says it")],
        "Names of items",
        default="send",
        required=True,
    )
    send_item_codes = fields.Boolean(
        "Items on document lines", help="Lines of documents carry the item of their product; new ones are sent first."
    )
    payment_direction = fields.Selection(
        [("from_xero", "From Xero"), ("to_xero", "To Xero"), ("both", "Both ways")],
        "Payments travel",
        default="from_xero",
        required=True,
    )
    batch_payments = fields.Boolean(
        "One payment of several documents is one bank line",
        help="Sent as a batch payment, which Xero keeps as one line of the bank's statement; else as a payment "
        "for each document. Payments with a write-off or in a foreign currency always go one by one.",
    )
    write_off_journal_id = fields.Many2one(
        "account.journal",
        "Journal for Fees and Write-offs",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Payments in Xero to an account that is no bank become entries there.",
    )
    match_rule_ids = fields.One2many("xero.match.rule", "connection_id", context={"active_test": False})
    field_rule_ids = fields.One2many("xero.field.rule", "connection_id")

    @api.depends("last_update")
    def _compute_import_run_ids(self):
        """The last import of each data set."""
        for connection in self:
            connection.import_run_ids = connection._latest_imports()
            connection.import_running = any(run.state in UNDER_WAY for run in connection.import_run_ids)

    # === QUEUE === #

    @api.private
    def pull(self, dataset, trigger="code"):
        """Queue the import of what changed in Xero; nothing is read here.

        :param dataset: key of a data set, e.g. ``contact``
        :param trigger: ``button``, ``schedule``, ``webhook`` or ``code``
        :return: the ``xero.run``; the one that is under way, if there is one
        :raises UserError: not connected, switched off, or the data set is not brought in
        """
        self.ensure_one()
        self._check_pulled(dataset)
        return self._queue_pull(self._schedule(dataset), trigger)

    def _pull_credits(self):
        """Read now what is read at night else: prepaid money, and what it was used for."""
        for key in ("prepaid", "overpayment", "prepayment"):
            if self._dataset(key)._is_pulled():
                self.pull(key, "schedule")

    def _check_pulled(self, dataset):
        """Raise a sentence when a data set cannot be brought in."""
        self._check_usable()
        if dataset == "contact":
            self._check_adopted()
        if not self._schedule(dataset) or not self._dataset(dataset)._is_pulled():
            raise UserError(
                self.env._(
                    "%(dataset)s are not brought in for %(company)s: switch them on at the connection.",
                    dataset=self._dataset_label(dataset),
                    company=self.company_id.name,
                )
            )

    def _queue_pull(self, schedule, trigger, priority="2", everything=False):
        under_way = schedule.last_run_id
        if under_way.state in UNDER_WAY:
            return under_way
        now = fields.Datetime.now()
        run = self._new_run(
            "pull",
            trigger,
            "4" if schedule.job == "full" else priority,
            dataset=schedule.dataset,
            schedule_id=schedule.id,
            since=False if everything else schedule._start_point(now),
            reserved_until=self._reserve_until() if priority == BUTTON else False,
        )
        schedule.write({"last_start": now, "last_run_id": run.id})
        self._wake_worker(run.reserved_until or None)
        return run

    # === BUTTONS === #

    def action_import(self):
        """Bring in everything that is switched on: at once as far as it goes, then in the background."""
        self.ensure_one()
        return self._import(self._pulled_keys())

    def action_open_pull_wizard(self):
        """Choose a data set to bring in."""
        self.ensure_one()
        self._check_user()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import from Xero"),
            "res_model": "xero.pull.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_connection_id": self.id},
        }

    def _import(self, keys, everything=False):
        """Import data sets in their order while the user waits, and leave the rest to the worker.

        :param everything: read all elements, not only what changed
        :return: a notification with what came of it
        """
        self._check_user()
        self.check_access("read")
        self._check_usable()
        connection = self.sudo()
        if "contact" in keys:
            connection._check_adopted()
        job = "full" if everything else "changes"
        runs = self.env["xero.run"].sudo()
        for key in keys:
            schedule = connection._schedule(key, job) or connection._schedule(key)
            runs |= connection.with_user(self.env.user).sudo()._queue_pull(schedule, "button", BUTTON, everything)
        self._finish_inline(runs)
        transaction.run_committed(self.env, lambda: connection._end_import(runs))
        return self._import_outcome(runs)

    @api.model
    def _reserve_until(self):
        """Until then a button works on its runs, not the worker (UTC)."""
        return fields.Datetime.now() + RESERVED

    def _finish_inline(self, runs):
        """Do the steps of `runs` in their order while the user waits; what is left goes to the worker."""
        transaction.commit(self.env)
        deadline = time.monotonic() + INLINE_SECONDS
        for run in runs:
            worker.finish_now(run, deadline - time.monotonic())
        transaction.run_committed(self.env, lambda: self._hand_over_runs(runs))
        self.env.invalidate_all()

    def _hand_over_runs(self, runs):
        runs.invalidate_recordset()
        left = runs.filtered(lambda run: run.state in UNDER_WAY)
        left.write({"reserved_until": False})
        if left:
            self._wake_worker()

    def _needs_adoption(self):
        """Whether both sides hold contacts, some are to be created here, and nobody has looked for pairs (B25)."""
        if self.on_missing_partner != "create":
            return False
        done = [("connection_id", "=", self.id), ("dataset", "=", "contact")]
        links = [*done, ("tenant_id", "=", self.tenant_id), ("xero_id", "!=", False)]
        if self.env["xero.link"].search_count(links, limit=1):
            return False
        if self.env["xero.run"].search_count([*done, ("kind", "=", "adopt"), ("state", "=", "done")], limit=1):
            return False
        traders = [
            ("company_id", "in", (False, self.company_id.id)),
            "|",
            ("customer_rank", ">", 0),
            ("supplier_rank", ">", 0),
        ]
        return bool(self.env["res.partner"].search_count(traders, limit=1))

    def _check_adopted(self):
        """Raise a sentence when pairs have to be looked for first."""
        if self._needs_adoption():
            raise UserError(
                self.env._(
                    "Odoo has customers and vendors already: look for pairs on the page Adopt of %s first, so that "
                    "none of them is created twice.",
                    self.display_name,
                )
            )

    def _end_import(self, runs):
        """What a button has started is done, or goes on in the background."""
        if all(run.state == "done" or self._dataset(run.dataset)._apart for run in runs):
            self._propose_no_tax()
        self._note_imports()

    def _note_imports(self):
        """Say what holds imports up; when the last one of each data set has succeeded, remember when (CFG-03)."""
        runs = self._latest_imports().filtered(lambda run: self._dataset(run.dataset)._is_pulled())
        failed = runs.filtered(lambda run: run.state == "stopped")
        waiting = runs.filtered(lambda run: run.state in UNDER_WAY and run.waiting_for)
        self.last_result = failed[:1].error or waiting[:1].waiting_text or False
        runs = runs.filtered(lambda run: run.state == "done" or not self._dataset(run.dataset)._apart)
        if all(run.state == "done" for run in runs) and any(not self._dataset(run.dataset)._whole for run in runs):
            # From now on schedules go on with it; settings alone are nobody's decision to import (B25).
            self.last_update = fields.Datetime.now()

    def _latest_imports(self):
        """The last run of each data set, whichever job started it."""
        runs = self.sudo().with_context(active_test=False).schedule_ids.last_run_id
        return runs.browse([run.id for run in {run.dataset: run for run in runs.sorted("id")}.values()])

    def _import_outcome(self, runs):
        news = runs.filtered(lambda run: run.state == "done" and run._has_news())
        sentences = [f"{run.dataset_name}: {run._summary()}." for run in news]
        if stopped := runs.filtered(lambda run: run.state == "stopped"):
            return self._notify(stopped[0].error, "danger")
        waiting = runs.filtered(lambda run: run.state in UNDER_WAY)
        if held := waiting.filtered("waiting_for")[:1]:
            return self._notify(self.env._("The import waits for %s.", held.waiting_text), "warning")
        if waiting:
            sentences.append(self.env._("The rest goes on in the background; the form shows how far it is."))
        message = " ".join(sentences) or self.env._("Nothing new in Xero.")
        return self._notify(message, "warning" if any(run.failed for run in runs) else "success")

    def _read_elements(self, elements, chosen=None):
        """Bring in single elements of Xero's again, while the user waits.

        :param elements: list of ``(data set key, Xero id)``
        :param chosen: the record that a person chose for them; an empty one: a new record
        """
        self.ensure_one()
        self._check_user()
        self._check_usable()
        runs = self.env["xero.run"].sudo()
        alone = [(key, xero_id) for key, xero_id in elements if self._dataset(key)._alone]
        for key in dict(elements).keys() - dict(alone).keys():
            runs |= self._queue_pull(self.sudo()._schedule(key), "button", BUTTON, everything=True)
        for key, xero_id in alone:
            runs |= self._new_run(
                "pull",
                "button",
                BUTTON,
                dataset=key,
                only=xero_id,
                chosen=False if chosen is None else chosen.id or "new",
                reserved_until=self._reserve_until(),
            )
        self._finish_inline(runs)
        return self._import_outcome(runs)

    # === HELPERS === #

    @tools.ormcache("self.id", "direction")
    def _closed_fields(self, direction):
        """Fields of contacts that do not travel that way (RUL-04).

        :param direction: ``to_xero`` or ``from_xero``
        """
        return frozenset(self.sudo().field_rule_ids.filtered(lambda rule: not rule[direction]).mapped("field"))

    def _bank_of(self, account_id, company):
        """Where a payment to that account of Xero's is booked.

        :param account_id: AccountID of the payment
        :return: ``(journal, account)``: a bank journal, else the Odoo account of a fee or write-off; both may be empty
        """
        self.ensure_one()
        theirs = self.env["xero.account"].search(
            [("connection_id", "=", self.id), ("tenant_id", "=", self.tenant_id), ("xero_id", "=", account_id)]
        )
        journals = self.env["account.journal"].search(
            [
                ("xero_account_id", "in", theirs.ids),
                ("company_id", "parent_of", company.id),
                ("type", "in", ("bank", "cash", "credit")),
            ]
        )
        if theirs and not journals and theirs == self.default_bank_account_id:
            # Payments of the one journal without an account of its own go there, so they come back from there.
            domain = [("xero_account_id", "=", False), ("type", "=", "bank"), ("company_id", "parent_of", company.id)]
            without = journals.search(domain, limit=2)
            journals = without if len(without) == 1 else journals
        accounts = self.env["account.account"].with_company(self.company_id)
        if theirs and not journals and theirs.type != "BANK":
            domain = accounts._check_company_domain(company)
            found = accounts.search([*domain, ("xero_account_id", "=", theirs.id)], limit=2)
            # Several accounts of Odoo may go to one of Xero's: nobody can tell which one comes back.
            accounts = found if len(found) == 1 else accounts
        return journals[:1], accounts

    def _entry_journal(self, company):
        """Journal of entries for fees and write-offs."""
        domain = [("type", "=", "general"), ("company_id", "parent_of", company.id)]
        return self.write_off_journal_id or self.env["account.journal"].search(domain, limit=1)

    def _label_of(self, field):
        """Label of the choice that a selection field holds, ``False`` when it holds none."""
        return dict(self._fields[field]._description_selection(self.env)).get(self[field], False)

    def _dataset_label(self, key):
        dataset = self.env.get(f"xero.dataset.{key}")
        return dataset._label(self.env) if dataset is not None else key
