"""Seeds, Organisation, Accounts, TaxRates, Currencies, tracking, branding, items."""

import pytest
from sandbox_client import Client

EXPECTED = {
    "AU": ("AUD", "AU", {"OUTPUT", "INPUT", "EXEMPTOUTPUT", "EXEMPTEXPENSES", "BASEXCLUDED",
                         "CAPEXINPUT", "GSTONIMPORTS", "INPUTTAXED"}, "OUTPUT", 10),
    "NZ": ("NZD", "NZ", {"OUTPUT2", "INPUT2", "ZERORATED", "NONE", "GSTONIMPORTS"},
           "OUTPUT2", 15),
    "UK": ("GBP", "GB", {
        "OUTPUT2", "INPUT2", "RROUTPUT", "RRINPUT", "ZERORATEDOUTPUT", "ZERORATEDINPUT",
        "EXEMPTOUTPUT", "EXEMPTINPUT", "NONE", "ECZROUTPUT", "ECZROUTPUTSERVICES", "ECZRINPUT",
        "REVERSECHARGES", "DRCHARGESUPPLY20", "DRCHARGE20"}, "OUTPUT2", 20),
}
SYSTEM = {"DEBTORS": "610", "CREDITORS": "800", "GST": "820", "ROUNDING": "860",
          "RETAINEDEARNINGS": "960", "TRACKINGTRANSFERS": "877", "HISTORICAL": "840",
          "BANKCURRENCYGAIN": "497", "UNREALISEDCURRENCYGAIN": "498",
          "REALISEDCURRENCYGAIN": "499", "UNPAIDEXPCLM": "801", "WAGEPAYABLES": "804"}


@pytest.mark.parametrize("country", EXPECTED)
def test_seeds(server, country):
    server.reset(country=country)
    xero = Client(server)
    currency, code, tax_types, sales, rate = EXPECTED[country]
    org = xero.get("/Organisation").json()["Organisations"][0]
    assert (org["Name"], org["BaseCurrency"]) == (f"Demo Company ({country})", currency)
    assert (org["CountryCode"], org["IsDemoCompany"]) == (code, True)
    assert org["ShortCode"].startswith("!")
    rates = {row["TaxType"]: row for row in xero.get("/TaxRates").json()["TaxRates"]}
    assert set(rates) == tax_types
    assert rates[sales]["EffectiveRate"] == rate
    assert rates[sales]["CanApplyToRevenue"] is True
    assert rates[sales]["CanApplyToExpenses"] is False
    accounts = xero.get("/Accounts").json()["Accounts"]
    assert len(accounts) >= 55
    assert {row["SystemAccount"]: row["Code"] for row in accounts
            if "SystemAccount" in row} == SYSTEM
    assert [row["Code"] for row in accounts if row["Status"] == "ARCHIVED"] == ["299"]
    assert {row["TaxType"] for row in accounts} <= tax_types
    assert {row["Code"] for row in xero.get("/Currencies").json()["Currencies"]} == {
        currency, "USD", "EUR"}
    assert len(xero.get("/TrackingCategories").json()["TrackingCategories"]) == 2
    themes = xero.get("/BrandingThemes").json()["BrandingThemes"]
    assert [theme["SortOrder"] for theme in themes] == [0, 1]
    assert xero.get(f"/BrandingThemes/{themes[1]['BrandingThemeID']}").ok


@pytest.mark.parametrize("country", EXPECTED)
def test_every_seeded_account_takes_its_own_tax(server, country):
    server.reset(country=country)
    org = server.organisation()
    from xero_sandbox.documents.lines import APPLIES_TO
    from xero_sandbox.rules import account_class

    for account in org.accounts:
        rate = org.tax_rates.rows[account["TaxType"]]
        assert rate[f"CanApplyTo{APPLIES_TO[account_class(account)]}"], account["Code"]


def test_second_organisation_has_its_own_data(xero, server):
    other = Client(server, organisation=2)
    assert other.get("/Organisation").json()["Organisations"][0]["Name"] == "Demo Company 2 (AU)"
    xero.contact("Only here")
    assert "Only here" not in other.get("/Contacts").text
    assert server.organisation(1).tenant_id != server.organisation(2).tenant_id


def test_actions_of_the_user(xero):
    xero.set_org(refused_actions=["CreateApprovedInvoice"])
    actions = {row["Name"]: row["Status"] for row in
               xero.get("/Organisation/Actions").json()["Actions"]}
    assert actions["CreateDraftInvoice"] == "ALLOWED"
    assert actions["CreateApprovedInvoice"] == "NOT-ALLOWED"


def test_settings_of_the_construction_industry_scheme(server):
    # Operations getOrganisationCISSettings and getContactCISSettings; a UK scheme
    server.reset(country="UK")
    xero = Client(server)
    builder, other = xero.contact("Groundworks"), xero.contact("Deco")
    path = f"/Organisation/{server.organisation().details['OrganisationID']}/CISSettings"
    assert xero.get(path).json()["CISSettings"][0]["CISContractorEnabled"] is False
    xero.set_org(cis={"CISContractorEnabled": True}, subcontractors={builder: 20})
    assert xero.get(path).json()["CISSettings"][0]["CISContractorEnabled"] is True
    settings = [xero.get(f"/Contacts/{contact}/CISSettings").json()["CISSettings"] for contact in (builder, other)]
    assert settings == [[{"CISEnabled": True, "Rate": 20}], [{"CISEnabled": False}]]
    assert xero.get(f"/Contacts/{server.organisation().tenant_id}/CISSettings").status_code == 404


