"""Leave balances, as Xero counts them."""

from odoo import api, fields, models


class XeroDatasetLeaveBalance(models.AbstractModel):
    """Operations getEmployee (AU), getEmployeeLeaveBalances (NZ, UK): one call for each employee.

    They are read at the beginning of the nominated pay date, after a pay run, and when somebody asks for them.
    """

    _name = "xero.dataset.leave_balance"
    _inherit = ["xero.dataset.payroll", "xero.dataset.reference"]
    _description = "Xero Leave Balances"

    _key = "leave_balance"
    _xero_id = "LeaveTypeID"
    _odoo_model = "xero.leave.balance"
    _scope = "payroll.employees"
    _pull_sequence = 245  # after the pay runs that change them
    _switches = ("pull_leave_balances",)
    _store_key = "pay_item_id"

    @property
    def _employee(self):
        return self.env["hr.employee"].browse(self._employee_link.res_id).exists()

    @api.model
    def _row_domain(self):
        # EXTENDS xero.dataset.reference
        return [*super()._row_domain(), ("employee_id", "=", self._employee.id)]

    @api.model
    def _defaults(self):
        # EXTENDS xero.dataset.reference
        return {}

    @api.model
    def _put_aside(self, gone):
        # EXTENDS xero.dataset.reference: a balance that Xero does not keep is none
        gone.unlink()

    @api.model
    def _store(self, items):
        # EXTENDS xero.dataset.reference: balances of unknown leave types wait for those
        if not self._employee:
            return {}
        known = self._rows_by_id("xero.pay.item")
        counts = super()._store([item for item in items if item["LeaveTypeID"] in known])
        self.env["xero.leave.balance"].search(self._row_domain()).as_of = fields.Datetime.now()
        return counts

    @api.model
    def _prepare_vals(self, item):
        pay_item = self._rows_by_id("xero.pay.item")[item["LeaveTypeID"]]
        return {
            "employee_id": self._employee.id,
            "company_id": self._employee.company_id.id,  # what is here from before branches were known had the parent
            "pay_item_id": pay_item.id,
            "units": round(float(item.get("NumberOfUnits") or 0), 4),
            "type_of_units": item.get("TypeOfUnits") or pay_item.type_of_units or False,
        }
