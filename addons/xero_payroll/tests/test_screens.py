"""Screens: every role opens what it may, lists of leave, and what is left when the add-on goes."""

from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..hooks import uninstall_hook
from ..regions import ALL
from .test_pay_runs_changed import ChangedRuns
from .test_pull_leave import LeaveCase
from .test_roles import ROLES

ACTIONS = (
    *("xero_pay_item_action", "xero_payroll_calendar_action", "xero_leave_balance_action"),
    *("xero_pay_run_action", "xero_timesheet_action"),
)
PUSHES = {
    "hr_employee_action_push_time": "hr.employee",
    "hr_employee_action_push": "hr.employee",
    "hr_leave_action_push": "hr.leave",
}


@tagged("post_install", "-at_install")
class TestScreens(LeaveCase):
    def test_lists_and_forms_open(self):
        payroll = self.new_user("payroll", "xero_payroll.group_xero_payroll_user")
        for name in ACTIONS:
            action = self.env.ref(f"xero_payroll.{name}")
            for mode in (*action.view_mode.split(","), "search"):
                self.env[action.res_model].with_user(payroll).get_view(view_type=mode)

    def test_the_connection_shows_its_payroll(self):
        boss = self.new_user("boss", "xero_connector.group_xero_admin", "account.group_account_manager")
        with Form(self.connection.with_user(boss)) as form:
            form.pay_frequency = "WEEKLY"
            form.pay_period_start = "2026-11-02"
            self.assertIn("Timesheets to Xero", str(form.payroll_capabilities))
        self.assertTrue(self.connection.pay_period_text)

    def test_officers_open_employees(self):
        officer = self.new_user("officer", "hr.group_hr_user")
        with Form(self.employee.with_user(officer)) as form:
            self.assertTrue(form.xero_calendar_id)
            self.assertNotIn("xero_annual_salary", form._view["fields"])
            form.xero_show_balance = True
        self.assertTrue(self.employee.xero_show_balance)

    def test_leave_by_time(self):
        # XQ-18
        today = self.monday + timedelta(14)
        leaves = {}
        for name, first, last in (("past", -3, -3), ("current", 0, 1), ("upcoming", 4, 4)):
            leaves[name] = self.env["hr.leave"].create(
                {
                    "employee_id": self.employee.id,
                    "holiday_status_id": self.type.id,
                    "request_date_from": today + timedelta(first),
                    "request_date_to": today + timedelta(last),
                }
            )
        view = self.env.ref("hr_holidays.view_hr_holidays_filter")
        arch = etree.fromstring(self.env["hr.leave"].get_view(view_type="search", view_id=view.id)["arch"])
        filters = {node.get("name"): node.get("domain") for node in arch.iter("filter")}
        with freeze_time(fields.Datetime.to_datetime(today) + timedelta(hours=2)):
            for name, leave in leaves.items():
                found = self.env["hr.leave"].search(safe_eval(filters[f"xero_{name}"]))
                self.assertEqual(found & self.leaves(), leave, name)
        leaves["past"].action_approve()
        found = self.env["hr.leave"].search(safe_eval(filters["xero_to_process"]))
        self.assertEqual(found & self.leaves(), leaves["past"])

    def test_the_actions_of_lists(self):
        # PRL-02, PRL-03: of one person, of a group, as the menu of the list runs them
        payroll = self.new_user("payroll", "xero_payroll.group_xero_payroll_user")
        for xmlid, model in PUSHES.items():
            action = self.env.ref(f"xero_payroll.{xmlid}")
            self.assertEqual(action.binding_model_id.model, model)
            self.assertIn(action.id, self.offered(payroll, model))

    def offered(self, user, model):
        """Ids of the actions in the menu of a list."""
        offered = self.env["ir.actions.actions"].with_user(user).get_bindings(model).get("action", ())
        return [row["id"] for row in offered]

    def test_who_manages_staff_only_pushes_nothing(self):
        # XQ-12
        payroll = self.new_user("payroll", "xero_payroll.group_xero_payroll_user")
        manager = self.new_user("manager", "hr.group_hr_manager", "hr_holidays.group_hr_holidays_manager")
        for xmlid, model in PUSHES.items():
            self.assertNotIn(self.env.ref(f"xero_payroll.{xmlid}").id, self.offered(manager, model))
        view = self.env.ref("hr_holidays.hr_leave_view_form")
        for user, shown in ((payroll, 1), (manager, 0)):
            form = etree.fromstring(self.env["hr.leave"].with_user(user).get_view(view.id, "form")["arch"])
            self.assertEqual(len(form.xpath("//button[@name='action_xero_push']")), shown)

    def test_a_report_of_time(self):
        # XQ-28, PRL-13; whether somebody may export at all is Odoo's own right
        payroll = self.new_user("payroll", "xero_payroll.group_xero_payroll_user", "base.group_allow_export")
        days = {"date_from": self.monday, "date_to": self.monday + timedelta(6)}
        sheet = (
            self.env["xero.timesheet"]
            .create({**days, "employee_id": self.employee.id, "company_id": self.company.id})
            .with_user(payroll)
        )
        pivot = etree.fromstring(sheet.get_view(view_type="pivot")["arch"])
        self.assertEqual(pivot.xpath("//field[@type='measure']/@name"), ["total"])
        (group,) = etree.fromstring(sheet.get_view(view_type="search")["arch"]).xpath("//filter[@name='by_department']")
        self.assertEqual(safe_eval(group.get("context")), {"group_by": "department_id"})
        self.assertEqual(sheet.export_data(["employee_id/name", "total"])["datas"], [[self.employee.name, 0.0]])

    def test_timesheets_of_one_organisation(self):
        # XQ-28
        arch = etree.fromstring(self.env["xero.timesheet"].get_view(view_type="search")["arch"])
        self.assertTrue(arch.xpath("//field[@name='company_id']"))
        (group,) = arch.xpath("//filter[@name='by_company']")
        self.assertEqual(safe_eval(group.get("context")), {"group_by": "company_id"})

    def test_what_is_left_of_payroll(self):
        self.bring_in("leave_balance", "leave_application")
        uninstall_hook(self.env)
        for model in ("xero.schedule", "xero.link", "xero.event", "xero.exception", "xero.run", "xero.request"):
            rows = self.env[model].with_context(active_test=False).search([("dataset", "in", ALL)])
            self.assertFalse(rows, model)
        self.assertFalse(self.connection.payroll_access)
        self.assertTrue(self.employees())