def test_no_such_scheme_outside_the_uk(xero, server):
    path = f"/Organisation/{server.organisation().details['OrganisationID']}/CISSettings"
    assert xero.get(path).status_code == 404
    assert xero.get(f"/Contacts/{xero.contact()}/CISSettings").status_code == 404


def test_account_create_archive_delete(xero):
    row = xero.put("/Accounts", {"Code": "201", "Name": "Sales 2", "Type": "REVENUE",
                                 "TaxType": "OUTPUT"}).json()["Accounts"][0]
    assert (row["Class"], row["Status"]) == ("REVENUE", "ACTIVE")
    path = f"/Accounts/{row['AccountID']}"
    both = {"Accounts": [{"Status": "ARCHIVED", "Name": "x"}]}
    assert xero.refused("POST", path, both) == [
        "The Status of an account cannot be changed together with other fields."]
    xero.post(path, {"Accounts": [{"Status": "ARCHIVED"}]})
    assert xero.get(path).json()["Accounts"][0]["Status"] == "ARCHIVED"
    assert xero.call("DELETE", path).json()["Accounts"][0]["Status"] == "DELETED"
    assert xero.get(path).status_code == 404


@pytest.mark.parametrize(("values", "message"), [
    ({"Code": "200"}, "Please enter a unique Code."), ({"Code": ""}, "Please enter a unique Code."),
    ({"Name": "sales"}, "Please enter a unique Name.")])
def test_account_refused(xero, values, message):
    element = {"Code": "201", "Name": "Sales 2", "Type": "REVENUE", **values}
    assert xero.refused("PUT", "/Accounts", element) == [message]


def test_used_or_system_account_is_not_deleted(xero):
    xero.create()
    for code in ("200", "610"):
        account = xero.org.accounts.find("code", code)["AccountID"]
        assert xero.call("DELETE", f"/Accounts/{account}").status_code == 400


def test_accounts_where_and_system_filter(xero):
    rows = xero.get("/Accounts", where='Type=="BANK" AND Status=="ACTIVE"').json()["Accounts"]
    assert {row["Code"] for row in rows} == {"090", "091"}
    rows = xero.get("/Accounts", where='SystemAccount=="ROUNDING"').json()["Accounts"]
    assert [row["Code"] for row in rows] == ["860"]


def test_custom_tax_rate(xero):
    row = xero.put("/TaxRates", {"TaxRates": [{"Name": "Mixed", "ReportTaxType": "OUTPUT",
        "TaxComponents": [{"Name": "a", "Rate": 10}, {"Name": "b", "Rate": 5, "IsCompound": True}],
    }]}).json()["TaxRates"][0]
    assert (row["TaxType"], row["EffectiveRate"]) == ("TAX001", 15.5)
    gone = xero.post("/TaxRates", {"TaxRates": [{"TaxType": "TAX001", "Status": "DELETED"}]})
    assert gone.json()["TaxRates"][0]["Status"] == "DELETED"
    assert xero.refused("POST", "/TaxRates", {"TaxType": "OUTPUT", "Status": "DELETED"}) == [
        "System tax rates cannot be changed."]


def test_tracking_options(xero):
    category = xero.get("/TrackingCategories").json()["TrackingCategories"][0]
    path = f"/TrackingCategories/{category['TrackingCategoryID']}"
    option = xero.put(f"{path}/Options", {"Name": "New"}).json()["Options"][0]
    assert xero.get(path).json()["TrackingCategories"][0]["Options"][-1] == option
    one = f"{path}/Options/{option['TrackingOptionID']}"
    assert xero.post(one, {"Name": "Newer"}).json()["Options"][0]["Name"] == "Newer"
    assert xero.call("DELETE", one).json()["Options"][0]["Status"] == "DELETED"
    assert "maximum of 2" in xero.refused("PUT", "/TrackingCategories", {"Name": "Third"})[0]


def test_items(xero):
    item = xero.put("/Items", {"Items": [{"Code": "A", "Name": "Apple", "SalesDetails": {
        "UnitPrice": 1.2345, "AccountCode": "200"}}]}, unitdp=4).json()["Items"][0]
    assert item["SalesDetails"]["UnitPrice"] == 1.2345
    assert item["IsSold"] is True
    assert xero.get("/Items/A").json()["Items"][0]["SalesDetails"]["UnitPrice"] == 1.23
    assert xero.refused("PUT", "/Items", {"Code": "A"}) == [
        "Price List Item with Code 'A' already exists"]
    same = xero.post("/Items", {"Code": "A", "Name": "Pear"}).json()["Items"][0]
    assert (same["ItemID"], same["Name"]) == (item["ItemID"], "Pear")
    assert xero.call("DELETE", f"/Items/{item['ItemID']}").status_code == 204
    assert xero.get("/Items/A").status_code == 404


def test_used_item_is_not_deleted(xero):
    xero.put("/Items", {"Code": "A", "SalesDetails": {"UnitPrice": 5, "AccountCode": "200"}})
    xero.create(LineItems=[{"ItemCode": "A", "Description": "x"}])
    item = xero.org.items.find("code", "A")["ItemID"]
    assert xero.call("DELETE", f"/Items/{item}").status_code == 400
