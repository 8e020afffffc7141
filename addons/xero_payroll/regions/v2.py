"""What New Zealand and the United Kingdom have in common: Payroll 2.0, camelCase, ISO dates, one list per kind."""

from odoo.addons.xero_connector.values import parse_date

from .region import EMPLOYEE, PAY_ITEM, PAYSLIP, Region, Source, picked
from .writing import Writing2

API = "/payroll.xro/2.0"
RATE_TYPES = {
    "RatePerUnit": "RATEPERUNIT",
    "MultipleOfOrdinaryEarningsRate": "MULTIPLE",
    "FixedAmount": "FIXEDAMOUNT",
}
PERIOD_STATUSES = {"Approved": "SCHEDULED", "Estimated": "SCHEDULED", "Completed": "PROCESSED"}
PAY_ITEM_IDS = {
    "earnings": ("EarningsRateID",),
    "deduction": ("DeductionId",),
    "reimbursement": ("ReimbursementID",),
    "leave": ("LeaveTypeID",),
}


def by_day(start, end, lines):
    """Dated lines as one line for each earnings rate, with a number for each day."""
    first, last = parse_date(start), parse_date(end)
    numbers = {}
    for line in lines:
        days = numbers.setdefault(line.get("EarningsRateID"), [0] * ((last - first).days + 1))
        days[(parse_date(line.get("Date")) - first).days] += line.get("NumberOfUnits") or 0
    return [{"EarningsRateID": rate, "NumberOfUnits": days} for rate, days in numbers.items()]


def pascal(value):
    """`value` with the first letter of each name a capital, all the way down."""
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: pascal(inner) for name, inner in value.items()}
    return [pascal(inner) for inner in value] if isinstance(value, list) else value


