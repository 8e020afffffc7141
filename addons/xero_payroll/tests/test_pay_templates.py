"""Hours go to the employees' pay templates; whatever else stands there stays as it is (PRL-05, K11)."""

import json
import time
from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NewZealand, UnitedKingdom
from .test_push_groups import GroupCase
from .time_case import WEEK, TimeCase

SUM = Decimal("37.60")


class TemplateCase(TimeCase):
    """The company sends hours to pay templates."""

    rate_name = "Ordinary Hours"
    overtime_name = "Overtime Hours"

    def setUp(self):
        super().setUp()
        self.connection.payroll_push_target = "pay_template"
        self.ordinary, self.overtime = self.rate(self.rate_name), self.rate(self.overtime_name)
        self.hourly.sudo().xero_paid_from = "timesheet"
        everything = {"connection_id": self.connection.id, "pay_item_id": self.ordinary.id}
        night = self.env["project.task"].create({"name": "Night shift", "project_id": self.project.id})
        at_night = {**everything, "kind_ref": f"project.task,{night.id}", "pay_item_id": self.overtime.id}
        self.env["xero.rate.map"].create([everything, at_night])
        self.night = {"task_id": night.id}
        self.read_templates()

    def read_templates(self):
        self.bring_in("pay_template")
        self.forget_calls()

    def lines(self, employee=None):
        """Lines of a pay template in Xero, by earnings rate."""
        row = self.payroll.employees.get((employee or self.hourly).xero_link_id.xero_id)
        self.assertEqual(len({line["rate"] for line in row["template"]}), len(row["template"]))
        return {line["rate"]: line for line in row["template"]}

    def units(self, rate, employee=None):
        return self.lines(employee)[rate.xero_id]["units"]

    def edit(self, **values):
        """Somebody changes the first line of the template in Xero."""
        row = self.payroll.employees.get(self.hourly.xero_link_id.xero_id)
        first, *others = row["template"]
        self.payroll.employees.put({**row, "template": [{**first, **values}, *others]})

    def writes(self):
        return [call for call in self.payroll_calls() if not call.startswith("GET")]

    def next_period(self):
        """The pay run is posted, and Odoo knows."""
        self.xero.act("post_pay_run", calendar="Weekly Calendar")
        self.bring_in("pay_run", "payroll_calendar")
        self.weekly.invalidate_recordset()
        self.forget_calls()

    def wages(self):
        """What the employee has got in the last pay run, by earnings rate."""
        run = max(self.payroll.pay_runs, key=lambda row: row["start"])
        slips = self.payroll.payslips.group("run", run["id"])
        (slip,) = [slip for slip in slips if slip["employee"] == self.hourly.xero_link_id.xero_id]
        return {line["rate"]: line["units"] for line in slip["earnings"] if line["amount"]}


