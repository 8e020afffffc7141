"""Payroll only where it was granted and exists; everything else says so and costs no call (CON-21, CON-22)."""

from urllib.parse import urlencode

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.xero_connector.engine import pull
from odoo.addons.xero_connector.tests.test_connection import ConsentCase

from ..regions import ALL, REGIONS
from .common import PayrollCase

SCOPES = {"payroll.employees", "payroll.payruns", "payroll.payslip", "payroll.settings", "payroll.timesheets"}
KEYS = ("pay_item", "leave_type", "payroll_calendar", "employee", "leave_application", "leave_balance", "pay_run")
EVERYTHING = (*KEYS, "salary", "timesheet", "pay_template")


@tagged("post_install", "-at_install")
class TestAccess(PayrollCase):
    def asked_scopes(self, **values):
        """Scopes that a new connection of another company asks for."""
        company = self._make_company("Another Trading")
        self.env.user.company_ids += company
        connection = self.new_connection(company, **values)
        return {scope for scope in self.scopes_of(connection).split() if scope.startswith("payroll.")}

    def refusal(self, key="employee"):
        """What a person reads who brings in a data set; no call is made."""
        self.forget_calls()
        text = ""
        with self.as_request(self.connection) as connection:
            try:
                connection.sudo().pull(key)
            except UserError as error:
                text = str(error)
        self.assertFalse(self.xero.calls)
        return text

    # === THE SWITCH === #

    def test_scopes_only_with_the_switch(self):
        # CON-21, CFG-05
        self.assertEqual(self.asked_scopes(payroll_access=False), set())

    def test_scopes_with_the_switch(self):
        self.assertEqual(self.asked_scopes(), SCOPES)

    def test_switched_off_nothing_is_called(self):
        # CFG-05, PRL-07
        self.connection.payroll_access = False
        with self.as_request(self.connection) as connection:
            self.assertFalse(set(KEYS) & set(connection.sudo()._pulled_keys()))
            connection.action_import()
        self.assertFalse(self.payroll_calls())
        self.assertIn("tick “Allow Payroll Access”", self.refusal())

    def test_try_again_calls_nothing_that_is_off(self):
        # CFG-05, CON-21, PRL-16
        person = self.person(1)
        self.payroll.employees.put({**person, "calendar": None})
        self.bring_in_staff()
        problem = self.problems("employee_no_calendar")
        officer = self.new_user("officer", "xero_payroll.group_xero_payroll_user")
        granted = self.connection.granted_scopes
        accounting = " ".join(scope for scope in granted.split() if not scope.startswith("payroll."))
        for values, text in (
            ({"payroll_access": False}, "tick “Allow Payroll Access”"),
            ({"payroll_access": True, "granted_scopes": accounting}, "does not cover payroll"),
            ({"granted_scopes": granted, "country_code": "US"}, "not in US"),
        ):
            with self.subTest(text):
                self.connection.write(values)
                self.forget_calls()
                with self.as_request(problem, officer) as current, self.assertRaisesRegex(UserError, text):
                    current.action_retry()
                self.assertFalse(self.xero.calls)
                self.assertEqual(problem.state, "open")

    def test_switched_off_meanwhile(self):
        # CFG-05, PRL-07: what is queued, and what is under way, goes no further
        self.bring_in_staff()
        for begun in (False, True):
            with self.subTest(begun=begun), self.as_request(self.connection) as connection:
                connection.sudo().payroll_access = True
                run = connection.sudo().pull("leave_balance")
                if begun:
                    pull.advance(run)
                    self.assertEqual((run.state, run.done > 0), ("running", True))
                connection.sudo().payroll_access = False
                self.forget_calls()
                pull.advance(run)
                self.assertFalse(self.xero.calls)
                self.assertEqual(run.state, "stopped")
                self.assertIn("tick “Allow Payroll Access”", run.error)

    def test_schedules_start_nothing_that_is_off(self):
        # PRL-06, CFG-05
        self.connection.last_update = "2026-03-01"
        for off in (False, True):
            self.connection.payroll_access = not off
            with self.as_request(self.connection) as connection:
                connection.schedule_ids.sudo().write({"last_start": "2026-03-01"})
                before = connection.env["xero.run"].search([])
                connection.sudo()._start_due()
                started = connection.env["xero.run"].search([]) - before
                self.assertEqual(bool(set(KEYS) & set(started.mapped("dataset"))), not off)
                self.assertIn("contact", started.mapped("dataset"))
                started.sudo().write({"state": "done"})

    def test_switched_on_everything_is_brought_in(self):
        # PRL-07
        with self.as_request(self.connection) as connection:
            self.assertLessEqual(set(KEYS), set(connection.sudo()._pulled_keys()))
            connection.action_import()
        self.assertEqual(len(self.employees()), 4)

    def test_ticked_later_asks_for_a_new_consent(self):
        # CON-21, PRL-18, XW-11
        granted = [scope for scope in self.connection.granted_scopes.split() if not scope.startswith("payroll.")]
        self.connection.payroll_access = False
        self.connection.granted_scopes = " ".join(granted)
        self.assertFalse(self.connection.health_problem)
        self.connection.payroll_access = True
        for text in (self.connection.health_problem, self.connection.payroll_problem, self.refusal()):
            self.assertIn("Disconnect, remove the app at Xero", text)
            self.assertIn("payroll access", text)
        # Accounting goes on.
        self.bring_in("contact")
        self.assertEqual(self.last_run("contact").state, "done")
        code = self.xero.authorise(
            scopes=" ".join([*granted, *SCOPES]), redirect_uri=self.connection.redirect_uri, organisation=1
        )
        self.connection.state = "needs_reconnect"
        with self.as_request(self.connection) as connection:
            connection._receive_code(code, connection.redirect_uri)
        self.assertFalse(self.connection.payroll_problem)
        self.assertEqual(len(self.bring_in_staff()), 4)

    # === THE ORGANISATION === #

    def test_payroll_that_was_never_set_up(self):
        # CON-22, ERR-13: the accounting part goes on
        self.connection.is_demo_company = False
        for access in ("not_set_up", "no_permission"):
            with self.subTest(access):
                self.payroll.access = access
                action = self.bring_in("employee")
                self.assertEqual(action["params"]["type"], "danger")
                for part in ("Australia, New Zealand and the United Kingdom", "payroll administrator", "not affected"):
                    self.assertIn(part, action["params"]["message"])
                self.assertEqual(self.connection.state, "connected")
                self.bring_in("contact")
                self.assertEqual(self.last_run("contact").state, "done")
        # What accounting brings in counts as brought in: its schedules go on.
        self.connection.last_update = False
        with self.as_request(self.connection) as connection:
            connection.action_import()
        self.assertTrue(self.connection.last_update)
        self.payroll.access = "full"
        self.assertEqual(len(self.bring_in_staff()), 4)

    def test_demo_company_without_payroll(self):
        # PRL-17: two steps, and Import works afterwards
        self.connection.is_demo_company = True
        self.payroll.access = "not_set_up"
        message = self.bring_in("employee")["params"]["message"]
        self.assertIn("Payroll settings and activate payroll", message)
        self.assertIn("press Import again", message)
        self.payroll.access = "full"
        self.assertEqual(len(self.bring_in_staff()), 4)

    def test_a_country_without_payroll(self):
        # PRL-15, PRL-16
        self.connection.write({"country_code": "US", "sync_salaries": True, "payroll_push_target": "pay_template"})
        for key in EVERYTHING:
            text = self.refusal(key)
            self.assertIn("Australia, New Zealand and the United Kingdom", text)
            self.assertIn("US", text)
        self.assertNotIn("payroll", self.connection._features())
        with self.as_request(self.connection) as connection:
            self.assertFalse(set(EVERYTHING) & set(connection.sudo()._pulled_keys()))

    def test_all_data_sets_are_looked_at(self):
        names = [name for name in self.registry if name.startswith("xero.dataset.")]
        ours = {self.env[name]._key for name in names if self.env[name]._original_module == "xero_payroll"}
        self.assertEqual(ours - {None, False}, set(EVERYTHING))

    def something_of_each(self):
        """A timesheet, leave and a new employee that can go to Xero, and who sends them."""
        self.bring_in_staff()
        employee = self.employee_of(self.person(3))
        officer = self.new_user("officer", "xero_payroll.group_xero_payroll_user")
        first, last = employee.xero_calendar_id._period(employee.xero_calendar_id.start_date)
        item = self.pay_item("Ordinary Hours", "earnings")
        timesheet = self.env["xero.timesheet"].create(
            {
                "employee_id": employee.id,
                "company_id": self.company.id,
                "date_from": first,
                "date_to": last,
                "line_ids": [(0, 0, {"date": first, "units": 8, "pay_item_id": item.id})],
            }
        )
        timesheet.action_manager_approve()
        timesheet.with_user(officer).action_payroll_approve()
        leave_type = self.env["hr.leave.type"].create(
            {
                "name": "Annual Leave",
                "company_id": self.company.id,
                "requires_allocation": False,
                "xero_pay_item_id": self.pay_item("Annual Leave").id,
            }
        )
        days = {"request_date_from": first, "request_date_to": first}
        leave = self.env["hr.leave"].create({"employee_id": employee.id, "holiday_status_id": leave_type.id, **days})
        leave.action_approve()
        new = self.env["hr.employee"].create(
            {
                "name": "Zoe Young",
                "company_id": self.company.id,
                "birthday": "1990-05-04",
                "private_street": "1 Harbour Street",
                "private_city": "Sydney",
                "private_state_id": self.env.ref("base.state_au_2").id,
                "private_zip": "2000",
            }
        )
        self.connection.push_employees = True
        return (timesheet, leave, new), officer

    def assertNothingSent(self, records, officer, code, *parts):
        """Each of `records` is refused before any call, wherever hours go, with this problem."""
        self.forget_calls()
        for target in ("timesheet", "pay_template"):
            self.connection.payroll_push_target = target
            for record in records:
                with self.subTest(target=target, model=record._name):
                    self.push(record, officer)
                    problem = self.env["xero.exception"].search(
                        [("model", "=", record._name), ("res_id", "=", record.id), ("state", "=", "open")]
                    )
                    self.assertEqual(problem.mapped("code"), [code])
                    for part in parts:
                        self.assertIn(part, f"{problem.cause} {problem.correction}")
        self.assertFalse(self.xero.calls)
        self.assertEqual(self.connection.state, "connected")

    def test_a_country_without_payroll_is_sent_nothing(self):
        # PRL-15, PRL-16: whatever is pushed is refused before any call, and says where there is payroll
        records, officer = self.something_of_each()
        self.connection.country_code = "US"
        where = "Australia, New Zealand and the United Kingdom"
        self.assertNothingSent(records, officer, "payroll_not_offered", where)

    def test_ticked_later_sends_nothing(self):
        # CON-21, CON-22: a call without consent would have the whole connection wait for a new one
        records, officer = self.something_of_each()
        granted = [scope for scope in self.connection.granted_scopes.split() if not scope.startswith("payroll.")]
        self.connection.granted_scopes = " ".join(granted)
        self.assertNothingSent(
            records, officer, "payroll_not_granted", "Disconnect, remove the app at Xero", "payroll access"
        )
        self.bring_in("contact")
        self.assertEqual(self.last_run("contact").state, "done")

    def test_what_a_country_offers(self):
        # PRL-14, PRL-15, PRL-16: each row is a yes, or a no with its reason
        for country in (*REGIONS, "US", "SG"):
            self.connection.country_code = country
            table = str(self.connection.payroll_capabilities)
            self.assertEqual(table.count("<tr>"), len(ALL))
            no = table.count('title="No"')
            self.assertEqual(no, len(ALL) if country not in REGIONS else len(REGIONS[country].limits))
            self.assertNotIn("%(", table)

    def test_work_locations_are_nowhere(self):
        # PRL-14, K13
        for country in REGIONS:
            self.connection.country_code = country
            self.assertIn("United States", self.connection._payroll_limit("work_location"))


