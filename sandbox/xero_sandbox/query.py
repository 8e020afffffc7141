"""What list calls have in common: If-Modified-Since, where, order, paging (facts, 2.4)."""

from datetime import datetime, timezone

from . import where
from .errors import BadRequest

MAX_PAGE = 1000
DEFAULT_PAGE = 100
# Names of the API that rows keep under another name.
ALIASES = {"UpdatedDateUTC": "updated", "Contact.ContactID": "contact_id",
           "AmountPaid": "paid", "AmountCredited": "credited"}


def modified_since(text):
    """Milliseconds of an If-Modified-Since header, UTC unless it says otherwise; None if absent.

    :raises BadRequest: when it is not a date.
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
    return int(moment.timestamp() * 1000)


def select(call, rows, id_field, paged=None, extra_fields=None):
    """Rows of a list call after all its common filters, and the pagination block.

    :param paged: page even though the call did not ask (Payments, Statuses filter).
    :param extra_fields: function(row, path) for fields that rows do not keep themselves.
    """
    if call.since is not None:
        rows = [row for row in rows if row["updated"] > call.since]
    get = _getter(call, extra_fields)
    text = call.args.get("where")
    if text:
        test = where.compile_where(text)
        rows = [row for row in rows if test(lambda path, row=row: get(row, path))]
    rows = _ordered(call, rows, id_field, get)
    if "page" not in call.args and "pageSize" not in call.args and not paged:
        return rows, {}
    return _page(call, rows)


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


def _ordered(call, rows, id_field, get):
    rows = sorted(rows, key=lambda row: (row.get("updated", 0), row[id_field]))
    for part in reversed([p for p in call.args.get("order", "").split(",") if p.strip()]):
        words = part.split()
        if len(words) > 2 or (len(words) == 2 and words[1].upper() not in ("ASC", "DESC")):
            raise where.refuse(f"Cannot order by '{part}'")
        try:
            rows.sort(key=lambda row, path=words[0]: _sortable(get(row, path)),
                      reverse=len(words) == 2 and words[1].upper() == "DESC")
        except KeyError:
            raise where.refuse(f"No property or field '{words[0]}' exists") from None
    return rows


def _sortable(value):
    if value is None:
        return (0, 0)
    return (1, value.casefold() if isinstance(value, str) else value)


def _page(call, rows):
    page = call.whole("page", 1)
    size = call.whole("pageSize", DEFAULT_PAGE)
    if page < 1 or not 1 <= size <= MAX_PAGE:
        raise BadRequest("QueryParseException",
                         f"page must be at least 1 and pageSize between 1 and {MAX_PAGE}")
    count = len(rows)
    block = {"page": page, "pageSize": size, "pageCount": -(-count // size), "itemCount": count}
    return rows[(page - 1) * size:page * size], {"pagination": block}
