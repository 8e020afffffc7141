"""Run inside `odoo shell` by bench_payroll.py: a whole pay day, from the push of the hours to the posted pay run.

Everybody is paid every two weeks by the hour. Accounting runs on its default schedules beside it, with nothing new.
"""

from collections import Counter
from datetime import datetime, timedelta, timezone

import first_import
from first_import import DAY, TICK, control
from freezegun import freeze_time

CALENDAR = "Fortnightly Calendar"
NAMES = {  # of ordinary hours, and of leave
    "au": ("Ordinary Hours", "Annual Leave"),
    "nz": ("Ordinary Time", "Annual Leave"),
    "uk": ("Regular Hours", "Holiday"),
}
AWAY = 10  # one in so many has a day of leave
PUSHED, POSTED = timedelta(hours=9), timedelta(hours=15)  # of the pay day, at the company
WEEK = timedelta(days=7)
NOT_COUNTED = ("total", "by_tenant", "POST /connect/token", "GET /connections")
HALF_HOUR = 5  # a tick with all of Odoo's scheduled actions


def main(env, url, people, chart="au", target="timesheet"):
    """Calls by their path, of the group and of the whole day: ``{"group": counts, "day": counts}``.

    Xero's day begins at an hour of its own (facts, 2.1): it is the day from midnight on, or the one from the push on,
    whichever costs more.

    :param chart: of the country: ``au``, ``nz`` or ``uk``
    :param target: where hours go: ``timesheet`` or ``pay_template``
    """
    values = {"payroll_access": True, "push_status_timesheet": "approved", "payroll_push_target": target}
    env, connection = first_import.open_company(env, url, chart, **values)
    first_import.seed(url, connection, contacts={"count": 200}, invoices_with_payments={"count": 100})
    hire(connection, url, people, *NAMES[chart])
    first_import.import_all(connection)
    desk = open_desk(env, connection, people, *NAMES[chart])
    now = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
    with freeze_time(now) as clock:
        midnight = wait_for_pay_day(env, connection, url, clock)
        before = counts(url)
        pass_time(env, connection, url, clock, midnight + PUSHED)
        morning = counts(url)
        group = push(env, connection, url, desk)
        pass_time(env, connection, url, clock, midnight + POSTED)
        act(connection, url, "post_pay_run", calendar=CALENDAR)
        desk.action_import()
        pass_time(env, connection, url, clock, midnight + DAY - TICK)
        day = counts(url) - before
        check(desk, people)
        pass_time(env, connection, url, clock, midnight + DAY + PUSHED - TICK)
        later = counts(url) - morning
    return {"group": group, "day": max(day, later, key=lambda window: sum(window.values()))}


# === GROUND === #


def hire(connection, url, people, rate, leave):
    """People on the fortnightly calendar, with some leave left."""
    for number in range(people):
        name = {"first": f"Person{number}", "last": "Group"}
        row = act(connection, url, "add_employee", **name, calendar=CALENDAR, rate=rate, hourly=30, start="2020-01-06")
        act(connection, url, "assign", employee=row["id"], leave_type=leave, yearly=152)


def open_desk(env, connection, people, rate, leave):
    """The payroll officer's screen with everybody's hours and leave of the period, approved."""
    desk = env["xero.payroll.desk"].browse(env["xero.payroll.desk"].action_open()["res_id"])
    employees = desk._find().employees
    if len(employees) != people or desk.calendar_id.name != CALENDAR:
        raise SystemExit(f"{len(employees)} people on the {desk.calendar_id.name}")
    # In Australia both come with the people.
    employees.sudo().xero_paid_from = "timesheet"
    item = env["xero.pay.item"].search([("connection_id", "=", connection.id), ("name", "=", rate)], limit=1)
    env["xero.rate.map"].create({"connection_id": connection.id, "pay_item_id": item.id})
    project = env["project.project"].create({"name": "Shop", "allow_timesheets": True, "company_id": env.company.id})
    env["account.analytic.line"].create([
        {
            "project_id": project.id,
            "employee_id": employee.id,
            "date": desk.date_from + timedelta(days=day),
            "unit_amount": 7.5,
            "name": "Work",
        }
        for employee in employees
        for day in (0, 1, 2, 3, 7, 8, 9, 10)
    ])
    take_leave(env, connection, employees[::AWAY], leave, desk.date_from + timedelta(days=4))
    desk.action_collect()
    desk._timesheets().action_manager_approve()
    desk.action_approve()
    env.cr.commit()
    return desk


