"""ManualJournals (facts, section 3.3; operations getManualJournals, createManualJournals,
updateOrCreateManualJournals, getManualJournal, updateManualJournal)."""

from .. import query, wire
from ..documents import journals
from ..errors import NotFound


def get_journals(call):
    """GET /ManualJournals: lines only when paged."""
    plain = call.since is None and "where" not in call.args
    rows, extra = query.select(call, call.org.manual_journals, shown=plain)
    return {**extra, "ManualJournals": [answer(call.org, row, lines=bool(extra)) for row in rows]}


def get_journal(call, ManualJournalID):
    """GET /ManualJournals/{ManualJournalID}."""
    row = call.org.manual_journals.get(ManualJournalID)
    if row is None:
        raise NotFound
    return {"ManualJournals": [answer(call.org, row)]}


def put_journals(call):
    """PUT /ManualJournals: create a list."""
    return call.batch("ManualJournals", _save(create_only=True), "ManualJournalID")


def post_journals(call):
    """POST /ManualJournals: create or update a list."""
    return call.batch("ManualJournals", _save(), "ManualJournalID")


def post_journal(call, ManualJournalID):
    """POST /ManualJournals/{ManualJournalID}."""
    return call.batch("ManualJournals", _save(journal_id=ManualJournalID), "ManualJournalID",
                      single=True)


def _save(**options):
    def save(call, element):
        try:
            row, warnings = journals.save(call.org, element, **options)
        except KeyError:
            raise NotFound from None
        return answer(call.org, row), warnings
    return save


def answer(org, row, lines=True):
    """A journal as the API shows it."""
    result = {key: row[key] for key in (
        "ManualJournalID", "Narration", "LineAmountTypes", "Status", "ShowOnCashBasisReports")}
    if row["Url"]:
        result["Url"] = row["Url"]
    return result | {
        "Date": wire.day_text(row["Date"]), "HasAttachments": org.has_files(row["ManualJournalID"]),
        "UpdatedDateUTC": wire.stamp_text(row["updated"]),
        "JournalLines": [{**line, "IsBlank": False} for line in row["JournalLines"]]
        if lines else []}


_ONE = "/ManualJournals/<ManualJournalID>"
ROUTES = [
    ("GET", "/ManualJournals", get_journals), ("PUT", "/ManualJournals", put_journals),
    ("POST", "/ManualJournals", post_journals), ("GET", _ONE, get_journal),
    ("POST", _ONE, post_journal),
]
