"""What came of the demo's payroll week: hours in Odoo beside Xero's, what is wrong, and the table. No HTTP here."""

from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal("0.00")


class PersonWeek(NamedTuple):
    """The week of one person; all hours are Decimal.

    :ivar worked: hours of work in Odoo
    :ivar leave: hours of leave in Odoo
    :ivar timesheets: XeroTimesheets of the week
    :ivar leave_in_xero: hours of leave in Xero
    """

    person: str
    worked: Decimal
    leave: Decimal
    timesheets: tuple
    leave_in_xero: Decimal

    @property
    def worked_in_xero(self):
        """Hours of work in Xero."""
        return sum((sheet.hours for sheet in self.timesheets), ZERO)

    def faults(self):
        """What is not as it must be, one sentence each."""
        if len(self.timesheets) != 1:
            yield f"{self.person} has {len(self.timesheets)} timesheets in Xero instead of one"
        pairs = {"work": (self.worked, self.worked_in_xero), "leave": (self.leave, self.leave_in_xero)}
        for what, (odoo, xero) in pairs.items():
            if odoo != xero:
                yield f"{self.person}: hours of {what} are {odoo} in Odoo and {xero} in Xero"


def faults(weeks, in_xero):
    """Everything that is wrong.

    :param weeks: the PersonWeek of everybody in Odoo
    :param in_xero: names of everybody who has a timesheet of the week in Xero
    """
    strangers = sorted(set(in_xero) - {week.person for week in weeks})
    return [
        *(fault for week in weeks for fault in week.faults()),
        *(f"{name} has a timesheet in Xero, but no hours in Odoo" for name in strangers),
    ]


def table(weeks):
    """Lines of the table: a row for each person, and the sums."""
    yield f"{'':32}{' Odoo ':-^18}  {' Xero ':-^16}"
    yield f"{'Timesheet of':<20}{'Status':<12}" + 2 * f"{'work':>9}{'leave':>9}" + f"{'difference':>12}"
    for week in weeks:
        status = ", ".join(sheet.status.capitalize() for sheet in week.timesheets) or "-"
        yield _row(week.person, status, week.worked, week.leave, week.worked_in_xero, week.leave_in_xero)
    yield _row(f"{len(weeks)} people", "", *(sum(hours, ZERO) for hours in zip(*(
        (week.worked, week.leave, week.worked_in_xero, week.leave_in_xero) for week in weeks), strict=True)))


def _row(name, status, *hours):
    worked, leave, worked_in_xero, leave_in_xero = hours
    difference = worked + leave - worked_in_xero - leave_in_xero
    return f"{name:<20}{status:<12}" + "".join(f"{number:>9,.2f}" for number in hours) + f"{difference:>12,.2f}"
