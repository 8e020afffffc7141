"""PayRunCalendars of NZ and UK (operations getPayRunCalendars, createPayRunCalendar,
getPayRunCalendar): create and read only."""

from ..rules import calendars, periods
from . import shape

TYPES = {"Weekly": "WEEKLY", "Fortnightly": "FORTNIGHTLY", "FourWeekly": "FOURWEEKLY",
         "Monthly": "MONTHLY", "Quarterly": "QUARTERLY", "Annual": "ANNUAL",
         "TwiceMonthly": "TWICEMONTHLY"}
NAMES = {ours: name for name, ours in TYPES.items()}
NZ_ONLY = "TwiceMonthly"


def render(row):
    """A calendar with its next period."""
    period = periods.upcoming(row)
    return {"payrollCalendarID": row["id"], "name": row["name"],
            "calendarType": NAMES[row["type"]], "periodStartDate": shape.moment(period.start),
            "periodEndDate": shape.moment(period.end),
            "paymentDate": shape.moment(period.payment),
            "updatedDateUTC": shape.stamp(row["updated"])}


def get_calendars(call):
    """GET /PayRunCalendars."""
    rows, block = shape.page(call, list(call.org.payroll.calendars))
    return {**block, "payRunCalendars": [render(row) for row in rows]}


def get_calendar(call, **ids):
    """GET /PayRunCalendars/{PayrollCalendarID}; UK calls it {PayRunCalendarID}."""
    (key,) = ids.values()
    return {"payRunCalendar": render(shape.found(call.org.payroll.calendars, key))}


def post_calendar(call):
    """POST /PayRunCalendars."""
    sent = shape.body(call)
    shape.require(sent, "name", "calendarType", "periodStartDate", "paymentDate")
    allowed = [name for name in TYPES if call.org.country == "NZ" or name != NZ_ONLY]
    kind = TYPES[shape.choice(sent, "calendarType", allowed)]
    row = calendars.keep(call.org, shape.text(sent, "name"), kind,
                         shape.day(sent, "periodStartDate"), shape.day(sent, "paymentDate"))
    return {"payRunCalendar": render(row)}


ROUTES = [("GET", "/PayRunCalendars", get_calendars), ("POST", "/PayRunCalendars", post_calendar)]
NZ_ROUTES = [("GET", "/PayRunCalendars/<PayrollCalendarID>", get_calendar)]
UK_ROUTES = [("GET", "/PayRunCalendars/<PayRunCalendarID>", get_calendar)]
