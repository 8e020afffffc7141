"""What all data sets of payroll share: the region says where they are and how they are spelled."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.xero_connector.datasets.problem import Problem

PAGE = 100


class XeroDatasetPayroll(models.AbstractModel):
    """A data set of the payroll API of the organisation's country; elements come in one spelling."""

    _name = "xero.dataset.payroll"
    _inherit = "xero.dataset"
    _description = "Xero Payroll Data Set"

    _page = PAGE
    _fixed_pages = True
    _apart = True

    @property
    def _region(self):
        """The region of the connection, ``None`` where there is no payroll."""
        return self._connection._payroll_region()

    @property
    def _source(self):
        """The list that is read now, ``None`` where the region has none."""
        sources = self._region.sources.get(self._key) if self._region else None
        if not sources:
            return None
        place = self.env.context.get("xero_place") or 0
        return sources[place if place < len(sources) and not sources[0].of_employee else 0]

    @property
    def _employee_link(self):
        """Link of the employee whose list is read now."""
        return self.env["xero.link"].browse(self.env.context.get("xero_place"))

    @property
    def _of_employee(self):
        """Whether it is read by a call for each employee."""
        return bool(self._source and self._source.of_employee)

    @property
    def _xero_path(self):
        source = self._source
        if not source:
            return None
        return source.path % self._employee_link.xero_id if source.of_employee else source.path

    @property
    def _xero_plural(self):
        return self._source and self._source.plural

    @property
    def _paged(self):
        return bool(self._source and self._source.paged)

    @property
    def _knows_changes(self):
        return bool(self._source and self._source.knows_changes)

    @property
    def _detailed(self):
        return bool(self._source and self._source.detailed)

    @property
    def _alone(self):
        # EXTENDS xero.dataset: what hangs on an employee is read with him
        return not self._of_employee

    # === PULL HOOKS === #

    @api.model
    def _is_pulled(self):
        # EXTENDS xero.dataset
        connection = self._connection
        return connection.payroll_access and not connection._payroll_limit(self._key) and super()._is_pulled()

    @api.model
    def _stop_text(self):
        # EXTENDS xero.dataset: switched off, or no longer consented to, since the run was queued
        try:
            self._connection._check_pulled(self._key)
        except UserError as error:
            return str(error)
        return False

    @api.model
    def _places(self):
        # EXTENDS xero.dataset: a list for each kind, or for each employee
        sources = self._region.sources[self._key]
        if not sources[0].of_employee:
            return tuple(range(len(sources)))
        return tuple(self._employee_links().ids)

    @api.model
    def _list_owner(self):
        # OVERRIDE xero.dataset
        return self._employee_link if self._of_employee else self.env["xero.link"]

    @api.model
    def _list_problem(self):
        # OVERRIDE xero.dataset
        employee = self.env["hr.employee"].browse(self._employee_link.res_id).exists()
        return Problem("employee_list_refused", employee=employee.name or "?", list=self._label(self.env))

    @api.model
    def _employee_links(self):
        """Links of the employees whose lists are read: those who work here now."""
        connection = self._connection
        return (
            self.env["xero.link"]
            .sudo()
            .search(
                [
                    ("tenant_id", "=", connection.tenant_id),
                    ("dataset", "=", "employee"),
                    ("xero_id", "!=", False),
                    ("xero_status", "!=", "TERMINATED"),
                ],
                order="id",
            )
        )

    @api.model
    def _page_params(self, page, size):
        # EXTENDS xero.dataset: Xero decides how long pages are
        return {"page": page, **self._region.order(self._key)}

    @api.model
    def _element_path(self, xero_id):
        # EXTENDS xero.dataset
        return self._source.element % xero_id if self._source.element else super()._element_path(xero_id)

    @api.model
    def _listed(self, answer):
        # EXTENDS xero.dataset
        region, source = self._region, self._source
        return answer.rows(lambda data: region.elements(self._key, source, data), self._xero_id)

    @api.model
    def _links_where(self, domain):
        """Links of what is in the organisation, those of a domain."""
        own = [("tenant_id", "=", self._connection.tenant_id), ("dataset", "=", self._key), ("xero_id", "!=", False)]
        return self.env["xero.link"].sudo().search(Domain(own) & domain)

    # === RECORDS === #

    @api.model
    def _rows_by_id(self, model):
        """``{Xero id: row}`` of the pick-list `model`, archived ones too."""
        connection = self._connection
        domain = [("connection_id", "=", connection.id), ("tenant_id", "=", connection.tenant_id)]
        return self.env[model].with_context(active_test=False).search(domain).grouped("xero_id")

    @api.model
    def _staff_domain(self):
        """Domain of the employees of the companies that use this connection: a branch may have its parent's (B12)."""
        return self._connection._dataset("employee")._company_domain()

    @api.model
    def _employees_by_id(self, xero_ids):
        """``{Xero id: hr.employee}`` of those that are linked."""
        links = self.env["xero.link"]._holding(self._connection.tenant_id, "employee", set(xero_ids))
        employees = self.env["hr.employee"].browse(links.mapped("res_id")).exists()
        return {link.xero_id: employees.browse(link.res_id) & employees for link in links}
