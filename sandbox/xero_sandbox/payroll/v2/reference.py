"""Settings of NZ and UK (operations getSettings, getTrackingCategories)."""

from ..rules import timesheets

ACCOUNTS = {
    "NZ": {"PAYELIABILITY": "825", "WAGESPAYABLE": "804", "WAGESEXPENSE": "477"},
    "UK": {"PAYELIABILITY": "825", "NICLIABILITY": "826", "WAGESPAYABLE": "804",
           "WAGESEXPENSE": "477", "EMPLOYERSNIC": "477", "PAYEECONTRIBUTION": "477"},
}


def get_settings(call):
    """GET /Settings: payroll accounts by type."""
    org = call.org
    rows = [("BANK", next(row for row in org.accounts if row["Type"] == "BANK"))]
    rows += [(kind, org.accounts.find("code", code))
             for kind, code in ACCOUNTS[org.country].items()]
    return {"settings": {"accounts": [
        {"accountID": row["AccountID"], "type": kind, "code": row.get("Code"),
         "name": row["Name"]} for kind, row in rows if row]}}


def get_categories(call):
    """GET /Settings/TrackingCategories; UK writes trackingCategories."""
    found = {"employeeGroupsTrackingCategoryID": timesheets.group_category(call.org),
             "timesheetTrackingCategoryID": timesheets.timesheet_category(call.org)}
    return {"trackingCategories": {name: row and row["TrackingCategoryID"]
                                   for name, row in found.items()}}


ROUTES = [("GET", "/Settings", get_settings)]
NZ_ROUTES = [("GET", "/Settings/TrackingCategories", get_categories)]
UK_ROUTES = [("GET", "/Settings/trackingCategories", get_categories)]
