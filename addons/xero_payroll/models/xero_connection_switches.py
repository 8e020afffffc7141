"""Switches of payroll are about what is here already, too."""

from odoo import models
from odoo.fields import Domain

from .xero_connection_wages import ACCOUNTS

COUNTED = ("hours_source", "time_rounding", "time_capture")
BOOKED = {"wages_entry", "wages_entry_from", "wages_posted_by", *ACCOUNTS}


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    def write(self, vals):
        # EXTENDS xero_connector
        others = self.filtered(lambda row: "sync_salaries" in vals and row.sync_salaries != vals["sync_salaries"])
        counted = self.filtered(lambda row: any(name in vals and row[name] != vals[name] for name in COUNTED))
        result = super().write(vals)
        if BOOKED & vals.keys():
            self._book_imported()
        others._follow_salaries()
        counted._start_late()
        return result

    def _book_imported(self):
        """Have the books follow for the posted pay runs that are here: what is to be booked of them is another."""
        links, exceptions = self.env["xero.link"].sudo(), self.env["xero.exception"].sudo()
        for connection in self:
            own = [("connection_id", "=", connection.id), ("tenant_id", "=", connection.tenant_id)]
            problems, calm = [], links
            for run in self.env["xero.pay.run"].sudo().search([*own, ("status", "=", "POSTED")]):
                link = links._of(run, connection, "pay_run")
                if problem := run._after_import():
                    problems += [(row, problem.code, problem.arguments, 0.0) for row in link]
                else:
                    calm |= link
            # As after an import: what is a question is looked at again each time it is read.
            links.concat(*(row for row, *_rest in problems)).pull_hash = False
            exceptions._report(problems, direction="pull")
            exceptions._close(calm)

    def _start_late(self):
        """What was paid as hours were counted before lacks nothing."""
        for connection in self:
            people = connection._dataset("employee")._staff_domain() & Domain("xero_calendar_id", "!=", False)
            staff = self.env["hr.employee"].sudo().with_context(active_test=False)  # hours of leavers may be late, too
            staff.search(people)._xero_start_late()

    def _follow_salaries(self):
        """The next import reads the salaries of everybody; those that nobody wants any more go at once."""
        for connection in self:
            connection._schedule("employee").since = False
            if not connection.sync_salaries:
                known = connection._dataset("employee")._staff_domain() & Domain("xero_annual_salary", "!=", 0)
                self.env["hr.employee"].sudo().with_context(active_test=False).search(known).xero_annual_salary = 0