class Version2(Writing2, Region):
    """Elements are spelled anew in Australia's words."""

    api = API
    batch = 1
    employs_apart = True
    employee_needs = (
        *("LastName", "DateOfBirth", "AddressLine1", "City", "PostalCode"),
        *("StartDate", "PayrollCalendarID"),
    )
    earnings = Source(f"{API}/EarningsRates", "earningsRates", "earningsRate", kind="earnings", paged=True)
    leaves = Source(f"{API}/LeaveTypes", "leaveTypes", "leaveType", kind="leave", paged=True)
    sources = {
        "employee": (Source(f"{API}/Employees", "employees", "employee", paged=True),),
        "pay_item": (
            earnings,
            Source(f"{API}/Deductions", "deductions", "deduction", kind="deduction", paged=True),
            Source(f"{API}/Reimbursements", "reimbursements", "reimbursement", kind="reimbursement", paged=True),
            leaves,
        ),
        "leave_type": (leaves,),
        "payroll_calendar": (Source(f"{API}/PayRunCalendars", "payRunCalendars", "payRunCalendar", paged=True),),
        "leave_balance": (Source(f"{API}/Employees/%s/LeaveBalances", "leaveBalances"),),
        "leave_application": (Source(f"{API}/Employees/%s/Leave", "leave"),),
        "pay_run": (Source(f"{API}/PayRuns", "payRuns", "payRun", paged=True, detailed=True),),
        "timesheet": (Source(f"{API}/Timesheets", "timesheets", "timesheet", paged=True),),
        "salary": (Source(f"{API}/Employees/%s/SalaryAndWages", "salaryAndWages", paged=True),),
        "pay_template": (Source(f"{API}/Employees/%s/PayTemplates", "payTemplates", "payTemplate"),),
    }

    def elements(self, key, source, data):
        # EXTENDS Region: an answer to a write has one element under the name of the list
        found = data.get(source.plural)
        if isinstance(employment := data.get("employment"), dict):
            return [self.read_employee(employment, source)]
        if isinstance(line := data.get("earningTemplate"), dict):
            return [{"Line": _template_line(pascal(line))}]
        return super().elements(key, source, {source.plural: [found]} if isinstance(found, dict) else data)

    def read_employee(self, item, source):
        """An employee; who has left is known by the end date."""
        spoken = pascal(item)
        found = picked(spoken, EMPLOYEE)
        found.update(
            TerminationDate=spoken.get("EndDate"), Phone=spoken.get("PhoneNumber"), EmploymentType=_engagement(spoken)
        )
        return found

    def read_pay_item(self, item, source):
        """A pay item of the kind that its list holds."""
        spoken = pascal(item)
        current = spoken.get("CurrentRecord", spoken.get("IsActive"))
        account = next((spoken[name] for name in spoken if name.lower() in _ACCOUNTS), None)
        return {
            **picked(spoken, PAY_ITEM),
            "PayItemID": next((spoken[name] for name in PAY_ITEM_IDS[source.kind] if spoken.get(name)), None),
            "Kind": source.kind,
            "Name": spoken.get("Name") or spoken.get("DeductionName"),
            "RateType": RATE_TYPES.get(spoken.get("RateType")),
            "Multiplier": spoken.get("MultipleOfOrdinaryEarningsRate"),
            "AccountID": account,
            "CurrentRecord": current is not False,
        }

    read_leave_type = read_pay_item

    def read_payroll_calendar(self, item, source):
        """A calendar; its dates are those of the period that is paid next."""
        spoken = pascal(item)
        return {
            **picked(spoken, ("PayrollCalendarID", "Name", "PaymentDate")),
            "CalendarType": (spoken.get("CalendarType") or "").upper(),
            "StartDate": spoken.get("PeriodStartDate"),
        }

    def read_leave_balance(self, item, source):
        """A balance of one leave type."""
        spoken = pascal(item)
        found = picked(spoken, ("LeaveTypeID", "TypeOfUnits"))
        return {**found, "LeaveName": spoken.get("Name"), "NumberOfUnits": spoken.get("Balance")}

    def read_leave_application(self, item, source):
        """A leave; the employee is the one whose list was read."""
        spoken = pascal(item)
        return {
            **picked(spoken, ("LeaveTypeID", "StartDate", "EndDate", "UpdatedDateUTC")),
            "LeaveApplicationID": spoken.get("LeaveID"),
            "Title": spoken.get("Description"),
            "LeavePeriods": [
                {
                    "NumberOfUnits": period.get("NumberOfUnits"),
                    "PayPeriodStartDate": period.get("PeriodStartDate"),
                    "PayPeriodEndDate": period.get("PeriodEndDate"),
                    "LeavePeriodStatus": PERIOD_STATUSES.get(period.get("PeriodStatus")),
                }
                for period in spoken.get("Periods") or []
            ],
        }

    def read_pay_run(self, item, source):
        """A pay run; its totals are those of its payslips, which its own path adds."""
        spoken = pascal(item)
        found = {
            **picked(spoken, ("PayRunID", "PayrollCalendarID", "PaymentDate", "TotalCost", "TotalPay")),
            "PayRunPeriodStartDate": spoken.get("PeriodStartDate"),
            "PayRunPeriodEndDate": spoken.get("PeriodEndDate"),
            "PayRunStatus": (spoken.get("PayRunStatus") or "").upper(),
            "PayRunType": spoken.get("PayRunType"),
            "PostedDateTime": spoken.get("PostedDateTime"),
        }
        if isinstance(spoken.get("PaySlips"), list):
            slips = [self._payslip(slip) for slip in spoken["PaySlips"]]
            totals = {name: sum(slip.get(name) or 0 for slip in slips) for name in PAYSLIP[4:]}
            totals["Reimbursement"] = totals.pop("Reimbursements")
            totals["NetPay"] = _net_pay(found.get("TotalPay") or 0, totals["NetPay"], totals["Reimbursement"])
            found.update(totals, Payslips=slips)
        return found

    def read_timesheet(self, item, source):
        """A timesheet; a list leaves its lines out."""
        spoken = pascal(item)
        status = spoken.get("Status") or ""
        found = {
            **picked(spoken, ("TimesheetID", "EmployeeID", "StartDate", "EndDate", "UpdatedDateUTC")),
            "Status": TIMESHEET_STATUSES.get(status, status.upper()),
            "Hours": spoken.get("TotalHours"),
        }
        if isinstance(spoken.get("TimesheetLines"), list):
            found["TimesheetLines"] = by_day(found["StartDate"], found["EndDate"], spoken["TimesheetLines"])
        return found

    def read_salary(self, item, source):
        """A salary or a wage of an employee."""
        spoken = pascal(item)
        return picked(spoken, ("SalaryAndWagesID", "EarningsRateID", "AnnualSalary", "Status", "PaymentType"))

    def read_pay_template(self, item, source):
        """The pay template of an employee: earnings beside the salary or wage."""
        spoken = pascal(item)
        lines = [_template_line(line) for line in spoken.get("EarningTemplates") or []]
        return {**picked(spoken, ("EmployeeID",)), "PayTemplate": {"EarningsLines": lines}}

    def _payslip(self, slip):
        """Totals of a payslip in common words.

        What an employer pays on top stands apart. Net pay is worked out: the total of a payslip is before deductions
        in the United Kingdom (example of getPayRun there), after them and with reimbursements in New Zealand.
        """
        wages, tax = slip.get("TotalEarnings") or 0, slip.get("TotalEmployeeTaxes") or 0
        deductions = sum(
            slip.get(name) or 0 for name in ("TotalDeductions", "TotalStatutoryDeductions", "TotalCourtOrders")
        )
        return {
            **picked(slip, ("EmployeeID", "FirstName", "LastName")),
            "PayslipID": slip.get("PaySlipID"),
            "Wages": wages,
            "Tax": tax,
            "EmployerTax": slip.get("TotalEmployerTaxes"),
            "Deductions": deductions,
            "Super": slip.get("TotalSuperannuation"),
            "Benefits": slip.get("TotalBenefits"),
            "Reimbursements": slip.get("TotalReimbursements"),
            "NetPay": wages - tax - deductions,
        }


TIMESHEET_STATUSES = {"Completed": "PROCESSED"}
_ACCOUNTS = ("expenseaccountid", "liabilityaccountid", "accountid")


def _net_pay(said, net, repaid):
    """Net pay of a pay run: that of its payslips where Xero's total agrees, with reimbursements or without."""
    return net if said in (net, net + repaid) else said - repaid


def _template_line(spoken):
    """A line of a pay template in the common spelling."""
    found = picked(spoken, ("EarningsRateID", "RatePerUnit", "FixedAmount"))
    return {**found, "LineID": spoken.get("PayTemplateEarningID"), "NormalNumberOfUnits": spoken.get("NumberOfUnits")}


def _engagement(spoken):
    """Kind of employment, in the words that Xero has for it here; ``None`` when it says none."""
    contracts = spoken.get("Contracts") or []
    return spoken.get("EngagementType") or (contracts[-1].get("EmploymentStatus") if contracts else None)
