"""ContactGroups (facts, section 3.3; operations getContactGroups, createContactGroup,
getContactGroup, updateContactGroup, createContactGroupContacts, deleteContactGroupContacts,
deleteContactGroupContact). Deleted groups are never listed."""

import uuid

from .. import fields, query
from ..errors import Invalid, NotFound

MAX_GROUPS = 100


def get_groups(call):
    """GET /ContactGroups: no paging, no If-Modified-Since, without the contacts."""
    rows, _extra = query.select(call, call.org.contact_groups, shown=True, paged=False, since=False)
    return {"ContactGroups": [_answer(call.org, row, False) for row in rows]}


def get_group(call, ContactGroupID):
    """GET /ContactGroups/{ContactGroupID}: with ContactID and Name of its contacts."""
    return {"ContactGroups": [_answer(call.org, _find(call, ContactGroupID))]}


def put_group(call):
    """PUT /ContactGroups: create one."""
    return call.one("ContactGroups", lambda element: _answer(
        call.org, create(call.org, fields.text(element, "Name", 255))))


def post_group(call, ContactGroupID):
    """POST /ContactGroups/{ContactGroupID}: rename, or delete by Status."""
    row = _find(call, ContactGroupID)

    def save(element):
        status = fields.choice(element, "Status", ("ACTIVE", "DELETED")) or row["Status"]
        name = fields.text(element, "Name", 255) or row["Name"]
        _check_name(call.org, name, row)
        return _answer(call.org, call.org.contact_groups.put(
            {**row, "Name": name, "Status": status}))

    return call.one("ContactGroups", save)


def put_contacts(call, ContactGroupID):
    """PUT /ContactGroups/{ContactGroupID}/Contacts: add contacts by ContactID."""
    row = _find(call, ContactGroupID)
    keys = [fields.guid(element, "ContactID") for element in call.elements("Contacts")]
    if not all(map(call.org.contacts.get, keys)):
        raise NotFound
    with call.org.transaction():
        put(call.org, row, keys)
    return {"Contacts": [_short(call.org, key) for key in keys]}


def delete_contacts(call, ContactGroupID, ContactID=None):
    """DELETE /ContactGroups/{ContactGroupID}/Contacts[/{ContactID}]: 204."""
    row = _find(call, ContactGroupID)
    if ContactID and ContactID.lower() not in row["contacts"]:
        raise NotFound
    keep = [key for key in row["contacts"] if ContactID and key != ContactID.lower()]
    with call.org.transaction():
        call.org.contact_groups.put({**row, "contacts": keep})


def create(org, name):
    """A new group.

    :raises Invalid: without a unique name, or when there are 100 already.
    """
    _check_name(org, name)
    if len(org.contact_groups.entries(shown=True)) >= MAX_GROUPS:
        raise Invalid("You've reached the limit of 100 contact groups.")
    return org.contact_groups.put({"ContactGroupID": str(uuid.uuid4()), "Name": name,
                                   "Status": "ACTIVE", "contacts": []})


def put(org, row, keys):
    """Add contacts to a group; their own UpdatedDateUTC stays as it is."""
    return org.contact_groups.put(
        {**row, "contacts": list(dict.fromkeys([*row["contacts"], *keys]))})


def _check_name(org, name, own=None):
    if not name or any(row["Name"].casefold() == name.casefold() and row["Status"] == "ACTIVE"
                       and row is not own for row in org.contact_groups):
        raise Invalid("Please enter a unique Name.")


def _find(call, key):
    row = call.org.contact_groups.get(key)
    if row is None or row["Status"] != "ACTIVE":
        raise NotFound
    return row


def _answer(org, row, contacts=True):
    return {"ContactGroupID": row["ContactGroupID"], "Name": row["Name"], "Status": row["Status"],
            "Contacts": [_short(org, key) for key in row["contacts"]] if contacts else [],
            "HasValidationErrors": False}


def _short(org, key):
    contact = org.contacts.get(key)
    return {"ContactID": contact["ContactID"], "Name": contact["Name"], "Addresses": [],
            "Phones": [], "ContactGroups": [], "ContactPersons": [], "HasValidationErrors": False}


_ONE = "/ContactGroups/<ContactGroupID>"
ROUTES = [
    ("GET", "/ContactGroups", get_groups), ("PUT", "/ContactGroups", put_group),
    ("GET", _ONE, get_group), ("POST", _ONE, post_group),
    ("PUT", _ONE + "/Contacts", put_contacts), ("DELETE", _ONE + "/Contacts", delete_contacts),
    ("DELETE", _ONE + "/Contacts/<ContactID>", delete_contacts),
]