@tagged("post_install", "-at_install")
class TestConsentWithoutPayroll(ConsentCase):
    """Xero does not give the payroll scopes: that is said, and accounting goes on (CON-22, ERR-13)."""

    def come_back(self, **query):
        return self.url_open(f"/xero/oauth/callback?{urlencode(query)}", allow_redirects=False)

    def test_a_scope_that_the_organisation_does_not_allow(self):
        self.connection.payroll_access = True
        self.come_back(state=self.press_connect(), error="invalid_scope")
        self.env.invalidate_all()
        for part in ("Australia, New Zealand and the United Kingdom", "untick “Allow Payroll Access”"):
            self.assertIn(part, self.connection.last_result)
        # Accounting alone is connected as ever.
        self.connection.payroll_access = False
        state = self.press_connect()
        code = self.xero.authorise(scopes=self.scope, redirect_uri=self.connection.redirect_uri)
        self.assertNotIn("payroll", self.scope)
        self.come_back(state=state, code=code)
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "choose")

    def test_without_payroll_it_is_no_matter_of_payroll(self):
        self.come_back(state=self.press_connect(), error="invalid_scope")
        self.env.invalidate_all()
        self.assertIn("invalid_scope", self.connection.last_result)
        self.assertNotIn("New Zealand", self.connection.last_result)
