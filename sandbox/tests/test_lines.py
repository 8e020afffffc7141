"""What a line may carry."""

import pytest
from sandbox_client import line

CASES = [
    ("bank account", line(AccountCode="090"),
     "Account code '090' is not a valid code for this document."),
    ("receivables", line(AccountCode="610"),
     "Account code '610' is not a valid code for this document."),
    ("tax account", line(AccountCode="820"),
     "Account code '820' is not a valid code for this document."),
    ("unknown account", line(AccountCode="9999"),
     "Account code '9999' is not a valid code for this document."),
    ("archived account", line(AccountCode="299"),
     "Account code '299' has been archived, or has been deleted. Each line item must reference a"
     " valid account."),
    ("tax of the other side", line(TaxType="INPUT"),
     "The TaxType code 'INPUT' cannot be used with account code '200'."),
    ("unknown tax", line(TaxType="OUTPUT2"),
     "The TaxType code OUTPUT2 does not exist or cannot be used for this type of transaction."),
    ("wrong line total", line(LineAmount=1),
     "The line total 1.00 does not match the expected line total 100.00"),
    ("empty description", line(Description=" "), "Description needs to be at least 1 char long."),
    ("unknown item", line(ItemCode="NOPE"), "Item code 'NOPE' is not valid"),
    ("two discounts", line(DiscountRate=10, DiscountAmount=1),
     "Only one of DiscountRate and DiscountAmount may be specified."),
    ("unknown option", line(Tracking=[{"Name": "Region", "Option": "Mars"}]),
     "The tracking option 'Mars' of category 'Region' could not be found."),
]


@pytest.mark.parametrize(("element", "message"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])
def test_refused(xero, element, message):
    assert xero.refused("PUT", "/Invoices", xero.document(LineItems=[element])) == [message]


def test_all_reasons_come_together(xero):
    lines = [line(AccountCode="090"), line(TaxType="INPUT")]
    assert len(xero.refused("PUT", "/Invoices", xero.document(LineItems=lines))) == 2


def test_rounding_account_may_be_used(xero):
    invoice = xero.create(LineItems=[line(), line(
        AccountCode="860", TaxType="BASEXCLUDED", Quantity=1, UnitAmount=0.02)])
    assert invoice["Total"] == 110.02


def test_account_by_id_and_tax_from_the_account(xero):
    account = xero.org.accounts.find("code", "200")["AccountID"]
    invoice = xero.create(LineItems=[{"Description": "x", "Quantity": 1, "UnitAmount": 10,
                                      "AccountID": account}])
    assert invoice["LineItems"][0]["AccountCode"] == "200"
    assert invoice["LineItems"][0]["TaxType"] == "OUTPUT"
    assert invoice["TotalTax"] == 1


def test_discount_rate_reduces_the_line(xero):
    invoice = xero.create(LineItems=[line(Quantity=3, UnitAmount=33.35, DiscountRate=15)])
    assert invoice["LineItems"][0]["LineAmount"] == 85.04  # 85.0425
    assert invoice["TotalDiscount"] == 15.01
    assert invoice["IsDiscounted"] is True


def test_discounts_are_for_sales_invoices_only(xero):
    bill = xero.document(Type="ACCPAY", LineItems=[
        line(AccountCode="400", TaxType="INPUT", DiscountRate=10)])
    credit = xero.document("CreditNotes", LineItems=[line(DiscountRate=10)])
    text = ["Discounts can only be applied to accounts receivable invoices."]
    assert xero.refused("PUT", "/Invoices", bill) == text
    assert xero.refused("PUT", "/CreditNotes", credit) == text


def test_tracking_by_name_and_by_id(xero):
    by_name = xero.create(LineItems=[line(Tracking=[{"Name": "Region", "Option": "North"}])])
    option = by_name["LineItems"][0]["Tracking"][0]
    assert option["Option"] == "North"
    by_id = xero.create(LineItems=[line(Tracking=[{
        "TrackingCategoryID": option["TrackingCategoryID"],
        "TrackingOptionID": option["TrackingOptionID"]}])])
    assert by_id["LineItems"][0]["Tracking"] == [option]


def test_tax_amount_can_be_overridden(xero):
    assert xero.create(LineItems=[line(TaxAmount=10.01)])["Total"] == 110.01


def test_item_gives_its_defaults(xero):
    xero.put("/Items", {"Items": [{"Code": "DESK", "Description": "Desk", "SalesDetails": {
        "UnitPrice": 20, "AccountCode": "200", "TaxType": "OUTPUT"}}]})
    invoice = xero.create(LineItems=[{"ItemCode": "DESK", "Quantity": 2}])
    assert invoice["Total"] == 44
    assert invoice["LineItems"][0]["Description"] == "Desk"