@tagged("post_install", "-at_install")
class TestEveryMenu(ChangedRuns):
    def setUp(self):
        super().setUp()
        row = self.paid()
        self.revert(row)
        self.bring_in_runs()
        self.xero.act("post_pay_run", pay_run=row["id"])
        self.bring_in_runs()
        self.bring_in("leave_balance")
        # Whoever keeps time has the menu of timesheets.
        time = "hr_timesheet.group_hr_timesheet_user"
        self.users = {role: self.new_user(f"m_{role}", *groups, time) for role, groups in ROLES.items()}
        boss = {"name": "Boss", "user_id": self.users["manager"].id, "company_id": self.company.id}
        manager = self.env["hr.employee"].create(boss)
        self.hourly.write({"user_id": self.users["employee"].id, "parent_id": manager.id, "xero_show_balance": True})

    def test_lists_and_forms_are_read_by_whoever_has_the_menu(self):
        self.assertTrue(self.runs().move_id and self.runs().past_move_ids)
        ours = self.env["ir.model.data"].search([("module", "=", "xero_payroll"), ("model", "=", "ir.ui.menu")])
        opened = {}
        for role, user in self.users.items():
            menus = self.env["ir.ui.menu"].with_user(user)
            for menu in menus.browse(menus._visible_menu_ids() & set(ours.mapped("res_id"))).filtered("action"):
                with self.subTest(role=role, menu=menu.name):
                    opened.setdefault(role, set()).update(self.read_screens(menu.action.sudo(), user))
        self.assertEqual(opened["payroll"], opened["payroll_admin"])
        self.assertLess({"xero.payroll.desk", "xero.timesheet", "xero.pay.run"}, opened["payroll"])
        self.assertLessEqual({"xero.leave.balance", "xero.timesheet"}, opened["employee"] & opened["manager"])

    def read_screens(self, action, user):
        """Read what the views of an action show to `user`; names of the models that have rows there."""
        if action.type == "ir.actions.server":
            Form(self.opened(user).with_user(user))
            return {"xero.payroll.desk"}
        model = self.env[action.res_model].with_user(user)
        domain = safe_eval(action.domain or "[]", {"uid": user.id})
        views = {mode: view for view, mode in action.views}
        arch = etree.fromstring(model.get_view(views["list"], "list")["arch"])
        names = [node.get("name") for node in arch.xpath("/list/field")]
        self.assertLessEqual(set(names), set(model.fields_get(names)), "the browser knows no others")
        shown = {name: {"fields": {"display_name": {}}} if model._fields[name].relational else {} for name in names}
        rows = model.web_search_read(domain, shown)["records"]
        for row in rows[:2] if "form" in views else ():
            Form(model.browse(row["id"]), view=self.env["ir.ui.view"].browse(views["form"]) or None)
        return {action.res_model} if rows else set()
