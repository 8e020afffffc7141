"""Pay runs as they are in Xero."""

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import float_repr

from odoo.addons.xero_connector.datasets.problem import Problem

from ..datasets.pay_run import GONE
from ..datasets.timesheet import FINAL
from ..datasets.timesheet_check import PAID
from .xero_connection_wages import ACCOUNTS

EARLIER = "earlier"  # instead of its pay run: an entry that was not that of a pay run any more
TOO_LATE = "pay_template_too_late"
STATUSES = [("DRAFT", "Draft"), ("POSTED", "Posted"), (GONE, "Deleted in Xero")]


class XeroPayRun(models.Model):
    """One pay run with the totals of all payslips; posted in Xero, read here."""

    _name = "xero.pay.run"
    _description = "Xero Pay Run"
    _order = "payment_date desc, id desc"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    tenant_id = fields.Char(required=True, readonly=True)
    xero_id = fields.Char("Xero ID", required=True, readonly=True)
    calendar_id = fields.Many2one("xero.payroll.calendar", readonly=True)
    calendar_xero_id = fields.Char("Xero ID of the Calendar", readonly=True)
    period_start = fields.Date(readonly=True)
    period_end = fields.Date(readonly=True)
    payment_date = fields.Date(readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    posted_at = fields.Datetime(readonly=True, help="As far as Xero tells; where it tells the day, the end of it.")
    is_scheduled = fields.Boolean(
        "Scheduled",
        default=True,
        readonly=True,
        help="It pays for a pay period. Unscheduled ones, e.g. for a bonus, pay beside it. Australia does not tell.",
    )
    wages = fields.Monetary(readonly=True)
    tax = fields.Monetary(readonly=True)
    super_amount = fields.Monetary("Superannuation", readonly=True)
    deductions = fields.Monetary(readonly=True)
    reimbursements = fields.Monetary(readonly=True)
    employer_tax = fields.Monetary("Employer's Tax", readonly=True)
    benefits = fields.Monetary("Employer's Contributions", readonly=True)
    net_pay = fields.Monetary(readonly=True, help="Reimbursements come on top.")
    payslip_ids = fields.One2many("xero.payslip", "pay_run_id", readonly=True)
    move_id = fields.Many2one(
        "account.move", "Entry", readonly=True, index="btree_not_null", help="It was posted in Xero: never sent there."
    )
    past_move_ids = fields.Many2many(
        "account.move", string="Earlier Entries", readonly=True, copy=False, help="Cancelled, or reversed."
    )
    booked = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS, help="What the entry was made of.")

    _xero_unique = models.Constraint("UNIQUE(connection_id, tenant_id, xero_id)", "This pay run is here already.")

    @api.depends("calendar_id", "period_start", "period_end")
    def _compute_display_name(self):
        for run in self:
            run.display_name = " ".join(
                filter(None, (run.calendar_id.name, f"{run.period_start or ''} – {run.period_end or ''}"))
            )

    # === BUSINESS === #

    @api.model
    def _settling(self, calendar):
        """Domain of the pay runs that have paid periods of a payroll calendar."""
        return Domain([("calendar_id", "=", calendar.id), ("status", "=", "POSTED"), ("is_scheduled", "=", True)])

    @api.model
    def _has_paid(self, calendar, first):
        """Whether the period of a payroll calendar that begins on that day is paid."""
        runs = self.sudo()
        return bool(runs.search_count(runs._settling(calendar) & Domain("period_start", "=", first), limit=1))

    def _after_import(self):
        """What follows when a pay run came in, or has gone: its entry in the books is what Xero has posted.

        A draft follows by itself, what is posted is for people.

        :return: a Problem for people, or ``None``
        """
        self.ensure_one()
        connection, move, wanted = self.connection_id, self.move_id, self._is_to_book()
        lines = connection._wages_lines(self)
        if move and self._is_as_booked(lines) and (wanted or move.state != "draft"):
            return None  # reversed, too: that is what people want of it
        if move.state == "posted" and not self._is_reversed():
            code = "wages_entry_differs" if self.status == "POSTED" else "wages_entry_without_run"
            return Problem(code, run=self.display_name, entry=move.name)
        if not wanted or not lines:
            self._cancel_draft()
            return None
        missing = [ACCOUNTS[field] for field, _amount in lines if not connection[field]]
        if missing:
            return Problem("wages_account_missing", run=self.display_name, accounts=", ".join(missing))
        if not self.currency_id.is_zero(sum(amount for _field, amount in lines)):
            return Problem("wages_not_balanced", run=self.display_name)
        self._book(lines)
        return None

    def _note_gone(self):
        """Xero does not have it any more; what it was is kept.

        :return: a Problem for people, or ``None``
        """
        was_posted = self.status == "POSTED"
        self.status = GONE
        if was_posted:
            self._open_again()
        return self._after_import()

    def _settle(self):
        """What follows for the hours that a posted run paid, or did not."""
        posted = self.filtered(lambda run: run.status == "POSTED" and run.is_scheduled)
        posted._settle_templates()
        posted._settle_timesheets()

    def _settle_timesheets(self):
        """Have the timesheets read again that a posted run has left out: nobody has paid them."""
        for run in self:
            links = run._time_links("timesheet")
            run._read_again(links.filtered(lambda link: link.xero_id and link.xero_status not in FINAL))

    def _open_again(self):
        """What a run paid that is not posted any more is as good as not paid, until Xero says what became of it."""
        for run in self.filtered("is_scheduled"):
            if self._has_paid(run.calendar_id, run.period_start):
                continue
            paid = run._time_links("timesheet").filtered(lambda link: link.xero_status == PAID)
            paid.xero_status = "APPROVED"
            run._read_again(paid)
            run._time_links("pay_template").filtered(lambda link: link.xero_status == PAID).xero_status = False

    def _read_again(self, links):
        """Have these timesheets read again."""
        connection = self.connection_id
        if links and connection._dataset("timesheet")._is_pulled():
            links.write({"pull_hash": False})
            connection._queue_pull(connection._schedule("timesheet"), "schedule", everything=True)

    def _time_links(self, key):
        """Links of the timesheets of the period: where they went, or where their hours did."""
        return self.env["xero.link"]._of(self._sheets(), self.connection_id, key)

    def _sheets(self):
        """Timesheets of the period that this run pays."""
        days = [("date_from", "=", self.period_start), ("date_to", "=", self.period_end)]
        return self.env["xero.timesheet"].search([("calendar_id", "=", self.calendar_id.id), *days])

    def _settle_templates(self):
        """What the pay templates had when a run was posted is paid: later changes go to the next period."""
        for run in self:
            for link in run._time_links("pay_template").filtered("synced_at"):
                sheet = self.env["xero.timesheet"].browse(link.res_id)
                if not sheet._had_arrived(run.posted_at):
                    run._note_too_late(link, sheet)
                    continue
                if again := sheet._stand_as_paid():
                    self.env["xero.exception"].sudo()._close(link)
                link.write({"xero_status": PAID, **({"state": "synced"} if again else {})})

    def _note_too_late(self, link, sheet):
        """Let people know that hours came to a pay template when the run was posted; once."""
        if link.reason != TOO_LATE:
            link.write({"state": "failed", "reason": TOO_LATE})
            about = link._dataset()._about(sheet)
            self.env["xero.exception"].sudo()._report([(link, TOO_LATE, about, 0.0)], direction="pull")

    # === ENTRY === #

    def _is_to_book(self):
        """Whether the books are to have an entry of it."""
        connection = self.connection_id
        wanted = connection.wages_entry and connection.wages_posted_by == "xero" and self.status == "POSTED"
        return bool(wanted and self.payment_date and self.payment_date >= connection.wages_entry_from)

    def _as_booked(self, lines):
        """What an entry with these lines is made of, as JSON can hold it."""
        digits = self.currency_id.decimal_places
        return {
            "date": str(self.payment_date),
            "lines": [[field, float_repr(amount, digits)] for field, amount in lines],
        }

    def _is_as_booked(self, lines):
        """Whether the pay run is posted as it was when its entry was made; of earlier ones that is not known."""
        return self.status == "POSTED" and (not self.booked or self.booked == self._as_booked(lines))

    def _book(self, lines):
        """One draft entry; its lines say what they are, and of nobody in particular."""
        connection, move = self.connection_id, self.move_id
        values = {
            "date": self.payment_date,
            "ref": self.env._("Pay run %s", self.display_name),
            "line_ids": [
                Command.create(
                    {
                        "account_id": connection[field].id,
                        "name": ACCOUNTS[field],
                        "debit": max(amount, 0.0),
                        "credit": max(-amount, 0.0),
                        "tax_ids": False,
                    }
                )
                for field, amount in lines
            ],
        }
        if move.state == "draft":
            move.write({**values, "line_ids": [Command.clear(), *values["line_ids"]]})
            move._message_log(body=self.env._("Made anew: the pay run was changed in Xero."))
        else:
            self.past_move_ids |= move
            own = {"move_type": "entry", "journal_id": connection.wages_journal_id.id}
            self.move_id = self.env["account.move"].create({**own, **values})
        self.booked = self._as_booked(lines)

    def _cancel_draft(self):
        """A draft of what is not posted any more, or not booked, must not be posted here."""
        move = self.move_id
        if move.state == "draft":
            move.button_cancel()
            move._message_log(
                body=self.env._(
                    "Cancelled: the pay run was changed or taken back in Xero, or is not to be booked here any more."
                )
            )
            self._part_with_entry()

    def _part_with_reversed(self):
        """An entry that was reversed is not that of a run which is not posted: posted again, it is booked anew."""
        if self._is_reversed():
            self._part_with_entry()

    def _part_with_entry(self):
        self.write({"move_id": False, "past_move_ids": [Command.link(self.move_id.id)], "booked": False})

    def _mark_entries(self):
        """Entries know by themselves that they are of pay runs, which are about to go."""
        self.past_move_ids.xero_pay_run = EARLIER
        for run in self.filtered("move_id"):
            run.move_id.xero_pay_run = run.xero_id

    def _find_entries(self):
        """Pay runs that were here before have their entries again."""
        known = [("company_id", "in", self.company_id.parent_ids.ids), ("xero_pay_run", "in", self.mapped("xero_id"))]
        entries = self.env["account.move"].sudo().search(known).grouped("xero_pay_run")
        for run in self.filtered(lambda run: run.xero_id in entries):
            run.move_id = entries[run.xero_id][:1]

    def _is_reversed(self):
        return "posted" in self.move_id.reversal_move_ids.mapped("state")
