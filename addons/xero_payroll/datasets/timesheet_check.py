"""What keeps a timesheet, or some of its lines, from going to Xero."""

from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.xero_connector.datasets.contact import normalise_name
from odoo.addons.xero_connector.datasets.problem import Problem

PAID = "PROCESSED"
HELD = "held"  # part of a timesheet: its lines that cannot go
UNITS, EXACT = Decimal("0.01"), Decimal("0.0001")  # of an hour: as sent, as added up


class XeroDatasetTimesheetCheck(models.AbstractModel):
    """What timesheets and pay templates share: approved hours of one person in one pay period."""

    _name = "xero.dataset.timesheet.check"
    _inherit = "xero.dataset.payroll"
    _description = "Xero Timesheet Checks"

    _odoo_model = "xero.timesheet"
    _has_parts = True
    _in_batches = True

    @api.model
    def _prefetch(self, records):
        records.fetch(["employee_id", "calendar_id", "date_from", "date_to", "state", "line_ids"])
        records.line_ids.fetch(["date", "pay_item_id", "units"])

    @api.model
    def _ready_domain(self):
        # EXTENDS xero.dataset: to the one place that the company has chosen
        chosen = self._connection.payroll_push_target == self._key
        return Domain("state", "=", "payroll_approved") if chosen else Domain.FALSE

    @api.model
    def _parts(self, records):
        # EXTENDS xero.dataset: lines that cannot go are a part that waits (XQ-30)
        held = self._held_problems(records)
        return {record.id: ("", HELD) if record in held else ("",) for record in records}

    @api.model
    def _date(self, record):
        """The day that a batch of Export Control is about."""
        return record.date_to

    @api.model
    def _keep_answer(self, link, item, sources):
        # EXTENDS xero.dataset: whatever step follows, these hours are what Xero would pay now
        for record in self._browse(link.res_id).exists():
            record._keep_sent(self._went(record, sources))

    @api.model
    def _went(self, record, sources):
        """Lines that were sent; of what was found in Xero, those that would be.

        Which pay items may go can have changed before the outcome was known.
        """
        if sources is None:
            return self._sent_lines(record)
        return record.line_ids.filtered(lambda line: line.id in sources)

    @api.model
    def _after_push(self, links):
        # EXTENDS xero.dataset: one that was opened again in the very moment it left stays a draft
        records = self._browse(links.mapped("res_id")).exists()
        records.filtered(lambda record: record.state == "payroll_approved").write({"state": "pushed"})

    @api.model
    def _after_unchanged(self, links):
        # EXTENDS xero.dataset: opened again, and approved with the same hours
        self._after_push(links)
        for record in self._browse(links.mapped("res_id")).exists():
            record._keep_sent(self._sent_lines(record))

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        self._check_payroll()
        self._check_approved(record)
        if record.by_hand:
            raise Problem("timesheet_by_hand", state="excluded", **self._about(record))
        if link.part:
            if problem := self._held_problem(record):
                raise problem
            raise Problem("timesheet_nothing_held", state="excluded")
        self._check_employee(record.employee_id)
        if not self._has_hours(record) and not link.xero_id:
            raise Problem("timesheet_empty", state="excluded")
        self._check_period(record)
        if link.xero_status == PAID:
            raise Problem("timesheet_paid", **self._about(record))
        self._check_negative(record)

    @api.model
    def _has_hours(self, record):
        """Whether there is anything to send."""
        return bool(self._sent_lines(record))

    @api.model
    def _check_approved(self, record):
        """Two approvals come first (XQ-14)."""
        if record.state == "draft":
            raise Problem("timesheet_waits_manager", state="held", **self._about(record))
        if record.state == "manager_approved":
            raise Problem("timesheet_waits_payroll", state="held", **self._about(record))

    # === PERIOD === #

    @api.model
    def _check_period(self, record):
        """The timesheet is one whole pay period that nobody has paid yet (XW-12 to XW-15, XQ-10)."""
        calendar, about = record.employee_id.xero_calendar_id, self._about(record)
        if not calendar:
            raise Problem("employee_no_calendar", employee=record.employee_id.name)
        about["calendar"] = calendar.name
        if calendar.calendar_type not in self._connection._time_calendar_types():
            raise Problem("calendar_no_timesheets", **about)
        if not calendar.start_date:
            raise Problem("calendar_no_start", **about)
        first, last = calendar._period(record.date_from)
        if (first, last) != (record.date_from, record.date_to):
            raise Problem("timesheet_not_period", **about, expected_start=str(first), expected_end=str(last))
        if self._is_paid(calendar, record):
            raise Problem("timesheet_period_paid", **about)
        if record.date_to < calendar.start_date:
            raise Problem("timesheet_before_calendar", **about, first=str(calendar.start_date))

    @api.model
    def _is_paid(self, calendar, record):
        """Whether a pay run of these days has been posted."""
        runs = self.env["xero.pay.run"]
        touching = Domain("period_start", "<=", record.date_to) & Domain("period_end", ">=", record.date_from)
        return bool(runs.search_count(runs._settling(calendar) & touching, limit=1))

    # === LINES === #

    @api.model
    def _sent_lines(self, record):
        """Lines that go: not what somebody's salary covers, not leave, not what cannot go (books B27, XQ-11)."""
        return record.line_ids.filtered(
            lambda line: line.pay_item_id.kind != "leave"
            and not self._is_salary(record.employee_id, line)
            and not self._line_problem(record.employee_id, line)
        )

    @api.model
    def _is_salary(self, employee, line):
        return employee._xero_salary_covers(line.pay_item_id)

    @api.model
    def _held_problem(self, record):
        """Why some hours cannot go, ``None`` when all can: the first reason."""
        return self._held_problems(record).get(record)

    @api.model
    def _held_problems(self, records):
        """``{record: why some of its hours cannot go}`` of those that have such hours."""
        found = self._conflict_problems(records)
        for record in records:
            problems = (self._line_problem(record.employee_id, line) for line in record.line_ids)
            if problem := next(filter(None, problems), None) or self._leave_problem(record):
                found[record] = problem
        return found

    @api.model
    def _leave_problem(self, record):
        """A Problem when leave was paid that was not taken after all, ``None`` when not: only people correct that."""
        day, item = min(record._untaken_leave(), key=lambda key: key[0], default=(None, None))
        return item and Problem("leave_not_taken", employee=record.employee_id.name, day=str(day), item=item.name)

    @api.model
    def _conflict_problems(self, records):
        """``{record: Problem}`` where the source has hours of the period that nobody can count yet."""
        found = {}
        for period, sheets in records.grouped(lambda record: (record.date_from, record.date_to)).items():
            days = sheets.sudo()._conflicts(self._connection, sheets.employee_id, *period)
            for sheet in sheets.filtered(lambda record, days=days: record.employee_id in days):
                employee = sheet.employee_id
                found[sheet] = Problem("work_entry_conflict", employee=employee.name, day=str(days[employee]))
        return found

    @api.model
    def _line_problem(self, employee, line):
        """A Problem, or ``None``; leave goes its own way."""
        item, connection = line.pay_item_id, self._connection
        about = {"employee": employee.name, "day": str(line.source_date or line.date), "item": item.name or ""}
        if not item or (item.connection_id, item.tenant_id) != (connection, connection.tenant_id):
            return Problem("pay_item_missing", **about)
        if item.kind == "leave":
            return None
        if not item.active:
            return Problem("pay_item_twin" if self._has_twin(item) else "pay_item_archived", **about)
        if not item.for_timesheets:
            return Problem("pay_item_not_hours", **about)
        assigned = employee.xero_pay_item_ids | employee.xero_earnings_rate_id
        if self._region and self._region.knows_assigned and item not in assigned:
            return Problem("pay_item_unassigned", **about)
        # While Xero has not said which hours are the ordinary ones, any of them may be.
        ordinary = employee._xero_ordinary() if employee.xero_earnings_rate_id else item
        if not employee.xero_paid_from and item in ordinary:
            return Problem("paid_from_unknown", **about)
        return None

    @api.model
    def _has_twin(self, item):
        """Whether an active rate has the name of an archived one, spaces and letter case apart (XW-17)."""
        same = [
            ("connection_id", "=", item.connection_id.id),
            ("tenant_id", "=", item.tenant_id),
            ("kind", "=", item.kind),
        ]
        names = self.env["xero.pay.item"].search(same).mapped("name")
        return normalise_name(item.name) in map(normalise_name, names)

    @api.model
    def _check_negative(self, record):
        """Xero takes no hours below zero: what was paid too much is more than what there is."""
        sums = {}
        for line in self._sent_lines(record):
            key = line.date, line.pay_item_id
            sums[key] = sums.get(key, 0.0) + line.units
        if day := next((day for (day, _item), units in sums.items() if round(units, 4) < 0), None):
            raise Problem("timesheet_negative", **self._about(record), day=str(day))

    @api.model
    def _about(self, record):
        return {"employee": record.employee_id.name, "start": str(record.date_from), "end": str(record.date_to)}
