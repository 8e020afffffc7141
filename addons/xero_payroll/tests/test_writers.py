"""Who writes what of payroll: every field of this add-on, its models' and those that it adds to others' (SEC-05)."""

from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_roles import FIELDS, MODELS, PAYROLL, ROLES, STAFF
from .time_case import TimeCase

ADMIN = {"payroll_admin"}
TIME = {"employee", "manager", *PAYROLL}  # one's own, one's team's
NOBODY = set()
# Who writes the fields of a model, and those that others write. What Xero says, and what is counted, nobody does.
WRITERS = {
    "xero.timesheet": (
        TIME,
        dict.fromkeys(("state", "by_hand", "sent_lines", "sent_before", "total", "department_id"), NOBODY),
    ),
    "xero.timesheet.line": (
        TIME,
        dict.fromkeys(
            (
                *("company_id", "employee_id", "time_from", "time_to"),
                *("source_model", "source_id", "source_date", "source_item_id"),
            ),
            NOBODY,
        ),
    ),
    "xero.rate.map": (ADMIN, {}),
    "xero.payroll.desk": (PAYROLL, dict.fromkeys(("ready_count", "total_count"), NOBODY)),
    "xero.payroll.desk.line": (NOBODY, {"desk_id": PAYROLL}),
    "xero.leave.type.wizard": (NOBODY, {}),
    "xero.leave.type.wizard.line": (ADMIN, {"pay_item_id": NOBODY}),
    "hr.employee": (
        NOBODY,
        {
            **dict.fromkeys(("xero_paid_from", "xero_ni_category", "xero_late_from"), PAYROLL),
            "xero_show_balance": STAFF,
        },
    ),
    "hr.leave": (NOBODY, {}),
    "hr.leave.type": (ADMIN, {}),
    "xero.connection": ({"accountant"}, {}),
}


@tagged("post_install", "-at_install")
class TestWriters(TimeCase):
    def setUp(self):
        super().setUp()
        self.connection.payroll_push_target = "pay_template"
        self.bring_in("leave_balance", "pay_template")
        self.post_pay_run("Fortnightly Calendar")
        self.bring_in("pay_run")
        self.users = {role: self.new_user(f"w_{role}", *groups) for role, groups in ROLES.items()}
        boss = self.env["hr.employee"].create(
            {"name": "Boss", "user_id": self.users["manager"].id, "company_id": self.company.id}
        )
        self.hourly.write({"user_id": self.users["employee"].id, "parent_id": boss.id})
        self.work_week(self.hourly)
        self.collect()
        self.env["xero.rate.map"].create({"connection_id": self.connection.id, "pay_item_id": self.ordinary.id})

    def asked_leave(self):
        """Leave that nobody has granted yet."""
        leave_type = self.env["hr.leave.type"].create(
            {
                "name": self.leave_name,
                "company_id": self.company.id,
                "requires_allocation": False,
                "leave_validation_type": "both",
                "xero_pay_item_id": self.pay_item(self.leave_name).id,
            }
        )
        days = dict.fromkeys(("request_date_from", "request_date_to"), self.weekly.start_date)
        return self.env["hr.leave"].create({"employee_id": self.hourly.id, "holiday_status_id": leave_type.id, **days})

    def own_rows(self, user):
        """A row of each wizard, as the user himself has it open."""
        desk = self.env["xero.payroll.desk"].with_user(user).sudo()
        desk = desk.create(
            {"connection_id": self.connection.id, "calendar_id": self.weekly.id, "line_ids": [(0, 0, {"count": 1})]}
        )
        line = (0, 0, {"pay_item_id": self.pay_item(self.leave_name).id})
        wizard = self.env["xero.leave.type.wizard"].with_user(user).sudo()
        wizard = wizard.create({"connection_id": self.connection.id, "line_ids": [line]})
        return {row._name: row for row in (desk, desk.line_ids, wizard, wizard.line_ids)}

    def fields_of(self, model):
        """Fields of ours that a write could change; rows behind a field have rights of their own."""
        return [
            field
            for name, field in self.env[model]._fields.items()
            if field._modules[:1] == ("xero_payroll",)
            and (field.store or field.inverse)
            and field.type != "one2many"
            and name not in MAGIC_COLUMNS
        ]

    def may_write(self, row, field, user):
        """Whether a write goes through: of what is there already, of a time off type something else."""
        value = field.convert_to_write(row.sudo()[field.name], row)
        if row._name == "hr.leave.type":
            value = not value
        try:
            with self.cr.savepoint():
                row.with_user(user).write({field.name: value})
                self.env.flush_all()
        except UserError:
            return False
        return True

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_every_field(self):
        leave = self.asked_leave()
        entry = self.env["account.move"].create({"move_type": "entry"})
        rows = {row._name: row for row in (self.hourly, leave, leave.holiday_status_id, self.connection, entry)}
        rows_of = {role: {**rows, **self.own_rows(user)} for role, user in self.users.items()}
        self.assertLessEqual(set(WRITERS), {*MODELS, *FIELDS})
        for model in sorted({*MODELS, *FIELDS}):
            default, others = WRITERS.get(model, (NOBODY, {}))
            names = {field.name for field in self.fields_of(model)}
            self.assertLessEqual(set(others), names, model)
            for field in self.fields_of(model):
                found = set()
                for role, user in self.users.items():
                    row = rows_of[role].get(model) or self.env[model].search([], limit=1)
                    self.assertTrue(row, model)
                    if self.may_write(row, field, user):
                        found.add(role)
                self.assertEqual(found, others.get(field.name, default), str(field))

    def test_of_leave_nobody_asks_with_what_xero_says(self):
        leave = self.asked_leave()
        values = {name: leave[name] for name in ("request_date_from", "request_date_to")}
        values = {**values, "holiday_status_id": leave.holiday_status_id.id, "employee_id": self.hourly.id}
        own = self.env["hr.leave"].with_user(self.users["employee"])
        with self.assertRaisesRegex(AccessError, "Only the server writes xero_leave_status"):
            own.create({**values, "xero_leave_status": "taken"})
