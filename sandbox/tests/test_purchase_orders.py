"""Purchase orders: the number that edits, the status that only goes forward, no ledger."""

import pytest
from sandbox_client import line

ZERO = "00000000-0000-0000-0000-000000000000"
PATH = "/PurchaseOrders"


def order(xero, **values):
    return {"Contact": {"ContactID": xero.seeded()}, "Date": "2026-10-05",
            "LineItems": [line(AccountCode="400", TaxType="INPUT")], **values}


def create(xero, **values):
    answer = xero.put(PATH, {"PurchaseOrders": [order(xero, **values)]})
    assert answer.status_code == 200, answer.text
    return answer.json()["PurchaseOrders"][0]


def test_create_computes_and_shows_everything(xero):
    made = create(
        xero, PurchaseOrderNumber="P00001", Reference="V-9", Status="AUTHORISED",
        DeliveryDate="2026-10-12", ExpectedArrivalDate="2026-10-14", AttentionTo="Jo",
        DeliveryAddress="1 Dock Rd", Telephone="02 5550", DeliveryInstructions="Ring twice")
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (100, 10, 110)
    assert made["StatusAttributeString"] == "OK"
    assert made["DateString"] == "2026-10-05T00:00:00"
    read = xero.one("PurchaseOrders", made["PurchaseOrderID"])
    assert read["LineItems"] == made["LineItems"]
    assert {key: read[key] for key in (
        "PurchaseOrderNumber", "Reference", "Status", "DeliveryDateString", "AttentionTo",
        "ExpectedArrivalDateString", "DeliveryAddress", "Telephone", "DeliveryInstructions",
        "CurrencyCode", "CurrencyRate", "LineAmountTypes", "Type")} == {
        "PurchaseOrderNumber": "P00001", "Reference": "V-9", "Status": "AUTHORISED",
        "DeliveryDateString": "2026-10-12T00:00:00", "AttentionTo": "Jo",
        "ExpectedArrivalDateString": "2026-10-14T00:00:00", "DeliveryAddress": "1 Dock Rd",
        "Telephone": "02 5550", "DeliveryInstructions": "Ring twice", "CurrencyCode": "AUD",
        "CurrencyRate": 1, "LineAmountTypes": "Exclusive", "Type": "PURCHASEORDER"}


def test_nothing_reaches_the_ledger_and_lock_dates_do_not_bind(xero):
    xero.set_org(PeriodLockDate="2026-10-31", EndOfYearLockDate="2026-10-31")
    key = create(xero, Status="AUTHORISED")["PurchaseOrderID"]
    xero.act("bill", purchase_order=key)
    assert xero.ledger() == {}


def test_draft_and_a_number_of_its_own_are_the_defaults(xero):
    first, taken, second = create(xero), create(xero, PurchaseOrderNumber="PO-0002"), create(xero)
    assert first["Status"] == "DRAFT"
    assert [row["PurchaseOrderNumber"] for row in (first, taken, second)] == [
        "PO-0001", "PO-0002", "PO-0003"]


@pytest.mark.parametrize("method", ["put", "post"])
@pytest.mark.parametrize("number", ["P1", "p1"])
def test_a_create_with_a_live_number_silently_edits_that_order(xero, method, number):
    first = create(xero, PurchaseOrderNumber="P1", Reference="theirs")
    answer = getattr(xero, method)(PATH, order(
        xero, PurchaseOrderNumber=number, Reference="ours"), summarizeErrors="false")
    edited = answer.json()["PurchaseOrders"][0]
    assert edited["StatusAttributeString"] == "OK"
    assert edited["PurchaseOrderID"] == first["PurchaseOrderID"]
    assert xero.one("PurchaseOrders", "P1")["Reference"] == "ours"
    assert len(xero.org.purchase_orders) == 1


def test_the_number_of_a_deleted_order_is_refused_with_the_zero_guid(xero):
    first = create(xero, PurchaseOrderNumber="P1")
    xero.act("delete", purchase_order=first["PurchaseOrderID"])
    answer = xero.put(PATH, order(xero, PurchaseOrderNumber="P1"), summarizeErrors="false")
    refused = answer.json()["PurchaseOrders"][0]
    assert answer.status_code == 200
    assert refused["PurchaseOrderID"] == ZERO
    assert refused["StatusAttributeString"] == "ERROR"
    assert [error["Message"] for error in refused["ValidationErrors"]] == [
        "PurchaseOrder status change is invalid", "Deleted PurchaseOrders cannot be updated"]


