"""How New Zealand and the United Kingdom are written to: one element for each call, steps for timesheets."""

from datetime import date, timedelta

API = "/payroll.xro/2.0"
APPROVE, REVERT, DELETE = "approve", "revert", "delete"
STEPS = {APPROVE: "/Approve", REVERT: "/RevertToDraft", DELETE: ""}
EDITABLE = ("DRAFT", "REQUESTED", "REJECTED")


class Writing2:
    """Timesheets change as drafts only: an approved one is reverted, a draft with other hours made anew."""

    def verb(self, method, element):
        # EXTENDS Region
        if element.get("Step") == DELETE or element.get("Status") == "REJECTED":
            return "DELETE"
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
        return super().path(key, element, xero_id) + STEPS.get(element.get("Step"), "")

    def rejection(self, element):
        # EXTENDS Region
        return self.path("leave_application", element, element["LeaveApplicationID"])

    def timesheets_of(self, employee_id):
        # EXTENDS Region: any word sorts the newest first
        return {"filter": f"employeeId=={employee_id}", "sort": "startDate", "page": 1}

    def leave_of(self, employee_id):
        # EXTENDS Region
        return f"{API}/Employees/{employee_id}/Leave", {}

    def lookup(self, key, sent):
        # EXTENDS Region
        return {"filter": f"employeeId=={sent[0]['EmployeeID']}"} if key == "timesheet" else {}

    # === BODIES === #

    def body(self, key, elements):
        # EXTENDS Region
        element = elements[0]
        if element.get("Step") or element.get("Status") == "REJECTED":
            return None
        return getattr(self, f"write_{key}")(element)

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