def take_leave(env, connection, employees, name, day):
    """A granted day of leave each."""
    item = env["xero.pay.item"].search([("connection_id", "=", connection.id), ("name", "=", name)])
    leave_type = env["hr.leave.type"].create({
        "name": name,
        "company_id": env.company.id,
        "requires_allocation": False,
        "xero_pay_item_id": item.id,
    })
    dates = {"request_date_from": day, "request_date_to": day}
    leaves = env["hr.leave"].create([
        {"employee_id": employee.id, "holiday_status_id": leave_type.id, **dates} for employee in employees
    ])
    leaves.action_approve()


# === THE DAY === #


def wait_for_pay_day(env, connection, url, clock):
    """Go on to the last minutes before the next nominated pay date; when that begins (UTC).

    What accounting does once a week falls on it, too.
    """
    from odoo.addons.xero_connector.models.xero_schedule import midnight_of

    midnight = midnight_of(connection._pay_day_after(connection._today()), connection.tz or "UTC")
    pass_time(env, connection, url, clock, midnight - TICK, DAY)
    work(env, connection, "pull")  # what began in the night before is of the day before
    weekly = connection.schedule_ids.filtered(lambda schedule: schedule.timing == "weekly")
    weekly.last_start = midnight - WEEK
    return midnight


def push(env, connection, url, desk):
    """The officer pushes everybody's time, then the leave; the calls of the former."""
    before = counts(url)
    desk._timesheets().action_xero_push()
    work(env, connection)
    group = counts(url) - before
    desk.action_push()
    work(env, connection)
    return group


def work(env, connection, kind="push"):
    """What the background worker does until all runs of that kind are at their end, minute after minute."""
    waiting = [("kind", "=", kind), ("state", "in", ("queued", "running"))]
    env.cr.commit()
    while env["xero.run"].sudo().search_count(waiting):
        forget_limits(env)
        connection.sudo()._cron_work()
        env.invalidate_all()


def forget_limits(env):
    """A minute of Xero's calls has passed, by the clock of the database, which is not frozen."""
    env.cr.execute("UPDATE xero_run SET not_before = NULL")
    first_import.forget_limits(env)


def pass_time(env, connection, url, clock, until, step=TICK):
    """Let both clocks go on to a moment (UTC), with Odoo's scheduled actions on the way."""
    while clock() < until:
        delta = min(step, until - clock())
        clock.tick(delta)
        control(url, "POST", "clock", {"advance": delta.total_seconds()})
        forget_limits(env)
        first_import.work_a_tick(env, connection, HALF_HOUR)


def check(desk, people):
    """Everybody's time and leave is in Xero and paid."""
    desk.action_refresh()
    if desk.ready_count != people or "is posted" not in desk.next_step:
        raise SystemExit(f"{desk.summary} {desk.next_step} {desk.line_ids.mapped('reason')}")


# === XERO === #


def act(connection, url, action, **arguments):
    """What a person does in Xero itself; the row that changed."""
    path = f"organisations/{connection.tenant_id}/as-user"
    return control(url, "POST", path, {"action": action, **arguments})


def counts(url):
    """Calls by their path so far, those that Xero's limits count."""
    found = control(url, "GET", "counts")
    return Counter({path: count for path, count in found.items() if path not in NOT_COUNTED})
