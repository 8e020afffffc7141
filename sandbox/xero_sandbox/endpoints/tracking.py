"""TrackingCategories and their options (operations getTrackingCategories to
deleteTrackingOptions). At most 2 active and 4 categories in all."""

import uuid

from .. import fields, query
from ..errors import Invalid, NotFound

MAX_ACTIVE, MAX_ALL = 2, 4


def get_categories(call):
    """GET /TrackingCategories: archived categories and options with includeArchived; no paging,
    no If-Modified-Since."""
    archived = call.flag("includeArchived")
    rows = [row for row in call.org.tracking if archived or row["Status"] == "ACTIVE"]
    rows, _extra = query.select(call, call.org.tracking, rows, paged=False, since=False)
    return {"TrackingCategories": [{**row, "Options": [
        option for option in row["Options"] if archived or option["Status"] == "ACTIVE"]}
        for row in rows]}


def get_category(call, TrackingCategoryID):
    """GET /TrackingCategories/{TrackingCategoryID}."""
    return {"TrackingCategories": [_find(call, TrackingCategoryID)]}


def put_category(call):
    """PUT /TrackingCategories: create one."""
    return call.one("TrackingCategories", lambda element: _create(call.org, element))


def post_category(call, TrackingCategoryID):
    """POST /TrackingCategories/{TrackingCategoryID}: rename or archive."""
    row = _find(call, TrackingCategoryID)

    def save(element):
        name = fields.text(element, "Name", 100) or row["Name"]
        status = fields.choice(element, "Status", ("ACTIVE", "ARCHIVED")) or row["Status"]
        _check_name(call.org.tracking, name, row)
        return call.org.tracking.put({**row, "Name": name, "Status": status})

    return call.one("TrackingCategories", save)


def delete_category(call, TrackingCategoryID):
    """DELETE /TrackingCategories/{TrackingCategoryID}: archives a category that is in use."""
    row = _find(call, TrackingCategoryID)
    used = _used(call.org, "TrackingCategoryID", row["TrackingCategoryID"])
    with call.org.transaction():
        if used:
            return {"TrackingCategories": [call.org.tracking.put({**row, "Status": "ARCHIVED"})]}
        call.org.tracking.remove(row["TrackingCategoryID"])
    return {"TrackingCategories": [{**row, "Status": "DELETED"}]}


def put_option(call, TrackingCategoryID):
    """PUT /TrackingCategories/{TrackingCategoryID}/Options: add one."""
    row = _find(call, TrackingCategoryID)

    def save(element):
        option = {"TrackingOptionID": str(uuid.uuid4()), "Status": "ACTIVE",
                  "Name": fields.text(element, "Name", 100) or ""}
        _check_name(row["Options"], option["Name"])
        call.org.tracking.put({**row, "Options": [*row["Options"], option]})
        return option

    return call.one("Options", save)


def post_option(call, TrackingCategoryID, TrackingOptionID):
    """POST .../Options/{TrackingOptionID}: rename or archive."""
    row = _find(call, TrackingCategoryID)
    option = _option(row, TrackingOptionID)

    def save(element):
        changed = {**option, "Name": fields.text(element, "Name", 100) or option["Name"],
                   "Status": fields.choice(element, "Status", ("ACTIVE", "ARCHIVED"))
                   or option["Status"]}
        _check_name(row["Options"], changed["Name"], option)
        return _replace(call.org, row, option, [changed])

    return call.one("Options", save)


def delete_option(call, TrackingCategoryID, TrackingOptionID):
    """DELETE .../Options/{TrackingOptionID}: archives an option that is in use."""
    row = _find(call, TrackingCategoryID)
    option = _option(row, TrackingOptionID)
    with call.org.transaction():
        if _used(call.org, "TrackingOptionID", option["TrackingOptionID"]):
            return {"Options": [_replace(
                call.org, row, option, [{**option, "Status": "ARCHIVED"}])]}
        _replace(call.org, row, option, [])
    return {"Options": [{**option, "Status": "DELETED"}]}


def _find(call, key):
    row = call.org.tracking.get(key)
    if row is None:
        raise NotFound
    return row


def _option(row, key):
    for option in row["Options"]:
        if option["TrackingOptionID"] == key.lower():
            return option
    raise NotFound


def _replace(org, row, option, new):
    options = [part for old in row["Options"] for part in (new if old is option else [old])]
    org.tracking.put({**row, "Options": options})
    return new[0] if new else None


def _used(org, key, value):
    return any(part[key] == value for table in (org.invoices, org.credit_notes) for row in table
               for line in row["LineItems"] for part in line["Tracking"])


def _check_name(rows, name, own=None):
    if not name or any(row["Name"].casefold() == name.casefold() and row is not own
                       for row in rows):
        raise Invalid("Please enter a unique Name.")


def _create(org, element):
    name = fields.text(element, "Name", 100)
    _check_name(org.tracking, name)
    active = [row for row in org.tracking if row["Status"] == "ACTIVE"]
    if len(active) >= MAX_ACTIVE or len(org.tracking) >= MAX_ALL:
        raise Invalid("An organisation can have a maximum of 2 active tracking categories.")
    return org.tracking.put({"TrackingCategoryID": str(uuid.uuid4()), "Name": name,
                             "Status": "ACTIVE", "Options": []})


_ONE = "/TrackingCategories/<TrackingCategoryID>"
_OPTION = _ONE + "/Options/<TrackingOptionID>"
ROUTES = [
    ("GET", "/TrackingCategories", get_categories), ("PUT", "/TrackingCategories", put_category),
    ("GET", _ONE, get_category), ("POST", _ONE, post_category), ("DELETE", _ONE, delete_category),
    ("PUT", _ONE + "/Options", put_option), ("POST", _OPTION, post_option),
    ("DELETE", _OPTION, delete_option),
]
