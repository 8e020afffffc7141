"""Leave requests that are one application in Xero: over days on which nobody works (XW-02)."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, models

from odoo.addons.xero_connector.datasets.amounts import decimal

from .leave_application import GRANTED

EXACT = Decimal("0.0001")
SETTLED = ("PROCESSED", "REJECTED")
DAYS = "days"
REACH = timedelta(days=14)  # over which days without work are looked for: nobody's free time is longer


class XeroDatasetLeaveApplication(models.AbstractModel):
    _inherit = "xero.dataset.leave_application"

    @api.model
    def _group(self, record):
        """Granted leaves of one employee and type that are one application with `record`, by their first day.

        Whose application Xero has paid, in part or all of it, or rejected is joined by nothing that did not go with
        it; what is an application of its own never joins another one.
        """
        near = self._stretch(record)
        links = self._links_of_leaves(near)
        group = near.browse()
        for leave in near:
            own = links.get(leave.id)
            went = leave.xero_leave_status in GRANTED
            joins = group and not (own and own.xero_id) and (went or not self._is_settled(group[0], links))
            if not (joins and self._is_next(group[-1], leave)):
                if record in group:
                    break
                group = near.browse()
            group |= leave
        return group if record in group else record

    @api.model
    def _is_settled(self, leave, links):
        """Whether the application that `leave` begins takes no more days: it is decided, or its first day is paid."""
        link, calendar, first = links.get(leave.id), leave.employee_id.xero_calendar_id, leave.request_date_from
        if link and link.xero_status in SETTLED:
            return True
        return bool(calendar and calendar._period(first)) and first < calendar._open_from()

    @api.model
    def _in_application(self, record, link):
        """Leaves that Xero has in the application of `link`, which `record` begins."""
        group = self._group(record)
        return group if link.state == "synced" else record | group.filtered("xero_leave_status")

    @api.model
    def _stretch(self, record):
        """Granted leaves of the employee and type from one to the next over free days, however long that goes on."""
        same = [
            ("employee_id", "=", record.employee_id.id),
            ("holiday_status_id", "=", record.holiday_status_id.id),
            ("state", "=", "validate"),
        ]
        leaves = self.env["hr.leave"].search(same, order="request_date_from, id")
        if record not in leaves:
            return record
        first = last = list(leaves).index(record)
        while first > 0 and self._is_next(leaves[first - 1], leaves[first]):
            first -= 1
        while last + 1 < len(leaves) and self._is_next(leaves[last], leaves[last + 1]):
            last += 1
        return leaves[first : last + 1]

    @api.model
    def _links_of_leaves(self, leaves):
        """``{leave id: its link}``."""
        links = (
            self.env["xero.link"]
            .sudo()
            .search(
                [
                    ("tenant_id", "=", self._connection.tenant_id),
                    ("dataset", "=", self._key),
                    ("model", "=", leaves._name),
                    ("res_id", "in", leaves.ids),
                ],
                order="id desc",
            )
        )
        return {link.res_id: link for link in links}

    @api.model
    def _is_next(self, leave, other):
        """Whether the employee works on no day between two leaves."""
        first, last = leave.request_date_to + timedelta(days=1), other.request_date_from - timedelta(days=1)
        if first > last:
            return True
        if last - first > REACH:
            return False
        # Public holidays are no work; what else keeps somebody away is no part of this leave.
        domain = [("time_type", "=", "leave"), ("holiday_id", "=", False)]
        return not self._worked(leave, *leave.employee_id._xero_midnights(first, last), domain)

    @api.model
    def _worked(self, leave, start, end, domain):
        """``[(day, hours)]`` that the employee of `leave` works between two moments, but for what `domain` finds."""
        companies = [("company_id", "in", (False, leave.employee_id.company_id.id))]
        employee = leave.employee_id.with_context(
            compute_leaves=not leave.holiday_status_id.include_public_holidays_in_duration
        )
        found = employee._list_work_time_per_day(
            start, end, calendar=leave.resource_calendar_id, domain=[*companies, *domain]
        )
        return found[employee.id]

    @api.model
    def _hours_on(self, leave, day):
        """Hours of work on a day that a leave stands for."""
        others = ["|", ("holiday_id", "=", False), ("holiday_id", "!=", leave.id)]
        worked = self._worked(leave, leave.date_from, leave.date_to, [("time_type", "=", "leave"), *others])
        return dict(worked).get(day, 0.0)

    @api.model
    def _units_by_period(self, group):
        """Units of the leaves in each pay period that they touch: ``{(first, last): Decimal}``.

        The sum is Odoo's own figure; days are shared out as the employee works.
        """
        calendar = group.employee_id.xero_calendar_id
        periods = self._periods(calendar, group[0].request_date_from, max(group.mapped("request_date_to")))
        units = defaultdict(Decimal, {period: Decimal(0) for period in periods})
        for leave in group:
            total = decimal(leave.number_of_days if self._in_days(leave) else leave.number_of_hours, EXACT)
            without = ["|", ("holiday_id", "=", False), ("holiday_id", "not in", group.ids)]
            domain = [("time_type", "=", "leave"), *without]
            worked = self._worked(leave, leave.date_from, leave.date_to, domain)
            hours = sum(decimal(part, EXACT) for _day, part in worked)
            for day, part in worked:
                units[calendar._period(day)] += total * decimal(part, EXACT) / hours
        return {period: number.quantize(EXACT) for period, number in units.items()}

    @api.model
    def _periods(self, calendar, first, last):
        """Pay periods from the one of `first` to the one of `last`."""
        found = [calendar._period(first)]
        while found[-1][1] < last:
            found.append(calendar._period(found[-1][1] + timedelta(days=1)))
        return found

    @api.model
    def _in_days(self, leave):
        """Whether Xero counts this leave type in days; it counts hours else."""
        return self._counts_days(self._pay_item(leave))

    @api.model
    def _counts_days(self, pay_item):
        return (pay_item.type_of_units or "").strip().lower() == DAYS

    @api.model
    def _pay_item(self, leave):
        return leave.holiday_status_id.with_company(self._connection.company_id).xero_pay_item_id
