"""Who sees what of payroll: every model and every field of this add-on (SEC-05, XQ-24, B28)."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PayrollCase

ROLES = {
    "employee": ("base.group_user",),
    "manager": ("base.group_user",),  # of a team
    "accountant": ("account.group_account_manager", "xero_connector.group_xero_admin"),
    "auditor": ("xero_connector.group_xero_auditor", "account.group_account_readonly"),
    "officer": ("hr.group_hr_user",),
    "payroll": ("xero_payroll.group_xero_payroll_user",),
    "payroll_admin": ("xero_payroll.group_xero_payroll_admin",),
}
EVERYBODY = set(ROLES)
PAYROLL = {"payroll", "payroll_admin"}
STAFF = {"officer", *PAYROLL}
READ, EDIT = {"read"}, {"read", "write", "create", "unlink"}
MODELS = {
    "xero.pay.item": dict.fromkeys(EVERYBODY, READ),
    "xero.payroll.calendar": dict.fromkeys(EVERYBODY, READ),
    "xero.leave.balance": dict.fromkeys(EVERYBODY, READ),
    "xero.pay.run": dict.fromkeys(PAYROLL, READ),
    "xero.payslip": dict.fromkeys(PAYROLL, READ),
    "xero.pay.template": dict.fromkeys(PAYROLL, READ),
    "xero.timesheet": dict.fromkeys(EVERYBODY, EDIT),
    "xero.timesheet.line": dict.fromkeys(EVERYBODY, EDIT),
    "xero.rate.map": {"payroll": READ, "payroll_admin": EDIT},
    "xero.payroll.desk": dict.fromkeys(PAYROLL, EDIT),
    "xero.payroll.desk.line": dict.fromkeys(PAYROLL, EDIT),
    "xero.leave.type.wizard": {"payroll_admin": EDIT},
    "xero.leave.type.wizard.line": {"payroll_admin": EDIT},
}
# Fields of ours that not everybody may read who may read the model.
OWN_FIELDS = {
    "xero.pay.run": {"booked": set()},
    "xero.timesheet": {"employee_type": PAYROLL, "sent_lines": set(), "sent_before": set()},
    "xero.timesheet.line": {"xero_problem": PAYROLL},
    "xero.pay.template": {"content": set()},
}
SETTINGS = (
    *("payroll_problem", "payroll_capabilities", "on_missing_employee", "sync_salaries"),
    *("sync_leave", "pull_leave_balances", "sync_pay_runs", "pay_frequency", "pay_period_start", "pay_run_date"),
    *("pay_period_text", "next_pay_run_date", "hours_source", "push_status_timesheet", "payroll_push_target"),
    *("push_employees", "new_employee_calendar_id", "time_rounding", "time_capture", "time_no_future"),
    *("time_max_hours", "time_min_rest", "wages_posted_by", "wages_entry", "wages_entry_from", "wages_journal_id"),
    *("wages_account_id", "wages_super_account_id", "wages_reimbursement_account_id", "wages_payable_account_id"),
    *("wages_employer_tax_account_id", "wages_tax_payable_account_id", "wages_super_payable_account_id"),
    "wages_deduction_payable_account_id",
)
# Fields on models of others, and who may read them who may read the model.
FIELDS = {
    "account.move": {"xero_pay_run": set()},
    "hr.employee": {
        **dict.fromkeys(("xero_calendar_id", "xero_employment", "xero_show_balance", "xero_balance_ids"), STAFF),
        **dict.fromkeys(
            ("xero_earnings_rate_id", "xero_pay_item_ids", "xero_paid_from", "xero_annual_salary"), PAYROLL
        ),
        **dict.fromkeys(("xero_ni_category", "xero_told_from", "xero_late_from"), PAYROLL),
    },
    "hr.leave": {
        "xero_leave_status": EVERYBODY,
        "xero_pay_item_id": EVERYBODY,
        "xero_balance_at_request": STAFF,
        "xero_timesheet_id": set(),
        "xero_by_hand": set(),
    },
    "hr.leave.type": {"xero_pay_item_id": EVERYBODY, "xero_show_on_timesheets": EVERYBODY},
    "xero.schedule": {"again_at": EVERYBODY},
    # Settings, no figures: whoever sees the connection sees them.
    "xero.connection": {
        **dict.fromkeys(SETTINGS, EVERYBODY),
        "rate_map_ids": PAYROLL,
        "leave_types_to_copy": {"payroll_admin"},
    },
}
# From the connector, shown to others here.
MIXIN = (
    *("xero_link_id", "xero_state", "xero_number", "xero_status", "xero_url", "xero_message", "xero_pushable"),
    *("xero_file_count", "xero_warning", "xero_waits_for", "xero_can_approve"),
)


@tagged("post_install", "-at_install")
class TestRoles(PayrollCase):
    def setUp(self):
        super().setUp()
        self.users = {role: self.new_user(f"r_{role}", *groups) for role, groups in ROLES.items()}

    def readers_of(self, field):
        model = self.env[field.model_name]
        return {role for role, user in self.users.items() if model.with_user(user)._has_field_access(field, "read")}

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_models(self):
        ours = self.env["ir.model.data"].search([("module", "=", "xero_payroll"), ("model", "=", "ir.model")])
        names = set(self.env["ir.model"].browse(ours.mapped("res_id")).mapped("model"))
        names = {name for name in names if not self.env[name]._abstract and not name.startswith("xero.dataset")}
        own = {name for name in names if name.startswith("xero.") and self.env[name]._original_module == "xero_payroll"}
        self.assertEqual(own, set(MODELS))
        for model, rights in MODELS.items():
            for role, user in self.users.items():
                allowed = {name for name in EDIT if self.env[model].with_user(user).has_access(name)}
                self.assertEqual(allowed, rights.get(role, set()), f"{role} on {model}")

    def test_every_field_of_ours(self):
        for model in MODELS:
            expected = {**OWN_FIELDS.get(model, {}), **self.of_mixin(model)}
            for field in self.env[model]._fields.values():
                wanted = expected.get(field.name, EVERYBODY)
                self.assertEqual(self.readers_of(field), wanted, str(field))

    def of_mixin(self, model):
        """Who reads what the connector's mixin adds; links themselves nobody does."""
        names = {*MIXIN, "xero_status_label"} & set(self.env[model]._fields)
        return {**dict.fromkeys(names, STAFF), "xero_link_ids": set()} if names else {}

    def test_every_field_on_others_models(self):
        hosts = [name for name in self.registry if name not in MODELS and not self.env[name]._abstract]
        added = {
            name: {
                field.name
                for field in self.env[name]._fields.values()
                if not field.inherited
                and field._modules
                and field._modules[0] == "xero_payroll"
                and not field.name.startswith("xero_link")
            }
            - {*MIXIN, "xero_status_label"}
            for name in hosts
        }
        found = {name: names for name, names in added.items() if names}
        self.assertEqual(set(found), set(FIELDS))
        for model, names in found.items():
            self.assertEqual(names, set(FIELDS[model]), model)
        for model, expected in FIELDS.items():
            for name, roles in expected.items():
                field = self.env[model]._fields[name]
                found = self.readers_of(field)
                self.assertEqual(found, roles, f"{model}.{name}")

    def test_links_of_staff(self):
        for model in ("hr.employee", "hr.leave", "xero.timesheet"):
            for name in MIXIN:
                field = self.env[model]._fields[name]
                found = self.readers_of(field)
                self.assertEqual(found, STAFF, f"{model}.{name}")

    def test_rows(self):
        """Of time and leave everybody sees his own or his team's; of pay nobody but payroll sees a row."""
        self.bring_in_staff()
        self.bring_in("leave_balance")
        self.connection.payroll_push_target = "pay_template"
        self.bring_in("pay_template")
        worker, colleague, *_others = self.employees()
        boss = self.env["hr.employee"].create(
            {"name": "Boss", "user_id": self.users["manager"].id, "company_id": self.company.id}
        )
        worker.write({"user_id": self.users["employee"].id, "parent_id": boss.id})
        for employee in (worker, colleague):
            period = {"date_from": "2026-11-02", "date_to": "2026-11-08", "company_id": self.company.id}
            item = self.env["xero.pay.item"].search([("for_timesheets", "=", True)], limit=1)
            line = {"date": "2026-11-02", "units": 8, "pay_item_id": item.id}
            self.env["xero.timesheet"].create({"employee_id": employee.id, **period, "line_ids": [(0, 0, line)]})
        seen = {
            "xero.timesheet": {"employee": worker, "manager": worker},
            "xero.timesheet.line": {"employee": worker, "manager": worker},
            "xero.leave.balance": {"manager": worker},
            "xero.pay.template": {},
        }
        for model, by_role in seen.items():
            everybody = self.env[model].search([]).employee_id
            self.assertLessEqual(worker | colleague, everybody, model)
            for role, user in self.users.items():
                rows = self.env[model].with_user(user)
                found = rows.search([]).sudo().employee_id if rows.has_access("read") else self.env["hr.employee"]
                expected = everybody if role in PAYROLL else by_role.get(role, self.env["hr.employee"])
                self.assertEqual(found, expected, f"{role} in {model}")
        worker.xero_show_balance = True
        own = self.env["xero.leave.balance"].with_user(self.users["employee"]).search([])
        self.assertEqual(own.sudo().employee_id, worker)

    def test_problems_and_history_of_payroll(self):
        """They name people, their leave and what they are paid for: nobody but payroll reads a row (SEC-05)."""
        self.bring_in_staff()
        employee = self.employee_of(self.person(1))
        leave_type = self.env["hr.leave.type"].create(
            {"name": "Community Service", "company_id": self.company.id, "requires_allocation": False}
        )
        first = employee.xero_calendar_id.start_date
        first += timedelta(-first.weekday() % 7)  # nobody works on some first days
        leave = self.env["hr.leave"].create(
            {
                "employee_id": employee.id,
                "holiday_status_id": leave_type.id,
                "request_date_from": first,
                "request_date_to": first,
            }
        )
        leave.action_approve()
        self.push(leave, self.users["payroll"])
        invoice = self.invoice(lines=[{"quantity": 1, "price_unit": 5, "account_id": self.income.copy().id}])
        self.push(invoice)
        batch = self.env["xero.run"].sudo().search([("kind", "=", "push")], limit=1)
        rows = [(record._name, record.id) for record in (leave, invoice)]
        documents = [{"run_id": batch.id, "model": model, "res_id": number, "live": False} for model, number in rows]
        self.env["xero.batch.document"].create(documents)
        decided = {"connection_id": self.connection.id, "company_id": self.company.id, "decision": "rejected"}
        self.env["xero.approval"].sudo().create(
            [
                {**decided, "model": model, "res_id": number, "user_id": self.env.uid, "fingerprint": model}
                for model, number in rows
            ]
        )
        of_payroll = {"hr.leave", "hr.employee"}
        for model in ("xero.exception", "xero.event", "xero.link", "xero.batch.document", "xero.approval"):
            for role, user in self.users.items():
                own = self.env[model].with_user(user)
                if not own.has_access("read"):
                    continue
                found = set(own.search([("model", "!=", False)]).mapped("model"))
                self.assertEqual(bool(found & of_payroll), role in PAYROLL, f"{role} in {model}")
                self.assertIn("account.move", found, f"{role} in {model}")

    def test_no_data_set_of_payroll_is_forgotten(self):
        # A new one has to be added to the rules.
        everything = {name for name in self.registry if name.startswith("xero.dataset.")}
        ours = {self.env[name]._key for name in everything if self.env[name]._original_module == "xero_payroll"}
        for name in ("exception", "event", "link"):
            rule = self.env.ref(f"xero_payroll.rule_xero_{name}_accounting")
            for key in ours - {None, False}:
                self.assertIn(f"'{key}'", rule.domain_force, name)
        batches = self.env.ref("xero_payroll.rule_xero_run_accounting").domain_force
        for name in everything:
            dataset = self.env[name]
            if dataset._in_batches and dataset._original_module == "xero_payroll":
                for kind in dataset._kinds:
                    self.assertIn(f"'{kind}'", batches)

    def test_names_of_deductions(self):
        # What lessens somebody's pay is for payroll only.
        self.bring_in("pay_item")
        for role, user in self.users.items():
            kinds = set(self.env["xero.pay.item"].with_user(user).search([]).mapped("kind"))
            self.assertEqual("deduction" in kinds, role in PAYROLL, role)

    def test_pay_runs_and_salaries(self):
        self.bring_in_staff()
        self.connection.sync_salaries = True
        self.bring_in("employee", everything=True)
        self.xero.act("post_pay_run", calendar="Fortnightly Calendar")
        self.bring_in("pay_run")
        for role in EVERYBODY - PAYROLL:
            user = self.users[role]
            self.assertFalse(self.env["xero.payslip"].with_user(user).has_access("read"), role)
            self.assertFalse(self.env["xero.pay.run"].with_user(user).has_access("read"), role)
        run = self.env["xero.pay.run"].with_user(self.users["payroll"]).search([])
        self.assertTrue(run.payslip_ids.mapped("net_pay"))

    def test_companies_are_apart(self):
        # SEC-06
        self.bring_in_staff()
        self.bring_in("leave_balance")
        self.xero.act("post_pay_run", calendar="Fortnightly Calendar")
        self.bring_in("pay_run")
        other = self._make_company("Second Trading")
        stranger = self.new_user("stranger", "xero_payroll.group_xero_payroll_admin", companies=other)
        for model in ("xero.pay.item", "xero.payroll.calendar", "xero.leave.balance", "xero.pay.run", "xero.payslip"):
            self.assertTrue(self.env[model].search([]), model)
            theirs = self.env[model].with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(theirs.search([]), model)

    def test_accounting_imports_without_seeing(self):
        # SEC-05: whoever may import sees counts, no figures
        accountant = self.users["accountant"]
        with self.as_request(self.connection, accountant) as connection:
            connection._import(["pay_item", "payroll_calendar", "employee"])
        self.assertEqual(len(self.employees()), 4)
        employee = self.employees()[0].with_user(accountant)
        self.assertFalse(employee.sudo().env["xero.payslip"].with_user(accountant).has_access("read"))
