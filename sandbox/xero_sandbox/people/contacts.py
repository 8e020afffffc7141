"""Contacts and their groups in Xero's own screens."""

from .. import contact_store
from ..documents.kinds import KINDS
from ..endpoints import contact_groups
from ..errors import Invalid
from .rows import change, find

UI_ONLY = {"Website", "Discount", "BatchPayments", "ContactStatus"}


def create_contact(org, request):
    """{values: element as in the API}."""
    return contact_store.save(org, request["values"], create_only=True)


def edit_contact(org, request):
    """{contact: id, values: element as in the API, also Website, Discount, BatchPayments}."""
    row, values = find(org.contacts, request["contact"]), request["values"]
    own = {key: value for key, value in values.items() if key in UI_ONLY}
    row = contact_store.merged(org, row, {
        key: value for key, value in values.items() if key not in UI_ONLY})
    org.note(row["ContactID"], "Edited")
    return org.contacts.put({**row, **own, "updated": org.stamp()})


def rename_contact(org, request):
    """{contact: id, name}."""
    return change(org, org.contacts, request["contact"], Name=request["name"])


def archive_contact(org, request):
    """{contact: id}."""
    return change(org, org.contacts, request["contact"], ContactStatus="ARCHIVED")


def unarchive(org, request):
    """{contact: id}: only people can, and not a merged or an erased one."""
    row = find(org.contacts, request["contact"])
    if row["ContactStatus"] != "ARCHIVED" or row.get("MergedToContactID"):
        raise Invalid("The contact cannot be restored.")
    return change(org, org.contacts, request["contact"], ContactStatus="ACTIVE")


def merge(org, request):
    """{contact: id, into: id}: documents move, the source is archived and points to the target.

    UpdatedDateUTC of the documents and of the target stays as it is; that of the source moves.
    """
    source, target = (find(org.contacts, request[key]) for key in ("contact", "into"))
    if source["ContactID"] == target["ContactID"] or target["ContactStatus"] != "ACTIVE":
        raise Invalid("A contact can only be merged into another active contact.")
    for table in (*(kind.rows(org) for kind in KINDS), org.bank_transactions):
        for row in table.group("contact", source["ContactID"]):
            table.put({**row, "contact_id": target["ContactID"]})
    for row in list(org.contact_groups):
        if source["ContactID"] in row["contacts"]:
            kept = [key for key in row["contacts"] if key != source["ContactID"]]
            contact_groups.put(org, {**row, "contacts": kept}, [target["ContactID"]])
    org.contacts.put({**target, **{
        key: source[key] or target[key] for key in ("IsCustomer", "IsSupplier")}})
    org.note(target["ContactID"], "Merged", f"{source['Name']} was merged into this contact")
    return change(org, org.contacts, source["ContactID"], ContactStatus="ARCHIVED",
                  MergedToContactID=target["ContactID"])


def erase(org, request):
    """{contact: id}: a GDPR request. Personal data go, documents stay; there is no way back."""
    row = find(org.contacts, request["contact"])
    blank = contact_store.blank_contact(row["ContactID"])
    if org.history.get(row["ContactID"]):
        org.history.remove(row["ContactID"])
    return org.contacts.put({
        **blank, "Name": f"Redacted {row['ContactID'][:8]}", "ContactStatus": "GDPRREQUEST",
        "IsCustomer": row["IsCustomer"], "IsSupplier": row["IsSupplier"], "updated": org.stamp()})


def group(org, request):
    """{name, contacts: [ids]}: adds them to the group of this name, which is made if need be."""
    row = next((row for row in org.contact_groups
                if row["Name"] == request["name"] and row["Status"] == "ACTIVE"), None)
    row = row or contact_groups.create(org, request["name"])
    keys = [find(org.contacts, key)["ContactID"] for key in request["contacts"]]
    return contact_groups.put(org, row, keys)
