"""Australia: Payroll 1.0 (spec xero-payroll-au)."""

from datetime import date, timedelta

from .region import EMPLOYEE, PAY_ITEM, PAYSLIP, VERDICT, Region, Source, picked, with_hours

API = "/payroll.xro/1.0"
PAY_ITEM_LISTS = {
    # list: (kind, name of its id)
    "EarningsRates": ("earnings", "EarningsRateID"),
    "DeductionTypes": ("deduction", "DeductionTypeID"),
    "ReimbursementTypes": ("reimbursement", "ReimbursementTypeID"),
    "LeaveTypes": ("leave", "LeaveTypeID"),
}
EMPLOYED = {"EmploymentType": "EMPLOYEE", "IncomeType": "SALARYANDWAGES", "CountryOfResidence": "AU"}
DATES = ("Date", "DateOfBirth")
TEMPLATE_LISTS = {
    "EarningsLines": "EarningsRateID",
    "DeductionLines": "DeductionTypeID",
    "ReimbursementLines": "ReimbursementTypeID",
    "LeaveLines": "LeaveTypeID",
}


class Australia(Region):
    """PascalCase, dates as ``/Date()/``, writes take bare arrays."""

    code = "AU"
    api = API
    sources = {
        # Read as a whole: nobody edits an employee on the day after his last one.
        "employee": (Source(f"{API}/Employees", "Employees", paged=True, detailed=True),),
        "pay_item": (Source(f"{API}/PayItems", "PayItems"),),
        "leave_type": (Source(f"{API}/PayItems", "PayItems", kind="leave"),),
        "payroll_calendar": (Source(f"{API}/PayrollCalendars", "PayrollCalendars", paged=True),),
        "leave_balance": (Source(f"{API}/Employees/%s", "Employees"),),
        "leave_application": (
            # The second version lists requests, too; the first only what is approved.
            Source(
                f"{API}/LeaveApplications/v2",
                "LeaveApplications",
                element=f"{API}/LeaveApplications/%s",
                paged=True,
                knows_changes=True,
            ),
        ),
        # Read as a whole: what was deleted is no change. A page holds two years of weekly pay runs.
        "pay_run": (Source(f"{API}/PayRuns", "PayRuns", paged=True, detailed=True),),
        "timesheet": (Source(f"{API}/Timesheets", "Timesheets", "Timesheet", paged=True, knows_changes=True),),
        "pay_template": (Source(f"{API}/Employees/%s", "Employees"),),
    }
    limits = {"statutory_leave": "no_statutory_leave", "work_location": "no_work_locations"}
    knows_assigned = True
    lists_hours = True
    employee_needs = ("LastName", "DateOfBirth", "AddressLine1", "City", "Region", "PostalCode")
    # Ids never change: whatever is edited meanwhile, no element slips from one page to another.
    orders = {
        "employee": "EmployeeID",
        "leave_application": "LeaveApplicationID",
        "pay_run": "PayRunID",
        "timesheet": "TimesheetID",
    }

    def order(self, key):
        # EXTENDS Region
        return {"order": f"{self.orders[key]} ASC"} if key in self.orders else {}

    def elements(self, key, source, data):
        # EXTENDS Region: pay items of all kinds are one mapping, balances lie in the employee
        found = data.get(source.plural)
        if key in ("pay_item", "leave_type"):
            return self._pay_items(found, source.kind) if isinstance(found, dict) else None
        if key == "leave_balance":
            if not isinstance(found, list) or len(found) != 1:
                return None
            return [self.read_leave_balance(item, source) for item in found[0].get("LeaveBalances") or []]
        return super().elements(key, source, data)

    def _pay_items(self, found, only):
        lists = {name: spoken for name, spoken in PAY_ITEM_LISTS.items() if not only or spoken[0] == only}
        if not all(isinstance(found.get(name, []), list) for name in lists):
            return None
        return [
            {**picked(item, PAY_ITEM), "PayItemID": item.get(id_name), "Kind": kind}
            for name, (kind, id_name) in lists.items()
            for item in found.get(name) or []
        ]

    def read_employee(self, item, source):
        """An employee; of pay only what a salary is and which pay items he has."""
        found = picked(item, (*EMPLOYEE, *VERDICT))
        template = item.get("PayTemplate")
        if isinstance(template, dict):
            lines = {name: template.get(name) or [] for name in TEMPLATE_LISTS}
            ids = [line.get(TEMPLATE_LISTS[name]) for name, rows in lines.items() for line in rows]
            found["PayItemIDs"] = sorted({pay_item for pay_item in ids if pay_item})
            salaries = [line["AnnualSalary"] for line in lines["EarningsLines"] if line.get("AnnualSalary")]
            found["AnnualSalary"] = sum(salaries) if salaries else 0
        return found

    def read_payroll_calendar(self, item, source):
        """A calendar; its dates are those of the period that is paid next."""
        return picked(item, ("PayrollCalendarID", "Name", "CalendarType", "StartDate", "PaymentDate"))

    def read_leave_balance(self, item, source):
        """A balance of one leave type."""
        return picked(item, ("LeaveTypeID", "LeaveName", "NumberOfUnits", "TypeOfUnits"))

    def read_leave_application(self, item, source):
        """A leave application with the units of each pay period."""
        names = (
            *("LeaveApplicationID", "EmployeeID", "LeaveTypeID", "Title", "Description", "StartDate", "EndDate"),
            "PayOutType",
        )
        periods = ("NumberOfUnits", "PayPeriodStartDate", "PayPeriodEndDate", "LeavePeriodStatus")
        return {
            **picked(item, (*names, *VERDICT)),
            "LeavePeriods": [picked(period, periods) for period in item.get("LeavePeriods") or []],
        }

    def read_pay_run(self, item, source):
        """A pay run; its own path adds the payslips."""
        names = (
            *("PayRunID", "PayrollCalendarID", "PayRunPeriodStartDate", "PayRunPeriodEndDate", "PaymentDate"),
            *("PayRunStatus", "Wages", "Deductions", "Tax", "Super", "Reimbursement", "NetPay", "UpdatedDateUTC"),
        )
        found = picked(item, names)
        if isinstance(item.get("Payslips"), list):
            found["Payslips"] = [picked(slip, PAYSLIP) for slip in item["Payslips"]]
        return found

    def read_timesheet(self, item, source):
        """A timesheet; a line has a number of units for each day."""
        lines = [picked(line, ("EarningsRateID", "NumberOfUnits")) for line in item.get("TimesheetLines") or []]
        names = ("TimesheetID", "EmployeeID", "StartDate", "EndDate", "Status", "Hours")
        return {**picked(item, (*names, *VERDICT)), "TimesheetLines": lines}

    def read_pay_template(self, item, source):
        """The pay template of an employee, whole: it is written as a whole."""
        return {**picked(item, ("EmployeeID", *VERDICT)), "PayTemplate": item.get("PayTemplate") or {}}

    # === WRITING === #

    def path(self, key, element, xero_id):
        # EXTENDS Region: requests are listed by the second version only, and written by the first
        if key == "pay_template":
            return f"{API}/Employees"
        return super().path(key, element, xero_id).replace("/v2", "")

    def rejection(self, element):
        # EXTENDS Region: there is no delete
        return f"{API}/LeaveApplications/{element['LeaveApplicationID']}/reject"

    def people_named(self, first, last):
        # EXTENDS Region: a quote would end the text that is looked for
        if any(mark in name for name in (first, last) for mark in '"\\'):
            return {}
        return {"where": f'FirstName=="{first}" AND LastName=="{last}"'}

    def leave_of(self, employee_id):
        # EXTENDS Region
        where = {"where": f'EmployeeID==guid("{employee_id}")', "order": "StartDate DESC", "page": 1}
        return self.sources["leave_application"][0].path, where

    def timesheets_of(self, employee_id):
        # EXTENDS Region: newest first
        return {"where": f'EmployeeID==guid("{employee_id}")', "order": "StartDate DESC", "page": 1}

    def template_steps(self, template, hours):
        # EXTENDS Region: Xero replaces all lists of a pay template
        return [{"PayTemplate": {**template, "EarningsLines": with_hours(template, hours)}}]

    def body(self, key, elements):
        # EXTENDS Region: a bare array; a calendar is the employee's own
        if key == "pay_template":
            return [picked(element, ("EmployeeID", "PayTemplate")) for element in elements]
        if elements[0].get("Status") == "REJECTED":
            return None
        if key == "employee":
            elements = [{**element, **EMPLOYED} for element in elements]
        if key == "timesheet":
            elements = [
                {name: element[name] for name in element if name != "PayrollCalendarID"} for element in elements
            ]
        return with_net_dates(elements)


def net_date(iso):
    """A day as Xero's first version writes it, ``/Date(1573516800000+0000)/``."""
    return f"/Date({(date.fromisoformat(iso) - date(1970, 1, 1)) // timedelta(milliseconds=1)}+0000)/"


def with_net_dates(value):
    """`value` with its days as Xero's first version writes them, all the way down."""
    if isinstance(value, list):
        return [with_net_dates(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        name: net_date(inner) if name.endswith(DATES) and inner else with_net_dates(inner)
        for name, inner in value.items()
    }