class Shared:
    """What holds in all countries."""

    def test_hours_become_lines(self):
        before = self.lines()
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.assertEqual(self.units(self.ordinary), SUM)
        self.assertEqual((timesheet.state, timesheet.xero_state), ("pushed", "synced"))
        self.assertEqual(list(self.payroll.timesheets), [])
        for rate, line in before.items():
            kept = {**line, "id": None, "units": None}
            self.assertEqual({**self.lines()[rate], "id": None, "units": None}, kept)
        self.assertEqual(len(self.writes()), 1)
        self.forget_calls()
        self.push(timesheet, self.officer)
        self.assertEqual(self.payroll_calls(), [])

    def test_hours_are_paid_once(self):
        self.push(self.approved(), self.officer)
        self.next_period()
        self.assertEqual(self.wages(), {self.ordinary.xero_id: SUM})
        # Nobody worked: without an empty timesheet they would be paid again.
        timesheet = self.collect().filtered(lambda row: row.employee_id == self.hourly)
        self.assertFalse(timesheet.line_ids)
        self.push(self.approve(timesheet), self.officer)
        self.assertEqual((timesheet.xero_state, self.units(self.ordinary)), ("synced", 0))
        self.next_period()
        self.assertEqual(self.wages(), {})
        self.assertFalse(self.collect())

    def test_other_rates_in_the_next_period(self):
        first = self.approved()
        self.push(first, self.officer)
        self.next_period()
        self.assertEqual(first.xero_link_id.xero_status, "PROCESSED")
        self.work_hours(self.hourly, self.weekly.start_date, 3, **self.night)
        second = self.approve(self.collect())
        self.push(second, self.officer)
        self.assertEqual((second.xero_state, self.problem(second)), ("synced", False))
        self.assertEqual((self.units(self.ordinary), self.units(self.overtime)), (0, 3))
        self.next_period()
        self.assertEqual(self.wages(), {self.overtime.xero_id: 3})

    def test_a_timesheet_of_other_days_is_not_paid(self):
        week = self.approved()
        other = self.env["xero.timesheet"]._begin(self.hourly, self.weekly, week.date_from, week.date_from)
        other.line_ids = [(0, 0, {"date": week.date_from, "units": 1, "pay_item_id": self.ordinary.id})]
        self.push(week | self.approve(other), self.officer)
        self.assertEqual((week.xero_state, self.problem(other)), ("synced", "timesheet_not_period"))
        self.next_period()
        self.assertEqual((week.xero_status, other.xero_status), ("PROCESSED", False))
        other.with_user(self.officer).action_reopen()
        self.assertEqual(other.state, "draft")

    def test_hours_that_change_after_the_pay_run(self):
        (line, *_others) = self.work_week(self.hourly)
        self.push(self.approve(self.collect()), self.officer)
        self.next_period()
        line.unit_amount += 2
        timesheet = self.collect().filtered(lambda row: row.date_from == self.weekly.start_date)
        self.assertEqual(timesheet.total, 2)

    def test_corrected_before_the_pay_run(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        timesheet.with_user(self.officer).action_reopen()
        self.work_hours(self.hourly, timesheet.date_from, 1.5, **self.night)
        self.push(self.approve(self.collect()), self.officer)
        self.assertEqual((self.units(self.ordinary), self.units(self.overtime)), (SUM, Decimal("1.5")))

    def test_changed_in_xero_since_it_was_read(self):
        timesheet = self.approved()
        self.edit(price=Decimal("51.25"))
        self.push(timesheet, self.officer)
        self.assertEqual((self.problem(timesheet), self.writes()), ("pay_template_changed", []))
        self.assertNotIn("51", self.problems("pay_template_changed").cause)
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_state, self.problem(timesheet)), ("synced", False))
        self.assertIn(Decimal("51.25"), [line["price"] for line in self.lines().values()])
        self.assertEqual(self.units(self.ordinary), SUM)

    def test_read_by_itself_the_first_time(self):
        self.env["xero.pay.template"].search([]).unlink()
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_state, self.units(self.ordinary)), ("synced", SUM))
        self.assertEqual(len(self.writes()), 1)

    def test_a_later_period_waits(self):
        timesheet = self.approved()
        later = self.env["xero.timesheet"].create(
            {
                "employee_id": self.hourly.id,
                "company_id": self.company.id,
                "date_from": timesheet.date_to + timedelta(days=1),
                "date_to": timesheet.date_to + timedelta(days=7),
                "line_ids": [
                    (0, 0, {"date": timesheet.date_to + timedelta(1), "units": 1, "pay_item_id": self.ordinary.id})
                ],
            }
        )
        self.push(self.approve(later), self.officer)
        self.assertEqual((later.xero_state, self.problem(later)), ("held", "pay_template_later"))
        self.assertEqual(self.payroll_calls(), [])

    def test_never_in_both_places(self):
        self.connection.payroll_push_target = "timesheet"
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.assertEqual(len(self.rows_of(self.hourly)), 1)
        self.connection.payroll_push_target = "pay_template"
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), "pay_template_timesheet")
        self.assertFalse(self.lines().get(self.ordinary.xero_id, {}).get("units"))

    def test_back_to_timesheets(self):
        self.push(self.approved(), self.officer)
        self.next_period()
        self.connection.payroll_push_target = "timesheet"
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.assertEqual((self.problem(timesheet), self.writes()), ("time_in_pay_template", []))
        row = self.payroll.employees.get(self.hourly.xero_link_id.xero_id)
        cleared = [{**line, "units": None} for line in row["template"]]
        self.payroll.employees.put({**row, "template": cleared})
        self.bring_in("pay_template")
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_state, self.problem(timesheet)), ("synced", False))

    def test_two_lines_of_one_rate(self):
        row = self.payroll.employees.get(self.hourly.xero_link_id.xero_id)
        again = {**row["template"][-1], "id": "00000000-0000-4000-8000-0000000000aa"}
        self.payroll.employees.put({**row, "template": [*row["template"], again]})
        self.read_templates()
        self.work_hours(self.hourly, self.weekly.start_date, 3, **self.night)
        timesheet = self.approve(self.collect())
        self.push(timesheet, self.officer)
        self.assertEqual((self.problem(timesheet), self.writes()), ("pay_template_twice", []))

    def test_a_lost_answer(self):
        timesheet = self.approved()
        self.work_hours(self.hourly, self.weekly.start_date, 3, **self.night)
        timesheet.with_user(self.officer).action_reopen()
        self.approve(self.collect())
        self.xero.sandbox.faults.add("drop_after", method="POST", path="/Employees", times=1)
        self.push(timesheet, self.officer)
        self.xero.sandbox.faults.clear()
        for _attempt in range(3):
            self.age(minutes=7)
            self.work(self.connection)
        self.assertEqual((timesheet.xero_state, timesheet.state), ("synced", "pushed"))
        self.assertEqual((self.units(self.ordinary), self.units(self.overtime)), (SUM, 3))

    def test_what_is_planned_is_what_is_sent(self):
        timesheet = self.approved()
        with self.as_request(timesheet, self.officer) as current:
            action = current.action_xero_dry_run()
            body = json.loads(self.env["xero.dry.run"].with_env(current.env).browse(action["res_id"]).body)
        (element,) = next(iter(body.values()))
        self.push(timesheet, self.officer)
        self.assertPlanned(element)
        # It tells a salary: a manager who may send invoices is not shown it.
        manager = self.new_user("manager", "xero_connector.group_xero_admin", "account.group_account_manager")
        boss = self.env["hr.employee"].create({"name": "Boss", "user_id": manager.id, "company_id": self.company.id})
        self.hourly.parent_id = boss
        with self.assertRaises(AccessError), self.as_request(timesheet, manager) as current:
            current.action_xero_dry_run()


