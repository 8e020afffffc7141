"""Manual journals in Xero's own screens."""

from ..documents import journals
from .rows import find


def create_journal(org, request):
    """{manual_journal: element as in the API}."""
    return journals.save(org, request["manual_journal"], create_only=True)[0]


def edit_journal(org, request):
    """{manual_journal: id, values: {field: value}}."""
    return _save(org, request, request["values"])


def post_journal(org, request):
    """{manual_journal: id}: a draft is posted."""
    return _save(org, request, {"Status": "POSTED"})


def void_journal(org, request):
    """{manual_journal: id}: a posted one."""
    return _save(org, request, {"Status": "VOIDED"})


def delete_journal(org, request):
    """{manual_journal: id}: a draft."""
    return _save(org, request, {"Status": "DELETED"})


def _save(org, request, values):
    row = find(org.manual_journals, request["manual_journal"])
    return journals.save(org, values, journal_id=row["ManualJournalID"])[0]
