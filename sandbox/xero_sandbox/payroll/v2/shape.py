"""How payroll 2.0 reads bodies, shows days and pages, and refuses (facts, 3.0, 3.1 and 4.1)."""

import re

from ... import fields, wire
from ...errors import InvalidField, NotFound, unreadable

PAGE = 100
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}(T.*)?$")
_FILTER = re.compile(r"^\s*(\w+)\s*==\s*(.+?)\s*$")


def body(call):
    """The one object of a write; :raises BadRequest: it is none."""
    sent = call.document()
    if not isinstance(sent, dict):
        raise unreadable("The request body must be an object.")
    return sent


def array(call):
    """The array of objects of a bulk write; :raises BadRequest: it is none."""
    sent = call.document()
    if not isinstance(sent, list) or not sent or not all(isinstance(row, dict) for row in sent):
        raise unreadable("The request body must be an array of objects.")
    return sent


def day(element, key):
    """The civil day at ``key`` or None; only ISO dates are dates here."""
    value = element.get(key)
    if value is not None and not (isinstance(value, str) and _ISO.match(value)):
        raise InvalidField(key, f"The {key} must be a date such as 2026-10-31.")
    return fields.day(element, key)


def require(element, *keys):
    """Refuse an element that lacks one of ``keys``."""
    for key in keys:
        if element.get(key) in (None, "", [], {}):
            raise InvalidField(key, f"The {key} field is required.")


def text(element, key, limit=None):
    """The text at ``key`` or None, at most ``limit`` characters."""
    value = fields.text(element, key)
    if value is not None and limit and len(value) > limit:
        raise InvalidField(key, f"The {key} must not be longer than {limit} characters.")
    return value


def choice(element, key, allowed):
    """The text at ``key``, one of ``allowed``, or None."""
    value = fields.text(element, key)
    if value is not None and value not in allowed:
        raise InvalidField(key, f"The {key} is not valid: {value}")
    return value


def record(element, key, table, kind=None):
    """The record that the id at ``key`` names; :raises InvalidField: there is none."""
    row = table.get(fields.guid(element, key))
    if row is None or (kind and (row["kind"] != kind or not row["current"])):
        raise InvalidField(key, f"The {key} does not exist.")
    return row


def found(table, key):
    """The row of a path; :raises NotFound: there is none."""
    row = table.get(key)
    if row is None:
        raise NotFound
    return row


def moment(iso):
    """A civil day as answers show it, or None."""
    return iso and f"{iso}T00:00:00"


def stamp(ms):
    """A time as answers show it."""
    return wire.stamp_iso(ms).rstrip("Z")


def page(call, rows):
    """The rows of the asked page of 100, and the block that tells where it is.

    :returns: (rows, {"pagination": ...}).
    """
    number, count = call.whole("page", 1), len(rows)
    if number < 1:
        raise InvalidField("page", "The page must be at least 1.")
    block = {"page": number, "pageSize": PAGE, "pageCount": -(-count // PAGE), "itemCount": count}
    return rows[(number - 1) * PAGE:number * PAGE], {"pagination": block}


def filters(call, *names):
    """What ``filter=name==value,name==value`` asks for: {name: value}, names in lower case."""
    asked = {}
    for part in call.values("filter") or ():
        match = _FILTER.match(part)
        if not match or match.group(1).lower() not in names:
            raise InvalidField("filter", f"The filter is not valid: {part}")
        asked[match.group(1).lower()] = match.group(2).strip('"').casefold()
    return asked


def query_day(call, name):
    """A day in the query, or None."""
    return day({name: call.args[name]}, name) if call.args.get(name) else None