@tagged("post_install", "-at_install")
class TestPayTemplates(Shared, TemplateCase):
    def assertPlanned(self, element):
        row = self.payroll.employees.get(self.hourly.xero_link_id.xero_id)
        sent = {
            line["EarningsRateID"]: line.get("NormalNumberOfUnits") for line in element["PayTemplate"]["EarningsLines"]
        }
        self.assertEqual(set(sent), {line["rate"] for line in row["template"]})
        self.assertEqual(sent[self.ordinary.xero_id], float(self.units(self.ordinary)))

    def test_the_other_lists_stay(self):
        row = self.payroll.employees.get(self.hourly.xero_link_id.xero_id)
        union = next(item["id"] for item in self.payroll.items("deduction"))
        kept = {
            "DeductionLines": [{"DeductionTypeID": union, "CalculationType": "FIXEDAMOUNT", "Amount": 12.5}],
            "SuperLines": [{"ContributionType": "SGC", "CalculationType": "STATUTORY"}],
            "ReimbursementLines": [],
        }
        self.payroll.employees.put({**row, "more": {**row["more"], "template": kept}})
        self.read_templates()
        self.push(self.approved(), self.officer)
        after = self.payroll.employees.get(row["id"])
        self.assertEqual(after["more"]["template"], kept)
        self.assertEqual(after["leave"], row["leave"])
        self.assertEqual(self.units(self.ordinary), SUM)

    def test_a_salary_stays(self):
        self.xero.act("assign", employee=self.person(2)["id"], rate="Overtime Hours")
        self.bring_in("employee")
        salaried = self.employee_of(self.person(2))
        self.read_templates()
        before = self.lines(salaried)[self.ordinary.xero_id]
        self.work_week(salaried)
        self.work_hours(salaried, salaried.xero_calendar_id.start_date, 2.5, **self.night)
        timesheet = self.approve(self.collect())
        self.push(timesheet, self.officer)
        self.assertEqual(self.units(self.overtime, salaried), Decimal("2.5"))
        after = self.lines(salaried)[self.ordinary.xero_id]
        self.assertEqual({**after, "id": None}, {**before, "id": None})

    def test_hours_never_go_over_a_salary(self):
        salaried = self.employee_of(self.person(2))
        salaried.sudo().xero_paid_from = "timesheet"  # somebody chose wrong
        timesheet = self.approved(salaried)
        self.push(timesheet, self.officer)
        self.assertEqual((self.problem(timesheet), self.writes()), ("pay_template_fixed", []))

    def post_and(self, push):
        """The pay run is posted, hours go a second later, and only then Odoo hears of it."""
        self.xero.act("post_pay_run", calendar="Weekly Calendar")
        time.sleep(1.1)
        push()
        self.bring_in("pay_run", "payroll_calendar")

    def late(self):
        """Hours of the period that is paid, as the next timesheet has them."""
        sheet = self.collect().filtered(lambda row: row.date_from == self.weekly.start_date)
        return sum(sheet.line_ids.filtered("source_date").mapped("units"))

    def test_pushed_after_the_pay_run(self):
        timesheet = self.approved(hours=[8])
        self.post_and(lambda: self.push(timesheet, self.officer))
        self.assertEqual(self.units(self.ordinary), 8)
        self.assertEqual((timesheet.xero_status, self.problem(timesheet)), (False, "pay_template_too_late"))
        self.assertEqual(self.late(), 8)
        timesheet.with_user(self.officer).action_reopen()
        self.assertEqual(self.late(), 8)

    def test_corrected_after_the_pay_run(self):
        hours = self.work_week(self.hourly, hours=[8])
        timesheet = self.approve(self.collect())
        self.push(timesheet, self.officer)

        def correct():
            timesheet.with_user(self.officer).action_reopen()
            hours.unit_amount = 10
            self.push(self.approve(self.collect()), self.officer)

        self.post_and(correct)
        self.assertEqual((timesheet.xero_status, timesheet.total), ("PROCESSED", 8))
        self.assertEqual((self.problem(timesheet), self.late()), (False, 2))
        # A pay run that is changed later was posted when it was.
        self.xero.advance(600)
        row = max(self.payroll.pay_runs, key=lambda row: row["start"])
        self.payroll.pay_runs.put({**row, "message": "Well done", "updated": self.xero.organisation(1).stamp()})
        self.bring_in("pay_run")
        self.assertEqual((timesheet.total, self.late()), (8, 2))
        # Taken back and posted once more, it pays what the template has by then.
        self.xero.advance(600)
        self.payroll.pay_runs.put({**row, "status": "DRAFT", "updated": self.xero.organisation(1).stamp()})
        self.bring_in("pay_run")
        self.xero.advance(600)
        self.xero.act("post_pay_run", pay_run=row["id"])
        self.bring_in("pay_run")
        self.assertEqual((timesheet.xero_status, timesheet.total, self.late()), ("PROCESSED", 10, 0))

    def test_what_never_arrived_is_not_paid(self):
        timesheet = self.approved(hours=[8])
        self.edit(price=Decimal("51.25"))
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), "pay_template_changed")
        self.next_period()
        self.assertFalse(timesheet.xero_status)
        timesheet.with_user(self.officer).action_reopen()
        self.assertEqual(self.late(), 8)

    def test_a_group_goes_in_one_write(self):
        timesheets = self.approved(self.hourly, self.employee_of(self.person(6)))
        self.push(timesheets, self.officer)
        self.assertEqual(set(timesheets.mapped("xero_state")), {"synced"})
        self.assertEqual(self.writes(), ["POST /payroll.xro/1.0/Employees"])
        self.assertEqual(len(self.payroll_calls()), 3)

    def test_one_changed_template_holds_up_nobody_else(self):
        timesheets = self.approved(self.hourly, self.employee_of(self.person(6)))
        self.edit(price=Decimal("51.25"))
        self.push(timesheets, self.officer)
        states = {sheet.employee_id: sheet.xero_state for sheet in timesheets}
        self.assertEqual(states.pop(self.hourly), "failed")
        self.assertEqual(set(states.values()), {"synced"})


