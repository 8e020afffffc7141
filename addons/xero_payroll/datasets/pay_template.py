"""Hours on their way to pay templates, where the company wants them there instead of in timesheets (PRL-05, K11)."""

from decimal import ROUND_HALF_UP

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.xero_connector import values
from odoo.addons.xero_connector.datasets.amounts import ZERO, decimal
from odoo.addons.xero_connector.datasets.problem import Problem

from .timesheet_check import EXACT, UNITS

_lt = LazyTranslate(__name__)


class XeroDatasetPayTemplate(models.AbstractModel):
    """Operations getEmployee, updateEmployee (AU: the whole template is replaced), getEmployeePayTemplates,
    createEmployeeEarningsTemplate, updateEmployeeEarningsTemplate (NZ, UK: one line for each call).

    What is sent is planned on the template as it was read last, and it is read once more right
    before it is sent: when somebody has changed it meanwhile, nothing is.
    """

    _name = "xero.dataset.pay_template"
    _inherit = "xero.dataset.timesheet.check"
    _description = "Xero Pay Templates"

    _key = "pay_template"
    _xero_id = "EmployeeID"
    _sequence = 71
    _scope = "payroll.employees"
    _kinds = {"pay_template": (_lt("Pay Templates"), [])}
    _pull_sequence = 236
    _whole = True
    _looks_first = _replaces = True
    _taken_code = "pay_template_changed"
    _unhashed = ("PayTemplate", "Line", "Left", "Base")

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        result = super()._check(record, link)
        start = record.employee_id.xero_calendar_id.start_date
        if record.date_from > start:
            # The hours of the period that is paid next are there.
            raise Problem("pay_template_later", state="held", **self._about(record), first=str(start))
        sent = self.env["xero.link"]._of(record, self._connection, "timesheet")
        if sent.xero_id:
            raise Problem("pay_template_timesheet", **self._about(record))
        return result

    @api.model
    def _has_hours(self, record):
        # EXTENDS xero.dataset.timesheet.check: hours of an earlier period are taken out, too
        return super()._has_hours(record) or bool(self._template_of(record.employee_id).pay_item_ids)

    @api.model
    def _check_line(self, template, rate, name):
        """Raise a Problem unless the hours of `rate` have one place in the template."""
        lines = [line for line in template.get("EarningsLines") or () if line.get("EarningsRateID") == rate]
        if len(lines) > 1:
            raise Problem("pay_template_twice", item=name)
        if any(line.get("AnnualSalary") or line.get("FixedAmount") for line in lines):
            raise Problem("pay_template_fixed", item=name)

    # === BUILD === #

    @api.model
    def _prepare_payload(self, record, link):
        employee_id = self._employee_link_of(record.employee_id).xero_id
        lines = self._sent_lines(record)
        sums = self._sums(lines)
        hours = {item.xero_id: units for item, units in sums.items()}
        payload = {"EmployeeID": employee_id, "StartDate": record.date_from, "Hours": hours}
        if link.content_hash != values.fingerprint(payload):
            self._let_go(employee_id, link)
            payload.update(self._plan(self._template_of(record.employee_id), sums))
        return payload, lines.ids

    @api.model
    def _sums(self, lines):
        """``{earnings rate: hours of the period}``."""
        sums = {}
        for line in lines.sorted(lambda line: line.pay_item_id.id):
            sums[line.pay_item_id] = sums.get(line.pay_item_id, ZERO) + decimal(line.units, EXACT)
        return {item: units.quantize(UNITS, ROUND_HALF_UP) for item, units in sums.items()}

    @api.model
    def _plan(self, template, sums):
        """The next step towards a template with these hours; without a template, that it has to be read."""
        lists = template._lists()
        if lists is None:
            return {"Base": ""}
        wanted = self._wanted(template, sums)
        for item in wanted:
            self._check_line(lists, item.xero_id, item.name)
        steps = self._region.template_steps(lists, {item.xero_id: units for item, units in wanted.items()})
        return {**steps[0], "Left": len(steps) - 1, "Base": _print(lists)}

    @api.model
    def _wanted(self, template, sums):
        """The same with the rates that Odoo has set before, which get none."""
        return {**dict.fromkeys(template.pay_item_ids, ZERO), **sums}

    @api.model
    def _let_go(self, employee_id, link):
        """The employee has one template: it no longer is what an earlier timesheet went to."""
        holders = link._holding(self._connection.tenant_id, self._key, [employee_id])
        (holders - link).write({"xero_id": False})

    # === ANSWER === #

    @api.model
    def _answered(self, data, sent):
        # EXTENDS xero.dataset.payroll: how many steps are left
        left = {element["EmployeeID"]: element.get("Left") for element in sent}
        return [{**item, "Left": left.get(item.get("EmployeeID"))} for item in super()._answered(data, sent)]

    @api.model
    def _state_after(self, item):
        # EXTENDS xero.dataset: what was looked up does not say whether a step is left: it is planned anew
        return "queued" if item.get("Left", True) else "synced"

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset
        found = super()._read_answer(item)
        if item.get("Left", True):
            found["content_hash"] = False
        return found

    @api.model
    def _keep_answer(self, link, item, sources):
        # OVERRIDE xero.dataset.timesheet.check: what Xero would pay now, line by line
        record = self._browse(link.res_id).exists()
        template = self._template_of(record.employee_id)
        lines = self._went(record, sources)
        ours = lines.pay_item_id
        template.pay_item_ids = template.pay_item_ids | ours if item.get("Left", True) else ours
        self._remember(template, item)
        held, wanted = _hours(template._lists()), self._wanted(template, self._sums(lines))
        waiting = [rate.id for rate, units in wanted.items() if held.get(rate.xero_id, ZERO) != units]
        record._keep_before()
        record._keep_sent(lines, ours.browse(waiting))

    # === LOOK-UP === #

    @api.model
    def _lookup_key(self, item):
        return (item.get("EmployeeID") or "").lower()

    @api.model
    def _lookup_lists(self, path, sent):
        # EXTENDS xero.dataset
        return [(self._path_of(element["EmployeeID"]), {}) for element in sent]

    @api.model
    def _path_of(self, employee_id):
        return self._source.path % employee_id

    @api.model
    def _could_be(self, element, item):
        # EXTENDS xero.dataset: whether the step was done
        line = element.get("Line")
        wanted = {line["EarningsRateID"]: line["NormalNumberOfUnits"]} if line else element["Hours"]
        held = _hours(item["PayTemplate"])
        return all(rate in held and held[rate] == decimal(units, UNITS) for rate, units in wanted.items())

    @api.model
    def _is_final(self, element, item):
        # EXTENDS xero.dataset
        return self._could_be(element, item)

    @api.model
    def _conflict_queries(self, records):
        ids = {self._employee_link_of(record.employee_id).xero_id for record in records}
        return [{"path": self._path_of(xero_id)} for xero_id in sorted(ids - {False})]

    @api.model
    def _is_held(self, element, items, figures):
        # EXTENDS xero.dataset: whether the template is another one than what was planned on
        key = self._lookup_key(element)
        found = [_print(item["PayTemplate"]) for item in items if self._lookup_key(item) == key]
        return found != [element["Base"]]

    @api.model
    def _choose(self, record, link, items, code, arguments):
        """Remember what Xero holds; what was planned on something else waits for people."""
        template = self._template_of(record.employee_id)
        known, key = template._lists(), self._employee_link_of(record.employee_id).xero_id.lower()
        if item := next((item for item in items if self._lookup_key(item) == key), None):
            self._remember(template, item)
        raise Problem(code, state="failed" if known is not None or not item else "queued", **self._about(record))

    @api.model
    def _describe(self, item):
        # EXTENDS xero.dataset: no figure
        return {}

    @api.model
    def _gone_problem(self, link):
        link.write({"xero_id": False, "content_hash": False})
        return Problem("employee_gone")

    # === TEMPLATES === #

    @api.model
    def _is_pulled(self):
        # EXTENDS xero.dataset.payroll: afterwards, too, as long as hours may be left in one
        connection = self._connection
        known = [("connection_id", "=", connection.id), ("tenant_id", "=", connection.tenant_id)]
        wanted = connection.payroll_push_target == self._key
        return super()._is_pulled() and (
            wanted or bool(self.env["xero.pay.template"].sudo().search_count(known, limit=1))
        )

    @api.model
    def _store(self, items):
        """Remember templates that were read; counts by what was done."""
        counts = dict.fromkeys(("created", "updated", "unchanged"), 0)
        employees = self._employees_by_id(item["EmployeeID"] for item in items)
        for item in items:
            if employee := employees.get(item["EmployeeID"]):
                template = self._template_of(employee)
                before = template._lists()
                self._remember(template, item)
                same = before is not None and _print(before) == _print(item["PayTemplate"])
                counts["created" if before is None else "unchanged" if same else "updated"] += 1
        return counts

    @api.model
    def _template_of(self, employee):
        return self.env["xero.pay.template"]._of(employee, self._connection)

    @api.model
    def _remember(self, template, item):
        """`template` as Xero holds it: all of it, or one line of it."""
        lists = item.get("PayTemplate")
        if lists is None:
            lists, line = template._lists() or {}, item["Line"]
            others = [other for other in lists.get("EarningsLines") or () if other.get("LineID") != line["LineID"]]
            lists = {**lists, "EarningsLines": [*others, line]}
        template._keep(lists)


def _hours(template):
    """Hours of each earnings rate in a pay template."""
    lines = template.get("EarningsLines") or ()
    return {line.get("EarningsRateID"): decimal(line.get("NormalNumberOfUnits") or 0, UNITS) for line in lines}


def _print(template):
    """Fingerprint of a pay template, in whatever order and spelling of numbers Xero lists it; nothing is 0."""
    lines = {name: sorted(map(_line_print, rows)) for name, rows in template.items() if rows and isinstance(rows, list)}
    return values.fingerprint(lines)


def _line_print(line):
    numbers = {name: _plain(value) for name, value in line.items()}
    return values.fingerprint({name: value for name, value in numbers.items() if value})


def _plain(value):
    number = isinstance(value, int | float) or type(value).__name__ == "Decimal"
    return float(value) if number and not isinstance(value, bool) else value
