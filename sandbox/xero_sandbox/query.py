"""What list calls have in common: If-Modified-Since, where, order, paging (facts, 2.4)."""

from bisect import bisect_left, bisect_right
from datetime import datetime, timezone

from . import where
from .errors import BadRequest

MAX_PAGE = 1000
DEFAULT_PAGE = 100
MAX_HITS = 100_000
LAST_ID = "~"
# Names of the API that rows keep under another name.
ALIASES = {"UpdatedDateUTC": "updated", "Contact.ContactID": "contact_id",
           "AmountPaid": "paid", "AmountCredited": "credited"}
# How the organisation reads If-Modified-Since; facts do not say, so tests may choose.
SINCE_FROM, SINCE_AFTER_SECOND = "since_from", "since_after_second"


def modified_since(text):
    """Milliseconds of an If-Modified-Since header, whole seconds, UTC unless it says otherwise.

    :returns: None if absent; :raises BadRequest: when it is not a date.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        try:
            moment = datetime.strptime(text.strip(), "%a, %d %b %Y %H:%M:%S GMT")
        except ValueError:
            raise BadRequest("QueryParseException", "Invalid If-Modified-Since header") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) * 1000


def select(call, table, rows=None, shown=False, paged=None, since=True, extra_fields=None):
    """Rows of a list call after all its common filters, and the pagination block.

    Without ``where`` and ``order`` only the rows of the page are looked at.

    :param rows: the rows that the endpoint's own filters left, None for the whole table;
    :param shown: leave out what a plain list hides (archived contacts, deleted documents);
    :param paged: True pages even though the call did not ask (Payments, Statuses filter),
        False never does (Items, Accounts ...); :param since: honour If-Modified-Since;
    :param extra_fields: function(row, path) for fields that rows do not keep themselves.
    """
    if rows is None:
        entries = table.entries(shown)
    else:
        entries = sorted((row.get("updated", 0), row[table.id_field]) for row in rows)
    if since and call.since is not None:
        entries = entries[_first_after(call, entries):]
    text, order = call.args.get("where"), _order_terms(call)
    if not text and not order:
        entries, extra = _page(call, entries, paged)
        return [table.rows[key] for _updated, key in entries], extra
    get = _getter(call, extra_fields)
    rows = [table.rows[key] for _updated, key in entries]
    if text:
        test = where.compile_where(text)
        rows = [row for row in rows if test(lambda path, row=row: get(row, path))]
    if len(rows) > MAX_HITS:
        raise where.refuse("The query returns too many records. Use fewer records or optimised"
                           " filters.")
    return _page(call, _ordered(rows, order, get), paged)


def _first_after(call, entries):
    quirks = call.org.quirks
    if SINCE_FROM in quirks:
        return bisect_left(entries, (call.since, ""))
    last = call.since + 999 if SINCE_AFTER_SECOND in quirks else call.since
    return bisect_right(entries, (last, LAST_ID))


def _getter(call, extra_fields):
    def get(row, path):
        key = ALIASES.get(path, path)
        if key in row:
            return row[key]
        if path == "Contact.Name":
            return call.org.contacts.get(row["contact_id"])["Name"]
        if extra_fields:
            return extra_fields(row, path)
        raise KeyError(path)
    return get


def _order_terms(call):
    """(field, descending) of each part of ``order``; empty for the order that lists have anyway."""
    terms = []
    for part in call.args.get("order", "").split(","):
        words = part.split()
        if len(words) > 2 or (len(words) == 2 and words[1].upper() not in ("ASC", "DESC")):
            raise where.refuse(f"Cannot order by '{part}'")
        if words:
            terms.append((words[0], len(words) == 2 and words[1].upper() == "DESC"))
    return [] if terms == [("UpdatedDateUTC", False)] else terms


def _ordered(rows, terms, get):
    for path, descending in reversed(terms):
        try:
            rows.sort(key=lambda row, path=path: _sortable(get(row, path)), reverse=descending)
        except KeyError:
            raise where.refuse(f"No property or field '{path}' exists") from None
    return rows


def _sortable(value):
    if value is None:
        return (0, 0)
    return (1, value.casefold() if isinstance(value, str) else value)


def _page(call, rows, paged):
    asked = "page" in call.args or "pageSize" in call.args
    if paged is False or not (asked or paged):
        return rows, {}
    page = call.whole("page", 1)
    size = call.whole("pageSize", DEFAULT_PAGE)
    if page < 1 or not 1 <= size <= MAX_PAGE:
        raise BadRequest("QueryParseException",
                         f"page must be at least 1 and pageSize between 1 and {MAX_PAGE}")
    count = len(rows)
    block = {"page": page, "pageSize": size, "pageCount": -(-count // size), "itemCount": count}
    return rows[(page - 1) * size:page * size], {"pagination": block}