def test_an_update_does_not_take_the_number_of_another(xero):
    create(xero, PurchaseOrderNumber="P1")
    second = create(xero, PurchaseOrderNumber="P2")["PurchaseOrderID"]
    assert xero.refused("POST", f"{PATH}/{second}", {"PurchaseOrderNumber": "P1"}) == [
        "PurchaseOrder # must be unique."]


@pytest.mark.parametrize(("path", "allowed"), [
    ("DRAFT SUBMITTED AUTHORISED BILLED", True), ("DRAFT AUTHORISED", True),
    ("AUTHORISED BILLED DELETED", True), ("DRAFT DELETED", True), ("SUBMITTED DELETED", True),
    ("AUTHORISED DELETED", True), ("DRAFT BILLED", False), ("SUBMITTED BILLED", False),
    ("SUBMITTED DRAFT", False), ("AUTHORISED DRAFT", False), ("AUTHORISED SUBMITTED", False),
    ("AUTHORISED BILLED AUTHORISED", False)])
def test_state_machine(xero, path, allowed):
    start, *steps, last = path.split()
    target = f"{PATH}/{create(xero, Status=start)['PurchaseOrderID']}"
    for step in steps:
        assert xero.post(target, {"Status": step}).status_code == 200
    if allowed:
        answer = xero.post(target, {"Status": last}).json()["PurchaseOrders"][0]
        assert answer["Status"] == last
    else:
        assert xero.refused("POST", target, {"Status": last}) == [
            "PurchaseOrder status change is invalid"]


@pytest.mark.parametrize("status", ["BILLED", "DELETED"])
def test_cannot_be_created_in_an_end_state(xero, status):
    assert xero.refused("PUT", PATH, order(xero, Status=status)) == [
        "PurchaseOrder status change is invalid"]


def test_end_states_take_no_edit(xero):
    billed = create(xero, Status="AUTHORISED")["PurchaseOrderID"]
    deleted = create(xero)["PurchaseOrderID"]
    xero.act("bill", purchase_order=billed)
    xero.act("delete", purchase_order=deleted)
    assert xero.refused("POST", f"{PATH}/{billed}", {"Reference": "x"}) == [
        "PurchaseOrder status change is invalid"]
    assert xero.refused("POST", f"{PATH}/{deleted}", {"Reference": "x"}) == [
        "PurchaseOrder status change is invalid", "Deleted PurchaseOrders cannot be updated"]


def test_line_item_ids_survive_only_when_sent(xero):
    lines = [line(AccountCode="400", TaxType="INPUT", Description=text) for text in ("a", "b")]
    made = create(xero, LineItems=lines)
    first, second = (part["LineItemID"] for part in made["LineItems"])
    path = f"{PATH}/{made['PurchaseOrderID']}"
    after = xero.post(path, {"LineItems": [
        {"LineItemID": second, "Description": "kept"}, lines[0]]}).json()["PurchaseOrders"][0]
    assert after["LineItems"][0]["LineItemID"] == second
    assert after["LineItems"][1]["LineItemID"] not in (first, second)
    same = xero.post(path, {"Reference": "x"}).json()["PurchaseOrders"][0]
    assert same["LineItems"] == after["LineItems"]


def test_discount_rate_but_no_discount_amount(xero):
    base = {"AccountCode": "400", "TaxType": "INPUT"}
    made = create(xero, LineItems=[line(DiscountRate=10, **base)])
    assert (made["SubTotal"], made["TotalDiscount"], made["IsDiscounted"]) == (90, 10, True)
    assert xero.refused("PUT", PATH, order(xero, LineItems=[line(DiscountAmount=1, **base)])) == [
        "DiscountAmount can only be applied to accounts receivable invoices and quotes."]


def test_prices_have_two_decimals(xero):
    lines = [line(Quantity=3, UnitAmount=1.2345, AccountCode="400", TaxType="INPUT")]
    assert create(xero, LineItems=lines)["SubTotal"] == 3.69
    lines[0]["LineAmount"] = 3.70
    assert xero.refused("PUT", PATH, order(xero, LineItems=lines)) == [
        "The line total 3.70 does not match the expected line total 3.69"]


