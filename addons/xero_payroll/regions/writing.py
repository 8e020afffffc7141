"""How New Zealand and the United Kingdom are written to: one element for each call, steps for timesheets."""

from datetime import date, timedelta

from .region import picked, with_hours

API = "/payroll.xro/2.0"
APPROVE, REVERT, DELETE, EMPLOY = "approve", "revert", "delete", "employ"
STEPS = {APPROVE: "/Approve", REVERT: "/RevertToDraft", DELETE: "", EMPLOY: "/Employment"}
EDITABLE = ("DRAFT", "REQUESTED", "REJECTED")


def camel(value):
    """`value` with the first letter of each name a small one, all the way down; NI stays what it is called."""
    if isinstance(value, dict):
        return {_small(name): camel(inner) for name, inner in value.items()}
    return [camel(inner) for inner in value] if isinstance(value, list) else value


def _small(name):
    return f"ni{name[2:]}" if name.startswith("NI") else name[:1].lower() + name[1:]


class Writing2:
    """Timesheets change as drafts only: an approved one is reverted, a draft with other hours made anew.

    :cvar earnings_lines: how the country spells the path of the lines of a pay template
    :cvar person: what is said of a person beside the address
    :cvar employment: what an employment says beside its calendar and first day
    """

    earnings_lines = None
    person = ("Title", "FirstName", "LastName", "DateOfBirth", "Gender", "Email")
    employment = ()

    def verb(self, method, element):
        # EXTENDS Region
        if element.get("Step") == DELETE or element.get("Status") == "REJECTED":
            return "DELETE"
        if line := element.get("Line"):
            return "PUT" if line.get("LineID") else "POST"
        return "POST" if method == "PUT" or element.get("Step") else "PUT"

    def step(self, wanted, status, same):
        # EXTENDS Region
        if not same:
            return DELETE if status in EDITABLE else REVERT
        return APPROVE if wanted == "APPROVED" and status in EDITABLE else ""

    def path(self, key, element, xero_id):
        # EXTENDS Region
        if key == "leave_application":
            own = f"{API}/Employees/{element['EmployeeID']}/Leave"
            return f"{own}/{xero_id}" if xero_id else own
        if key == "pay_template":
            own = f"{API}/Employees/{element['EmployeeID']}/PayTemplates/{self.earnings_lines}"
            line_id = element.get("Line", {}).get("LineID")
            return f"{own}/{line_id}" if line_id else own
        return super().path(key, element, xero_id) + STEPS.get(element.get("Step"), "")

    def rejection(self, element):
        # EXTENDS Region
        return self.path("leave_application", element, element["LeaveApplicationID"])

    def timesheets_of(self, employee_id):
        # EXTENDS Region: any word sorts the newest first
        return {"filter": f"employeeId=={employee_id}", "sort": "startDate", "page": 1}

    def timesheets_from(self, day):
        # EXTENDS Region
        return {"startDate": day.isoformat()}

    def people_named(self, first, last):
        # EXTENDS Region: in a filter, a comma begins the next condition
        if any(mark in name for name in (first, last) for mark in '",='):
            return {}
        return {"filter": f"firstName=={first},lastName=={last}"}

    def leave_of(self, employee_id):
        # EXTENDS Region
        return f"{API}/Employees/{employee_id}/Leave", {}

    def lookup(self, key, sent):
        # EXTENDS Region
        return {"filter": f"employeeId=={sent[0]['EmployeeID']}"} if key == "timesheet" else {}

    def template_steps(self, template, hours):
        # EXTENDS Region: one line after another; one that is right already is sent when nothing else is
        before = template.get("EarningsLines") or []
        lines = [line for line in with_hours(template, hours) if line["EarningsRateID"] in hours]
        wrong = [line for line in lines if line not in before]
        return [{"Line": line} for line in wrong or lines[:1]]

    # === BODIES === #

    def body(self, key, elements):
        # EXTENDS Region
        element = elements[0]
        if element.get("Step") in (APPROVE, REVERT, DELETE) or element.get("Status") == "REJECTED":
            return None
        return getattr(self, f"write_{key}")(element)

    def write_employee(self, element):
        """A person, or the employment of one."""
        if element.get("Step") == EMPLOY:
            return camel(picked(element, ("PayrollCalendarID", "StartDate", *self.employment)))
        home = element["HomeAddress"]
        address = {
            **picked(home, ("AddressLine1", "AddressLine2", "City")),
            "PostCode": home["PostalCode"],
            "CountryName": home["Country"],
        }
        return camel({**picked(element, self.person), "Address": address})

    def write_timesheet(self, element):
        """A timesheet with dated lines."""
        first = date.fromisoformat(element["StartDate"])
        return {
            "payrollCalendarID": element["PayrollCalendarID"],
            "employeeID": element["EmployeeID"],
            "startDate": element["StartDate"],
            "endDate": element["EndDate"],
            "timesheetLines": [
                {
                    "date": (first + timedelta(days=day)).isoformat(),
                    "earningsRateID": line["EarningsRateID"],
                    "numberOfUnits": number,
                }
                for line in element["TimesheetLines"]
                for day, number in enumerate(line["NumberOfUnits"])
                if number
            ],
        }

    def write_pay_template(self, element):
        """One line of a pay template; what it says beside its hours stays."""
        line = element["Line"]
        kept = {"ratePerUnit": line.get("RatePerUnit"), "fixedAmount": line.get("FixedAmount")}
        return {
            "earningsRateID": line["EarningsRateID"],
            "numberOfUnits": line["NormalNumberOfUnits"],
            **{name: value for name, value in kept.items() if value is not None},
        }

    def write_leave_application(self, element):
        """A leave with its units in each pay period."""
        return {
            "leaveTypeID": element["LeaveTypeID"],
            "description": element["Title"],
            "startDate": element["StartDate"],
            "endDate": element["EndDate"],
            "periods": [
                {
                    "periodStartDate": period["PayPeriodStartDate"],
                    "periodEndDate": period["PayPeriodEndDate"],
                    "numberOfUnits": period["NumberOfUnits"],
                    "periodStatus": "Approved",
                }
                for period in element["LeavePeriods"]
            ],
        }