class Storm:
    """Whatever goes wrong on the way, each template holds the hours of its own timesheet, and each line once."""

    def test_a_storm_over_a_group(self):
        timesheets = self.group(12)
        self.read_templates()
        self.queue(timesheets)
        self.assertTrue(self.ride_out(timesheets, 3))
        for timesheet in timesheets:
            if timesheet.xero_state != "synced":  # shown, and cured by the button of the exception
                self.assertTrue(self.problem(timesheet))
                self.push(timesheet, self.officer)
            self.assertEqual((timesheet.xero_state, timesheet.state), ("synced", "pushed"))
            self.assertEqual(self.units(self.ordinary, timesheet.employee_id), Decimal(str(timesheet.total)))


@tagged("post_install", "-at_install")
class TestTemplateStorm(Storm, TemplateCase, GroupCase):
    """In Australia fifty go together."""


@tagged("post_install", "-at_install")
class TestTemplateStormUnitedKingdom(UnitedKingdom, Storm, TemplateCase, GroupCase):
    """Here each line goes alone."""

    rate_name, overtime_name = "Regular Hours", "Overtime"


class TemplateCountry(Shared):
    """New Zealand and the United Kingdom: a line for each call."""

    def assertPlanned(self, element):
        row = self.lines()[element["Line"]["EarningsRateID"]]
        self.assertEqual(element["Line"]["NormalNumberOfUnits"], float(row["units"]))

    def test_a_line_for_each_call(self):
        key = self.lines()[self.overtime.xero_id]["id"]
        self.work_hours(self.hourly, self.weekly.start_date, 3, **self.night)
        self.push(self.approved(), self.officer)
        own = f"/payroll.xro/2.0/Employees/{self.hourly.xero_link_id.xero_id}/PayTemplates/{self.spelling}"
        self.assertEqual(sorted(self.writes()), [f"POST {own}", f"PUT {own}/{key}"])
        self.assertEqual((self.units(self.ordinary), self.units(self.overtime)), (sum(map(Decimal, map(str, WEEK))), 3))

    def late(self):
        """Hours of the period that is paid, by earnings rate, as the next timesheet has them."""
        sheet = self.collect().filtered(lambda row: row.date_from == self.weekly.start_date)
        lines = sheet.line_ids.filtered("source_date")
        return {rate: sum(found.mapped("units")) for rate, found in lines.grouped("pay_item_id").items()}

    def test_one_of_two_lines_was_paid(self):
        self.work_hours(self.hourly, self.weekly.start_date, 3, **self.night)
        self.xero.sandbox.faults.add("offline503", method="POST", path=f"/{self.spelling}$", times=1)
        timesheet = self.approved(hours=[8])
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_state, self.units(self.overtime)), ("queued", 3))
        self.next_period()
        self.assertEqual(self.wages(), {self.overtime.xero_id: 3})
        self.assertEqual((timesheet.xero_state, timesheet.xero_status), ("synced", "PROCESSED"))
        self.assertEqual(self.late(), {self.ordinary: 8})

    def test_one_of_two_corrections_was_paid(self):
        night = self.work_hours(self.hourly, self.weekly.start_date, 3, **self.night)
        day = self.work_hours(self.hourly, self.weekly.start_date, 8)
        timesheet = self.approve(self.collect())
        self.push(timesheet, self.officer)
        timesheet.with_user(self.officer).action_reopen()
        night.unit_amount, day.unit_amount = 4, 10
        key = self.lines()[self.ordinary.xero_id]["id"]
        self.xero.sandbox.faults.add("offline503", method="PUT", path=f"/{key}$", times=1)
        self.push(self.approve(self.collect()), self.officer)
        self.assertEqual((self.units(self.overtime), self.units(self.ordinary)), (4, 8))
        self.next_period()
        self.assertEqual((timesheet.total, self.late()), (12, {self.ordinary: 2}))


@tagged("post_install", "-at_install")
class TestPayTemplatesNewZealand(NewZealand, TemplateCountry, TemplateCase):
    rate_name, overtime_name, spelling = "Ordinary Time", "Overtime", "Earnings"


@tagged("post_install", "-at_install")
class TestPayTemplatesUnitedKingdom(UnitedKingdom, TemplateCountry, TemplateCase):
    rate_name, overtime_name, spelling = "Regular Hours", "Overtime", "earnings"
