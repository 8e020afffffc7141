"""PayrollCalendars of AU 1.0: create and read only (facts, 4.2; operations getPayrollCalendars,
createPayrollCalendar, getPayrollCalendar)."""

from ... import fields
from ...errors import Invalid
from ..rules import calendars, periods
from . import body

TYPES = ("WEEKLY", "FORTNIGHTLY", "FOURWEEKLY", "MONTHLY", "TWICEMONTHLY", "QUARTERLY")


def shown(_org, row):
    """A calendar with days as texts: StartDate and PaymentDate are those of the next period."""
    period = periods.upcoming(row)
    return {"PayrollCalendarID": row["id"], "Name": row["name"], "CalendarType": row["type"],
            "StartDate": period.start, "PaymentDate": period.payment,
            "ReferenceDate": row["reference"]}


def render(org, row):
    """A calendar as the API answers it."""
    answer = shown(org, row)
    for key in ("StartDate", "PaymentDate", "ReferenceDate"):
        answer[key] = body.day(answer[key])
    return answer | body.stamped(row)


def get_calendars(call):
    """GET /PayrollCalendars."""
    rows = body.listing(call, call.org.payroll.calendars, shown)
    return {"PayrollCalendars": [render(call.org, row) for row in rows]}


def get_calendar(call, PayrollCalendarID):
    """GET /PayrollCalendars/{PayrollCalendarID}."""
    row = body.found(call.org.payroll.calendars, PayrollCalendarID)
    return {"PayrollCalendars": [render(call.org, row)]}


def post_calendars(call):
    """POST /PayrollCalendars: new ones."""
    return body.batch(call, "PayrollCalendars", "PayrollCalendarID", save)


def save(org, element):
    """Create a calendar; returns the answer element. :raises Invalid: refused."""
    if element.get("PayrollCalendarID"):
        raise Invalid("A payroll calendar cannot be changed.")
    values = {"Name": fields.text(element, "Name"),
              "CalendarType": fields.choice(element, "CalendarType", TYPES),
              "StartDate": fields.day(element, "StartDate"),
              "PaymentDate": fields.day(element, "PaymentDate")}
    missing = [f"The {name} field is required." for name, value in values.items() if not value]
    if missing:
        raise Invalid(*missing)
    return render(org, calendars.keep(org, *values.values()))


_ONE = "/PayrollCalendars/<PayrollCalendarID>"
ROUTES = [
    ("GET", "/PayrollCalendars", get_calendars), ("POST", "/PayrollCalendars", post_calendars),
    ("GET", _ONE, get_calendar),
]
