"""Timesheets on their way to Xero: one for each person and pay period."""

from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP
from itertools import zip_longest

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.xero_connector import values
from odoo.addons.xero_connector.datasets.amounts import ZERO, decimal
from odoo.addons.xero_connector.datasets.problem import Problem
from odoo.addons.xero_connector.datasets.pulled import Result

from .timesheet_check import EXACT, PAID, UNITS

_lt = LazyTranslate(__name__)
STATUSES = {"draft": "DRAFT", "approved": "APPROVED"}
FINAL = ("PROCESSED", "DELETED")
KNOWN = ("DRAFT", "REQUESTED", "APPROVED", "REJECTED", *FINAL)
PASSING = ("revert", "delete")  # steps after which the hours are still to be sent


class XeroDatasetTimesheet(models.AbstractModel):
    """Operations createTimesheet, updateTimesheet, getTimesheets."""

    _name = "xero.dataset.timesheet"
    _inherit = "xero.dataset.timesheet.check"
    _description = "Xero Timesheets"

    _key = "timesheet"
    _xero_id = "TimesheetID"
    _sequence = 70
    _scope = "payroll.timesheets"
    _kinds = {"timesheet": (_lt("Timesheets"), [])}
    _pull_sequence = 235
    _only_sent = True
    _lists_all = True
    _taken_code = "timesheet_exists"
    _unhashed = ("Step",)

    # === PULL HOOKS === #

    @api.model
    def _page_params(self, page, size):
        # EXTENDS xero.dataset.payroll: what is paid stays as it is, and years of it would be read each time
        return {**super()._page_params(page, size), **self._region.timesheets_from(self._first_open_day())}

    @api.model
    def _first_open_day(self):
        """First day of the timesheets in Xero that are not paid yet; today when there is none.

        Those that came to be paid just now count: between two pages the list has to stay the same.
        """
        just_now = Domain("write_date", ">=", fields.Datetime.now() - timedelta(days=1))
        links = self._links_where(Domain("xero_status", "not in", FINAL) | just_now)
        sheets = self._browse(links.mapped("res_id")).exists()
        return min(sheets.mapped("date_from"), default=self._connection._today())

    @api.model
    def _absent(self, listed, before):
        # EXTENDS xero.dataset
        return self._links_where(Domain("xero_status", "not in", FINAL) & Domain("xero_id", "not in", listed))

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        result = super()._check(record, link)
        if self.env["xero.pay.template"]._of(record.employee_id, self._connection)._hours():
            raise Problem("time_in_pay_template", employee=record.employee_id.name)
        return result

    @api.model
    def _check_both_sides(self, record, link):
        # OVERRIDE xero.dataset: what payroll has changed in Xero only payroll overwrites
        if link.xero_id and self._is_edited(link, link.xero_print):
            raise Problem("timesheet_edited", state="held", **self._about(record))

    @api.model
    def _is_edited(self, link, there):
        """Whether the hours that Xero has now, by their fingerprint, are others than those that were sent."""
        return bool(link.sent_print and there and there != link.sent_print)

    @api.model
    def _current_queries(self, links):
        # OVERRIDE xero.dataset: what an import has told has to do
        return []

    @api.model
    def _editable(self, item):
        # OVERRIDE xero.dataset: where lists tell no lines, the total says what there is to know
        if self._region.lists_hours:
            return {rate: list(map(str, numbers)) for rate, numbers in sorted(_content(item).items())}
        return {} if item.get("Hours") is None else {"hours": str(decimal(item["Hours"], UNITS))}

    # === BUILD === #

    @api.model
    def _prepare_payload(self, record, link):
        days = (record.date_to - record.date_from).days + 1
        units, lines = defaultdict(lambda: [ZERO] * days), self._sent_lines(record)
        for line in lines:
            units[line.pay_item_id][(line.date - record.date_from).days] += decimal(line.units, EXACT)
        payload = {
            "EmployeeID": self._employee_link_of(record.employee_id).xero_id,
            "PayrollCalendarID": record.employee_id.xero_calendar_id.xero_id,
            "StartDate": record.date_from,
            "EndDate": record.date_to,
            "Status": STATUSES[self._connection.push_status_timesheet],
            "TimesheetLines": [
                {
                    "EarningsRateID": item.xero_id,
                    "NumberOfUnits": [number.quantize(UNITS, ROUND_HALF_UP) for number in numbers],
                }
                for item, numbers in sorted(units.items(), key=lambda pair: pair[0].id)
                if any(numbers)
            ],
        }
        if link.xero_id:
            same = link.content_hash == values.fingerprint(payload)
            if step := self._region.step(payload["Status"], link.xero_status, same):
                payload["Step"] = step
        return payload, lines.ids

    # === ANSWER === #

    @api.model
    def _answered(self, data, sent):
        # EXTENDS xero.dataset.payroll
        return [{**item, "Step": sent[0].get("Step")} for item in super()._answered(data, sent)]

    @api.model
    def _state_after(self, item):
        # EXTENDS xero.dataset: what is not in its last status yet has another step before it
        wanted = STATUSES[self._connection.push_status_timesheet]
        if item.get("Step") in PASSING or self._region.step(wanted, item.get("Status"), True):
            return "queued"
        return super()._state_after(item)

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset: a step on the way to other hours
        found = super()._read_answer(item)
        if item.get("Step") in PASSING:
            found["content_hash"] = False
        if item.get("Status") == "DELETED":
            found.update(xero_id=False, xero_status=False)
        return found

    @api.model
    def _keep_answer(self, link, item, sources):
        # EXTENDS xero.dataset.timesheet.check: a step on the way to other hours
        if item.get("Step") not in PASSING:
            return super()._keep_answer(link, item, sources)
        if item.get("Status") == "DELETED":  # reverted, it holds what it held
            self._browse(link.res_id).exists().sent_lines = False
        return None

    @api.model
    def _is_told(self, item):
        # EXTENDS xero.dataset: the next step hangs on it
        return item.get("Status") in KNOWN

    @api.model
    def _is_final(self, element, item):
        # EXTENDS xero.dataset
        reached = {"approve": "APPROVED", "revert": "DRAFT", "delete": "DELETED"}.get(element.get("Step"))
        return reached == item.get("Status")

    @api.model
    def _as_answer(self, element, item):
        # EXTENDS xero.dataset: lists know nothing of steps
        return {**item, "Step": element.get("Step")}

    @api.model
    def _lookup_key(self, item):
        # One employee has one timesheet in a pay period.
        return (item.get("EmployeeID") or "").lower(), str(values.parse_date(item.get("StartDate")))

    @api.model
    def _gone_problem(self, link):
        # Somebody deleted it in Xero: the next push makes it anew.
        link.write({"xero_id": False, "content_hash": False, "xero_status": False})
        self._browse(link.res_id).exists().sent_lines = False
        return Problem("timesheet_gone")

    # === LOOK-UP === #

    @api.model
    def _is_conflict(self, code):
        # EXTENDS xero.dataset
        return code == self._taken_code

    @api.model
    def _conflict_queries(self, records):
        ids = {self._employee_link_of(record.employee_id).xero_id for record in records}
        return [self._region.timesheets_of(xero_id) for xero_id in sorted(ids - {False})]

    @api.model
    def _choose(self, record, link, items, code, arguments):
        """The timesheet in Xero that holds the same hours: a lost answer; any other is somebody's."""
        element = values.loads(values.dumps(self._prepare_payload(record, link)[0]))
        same = [item for item in self._unlinked(link, items) if self._lookup_key(item) == self._lookup_key(element)]
        if len(same) == 1 and self._could_be(element, same[0]):
            return same[0]
        raise Problem(self._taken_code, **self._about(record))

    @api.model
    def _could_be(self, element, item):
        # EXTENDS xero.dataset
        if "TimesheetLines" not in item:  # some lists leave them out
            return _hours(element) == decimal(item.get("Hours"), UNITS)
        return _content(element) == _content(item)

    @api.model
    def _describe(self, item):
        # EXTENDS xero.dataset: no figure
        return {"date": str(values.parse_date(item.get("StartDate"))), "status": item.get("Status")}

    # === PULL: WHAT BECAME OF THEM === #

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset
        return f"{values.parse_date(item.get('StartDate'))} – {values.parse_date(item.get('EndDate'))}"

    @api.model
    def _why_not(self, item):
        # EXTENDS xero.dataset: what people enter in Xero stays there
        return "only_in_xero"

    @api.model
    def _take_in_linked(self, item, link, record):
        code, values, paid = None, {}, item.get("Status") == PAID
        there = self._read_answer(item).get("xero_print")
        edited = self._is_edited(link, there)
        if edited:
            values["content_hash"] = False  # the same hours as before would go again
        if edited and paid and self._region.lists_hours:
            record._count_as_paid(self._paid_hours(record, item))
            values["sent_print"] = there
        if paid and record._stand_as_paid():
            self.env["xero.exception"].sudo()._close(link)
            values.update(state="synced", reason=False)
        if item.get("Status") not in FINAL and self._is_over(record):
            code = "timesheet_not_paid"
        elif item.get("Status") == "REJECTED":
            code = "timesheet_rejected"
        elif edited and "sent_print" not in values:
            code = "timesheet_paid_otherwise" if paid else "timesheet_edited"
        problem = Problem(code, **self._about(record)) if code else None
        kind = "unchanged" if item.get("Status") == link.xero_status else "updated"
        return Result(item, kind, link=link, problem=problem, values=values)

    @api.model
    def _paid_hours(self, record, item):
        """``{(day, id of the pay item): hours}`` of a timesheet in Xero; ids as stored lines have them."""
        rates = self._rows_by_id("xero.pay.item")
        return {
            (str(record.date_from + timedelta(days=day)), rates[rate].id if rate in rates else False): float(number)
            for rate, numbers in _content(item).items()
            for day, number in enumerate(numbers)
            if number
        }

    @api.model
    def _is_over(self, record):
        """Whether the pay run of the period is posted."""
        return self.env["xero.pay.run"]._has_paid(record.calendar_id, record.date_from)


def _content(item):
    """Hours of each day by earnings rate, without those that are none; in Xero, a rate may have several lines."""
    found = {}
    for line in item.get("TimesheetLines") or ():
        numbers = [decimal(number, UNITS) for number in line.get("NumberOfUnits") or ()]
        before = found.get(line["EarningsRateID"], ())
        found[line["EarningsRateID"]] = [sum(pair) for pair in zip_longest(before, numbers, fillvalue=ZERO)]
    return {rate: numbers for rate, numbers in found.items() if any(numbers)}


def _hours(element):
    return sum((number for numbers in _content(element).values() for number in numbers), ZERO).quantize(UNITS)
