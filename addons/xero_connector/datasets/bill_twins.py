"""Bills that somebody has typed into Xero: asked for before ours are made, and a question for a person (BIL-13)."""

from odoo import api, models
from odoo.fields import Domain

from .amounts import decimal
from .problem import Problem
from .statuses import GONE
from .supplier_document import OWN_NAME, _own_name

TWIN = "bill_maybe_there"


class XeroDatasetInvoice(models.AbstractModel):
    _inherit = "xero.dataset.invoice"

    _taken_code = TWIN

    @property
    def _asks_first(self):
        return self._connection.look_for_bills

    @api.model
    def _first_queries(self, records):
        # OVERRIDE xero.dataset: a customer's number is Odoo's own, and Xero refuses it when it is taken
        bills = [
            record
            for record in records
            if record.move_type == "in_invoice" and record.ref and not record.xero_link_id.duplicate_accepted_by_id
        ]
        return self._conflict_queries(bills)

    @api.model
    def _is_held(self, element, items, figures):
        # OVERRIDE xero.dataset
        free = self._unlinked(self.env["xero.link"], items)
        return any(self._is_twin(element, figures, item) for item in free)

    @api.model
    def _is_twin(self, element, figures, item):
        """Whether `item` says of number, contact and total what `element` would, and was not made here.

        :param figures: what Odoo expects of it
        """
        return (
            item.get("Type") == element["Type"] == "ACCPAY"
            and item.get("Status") not in GONE
            and item.get(self._number_field) == element[self._number_field]
            and (item.get("Contact") or {}).get("ContactID") == element["Contact"]["ContactID"]
            and decimal(item.get("Total")) == decimal(figures["total"])
            and not self._is_made_here(item)
        )

    @api.model
    def _is_made_here(self, item):
        """Whether a bill in Xero came from a document of this Odoo: one of ours whose answer was lost is no twin.

        One whose document was deleted is: it may have been typed again.
        """
        moves = self.env["account.move"]
        if name := _own_name(item):
            ours = Domain("name", "=", name.removeprefix(OWN_NAME)) & self._company_domain()
            return bool(moves.search_count(ours, limit=1))
        url = item.get("Url") or ""
        number = url.rpartition("/")[2]
        move = moves.browse(int(number) if number.isdecimal() else 0)
        return self._connection._record_url(move) == url and bool(move.exists())

    @api.model
    def _choose(self, record, link, items, code, arguments):
        # EXTENDS xero.dataset.document: who typed it in, or somebody else, says whether it is the same
        if code == TWIN:
            raise Problem(TWIN, state="held", number=self._number(record), vendor=self._partner(record).name)
        return super()._choose(record, link, items, code, arguments)
