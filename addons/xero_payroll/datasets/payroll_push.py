"""What all data sets of payroll share on the way to Xero: the region says how things are spelled there."""

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.xero_connector import values
from odoo.addons.xero_connector.datasets.contact import normalise_name
from odoo.addons.xero_connector.datasets.problem import Problem

from .employee import TERMINATED


class XeroDatasetPayroll(models.AbstractModel):
    _inherit = "xero.dataset.payroll"

    @property
    def _batch(self):
        return self._region.batch if self._region else 1

    # === ENGINE HOOKS === #

    @api.model
    def _verb(self, method, element):
        # EXTENDS xero.dataset
        return self._region.verb(method, element)

    @api.model
    def _request_path(self, link, payload):
        # EXTENDS xero.dataset
        return self._region.path(self._key, payload, link.xero_id)

    @api.model
    def _content(self, body):
        # EXTENDS xero.dataset: requests are stored in the common spelling
        elements = values.loads(body)[self._xero_plural]
        leaving = self._region.body(self._key, elements)
        return super()._content(b"" if leaving is None else values.dumps(leaving))

    @api.model
    def _answered(self, data, sent):
        # EXTENDS xero.dataset: who it is about stands in the path of a list of one employee
        found = self._region.elements(self._key, self._source, data)
        if not found and self._verb("POST", sent[0]) == "DELETE":
            return [self._deleted(sent[0])]
        alone = {"EmployeeID": sent[0].get("EmployeeID")} if self._batch == 1 else {}
        return [{**alone, **item} for item in found or ()]

    @api.model
    def _deleted(self, element):
        """The element as it would be answered, had Xero more to say than that it is deleted."""
        return {**element, "Status": "DELETED"}

    @api.model
    def _unlisted(self, element):
        # EXTENDS xero.dataset: what was deleted is listed no more
        return self._deleted(element) if self._verb("POST", element) == "DELETE" else super()._unlisted(element)

    @api.model
    def _lookup_params(self, sent):
        # EXTENDS xero.dataset
        return {**super()._lookup_params(sent), **self._region.lookup(self._key, sent)}

    @api.model
    def _lookup_page(self, page):
        # EXTENDS xero.dataset: all of the list, what is looked for has no link yet
        return {"page": page, **self._region.order(self._key)}

    @api.model
    def _deep_link(self, xero_id):
        # EXTENDS xero.dataset: payroll has no page of which Xero says that it stays
        return ""

    # === CHECKS === #

    @api.model
    def _check_payroll(self):
        """Raise a Problem when the organisation's country has no such thing, or payroll is off or not consented to."""
        connection = self._connection
        if not connection.payroll_access:
            raise Problem("payroll_off", state="held")
        if limit := connection._payroll_limit(self._capability):
            raise Problem("payroll_not_offered", state="held", reason=limit)
        if connection._payroll_consent_missing():
            # The refusal of a call would have accounting wait for a new consent, too (CON-22).
            raise Problem("payroll_not_granted", state="held", organisation=connection.tenant_name)

    @property
    def _capability(self):
        """What a region may not offer: one of ``regions.ALL``."""
        return self._key

    @api.model
    def _check_employee(self, employee):
        """Link of an employee in Xero.

        :raises Problem: he is not there, or no longer under that id
        """
        link = self.env["xero.link"]._of(employee, self._connection, "employee")
        if link.xero_id and link.xero_status != TERMINATED:
            return link
        name = employee.name
        if link.xero_id:
            raise Problem("time_employee_rehired" if employee.active else "time_employee_left", employee=name)
        others = self.env["hr.employee"].search(self._staff_domain() & Domain("id", "!=", employee.id))
        if any(normalise_name(other.name) == normalise_name(name) for other in others):
            raise Problem("time_employee_same_name", employee=name)
        raise Problem("time_employee_unknown", employee=name)

    @api.model
    def _employee_link_of(self, employee):
        return self.env["xero.link"]._of(employee, self._connection, "employee")
