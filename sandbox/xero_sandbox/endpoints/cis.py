"""Settings of the UK's Construction Industry Scheme (operations getOrganisationCISSettings,
getContactCISSettings). What the scheme keeps back of a bill is not computed."""

from ..errors import NotFound

COUNTRY = "UK"


def get_organisation(call, OrganisationID):
    """GET /Organisation/{OrganisationID}/CISSettings."""
    if call.org.country != COUNTRY or OrganisationID != call.org.details["OrganisationID"]:
        raise NotFound
    return {"CISSettings": [{"CISSubContractorEnabled": False, **call.org.cis}]}


def get_contact(call, ContactID):
    """GET /Contacts/{ContactID}/CISSettings: the rate of a subcontractor."""
    if call.org.country != COUNTRY or call.org.contacts.get(ContactID) is None:
        raise NotFound
    rate = call.org.subcontractors.get(ContactID)
    return {"CISSettings": [{"CISEnabled": False} if rate is None else {"CISEnabled": True, "Rate": rate}]}


ROUTES = [
    ("GET", "/Organisation/<OrganisationID>/CISSettings", get_organisation),
    ("GET", "/Contacts/<ContactID>/CISSettings", get_contact),
]