def test_the_contact_must_exist(xero):
    contacts = len(xero.org.contacts)
    assert xero.refused("PUT", PATH, order(xero, Contact={"Name": "Nobody Ltd"})) == [
        "A valid Contact must be specified for a purchase order."]
    assert xero.put(PATH, order(xero, Contact={"ContactID": ZERO})).status_code == 404
    assert len(xero.org.contacts) == contacts
    assert create(xero, Contact={"Name": "Boom FM"})["Contact"]["Name"] == "Boom FM"


@pytest.mark.parametrize(("values", "message"), [
    ({"DeliveryInstructions": "x" * 501},
     "The field DeliveryInstructions must be a string with a maximum length of 500."),
    ({"SentToContact": True},
     "SentToContact can only be set on approved or billed purchase orders."),
    ({"LineItems": []}, "One or more line items must be specified"),
    ({"LineItems": [line(AccountCode="400", TaxType="INPUT", Quantity=-1)]},
     "The document total must not be negative."),
    ({"CurrencyCode": "SEK"}, "Organisation is not subscribed to currency SEK")])
def test_refusals(xero, values, message):
    assert xero.refused("PUT", PATH, order(xero, **values)) == [message]


def test_a_foreign_currency_carries_its_rate(xero):
    made = create(xero, CurrencyCode="USD", CurrencyRate=0.6512345)
    assert (made["CurrencyCode"], made["CurrencyRate"]) == ("USD", 0.651235)


def test_lists_are_paged_and_filtered(xero, server):
    first = create(xero, Status="AUTHORISED")["PurchaseOrderID"]
    second = create(xero, Date="2026-11-01")["PurchaseOrderID"]
    gone = create(xero)["PurchaseOrderID"]
    xero.act("delete", purchase_order=gone)
    assert xero.ids("PurchaseOrders") == [first, second, gone]
    body = xero.get(PATH, pageSize=2, page=2).json()
    assert [row["PurchaseOrderID"] for row in body["PurchaseOrders"]] == [gone]
    assert body["pagination"] == {"page": 2, "pageSize": 2, "pageCount": 2, "itemCount": 3}
    assert xero.ids("PurchaseOrders", Status="AUTHORISED") == [first]
    assert xero.ids("PurchaseOrders", Status="DELETED") == [gone]
    assert xero.ids("PurchaseOrders", DateFrom="2026-10-31") == [second]
    assert xero.ids("PurchaseOrders", DateTo="2026-10-05", Status="AUTHORISED") == [first]
    assert xero.ids("PurchaseOrders", order="PurchaseOrderNumber DESC") == [gone, second, first]
    server.advance(100)
    since = server.sandbox.clock.iso()
    server.advance(2)
    xero.act("approve", purchase_order=second)
    assert xero.ids("PurchaseOrders", since=since) == [second]


def test_history_tells_what_happened(xero):
    key = create(xero)["PurchaseOrderID"]
    xero.act("edit", purchase_order=key, values={"Reference": "x"})
    xero.act("approve", purchase_order=key)
    note = xero.put(f"{PATH}/{key}/History", {"HistoryRecords": [{"Details": "from Odoo"}]})
    assert note.status_code == 200
    xero.act("bill", purchase_order=key)
    rows = xero.get(f"{PATH}/{key}/History").json()["HistoryRecords"]
    assert [row["Changes"] for row in rows] == ["Billed", "Note", "Approved", "Edited", "Created"]


def test_a_person_bills_an_approved_order_only(xero):
    key = create(xero, PurchaseOrderNumber="P7")["PurchaseOrderID"]
    assert "status change is invalid" in xero.act("bill", purchase_order=key)["error"]
    assert len(xero.org.invoices) == 0
    xero.act("approve", purchase_order=key)
    assert xero.act("bill", purchase_order=key)["Status"] == "BILLED"
    made = next(iter(xero.org.invoices))
    assert (made["Type"], made["Reference"], made["Total"]) == ("ACCPAY", "P7", 110)


def test_a_person_does_not_take_a_number_either(xero):
    create(xero, PurchaseOrderNumber="P7")
    element = order(xero, PurchaseOrderNumber="P7")
    assert "must be unique" in xero.act("create", purchase_order=element)["error"]
