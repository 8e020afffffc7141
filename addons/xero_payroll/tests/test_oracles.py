"""Payroll of company B, asked for by company A in every way that there is: C.5 for the models of this add-on."""

from odoo.tests import tagged

from odoo.addons.xero_connector.tests import test_oracles, test_remote_calls, two_companies

ADMIN = ("xero_payroll.group_xero_payroll_admin", "hr.group_hr_manager")
MODULE = "xero_payroll"


class PayrollOfTwo:
    """Two companies with payroll; the connector's questions are put to our models and fields."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = cls.env.ref(ADMIN[0]) | cls.env.ref(ADMIN[1])
        for user in (cls.users["admin"], cls.foreign):
            user.group_ids |= groups
        cls.users["accountant"] = cls.new_user("o_accountant", *two_companies.GROUPS["admin"])

    def new_connection(self, company=None, **values):
        return super().new_connection(company, **{"payroll_access": True, "sync_salaries": True, **values})

    def own_models(self):
        models = (self.env[name] for name in self.registry if name.startswith("xero."))
        return [model._name for model in models if not model._abstract and model._original_module == MODULE]

    def host_fields(self):
        found = {}
        for name in self.registry:
            model = self.env[name]
            if name in self.own_models() or model._abstract:
                continue
            names = [field.name for field in model._fields.values() if MODULE in field._modules]
            if names:
                found[name] = names
        return found

    def populate(self):
        """Staff, pay runs, balances and templates of both companies."""
        for number, connection in ((1, self.first), (2, self.second)):
            payroll = self.xero.organisation(number).payroll
            payroll.employees.replace(list(payroll.employees)[:3])
            connection.payroll_push_target = "pay_template"
            self.xero.act("post_pay_run", organisation=number, calendar="Fortnightly Calendar")
            keys = ["pay_item", "payroll_calendar", "employee", "leave_balance", "pay_run", "pay_template"]
            with self.as_request(connection) as current:
                current.sudo().with_company(connection.company_id)._import(keys)
        result = super().populate()
        # Of an organisation that is not the connection's nobody sees a balance.
        self.rows_of("xero.leave.balance", self.other).tenant_id = self.second.tenant_id
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def make_row(self, name, company, user):
        employees = self.env["hr.employee"].search([("company_id", "=", company.id)])
        if name == "xero.timesheet":
            period = {"date_from": "2026-11-02", "date_to": "2026-11-08"}
            return self.env[name].create({"employee_id": employees[0].id, "company_id": company.id, **period})
        if name == "xero.timesheet.line":
            sheet = self.rows_of("xero.timesheet", company)[:1]
            return self.env[name].create({"timesheet_id": sheet.id, "date": "2026-11-02", "units": 8, "name": "B"})
        return super().make_row(name, company, user)


@tagged("post_install", "-at_install")
class TestPayrollOracles(PayrollOfTwo, test_oracles.TestOracles):
    """What B pays nobody of A learns."""

    least_forms = 1
    # Of models of the connector's own.
    test_what_the_server_keeps_is_not_written_from_outside = None


@tagged("post_install", "-at_install")
class TestPayrollCalls(PayrollOfTwo, test_remote_calls.TestRemoteCalls):
    """What a browser may call: nobody without the right changes anything of payroll."""

    least_buttons = 20
    # Which buttons a form shows to whom is a matter of the screens here: managers approve time.
    test_what_can_be_called_is_meant_to_be = None

    def public_methods(self, name):
        cls = type(self.env[name])
        for method in dir(cls):
            defined = [c for c in cls.mro() if method in vars(c)]
            ours = defined and any(c.__module__.startswith(f"odoo.addons.{MODULE}") for c in defined)
            if ours and method.startswith("action_"):
                yield method

    def rows_to_act_on(self):
        employee = self.env["hr.employee"].search([("company_id", "=", self.company.id)], limit=1)
        hosts = {"hr.employee": employee, "xero.connection": self.first}
        rows = {name: self.rows_of(name, self.company)[:1].ids for name in self.stored_models()}
        return rows | {name: hosts[name].ids for name in self.host_fields() if name in hosts}
