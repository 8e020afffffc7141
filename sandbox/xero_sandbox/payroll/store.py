"""The payroll records of one organisation.

Dates are civil days ``YYYY-MM-DD``, amounts and units Decimal, states as AU 1.0 spells them.
The keys of a row are ours; what an API only keeps and shows stands under ``more``, as it was sent.

employee   id first last title born gender email phone job start end reason calendar rate
           engagement weekly(hours) template[line] wages[line] leave{type id: {balance, yearly, ...}} more
calendar   id name type reference offset next: the first period without a posted pay run starts
           then; offset: days from the end of a period to its payment
pay_item   id kind name current account rate_type price multiplier fixed units paid shown more
timesheet  id employee calendar start end status lines[{id, date, rate, tracking, units}]
leave      id employee type title description start end payout periods[{start, end, units, status}]
pay_run    id calendar start end payment status kind message posted
payslip    id run employee and lists of lines, see ``rules.payslips``
super_fund id more
"""

from ..table import Table

NAMES = ("employees", "calendars", "pay_items", "timesheets", "leaves", "pay_runs", "payslips",
         "super_funds")
# Who may use the payroll APIs: everybody with the scopes; nobody, because payroll was never set
# up; nobody, because the connecting user is no payroll administrator (facts, section 4.1).
ACCESS = ("full", "not_set_up", "no_permission")
KINDS = ("earnings", "deduction", "leave", "reimbursement", "superannuation", "statutory")


class Payroll:
    """Tables of one organisation's payroll; ``access`` is one of ``ACCESS``."""

    def __init__(self, org):
        undo = org.undo
        self.access = "full"
        by_employee = {"groups": {"employee": lambda row: row["employee"]}}
        self.employees = Table(undo, "id", groups={"calendar": lambda row: row["calendar"]})
        self.calendars = Table(undo, "id")
        self.pay_items = Table(undo, "id", groups={"kind": lambda row: row["kind"]})
        self.timesheets = Table(undo, "id", **by_employee)
        self.leaves = Table(undo, "id", **by_employee)
        self.pay_runs = Table(undo, "id", groups={"calendar": lambda row: row["calendar"]})
        self.payslips = Table(undo, "id", groups={"run": lambda row: row["run"]})
        self.super_funds = Table(undo, "id")

    def item(self, kind, key):
        """The pay item of this kind with this id, or None."""
        row = self.pay_items.get(key)
        return row if row and row["kind"] == kind else None

    def items(self, kind):
        """All pay items of a kind, archived ones too, in the order in which they were created."""
        return [row for row in self.pay_items if row["kind"] == kind]

    def dump(self):
        """The records as plain data."""
        return {"access": self.access, **{name: list(getattr(self, name)) for name in NAMES}}

    def load(self, saved):
        """Put plain data back."""
        self.access = saved["access"]
        for name in NAMES:
            getattr(self, name).replace(saved[name])
