"""Tracking options that Xero does not have yet, made there when the company wants that (XW-07)."""

import json

from odoo import api, models

from .. import values
from .problem import Problem
from .statuses import UNDER_WAY
from .tracking import slots_by_plan

MAX_OPTIONS = 100  # of a category that Xero advises (facts, section 3.2)


class XeroDataset(models.AbstractModel):
    """Documents wait for the options of their lines; categories are never made."""

    _inherit = "xero.dataset"

    @api.model
    def _tracked_lines(self, records):
        """Lines of `records` that are tracked in Xero."""
        return ()

    @api.model
    def _make_ready(self, records):
        # EXTENDS xero.dataset
        missing = {
            (slot.category.id, name.casefold()): {"category_id": slot.category.id, "name": name}
            for slot, option, name in self._tellings(records)
            if name and not option
        }
        self.env["xero.tracking.option"].create(list(missing.values()))
        return super()._make_ready(records)

    @api.model
    def _dependencies(self, records):
        # EXTENDS xero.dataset
        needed = super()._dependencies(records)
        options = self.env["xero.tracking.option"].union(*(option for _slot, option, _name in self._tellings(records)))
        if new := options.filtered(lambda option: not option.xero_id):
            needed["tracking_option"] = new
        return needed

    @api.model
    def _tellings(self, records):
        """``(slot, option, name)`` of whatever the lines are tracked by, when missing options are made."""
        connection = self._connection
        if not connection.create_tracking_options:
            return
        slots = connection._tracking_slots()
        by_plan = slots_by_plan(slots)
        keys, found = set(), set()
        for line in self._tracked_lines(records):
            found |= {(slot, self._tracked_record(line, slot.source)) for slot in slots if slot.source != "plan"}
            keys |= set(line.analytic_distribution or {}) if by_plan else set()
        for account in self._accounts(",".join(keys), by_plan) if keys else ():
            found |= {(slot, account) for slot in by_plan[account.root_plan_id.id]}
        for slot, record in found:
            yield slot, *self._told(record, slot)

    @api.model
    def _id_in_xero(self, option):
        """Id of an option.

        :raises Problem: it is not there yet; what is on its way is waited for
        """
        if option.xero_id:
            return option.xero_id
        link = option.xero_link_id
        if not link.xero_id:
            raise Problem(
                "tracking_option_not_in_xero",
                state="queued" if link.state in UNDER_WAY else "failed",
                option=option.name,
                category=option.category_id.name,
            )
        return link.xero_id


class XeroDatasetTrackingOption(models.AbstractModel):
    """Operation createTrackingOptions, which takes one at a time; getTrackingCategory for what was lost or is taken."""

    _name = "xero.dataset.tracking_option"
    _inherit = "xero.dataset"
    _description = "Xero Tracking Options"

    _key = "tracking_option"
    _xero_path = "/TrackingCategories"
    _xero_plural = "Options"
    _xero_id = "TrackingOptionID"
    _odoo_model = "xero.tracking.option"
    _sequence = 15
    _batch = 1
    _paged = False

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        if not record.category_id.active:
            raise Problem("tracking_archived", option=record.name, category=record.category_id.name)
        if len(record.category_id.option_ids.filtered("xero_id")) >= MAX_OPTIONS and not record.xero_id:
            names = {"option": record.name, "category": record.category_id.name}
            raise Problem("tracking_options_full", **names, limit=MAX_OPTIONS)

    # === BUILD === #

    @api.model
    def _prepare_payload(self, record, link):
        return {"Name": record.name}, []

    @api.model
    def _request_path(self, link, payload):
        # EXTENDS xero.dataset: an option is made in its category
        return f"{self._path_of(self._browse(link.res_id))}/Options"

    @api.model
    def _path_of(self, option):
        return f"{self._xero_path}/{option.category_id.xero_id}"

    @api.model
    def _content(self, body):
        # EXTENDS xero.dataset: the option alone, no list
        (element,) = json.loads(body)[self._xero_plural]
        return values.dumps(element), "application/json"

    # === ANSWER AND LOOK-UP === #

    @api.model
    def _lookup_key(self, item):
        return (item.get("Name") or "").casefold()

    @api.model
    def _list_path(self, path):
        # EXTENDS xero.dataset
        return path.split("/Options", 1)[0]

    @api.model
    def _listed(self, answer):
        # EXTENDS xero.dataset
        categories = answer.rows("TrackingCategories", "TrackingCategoryID")
        return [option for category in categories for option in category.get("Options") or []]

    @api.model
    def _is_conflict(self, code):
        return code == "name_taken"

    @api.model
    def _conflict_queries(self, records):
        return [{"path": self._path_of(record)} for record in records]

    @api.model
    def _choose(self, record, link, items, code, arguments):
        for item in items:
            if self._lookup_key(item) == record.name.casefold():
                if item.get("Status") != "ACTIVE":
                    break
                return item
        raise Problem("tracking_archived", option=record.name, category=record.category_id.name)

    @api.model
    def _is_readable(self, item):
        return bool(item.get("Name") and item.get("Status"))

    @api.model
    def _after_push(self, links):
        # EXTENDS xero.dataset
        for link in links:
            option = self._browse(link.res_id).exists()
            known = option.category_id.with_context(active_test=False).option_ids
            # Brought in meanwhile: the same row must not be there twice.
            if option and not option.xero_id and link.xero_id not in known.mapped("xero_id"):
                option.xero_id = link.xero_id
        return super()._after_push(links)

    @api.model
    def _gone_problem(self, link):
        return Problem("record_deleted")


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _tracked_lines(self, records):
        # EXTENDS xero.dataset
        return records.invoice_line_ids.filtered(lambda line: line.display_type in self._amount_types)


class XeroDatasetManualJournal(models.AbstractModel):
    _inherit = "xero.dataset.manual_journal"

    @api.model
    def _tracked_lines(self, records):
        # EXTENDS xero.dataset
        return [line for record in records for line in self._booked_lines(record) if not line.tax_repartition_line_id]
