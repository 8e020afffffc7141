"""Leave on its way to Xero: an application for each stretch of days, taken back when it is refused or cancelled."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.xero_connector import values
from odoo.addons.xero_connector.datasets.amounts import decimal
from odoo.addons.xero_connector.datasets.problem import Problem

from .leave_application import STATUSES
from .leave_group import EXACT

_lt = LazyTranslate(__name__)
REJECTED, PAID = "REJECTED", "PROCESSED"
TAKEN_BACK = ("refuse", "cancel")
TITLE = 50  # characters
GOES_WITH = "leave_goes_with"


class XeroDatasetLeaveApplication(models.AbstractModel):
    """Operations createLeaveApplication, updateLeaveApplication, rejectLeaveApplication (AU)."""

    _inherit = "xero.dataset.leave_application"

    _sequence = 65
    _has_parts = True
    _in_batches = True
    _kinds = {"leave_application": (_lt("Leave"), [])}
    _settling = ()
    _retired = {"SCHEDULED": REJECTED, "REQUESTED": REJECTED}
    _taken_code = "leave_overlaps"

    @property
    def _capability(self):
        # EXTENDS xero.dataset.payroll
        return "leave_application_push"

    @api.model
    def _parts(self, records):
        # EXTENDS xero.dataset: an application is known by its first day, as it was when it was sent first
        links = self._links_of_leaves(records)
        return {
            record.id: (links[record.id].part if record.id in links else str(record.request_date_from),)
            for record in records
        }

    @api.model
    def _ready_domain(self):
        # EXTENDS xero.dataset: what was granted, and what was taken back after it went; not what payroll has entered
        mapped = Domain("holiday_status_id.xero_pay_item_id", "!=", False)
        goes = Domain("state", "=", "validate") & mapped | Domain("state", "in", TAKEN_BACK) & self._sent_domain()
        return goes & Domain("xero_by_hand", "=", False)

    @api.model
    def _company_domain(self):
        # EXTENDS xero.dataset
        return Domain("employee_id", "any", self._staff_domain())

    @api.model
    def _date(self, record):
        """The day that a batch of Export Control is about."""
        return record.request_date_from

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        self._check_payroll()
        name, dates = record.employee_id.name, self._about(record)
        if record.xero_by_hand:
            raise Problem("leave_by_hand", state="excluded", **dates)
        if record.state in TAKEN_BACK:
            raise Problem("leave_not_granted", state="excluded", **dates)
        if record.state != "validate":
            raise Problem("leave_waits", state="held", **dates)
        item = self._pay_item(record)
        ours = (item.connection_id, item.tenant_id) == (self._connection, self._connection.tenant_id)
        if not item or not ours:
            raise Problem("leave_type_not_mapped", type=record.holiday_status_id.name, **dates)
        if item.is_statutory_leave:
            limit = self._connection._payroll_limit("statutory_leave")
            raise Problem("payroll_not_offered", state="held", reason=limit)
        if not item.active:
            raise Problem("leave_type_archived", type=item.name, **dates)
        self._check_employee(record.employee_id)
        known = record.employee_id.xero_pay_item_ids.filtered(lambda known: known.kind == "leave")
        if self._region.knows_assigned and known and item not in known:
            raise Problem("leave_type_unassigned", type=item.name, **dates)
        if link.xero_status == PAID:
            raise Problem("leave_taken_in_xero", state="skipped", **dates)
        calendar = record.employee_id.xero_calendar_id
        if not calendar:
            raise Problem("employee_no_calendar", employee=name)
        if not calendar.start_date or not calendar._period(record.request_date_from):
            raise Problem("calendar_no_start", employee=name, calendar=calendar.name)
        head = self._group(record)[0]
        if head != record:
            raise Problem(GOES_WITH, state="excluded", **self._about(head))
        self._check_border(record, calendar)

    @api.model
    def _check_border(self, record, calendar):
        """Xero takes no leave into a pay period that is paid (XQ-10)."""
        first = calendar._open_from()
        if record.request_date_from >= first:
            return
        group = self._group(record)
        about = {**self._about(record), "calendar": calendar.name, "first": str(first)}
        raise Problem("leave_period_border" if group[-1].request_date_to >= first else "leave_period_paid", **about)

    @api.model
    def _about(self, record):
        return {
            "employee": record.employee_id.name,
            "dates": f"{record.request_date_from} – {record.request_date_to}",
        }

    # === BUILD === #

    @api.model
    def _prepare_payload(self, record, link):
        group = self._group(record)
        units = self._units_by_period(group)
        if not any(units.values()):
            raise Problem("leave_without_work", state="excluded", **self._about(record))
        payload = {
            "EmployeeID": self._employee_link_of(record.employee_id).xero_id,
            "LeaveTypeID": self._pay_item(record).xero_id,
            # Why somebody is away is nobody's business there.
            "Title": record.holiday_status_id.name[:TITLE],
            "StartDate": record.request_date_from,
            "EndDate": max(group.mapped("request_date_to")),
            "LeavePeriods": [
                {"PayPeriodStartDate": first, "PayPeriodEndDate": last, "NumberOfUnits": number}
                for (first, last), number in sorted(units.items())
            ],
        }
        return payload, []

    # === TAKING BACK (LVE-09) === #

    @api.model
    def _retires(self, record, link):
        # EXTENDS xero.dataset
        refused = record.state in TAKEN_BACK and link.xero_id and link.xero_status != REJECTED
        return bool(refused) or super()._retires(record, link)

    @api.model
    def _check_retirement(self, record, link):
        # EXTENDS xero.dataset
        self._check_payroll()
        if link.xero_status == PAID:
            raise Problem("leave_taken_in_xero", state="outdated", **self._about(record))
        return super()._check_retirement(record, link)

    @api.model
    def _request_path(self, link, payload):
        # EXTENDS xero.dataset.payroll
        if payload.get("Status") == REJECTED:
            return self._region.rejection(payload)
        return super()._request_path(link, payload)

    @api.model
    def _prepare_retirement(self, link):
        # EXTENDS xero.dataset
        employee = self._employee_link_of(self._browse(link.res_id).employee_id)
        return {self._xero_id: link.xero_id, "Status": REJECTED, "EmployeeID": employee.xero_id}

    @api.model
    def _deleted(self, element):
        # EXTENDS xero.dataset.payroll: what is deleted is what is rejected elsewhere
        return {**element, "LeavePeriods": [{"LeavePeriodStatus": REJECTED}]}

    @api.model
    def _list_path(self, path):
        # EXTENDS xero.dataset
        if not self._source.of_employee:
            return super()._list_path(path)
        return f"{path.partition('/Leave')[0]}/Leave"

    @api.model
    def _is_final(self, element, item):
        # EXTENDS xero.dataset
        return element.get("Status") == REJECTED == self._status(item)

    @api.model
    def _state_after(self, item):
        # EXTENDS xero.dataset
        return "excluded" if self._status(item) == REJECTED else "synced"

    # === ANSWER AND LOOK-UP === #

    @api.model
    def _after_push(self, links):
        # EXTENDS xero.dataset
        for link in links:
            if record := self._browse(link.res_id).exists():
                self._in_application(record, link).xero_leave_status = STATUSES.get(link.xero_status)

    @api.model
    def _after_unchanged(self, links):
        # EXTENDS xero.dataset: what went with others stands as they do
        self._after_push(links)

    @api.model
    def _lookup_key(self, item):
        days = tuple(map(str, self._days(item)))
        # In a list of one employee nobody says whose it is.
        employee = "" if self._source.of_employee else (item.get("EmployeeID") or "").lower()
        return (employee, (item.get("LeaveTypeID") or "").lower(), *days, (item.get("Title") or "").strip())

    @api.model
    def _is_readable(self, item):
        # EXTENDS xero.dataset
        return item.get("Title", "") is not None

    @api.model
    def _could_be(self, element, item):
        # EXTENDS xero.dataset
        return self._status(item) != REJECTED and _units(element) == _units(item)

    @api.model
    def _is_conflict(self, code):
        # EXTENDS xero.dataset
        return code == self._taken_code

    @api.model
    def _conflict_queries(self, records):
        ids = {self._employee_link_of(record.employee_id).xero_id for record in records}
        found = [self._region.leave_of(xero_id) for xero_id in sorted(ids - {False})]
        return [{"path": path, **params} for path, params in found]

    @api.model
    def _choose(self, record, link, items, code, arguments):
        element = values.loads(values.dumps(self._prepare_payload(record, link)[0]))
        same = [
            item
            for item in self._unlinked(link, items)
            if self._lookup_key(item)[:4] == self._lookup_key(element)[:4] and self._could_be(element, item)
        ]
        if len(same) == 1:
            return same[0]
        raise Problem(self._taken_code, **self._about(record))

    @api.model
    def _describe(self, item):
        # EXTENDS xero.dataset: no title
        return {"date": self._title(item), "status": self._status(item)}

    @api.model
    def _gone_problem(self, link):
        record = self._browse(link.res_id).exists()
        together = self._in_application(record, link) if record else record
        link.write({"xero_id": False, "content_hash": False, "xero_status": False})
        together.xero_leave_status = False
        return Problem("leave_gone")

    # === PULL === #

    @property
    def _lists_all(self):
        # EXTENDS xero.dataset: one answer holds all leave of an employee (NZ, UK)
        return self._of_employee

    @api.model
    def _absent(self, listed, before):
        # EXTENDS xero.dataset
        leaves = self.env["hr.leave"].search(
            [("employee_id", "=", self._employee_link.res_id), ("state", "not in", TAKEN_BACK)]
        )
        own = [("tenant_id", "=", self._connection.tenant_id), ("dataset", "=", self._key)]
        open_ones = [
            ("res_id", "in", leaves.ids),
            ("xero_status", "not in", (PAID, REJECTED)),
            ("write_date", "<", before),
        ]
        lacking = [("xero_id", "!=", False), ("xero_id", "not in", listed)]
        return self.env["xero.link"].sudo().search([*own, *open_ones, *lacking])

    @api.model
    def _difference(self, item, link, record):
        # EXTENDS xero.dataset.leave_application: what is one application with others has their days, too
        if record.state == "validate" and self._status(item) != REJECTED:
            group = self._group(record)
            if (group[0].request_date_from, max(group.mapped("request_date_to"))) == self._days(item):
                return self._units_problem(item, group) if link.state == "synced" else None
        return super()._difference(item, link, record)


def _units(item):
    """Units of each pay period that has any."""
    periods = item.get("LeavePeriods") or ()
    units = {
        values.parse_date(period.get("PayPeriodStartDate")): decimal(period.get("NumberOfUnits"), EXACT)
        for period in periods
    }
    return {first: number for first, number in units.items() if number}
