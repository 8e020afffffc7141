"""New employees on their way to Xero, where the company wants it so; who is there already is linked (PRL-08, XQ-34)."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.xero_connector.datasets.contact import normalise_name
from odoo.addons.xero_connector.datasets.problem import Problem

from ..regions.writing import EMPLOY
from .employee import NEW, TERMINATED
from .employee_match import _addresses, _differ

_lt = LazyTranslate(__name__)
GENDERS = {"male": "M", "female": "F", "other": "I"}
TITLES = {"male": "Mr", "female": "Ms"}
COUNTRIES = {"AU": "AUSTRALIA", "NZ": "NEW ZEALAND", "GB": "UNITED KINGDOM"}
ENGAGEMENTS = {"employee": "Permanent"}
# What Xero needs: the field of an employee that says so; the calendar is one of the connection's.
FIELDS = {
    "LastName": "name",
    "DateOfBirth": "birthday",
    "AddressLine1": "private_street",
    "City": "private_city",
    "Region": "private_state_id",
    "PostalCode": "private_zip",
    "StartDate": "contract_date_start",
    "EngagementType": "employee_type",
    "Gender": "sex",
    "NICategory": "xero_ni_category",
    "WorkplacePostcode": "address_id",
}
# Where people fill in what is not on the page Personal of an employee.
PERSONAL = _lt("page Personal")
PLACES = {
    "name": _lt("first and last, at the top"),
    "contract_date_start": _lt("page Payroll"),
    "employee_type": _lt("page Payroll"),
    "xero_ni_category": _lt("page Xero"),
    "address_id": _lt("page Work; with its postal code"),
    "new_employee_calendar_id": _lt("page Payroll of the Xero connection"),
}


class XeroDatasetEmployee(models.AbstractModel):
    """Operations createEmployee, and createEmployment where that is a call of its own (NZ, UK).

    Xero refuses no double, so that it is looked for before every create. Tax, bank and pay are
    entered in Xero.
    """

    _inherit = "xero.dataset.employee"

    _sequence = 15
    _looks_first = True
    _taken_code = "employee_taken"

    @property
    def _capability(self):
        # EXTENDS xero.dataset.payroll
        return "employee_push"

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        if not self._connection.push_employees:
            raise Problem("employee_only_pulled", state="skipped")
        self._check_payroll()
        if link.xero_id and link.xero_status != NEW:
            raise Problem("employee_from_xero", state="skipped")
        values = {
            **self._names(record),
            **self._person(record),
            **self._address(record),
            **self._employment(record),
        }
        if missing := [name for name in self._region.employee_needs if not values.get(name)]:
            raise Problem("employee_incomplete", employee=record.name, fields=self._need_labels(missing))
        others = self.env["hr.employee"].search(self._staff_domain() & Domain("id", "!=", record.id))
        if any(self._is_namesake(record, other) for other in others):
            raise Problem("time_employee_same_name", employee=record.name)

    @api.model
    def _need_labels(self, names):
        """What Odoo's forms call these needs of Xero's, and where they are."""
        needed = [
            (self.env["hr.employee"], FIELDS[name])
            if name in FIELDS
            else (self._connection, "new_employee_calendar_id")
            for name in names
        ]
        labels = (model._fields[field].get_description(self.env, ["string"])["string"] for model, field in needed)
        places = (self.env._(PLACES.get(field, PERSONAL)) for _model, field in needed)
        return ", ".join(f"{label} ({place})" for label, place in zip(labels, places, strict=True))

    @api.model
    def _is_namesake(self, record, other):
        """Whether two employees cannot be told apart in Xero."""
        same = normalise_name(record.name) == normalise_name(other.name)
        return same and not _differ(_addresses(record.work_email), _addresses(other.work_email))

    # === BUILD === #

    @api.model
    def _names(self, record):
        first, _space, last = (record.name or "").strip().rpartition(" ")
        return {"FirstName": first or last, "LastName": last if first else ""}

    @api.model
    def _person(self, record):
        return {
            "DateOfBirth": record.birthday or False,
            "Email": (record.work_email or "").strip(),
            "JobTitle": (record.job_title or "")[:50],
            "Gender": self._gender(record),
            "StartDate": record.contract_date_start or record.date_version,
            "PayrollCalendarID": self._connection.new_employee_calendar_id.xero_id,
        }

    @api.model
    def _gender(self, record):
        """New Zealand and the United Kingdom know two."""
        gender = GENDERS.get(record.sex)
        return gender if gender in ("M", "F") or not self._region.employs_apart else None

    @api.model
    def _employment(self, record):
        """What an employment needs beside its calendar and first day, whatever the country."""
        postcode = record.address_id.zip or ""
        category = {"NICategory": record.xero_ni_category, "WorkplacePostcode": postcode}
        return {
            **category,
            "EngagementType": ENGAGEMENTS.get(record.employee_type),
            "EmployeeNumber": record.barcode or str(record.id),
            "NICategories": [category],
        }

    @api.model
    def _address(self, record):
        return {
            "AddressLine1": record.private_street or "",
            "AddressLine2": record.private_street2 or "",
            "City": record.private_city or "",
            "Region": record.private_state_id.code or "",
            "PostalCode": record.private_zip or "",
        }

    @api.model
    def _prepare_payload(self, record, link):
        if link.xero_id:
            names = ("StartDate", "PayrollCalendarID")
            person = {name: value for name, value in self._person(record).items() if name in names}
            return {"Step": EMPLOY, **person, **self._employment(record)}, []
        address = {name: text for name, text in self._address(record).items() if text}
        payload = {
            **self._names(record),
            **{name: value for name, value in self._person(record).items() if value},
            "HomeAddress": {**address, "Country": COUNTRIES[self._region.code]},
        }
        if self._region.employs_apart and record.sex in TITLES:
            payload["Title"] = TITLES[record.sex]
        return payload, []

    # === ANSWER === #

    @api.model
    def _state_after(self, item):
        # EXTENDS xero.dataset: a person is employed next
        return "queued" if self._status(item) == NEW else super()._state_after(item)

    @api.model
    def _is_final(self, element, item):
        # EXTENDS xero.dataset
        return element.get("Step") == EMPLOY and self._status(item) != NEW

    # === LOOK-UP === #

    @api.model
    def _lookup_key(self, item):
        return normalise_name(self._title(item))

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset.employee: what is sent has no id yet
        return super()._title({"EmployeeID": "", **item})

    @api.model
    def _is_readable(self, item):
        # EXTENDS xero.dataset
        return bool(item.get("FirstName") or item.get("LastName"))

    @api.model
    def _could_be(self, element, item):
        # EXTENDS xero.dataset
        return not _differ(_addresses(element.get("Email")), _addresses(item.get("Email")))

    @api.model
    def _is_held(self, element, items, figures):
        # EXTENDS xero.dataset: two people of one name have an address each
        key = self._lookup_key(element)
        return any(self._lookup_key(item) == key and self._could_be(element, item) for item in items)

    @api.model
    def _conflict_queries(self, records):
        names = [self._names(record) for record in records]
        return [{**self._region.people_named(each["FirstName"], each["LastName"]), "page": 1} for each in names]

    @api.model
    def _choose(self, record, link, items, code, arguments):
        element = {**self._names(record), "Email": record.work_email}
        key = self._lookup_key(element)
        free = [
            item
            for item in self._unlinked(link, items)
            if self._lookup_key(item) == key and self._status(item) != TERMINATED and self._could_be(element, item)
        ]
        if len(free) == 1:
            return free[0]
        raise Problem(self._taken_code, employee=record.name)

    @api.model
    def _describe(self, item):
        # EXTENDS xero.dataset
        return {"name": self._title(item), "email": item.get("Email"), "status": self._status(item)}

    @api.model
    def _gone_problem(self, link):
        link.write({"xero_id": False, "content_hash": False})
        return Problem("employee_gone")
