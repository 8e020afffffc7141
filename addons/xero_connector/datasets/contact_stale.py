"""Contacts whose id Xero does not know any more: who they are there now, by number and name (XW-21)."""

from odoo import api, models

from .contact import xero_name
from .contact_match import account_number


class XeroDataset(models.AbstractModel):
    _inherit = "xero.dataset"

    @api.model
    def _stale_link(self, link):
        """The link whose id it may be that Xero does not know, when a write for `link` is answered 404."""
        return link.browse()

    @api.model
    def _rematch_queries(self, record, link):
        """Query parameters that find what `record` is in Xero now."""
        return []

    @api.model
    def _rematch(self, record, link, items):
        """The one of `items` that is `record` for certain, ``None`` when nobody can tell."""
        return None


class XeroDatasetContact(models.AbstractModel):
    _inherit = "xero.dataset.contact"

    @api.model
    def _stale_link(self, link):
        # EXTENDS xero.dataset
        return link.filtered("xero_id")

    @api.model
    def _rematch_queries(self, record, link):
        # EXTENDS xero.dataset: operation getContacts; its search term covers names and contact numbers
        number = {"searchTerm": self._contact_number(link), "page": 1, "pageSize": 100}
        # Account numbers are found by a filter only: as they are typed in, and without spaces.
        spellings = {form for text in self._account_numbers(record) for form in (text.strip(), account_number(text))}
        quotable = sorted(text for text in spellings if '"' not in text and "\\" not in text)
        filters = [{"where": f'AccountNumber=="{text}"', "page": 1, "pageSize": 100} for text in quotable]
        return [number, *filters, *self._conflict_queries([record])]

    @api.model
    def _rematch(self, record, link, items):
        # EXTENDS xero.dataset: the surest key that any contact has decides; two contacts are a question
        active = {item["ContactID"]: item for item in items if item.get("ContactStatus", "ACTIVE") == "ACTIVE"}
        free = self._unlinked(link, list(active.values()))
        accounts = {account_number(text) for text in self._account_numbers(record)}
        name = xero_name(record.name).casefold()
        for agrees in (
            lambda item: item.get("ContactNumber") == self._contact_number(link),
            lambda item: account_number(item.get("AccountNumber")) in accounts,
            lambda item: xero_name(item.get("Name")).casefold() == name,
        ):
            if found := list(filter(agrees, free)):
                return found[0] if len(found) == 1 else None
        return None

    @api.model
    def _account_numbers(self, record):
        """Account numbers that `record` has as customer and as vendor of the company."""
        numbers = (record.xero_ar_account, record.xero_ap_account)
        return list(dict.fromkeys(text for text in numbers if account_number(text)))


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _stale_link(self, link):
        # EXTENDS xero.dataset: a document names its contact by id
        return self._partner(self._browse(link.res_id).exists()).xero_link_id.filtered("xero_id")
