"""What a region says: where its lists are, how they are spelled, and what Xero does not offer there."""

from dataclasses import dataclass

# What payroll is made of, in the order in which people read about it. A limit of a region names one of these.
ALL = (
    "employee",
    "employee_push",
    "salary",
    "pay_item",
    "payroll_calendar",
    "leave_type",
    "leave_balance",
    "leave_application",
    "leave_application_push",
    "statutory_leave",
    "timesheet",
    "pay_template",
    "pay_run",
    "work_location",
)


@dataclass(frozen=True)
class Source:
    """One list of Xero's.

    :ivar path: from the root of the API; ``%s`` stands for the id of the employee that the list belongs to
    :ivar plural: name of the list in an answer
    :ivar singular: name of an element that is read by its id, where the answer holds no list
    :ivar element: path of one element, ``%s`` its id; default: the list's path and the id
    :ivar kind: what its elements are, where a data set has several lists
    :ivar paged: whether it has pages of 100
    :ivar knows_changes: whether it honours If-Modified-Since
    :ivar detailed: whether the list only says that there is an element, and its own path says all of it
    """

    path: str
    plural: str
    singular: str = ""
    element: str = ""
    kind: str = ""
    paged: bool = False
    knows_changes: bool = False
    detailed: bool = False

    @property
    def of_employee(self):
        """Whether there is one such list for each employee."""
        return "%s" in self.path


class Region:
    """Payroll in one country.

    Whoever reads elements gets them in one spelling, that of Australia's first version, whatever the country.

    :cvar code: CountryCode of organisations
    :cvar api: path of the API, before all others
    :cvar sources: ``{data set key: tuple of Source}``
    :cvar limits: what Xero does not offer here: ``{one of ALL: code of the reason}``
    :cvar timesheet_calendars: calendar types that timesheets can be sent for
    :cvar batch: elements in a write
    :cvar knows_assigned: whether employees say which earnings rates they have
    :cvar lists_hours: whether lists of timesheets tell the hours of each day
    :cvar employee_needs: names of what Xero needs of a new employee
    :cvar employs_apart: whether a person is employed by a call of its own
    :cvar taxes_contributions: whether the employer's tax is taken out of his contributions, not paid on top of them
    """

    code = None
    api = None
    sources = {}
    limits = {}
    timesheet_calendars = ("WEEKLY", "FORTNIGHTLY")
    batch = 50
    knows_assigned = False
    lists_hours = False
    employee_needs = ()
    employs_apart = False
    taxes_contributions = False

    def supports(self, capability):
        """Whether Xero offers it here; one of :data:`ALL`."""
        return capability not in self.limits

    def order(self, key):
        """Query parameters that keep a list in one order while it is read."""
        return {}

    def elements(self, key, source, data):
        """Elements of an answer in the common spelling.

        :param key: data set
        :param source: :class:`Source` that was read
        :param data: parsed JSON of the answer, a mapping
        :return: list of mappings, ``None`` when the answer does not hold it
        """
        found = data.get(source.plural)
        if found is None and source.singular:
            found = [data[source.singular]] if isinstance(data.get(source.singular), dict) else None
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            return None
        return [getattr(self, f"read_{key}")(item, source) for item in found]

    # === WRITING === #

    def verb(self, method, element):
        """HTTP method for a create (``PUT``) or an update (``POST``) of `element`."""
        return "POST"

    def step(self, wanted, status, same):
        """What is done next with a timesheet that Xero has: its name, ``""`` for the timesheet itself.

        :param wanted: status that it has to get
        :param status: status that it has in Xero
        :param same: whether Xero holds the same hours
        """
        return ""

    def path(self, key, element, xero_id):
        """Path of a create of `element`, or of an update of `xero_id`.

        :param element: in the common spelling
        """
        path = self.sources[key][0].path
        return f"{path}/{xero_id}" if xero_id else path

    def people_named(self, first, last):
        """Query parameters of the list that holds everybody of that name, and perhaps others, beside its pages."""
        raise NotImplementedError

    def timesheets_of(self, employee_id):
        """Query parameters that list the timesheets of one employee, those that matter on the first page."""
        raise NotImplementedError

    def timesheets_from(self, day):
        """Query parameters that leave out timesheets of before `day`, where a list does not tell what changed."""
        return {}

    def rejection(self, element):
        """Path that takes the leave application `element` back."""
        raise NotImplementedError

    def lookup(self, key, sent):
        """Query parameters of the list that holds `sent`, beside its pages."""
        return {}

    def leave_of(self, employee_id):
        """``(path, query parameters)`` of a list that holds the leave of one employee."""
        raise NotImplementedError

    def template_steps(self, template, hours):
        """What has to be sent, one after another, until a pay template holds `hours`.

        :param template: lists of the pay template as Xero has it, in the common spelling
        :param hours: ``{earnings rate id: Decimal}``; all other lines stay as they are
        :return: list of mappings, parts of elements; never empty
        """
        raise NotImplementedError

    def body(self, key, elements):
        """What leaves for `elements`, which are in the common spelling; ``None``: no body.

        :param elements: as a stored request has them, days as ``YYYY-MM-DD``
        """
        raise NotImplementedError


def with_hours(template, hours):
    """Earnings lines of a pay template with `hours`; a rate that has no line yet gets one."""
    lines = template.get("EarningsLines") or []
    known = {line.get("EarningsRateID") for line in lines}
    changed = [
        {**line, "NormalNumberOfUnits": hours[rate]} if (rate := line.get("EarningsRateID")) in hours else line
        for line in lines
    ]
    more = [
        {"EarningsRateID": rate, "CalculationType": "USEEARNINGSRATE", "NormalNumberOfUnits": units}
        for rate, units in hours.items()
        if rate not in known
    ]
    return changed + more


def picked(item, names):
    """Those fields of `item` that `names` lists; what nobody needs is not carried on (SEC-07)."""
    return {name: item[name] for name in names if name in item}


EMPLOYEE = (
    "EmployeeID",
    "FirstName",
    "LastName",
    "Email",
    "Phone",
    "Mobile",
    "JobTitle",
    "StartDate",
    "TerminationDate",
    "Status",
    "EmploymentType",
    "PayrollCalendarID",
    "OrdinaryEarningsRateID",
    "UpdatedDateUTC",
)
PAY_ITEM = (
    "Name",
    "AccountCode",
    "TypeOfUnits",
    "RateType",
    "EarningsType",
    "Multiplier",
    "IsPaidLeave",
    "IsStatutoryLeave",
    "CurrentRecord",
)
PAYSLIP = (
    "PayslipID",
    "EmployeeID",
    "FirstName",
    "LastName",
    "Wages",
    "Deductions",
    "Tax",
    "Super",
    "Reimbursements",
    "NetPay",
    "EmployerTax",
    "Benefits",
)
# What an answer says of an element beside its content.
VERDICT = ("ValidationErrors", "Warnings", "UpdatedDateUTC")
