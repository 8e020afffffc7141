"""Pay items of all kinds, payroll calendars, leave types (PUL-06, PRL-10, PRL-12, LVE-03, XQ-16)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestPullPayItems(PayrollCase):
    def test_pay_items_of_all_kinds(self):
        # PUL-06, PRL-10
        self.bring_in("pay_item")
        self.assertEqual(self.payroll_calls(), ["GET /payroll.xro/1.0/PayItems"])
        rows = self.env["xero.pay.item"].with_context(active_test=False).search([])
        self.assertEqual(len(rows), len(self.payroll.pay_items))
        self.assertEqual(set(rows.mapped("kind")), {"earnings", "deduction", "reimbursement", "leave"})
        overtime = self.pay_item("Overtime Hours", "earnings")
        self.assertEqual((overtime.rate_type, overtime.type_of_units, overtime.multiplier), ("MULTIPLE", "Hours", 1.5))

    def test_only_the_current_one_of_two(self):
        # PRL-19
        self.bring_in("pay_item")
        twins = self.env["xero.pay.item"].with_context(active_test=False).search([("name", "=", "Ordinary Hours")])
        self.assertEqual(sorted(twins.mapped("active")), [False, True])
        self.assertEqual(self.pay_item("Ordinary Hours", "earnings"), twins.filtered("active"))
        self.assertTrue(twins.filtered("active").for_timesheets)
        self.assertFalse(twins.filtered(lambda twin: not twin.active).for_timesheets)
        self.assertFalse(self.pay_item("Tool Allowance", "earnings").for_timesheets)

    def test_what_timesheets_do_not_take(self):
        # XW-17: each of the three causes is said
        self.bring_in("pay_item")
        everything = self.env["xero.pay.item"].with_context(active_test=False)
        notes = {}
        for item in everything.search([("kind", "=", "earnings")]):
            notes[item.name, item.active] = item.timesheet_note or ""
        self.assertIn("not current", notes["Ordinary Hours", False])
        self.assertIn("Another one of that name", notes["Ordinary Hours", True])
        self.assertIn("hours only", notes["Tool Allowance", True])
        self.assertIn("spaces too many", notes["Travel  Time ", True])
        self.assertFalse(notes["Overtime Hours", True])

    def test_what_is_archived_in_xero_rests(self):
        self.bring_in("pay_item")
        self.xero.act("archive", pay_item="Double Time")
        self.bring_in("pay_item")
        self.assertFalse(self.pay_item("Double Time", "earnings"))

    def test_calendars(self):
        # PRL-12, PRL-21
        self.xero.act("make_calendar", name="Quarter", type="QUARTERLY", start="2026-01-01", payment="2026-04-03")
        self.bring_in("payroll_calendar")
        calendars = self.env["xero.payroll.calendar"].search([])
        self.assertEqual(
            dict(zip(calendars.mapped("name"), calendars.mapped("calendar_type"), strict=True)),
            {
                "Weekly Calendar": "WEEKLY",
                "Fortnightly Calendar": "FORTNIGHTLY",
                "Monthly Calendar": "MONTHLY",
                "Quarter": "QUARTERLY",
            },
        )
        self.assertTrue(all(calendars.mapped("start_date")) and all(calendars.mapped("payment_date")))
        boss = self.new_user("boss", "xero_payroll.group_xero_payroll_admin", "xero_connector.group_xero_admin")
        for operation in ("create", "write", "unlink"):
            self.assertFalse(calendars.with_user(boss).has_access(operation), operation)
        self.assertFalse([call for call in self.payroll_calls() if not call.startswith("GET")])

    def test_copying_leave_types(self):
        # LVE-03, XQ-16
        boss = self.new_user("boss", "xero_payroll.group_xero_payroll_admin")
        connection = self.connection.with_user(boss)
        wizards = self.env["xero.leave.type.wizard"].with_user(boss)
        with self.assertRaisesRegex(UserError, "import Xero Leave Types first"):
            connection.action_copy_leave_types()
        self.assertEqual(connection.leave_types_to_copy, 0)
        self.bring_in("leave_type")
        connection.invalidate_recordset()
        self.assertEqual(connection.leave_types_to_copy, 5)
        wizard = wizards.browse(connection.action_copy_leave_types()["res_id"])
        self.assertEqual(len(wizard.line_ids), 5)
        wizard.line_ids.filtered(lambda line: line.pay_item_id.name in ("Annual Leave", "Unpaid Leave")).ticked = True
        wizard.action_copy()
        types = self.env["hr.leave.type"].search([("xero_pay_item_id", "!=", False)])
        self.assertEqual(sorted(types.mapped("name")), ["Annual Leave", "Unpaid Leave"])
        self.assertEqual(types.company_id, self.company)
        self.assertEqual(types.mapped("request_unit"), ["hour", "hour"])
        # Entitlements stay in Xero (XQ-22).
        self.assertEqual(types.mapped("requires_allocation"), [False, False])
        self.assertFalse(self.env["hr.leave.allocation"].search([("holiday_status_id", "in", types.ids)]))
        # What is there is not offered again.
        wizard = wizards.browse(connection.action_copy_leave_types()["res_id"])
        self.assertEqual(len(wizard.line_ids), 3)
        connection.invalidate_recordset()
        self.assertEqual(connection.leave_types_to_copy, 3)

    def test_only_payroll_administrators_copy(self):
        self.bring_in("leave_type")
        clerk = self.new_user("clerk", "xero_payroll.group_xero_payroll_user")
        with self.assertRaises(AccessError):
            self.connection.with_user(clerk).action_copy_leave_types()

    def test_the_lock_holds_whatever_company_is_selected(self):
        # XQ-17
        self.bring_in("leave_type")
        item = self.pay_item("Annual Leave")
        leave_type = self.env["hr.leave.type"].create(
            {"name": "Annual Leave", "company_id": self.company.id, "xero_pay_item_id": item.id}
        )
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        other = self.env["res.company"].create({"name": "Other"})
        companies = self.company | branch | other
        manager = self.new_user("manager", "hr_holidays.group_hr_holidays_manager", companies=companies)
        for company in companies:
            selected = [company.id, *(companies - company).ids]
            own = leave_type.with_user(manager).with_context(allowed_company_ids=selected)
            with self.subTest(company.name):
                with self.assertRaisesRegex(UserError, "change it there"):
                    own.name = "Holidays"
                with self.assertRaisesRegex(UserError, "payroll administrator"):
                    own.time_type = "other"
                own.xero_show_on_timesheets = not own.xero_show_on_timesheets

    def test_which_leave_type_it_is_only_payroll_administrators_say(self):
        # LVE-07
        self.bring_in("leave_type")
        item = self.pay_item("Annual Leave")
        manager = self.new_user("manager", "hr_holidays.group_hr_holidays_manager")
        types = self.env["hr.leave.type"].with_user(manager)
        vals = {"name": "Annual Leave", "company_id": self.company.id}
        own = types.create({**vals, "xero_pay_item_id": False})
        with self.assertRaisesRegex(UserError, "Annual Leave.*payroll administrator"):
            own.xero_pay_item_id = item
        with self.assertRaisesRegex(UserError, "Annual Leave.*payroll administrator"):
            types.create({**vals, "xero_pay_item_id": item.id})
        own.write({"name": "Holidays", "time_type": "other"})
        administrator = self.new_user(
            "administrator", "xero_payroll.group_xero_payroll_admin", "hr_holidays.group_hr_holidays_manager"
        )
        own.with_user(administrator).xero_pay_item_id = item
        self.assertFalse(own.copy({"name": "Another"}).xero_pay_item_id)

    def test_leave_types_are_changed_in_xero(self):
        # XQ-17
        self.bring_in("leave_type")
        item = self.pay_item("Annual Leave")
        leave_type = self.env["hr.leave.type"].create(
            {"name": "Annual Leave", "company_id": self.company.id, "xero_pay_item_id": item.id}
        )
        manager = self.new_user("manager", "hr_holidays.group_hr_holidays_manager")
        with self.assertRaisesRegex(UserError, "change it there"):
            leave_type.with_user(manager).name = "Holidays"
        other = self.pay_item("Community Service Leave") or self.pay_item("Long Service Leave")
        self.assertTrue(other)
        for vals in ({"xero_pay_item_id": other.id}, {"xero_pay_item_id": False}, {"time_type": "other"}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "Annual Leave.*payroll administrator"):
                leave_type.with_user(manager).write(vals)
        self.assertEqual(leave_type.xero_pay_item_id, item)
        administrator = self.new_user("administrator", "xero_payroll.group_xero_payroll_admin")
        leave_type.with_user(administrator).xero_pay_item_id = other
        leave_type.with_user(administrator).xero_pay_item_id = item
        leave_type.with_user(manager).write({"active": False, "xero_show_on_timesheets": False})
        leave_type.active = True
        self.xero.act("rename", pay_item="Annual Leave", name="Annual Leave (AU)")
        self.bring_in("leave_type")
        self.assertEqual(leave_type.name, "Annual Leave (AU)")

    def test_types_that_are_one_in_xero_keep_their_names(self):
        # XQ-17: two of one company, and one that companies share, each of which has a name for it
        self.bring_in("leave_type")
        annual, sick = self.pay_item("Annual Leave"), self.pay_item("Personal/Carer's Leave")
        names = {"Annual Leave": annual, "Annual Leave, Booked Ahead": annual}
        types = self.env["hr.leave.type"].create(
            [
                *(
                    {"name": name, "company_id": self.company.id, "xero_pay_item_id": item.id}
                    for name, item in names.items()
                ),
                {"name": "Sick", "company_id": False, "xero_pay_item_id": sick.id},
            ]
        )
        self.bring_in("leave_type")
        self.assertEqual(types.mapped("name"), [*names, "Sick"])
        # What no import keeps as it is in Xero, people may change.
        manager = self.new_user("manager", "hr_holidays.group_hr_holidays_manager")
        types[1].with_user(manager).name = "Booked Ahead"
        with self.assertRaisesRegex(UserError, "change it there"):
            types[1].with_user(manager).request_unit = "half_day"
        types[0].unlink()
        self.bring_in("leave_type")
        self.assertEqual(types[1].name, "Annual Leave")
