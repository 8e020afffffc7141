"""The demo's company with people in Xero's payroll, and those who work with their time, made through Odoo's web
interface."""

from datetime import datetime, timezone

from books import PASSWORD

from demo_bookkeeper import Bookkeeper
from demo_company import Books
from demo_connect import ORGANISATION, Connecting
from demo_payroll import PEOPLE, PayrollWeek

GROUPS = {
    "pia": ("Pia Quinn", ("xero_payroll.group_xero_payroll_user",)),
    "max": ("Max Doyle", ("hr_timesheet.group_hr_timesheet_approver",)),
    "ada": ("Ada Byrne", ("xero_payroll.group_xero_payroll_admin", "xero_connector.group_xero_admin")),
}
OVERTIME = "Overtime Hours"


class PayrollBooks(Books):
    """A payroll officer (pia), the manager of everybody (max) and a payroll administrator (ada).

    :param odoo: a running OdooServer
    :param xero: a running SandboxServer without employees
    :ivar week: the PayrollWeek that is paid next
    :ivar bookkeeper: who works in Xero itself
    :ivar people: ids in Xero by name
    """

    def __init__(self, odoo, xero):
        super().__init__(odoo.login(), datetime.now(timezone.utc).date())
        self.make()
        connecting = Connecting(self)
        connecting.consent(payroll_access=True)
        connecting.choose_organisation()
        self.connection_id = connecting.connection_id
        self.bookkeeper = Bookkeeper(xero.url, ORGANISATION)
        self.people = self.bookkeeper.hire(PEOPLE)
        self.call("xero.connection", "action_import_payroll", [self.connection_id])
        self.week = PayrollWeek(self, self.connection_id)
        self._make_users()

    def read(self, model, record, name):
        """The value of a field."""
        return self.call(model, "read", [record], [name])[0][name]

    def employee(self, name):
        """Id of the employee of that name."""
        return self.find("hr.employee", ("name", "=", name), ("company_id", "=", self.company_id))

    def overtime(self, hours, name):
        """Somebody works overtime on the first day of the week, in a project that stands for it."""
        project = self.create("project.project", name="Call-outs", allow_timesheets=True, company_id=self.company_id)
        rate = self.find("xero.pay.item", ("connection_id", "=", self.connection_id), ("name", "=", OVERTIME))
        self.create("xero.rate.map", connection_id=self.connection_id, kind_ref=f"project.project,{project}",
                    pay_item_id=rate)
        self.create("account.analytic.line", project_id=project, employee_id=self.employee(name), name="Pump failed",
                    date=str(self.week.first), unit_amount=hours)

    def _make_users(self):
        users = {login: self._make_user(login, *values) for login, values in GROUPS.items()}
        manager = self.create("hr.employee", name=GROUPS["max"][0], user_id=users["max"], company_id=self.company_id)
        self.call("hr.employee", "write", list(self.week.employees.values()), {"parent_id": manager})

    def _make_user(self, login, name, groups):
        return self.create(
            "res.users", name=name, login=login, password=PASSWORD, company_id=self.company_id,
            company_ids=[(6, 0, [self.company_id])], group_ids=[(6, 0, [self._by_name(group) for group in groups])],
        )

    def _by_name(self, name):
        module, name = name.split(".")
        data = self.find("ir.model.data", ("module", "=", module), ("name", "=", name))
        return self.read("ir.model.data", data, "res_id")
