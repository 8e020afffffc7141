"""Who finds leave balances where: one's own, the team's, on the timesheet (XQ-17, XQ-24, LVE-04)."""

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .time_case import TimeCase

MENUS = {"own": "menu_xero_leave_balances_my", "team": "menu_xero_leave_balances_team"}


@tagged("post_install", "-at_install")
class TestBalances(TimeCase):
    def setUp(self):
        super().setUp()
        self.bring_in("leave_balance")
        self.worker = self.new_user("worker")
        self.manager = self.new_user("manager")
        boss = self.env["hr.employee"].create(
            {"name": "Boss", "user_id": self.manager.id, "company_id": self.company.id}
        )
        self.hourly.write({"user_id": self.worker.id, "parent_id": boss.id})

    def shown(self, kind, user):
        """Employees and rows that a menu shows to somebody, as its list does."""
        menu = self.env.ref(f"xero_payroll.{MENUS[kind]}")
        self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
        action = menu.action
        balances = self.env[action.res_model].with_user(user)
        view = balances.get_view(action.view_id.id, "list")
        domain = safe_eval(action.domain, {"uid": user.id})
        named = {"fields": {"display_name": {}}}
        wanted = {name: named if name.endswith("_id") else {} for name in view["models"]["xero.leave.balance"]}
        rows = balances.web_search_read(domain, wanted)["records"]
        return {row["employee_id"]["display_name"] for row in rows}, rows

    def test_a_manager_finds_his_team(self):
        names, rows = self.shown("team", self.manager)
        self.assertEqual(names, {self.hourly.name})
        self.assertTrue(all(row["pay_item_id"] for row in rows))
        self.assertEqual(self.shown("own", self.manager)[0], set())

    def test_one_s_own_only_where_that_is_switched_on(self):
        self.assertEqual(self.shown("own", self.worker)[0], set())
        self.hourly.sudo().xero_show_balance = True
        self.assertEqual(self.shown("own", self.worker)[0], {self.hourly.name})
        self.assertEqual(self.shown("team", self.worker)[0], set())

    def test_only_while_it_is_connected(self):
        # XQ-24
        rows, connection = self.env["xero.leave.balance"], self.connection
        everything = rows.search([])
        self.assertTrue(everything and all(everything.mapped("is_current")))
        self.assertEqual(rows.with_user(self.officer).search([]), everything)
        off = {"state": "needs_reconnect"}, {"payroll_access": False}, {"tenant_id": "another"}
        for vals in off:
            with self.subTest(vals):
                before = {name: connection[name] for name in vals}
                connection.write(vals)
                self.assertFalse(rows.with_user(self.officer).search([]))
                self.assertFalse(any(everything.mapped("is_current")))
                connection.write(before)
        with self.as_request(connection) as current:
            current.action_disconnect()
        self.hourly.sudo().xero_show_balance = True
        for kind, user in (("team", self.manager), ("own", self.worker)):
            self.assertEqual(self.shown(kind, user), (set(), []))
        self.assertFalse(rows.with_user(self.officer).search([]))

    def copied(self, name, **values):
        """A time off type of the company that stands for a leave type of Xero's."""
        item = self.pay_item(name)
        wanted = {"name": name, "company_id": self.company.id, "requires_allocation": False}
        return self.env["hr.leave.type"].create({**wanted, "xero_pay_item_id": item.id, **values})

    def test_on_the_timesheet_as_the_time_off_type_says(self):
        # XQ-17: the one thing that people may choose of a type that comes from Xero
        annual = self.copied("Annual Leave")
        self.copied("Personal/Carer's Leave", xero_show_on_timesheets=False)
        timesheet = self.approved()

        def seen(user):
            timesheet.invalidate_recordset()
            return timesheet.with_user(user).balance_ids.sudo().pay_item_id.mapped("name")

        self.assertEqual(seen(self.officer), ["Annual Leave"])
        self.assertEqual(seen(self.manager), ["Annual Leave"])
        self.assertEqual(seen(self.worker), [])
        self.hourly.sudo().xero_show_balance = True
        self.assertEqual(seen(self.worker), ["Annual Leave"])
        annual.xero_show_on_timesheets = False
        self.assertEqual(seen(self.officer), [])

    def test_leave_types_to_choose_from(self):
        # LVE-04: those that a time off type stands for
        annual = self.copied("Annual Leave")
        archived = self.copied("Personal/Carer's Leave", active=False)
        self.assertTrue(archived.xero_pay_item_id.active)
        sheet = self.collect() or self.approved()
        items = self.env["xero.pay.item"].with_user(self.manager)
        line = self.env["xero.timesheet.line"]._fields["pay_item_id"]
        found = items.search(safe_eval(line.domain, {"company_id": sheet.company_id.id}))
        self.assertEqual(found.filtered(lambda item: item.kind == "leave"), annual.xero_pay_item_id)
        self.assertIn(self.ordinary, found)
        self.assertEqual(found.filtered("has_time_off_type"), annual.xero_pay_item_id)
        # On a request, they are the time off types themselves.
        request = self.env["hr.leave"]._fields["holiday_status_id"]
        offered = self.env["hr.leave.type"].with_user(self.manager).search(safe_eval(request.domain))
        self.assertEqual(offered & (annual | archived), annual)

    def test_the_form_shows_it(self):
        self.copied("Annual Leave")
        timesheet = self.approved()
        for user in (self.officer, self.manager, self.worker):
            with self.subTest(user.login), Form(timesheet.with_user(user)) as form:
                self.assertIn("balance_ids", form._view["fields"])
        with Form(timesheet.with_user(self.manager)) as form:
            (balance,) = form.balance_ids[:]
            self.assertIn("Annual Leave: ", balance.display_name)


@tagged("post_install", "-at_install")
class TestRateMap(TimeCase):
    """Which earnings rate hours are paid under is for payroll administrators (XQ-32)."""

    def test_a_payroll_administrator_keeps_the_list(self):
        admin = self.new_user("payroll_admin", "xero_payroll.group_xero_payroll_admin")
        action = self.env.ref("xero_payroll.xero_rate_map_action")
        menu = self.env.ref("xero_payroll.menu_xero_rate_map")
        rows = self.env[action.res_model].with_user(admin)
        self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(admin)._visible_menu_ids())
        with Form(rows, view="xero_payroll.xero_rate_map_view_list") as form:
            self.assertEqual(form.connection_id, self.connection)
            form.pay_item_id = self.ordinary
            form.date_from = "2026-11-02"
        row = form.record
        self.assertEqual((row.sudo().connection_id, row.company_id), (self.connection, self.company))
        row.date_from = "2026-11-09"
        row.unlink()

    def test_a_payroll_user_only_reads_it(self):
        self.env["xero.rate.map"].create({"connection_id": self.connection.id, "pay_item_id": self.ordinary.id})
        own = self.env["xero.rate.map"].with_user(self.officer)
        self.assertEqual(own.search([]).pay_item_id, self.ordinary)
        self.assertFalse(own.has_access("write"))
