"""Contacts and items that were edited in Xero are seen before a push overwrites them (RUL-14, K17)."""

from unittest.mock import patch

from odoo.tests import tagged

from ..engine import conflicts
from .contacts import ContactCase
from .test_push_items import ItemCase


class EditedThere:
    """Tests of a data set whose record is in Xero; its note is a field that either side edits."""

    def counts(self):
        """How often the data set's elements were read, and updated."""
        return self.xero.count(f"GET /{self.plural}"), self.xero.count(f"POST /{self.plural}")

    def there(self):
        return self.in_xero(self.record, self.plural)

    def exceptions(self):
        states = ("open", "progress")
        return self.env["xero.exception"].search(
            [("link_id", "=", self.record.xero_link_id.id), ("state", "in", states)]
        )

    def press(self, button):
        with self.as_request(self.exceptions()) as problem:
            getattr(problem, button)()

    def see_both(self, here, there):
        """What the note is in Odoo and in Xero."""
        self.assertEqual((self.note(), self.note_there()), (here, there))

    def see_to_be_sent(self):
        """Nobody is asked, and the note of Odoo goes with the next push."""
        link = self.record.xero_link_id
        self.assertEqual((self.exceptions().ids, link.state, link.reason), ([], "outdated", False))
        self.push(self.record)
        self.assertEqual(self.record.xero_state, "synced")
        self.see_both("Ours", "Ours")

    # === TESTS === #

    def test_what_nobody_edited_goes_after_one_read(self):
        self.set_note("Ours")
        self.touch()
        self.xero.sandbox.log.clear()
        self.push(self.record)
        self.assertEqual(self.counts(), (1, 1))
        self.assertEqual((self.record.xero_state, self.exceptions().ids), ("synced", []))
        self.see_both("Ours", "Ours")

    def test_an_edit_of_a_minute_ago_is_not_overwritten(self):
        for name, edit in (("same", self.edit_note), ("another", self.edit_another)):
            with self.subTest(name):
                self.set_note(f"Ours, {name}")
                edit("Theirs")
                before = self.there()
                self.xero.sandbox.log.clear()
                self.push(self.record)
                self.assertEqual(self.counts(), (1, 0))
                self.assertEqual(self.there(), before)
                problem = self.exceptions()
                self.assertEqual((problem.code, problem.direction, problem.cure), ("both_changed", "pull", "take_xero"))
                self.assertIn(self.record.name, problem.cause)
                self.assertEqual(self.record.xero_state, "outdated")
                # The next import says the same, of the one problem.
                self.pull(self.key)
                self.assertEqual(self.exceptions(), problem)
                self.press("action_send_odoo")
                self.assertEqual((self.record.xero_state, self.exceptions().ids), ("synced", []))
                self.see_both(f"Ours, {name}", f"Ours, {name}")

    def test_what_xero_has_is_taken_over(self):
        self.set_note("Ours")
        self.edit_note("Theirs")
        self.push(self.record)
        self.press("action_cure")
        self.assertEqual((self.record.xero_state, self.exceptions().ids), ("synced", []))
        self.assertFalse(self.record.xero_link_id.reason)
        self.see_both("Theirs", "Theirs")
        # From now on it is known.
        self.set_note("Ours again")
        self.push(self.record)
        self.see_both("Ours again", "Ours again")

    def test_what_an_import_has_told_is_not_overwritten_either(self):
        self.set_note("Ours")
        self.edit_note("Theirs")
        self.pull(self.key)
        problem = self.exceptions()
        self.assertEqual(problem.code, "both_changed")
        self.push(self.record)
        self.assertEqual(self.exceptions(), problem)
        self.see_both("Ours", "Theirs")

    def test_where_odoo_is_right_nothing_is_read(self):
        for values in ({"contact_owner": "odoo"}, {"contact_owner": "ask", self.direction: "push"}):
            with self.subTest(values):
                self.connection.write(values)
                self.set_note(f"Ours {len(values)}")
                self.edit_note("Theirs")
                self.xero.sandbox.log.clear()
                self.push(self.record)
                self.assertEqual(self.counts(), (0, 1))
                self.see_both(f"Ours {len(values)}", f"Ours {len(values)}")

    def test_where_xero_is_right_the_next_import_takes_it(self):
        self.connection.contact_owner = "xero"
        self.set_note("Ours")
        self.set_another("Ours")
        self.edit_note("Theirs")
        self.push(self.record)
        self.assertEqual((self.exceptions().code, self.record.xero_state), ("kept_xero", "outdated"))
        self.see_both("Ours", "Theirs")
        self.pull(self.key)
        self.see_both("Theirs", "Theirs")
        # What only Odoo has changed is still to be sent.
        link = self.record.xero_link_id
        self.assertEqual((self.exceptions().ids, link.state, link.reason), ([], "outdated", False))
        self.push(self.record)
        self.assertEqual((self.record.xero_state, self.another_there()), ("synced", "Ours"))
        self.see_both("Theirs", "Theirs")

    def test_what_a_push_has_overwritten_is_news_when_it_is_there_again(self):
        for note in ("First", "Second"):
            self.set_note(note)
            self.push(self.record)
            # What Odoo has sent itself is no news.
            run = self.pull(self.key)
            self.assertEqual((run.updated, run.unchanged, run.failed), (0, 1, 0))
        self.set_note("First")
        self.push(self.record)
        self.edit_note("Second")
        self.pull(self.key)
        self.see_both("Second", "Second")
        self.assertEqual((self.record.xero_state, self.exceptions().ids), ("synced", []))

    def test_an_edit_that_was_reverted_leaves_odoos_to_be_sent(self):
        self.pull(self.key, everything=True)
        before = self.there()
        self.edit_note("Theirs")
        self.set_note("Ours")
        self.push(self.record)
        link = self.record.xero_link_id
        self.assertEqual((self.exceptions().code, link.reason), ("both_changed", "both_changed"))
        self.edit_there(**{self.field: before[self.field]})
        link.pull_hash = f"{link.pull_hash.split('/')[0]}/other amounts"
        self.pull(self.key)
        self.see_to_be_sent()

    def test_who_lets_odoo_be_right_has_its_version_sent(self):
        self.edit_note("Theirs")
        self.set_note("Ours")
        self.push(self.record)
        self.assertEqual((self.exceptions().code, self.record.xero_link_id.reason), ("both_changed", "both_changed"))
        self.connection.contact_owner = "odoo"
        self.pull(self.key)
        self.see_to_be_sent()

    def test_one_that_was_edited_keeps_no_other_from_it(self):
        other = self.another_record()
        self.push(other)
        self.set_note("Ours")
        self.set_note("Ours, too", other)
        self.edit_note("Theirs")
        self.push(self.record | other)
        self.assertEqual((self.record.xero_state, other.xero_state), ("outdated", "synced"))
        self.see_both("Ours", "Theirs")

    def test_an_update_waits_for_its_read(self):
        for kind in ("rate_minute", "offline503"):
            with self.subTest(kind):
                self.set_note(f"Ours {kind}")
                self.xero.sandbox.log.clear()
                self.xero.sandbox.faults.add(kind, method="GET", path=f"/{self.plural}", times=1)
                self.push(self.record)
                self.assertEqual((self.counts(), self.record.xero_state), ((1, 0), "queued"))
                self.work_until(lambda: self.record.xero_state == "synced")
                self.assertEqual((self.counts()[1], self.exceptions().ids), (1, []))
                self.see_both(f"Ours {kind}", f"Ours {kind}")

    def test_one_that_is_deleted_while_it_is_read_keeps_no_other(self):
        other, read = self.another_record(), conflicts.holders
        self.push(other)
        self.set_note("Ours")
        self.set_note("Ours, too", other)
        self.edit_note("Theirs")

        def delete(*args, **kwargs):
            items = read(*args, **kwargs)
            self.record.exists().unlink()
            return items

        with self.as_request(self.connection) as current:
            current.push(self.key, (self.record | other).with_env(current.env))
        with patch.object(conflicts, "holders", delete):
            self.work(self.connection)
        self.assertEqual((self.record.exists().ids, other.xero_state), ([], "synced"))

    def test_a_new_one_reads_nothing(self):
        other = self.another_record()
        self.xero.sandbox.log.clear()
        self.push(other)
        self.assertEqual((self.counts(), self.xero.count(f"PUT /{self.plural}")), ((0, 0), 1))


@tagged("post_install", "-at_install")
class TestContactsEditedThere(EditedThere, ContactCase):
    plural, key, direction, field = "Contacts", "contact", "contact_direction", "Phones"

    def setUp(self):
        super().setUp()
        self.record = self.partner
        self.record.phone = "1"
        self.push(self.record)

    def pull(self, key="contact", everything=False):
        self.xero.advance(400)
        return super().pull(key, everything)

    def another_record(self):
        return self.env["res.partner"].create({"name": "Second", "is_company": True, "phone": "2"})

    def set_note(self, text, record=None):
        (record or self.record).phone = text

    def set_another(self, text):
        self.record.company_registry = text

    def note(self):
        return self.record.phone

    def note_there(self):
        return next(row["PhoneNumber"] for row in self.there()["Phones"] if row["PhoneType"] == "DEFAULT")

    def another_there(self):
        return self.there()["CompanyNumber"]

    def edit_note(self, text):
        self.edit_there(Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": text}])

    def edit_another(self, text):
        self.edit_there(CompanyNumber=text)

    def touch(self):
        """Payments and terms are no edits that a push would overwrite."""
        self.edit_there(PaymentTerms={"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}})

    def edit_there(self, **values):
        self.xero.act("edit", contact=self.record.xero_link_id.xero_id, values=values)

    def test_persons_that_xero_has_new_are_not_lost(self):
        self.record.child_ids = [(0, 0, {"name": "Ada Ngo"}), (0, 0, {"name": "Bo Li"})]
        self.push(self.record)
        self.assertEqual([row["FirstName"] for row in self.there()["ContactPersons"]], ["Bo"])
        row = {"FirstName": "Cy", "LastName": "Roe", "EmailAddress": "cy@x.example", "IncludeInEmails": True}
        self.edit_there(ContactPersons=[*self.there()["ContactPersons"], row])
        self.record.phone = "3"
        self.push(self.record)
        self.assertIn(": Persons.", self.exceptions().cause)
        self.press("action_cure")
        self.assertIn("Cy Roe", self.record.child_ids.mapped("name"))
        self.record.phone = "4"
        self.push(self.record)
        self.assertEqual([row["FirstName"] for row in self.there()["ContactPersons"]], ["Bo", "Cy"])

    def test_a_postal_address_is_no_street(self):
        street = {"AddressType": "STREET", "AddressLine1": "1 Mill Lane", "City": "Hobart"}
        self.record.write({"street": "1 Mill Lane", "city": "Hobart"})
        self.push(self.record)
        self.edit_there(Addresses=[street, {**street, "AddressType": "POBOX", "AddressLine1": "PO Box 9"}])
        self.record.phone = "3"
        self.push(self.record)
        self.assertIn(": Addresses.", self.exceptions().cause)

    def test_fields_are_called_as_in_the_rules(self):
        self.edit_there(CompanyNumber="Theirs", Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "9"}])
        self.record.write({"phone": "3", "company_registry": "Ours"})
        self.push(self.record)
        self.assertIn(": Company number, Phone.", self.exceptions().cause)
        # An add-on may bring in more than the rules have.
        labels = self.connection._dataset(self.key)._labels(self.record, {"street", "zip", "website"})
        self.assertEqual(labels, {"Addresses", "Website Link"})

    def with_two_postal_addresses(self, theirs="PO Box 9"):
        """The invoice address, changed here, while Xero's postal address is changed there."""
        box = {"type": "invoice", "street": "PO Box 1", "city": "Hobart"}
        self.record.write({"street": "1 Mill Lane", "city": "Hobart", "child_ids": [(0, 0, box)]})
        self.push(self.record)
        self.record.child_ids.street = "PO Box 2"
        self.edit_there(
            Addresses=[
                {**row, "AddressLine1": theirs} if row["AddressType"] == "POBOX" else row
                for row in self.there()["Addresses"]
            ]
        )
        return self.record.child_ids

    def postal_there(self):
        return next(row["AddressLine1"] for row in self.there()["Addresses"] if row["AddressType"] == "POBOX")

    def test_two_postal_addresses_stay_a_question(self):
        child = self.with_two_postal_addresses()
        self.push(self.record)
        problem = self.exceptions()
        self.assertEqual(problem.code, "both_changed")
        for _time in range(2):
            self.pull(everything=True)
            self.assertEqual((self.exceptions(), problem.state, child.street), (problem, "open", "PO Box 2"))
        self.press("action_cure")
        self.assertEqual((self.exceptions().ids, child.street), ([], "PO Box 9"))

    def test_of_two_postal_addresses_the_owners_counts(self):
        for owner, expected in (("odoo", "PO Box 2"), ("xero", "Their box, xero")):
            with self.subTest(owner):
                self.connection.contact_owner = owner
                self.record.child_ids.unlink()
                child = self.with_two_postal_addresses(f"Their box, {owner}")
                self.pull()
                self.assertEqual(child.street, expected)
                self.push(self.record)
                self.assertEqual((self.record.xero_state, self.postal_there()), ("synced", expected))

    def test_a_field_that_does_not_travel_is_not_overwritten(self):
        rules = self.connection.field_rule_ids
        rules.filtered(lambda rule: rule.field == "email").to_xero = False
        rules.filtered(lambda rule: rule.field == "company_registry").from_xero = False
        self.edit_there(EmailAddress="theirs@x.example", CompanyNumber="Theirs")
        self.record.write({"phone": "3", "company_registry": "Ours"})
        self.push(self.record)
        self.assertEqual((self.record.xero_state, self.note_there()), ("synced", "3"))
        self.assertEqual((self.there()["EmailAddress"], self.another_there()), ("theirs@x.example", "Ours"))

    def test_a_contact_that_goes_with_an_invoice_is_looked_at_too(self):
        self.map_everything(self.connection)
        move = self.invoice()
        self.edit_note("Theirs")
        self.set_note("Ours")
        self.push(move)
        self.assertEqual((move.xero_state, self.exceptions().code), ("synced", "both_changed"))
        self.see_both("Ours", "Theirs")
        # Until somebody has decided, the next one does not ask again.
        self.xero.sandbox.log.clear()
        self.push(self.invoice())
        self.assertEqual(self.counts(), (0, 0))


@tagged("post_install", "-at_install")
class TestItemsEditedThere(EditedThere, ItemCase):
    plural, key, direction, field = "Items", "item", "item_direction", "Description"

    def setUp(self):
        super().setUp()
        self.record = self.tea
        self.push(self.record)

    def pull(self, *keys, everything=False):
        self.xero.advance(400)
        return super().pull(*keys, everything=everything)

    def another_record(self):
        return self.product("Second", "SECOND")

    def set_note(self, text, record=None):
        (record or self.record).description_sale = text

    def set_another(self, text):
        self.record.description_purchase = text

    def note(self):
        return self.record.description_sale

    def note_there(self):
        return self.there()["Description"]

    def another_there(self):
        return self.there()["PurchaseDescription"]

    def edit_note(self, text):
        self.edit_there(Description=text)

    def edit_another(self, text):
        self.edit_there(PurchaseDescription=text)

    def touch(self):
        """What only Xero knows is no edit that a push would overwrite."""
        self.edit_there(SalesDetails={"UnitPrice": 9.5, "AccountCode": "260"})

    def edit_there(self, **values):
        self.xero.act("edit", item=self.record.xero_link_id.xero_id, values=values)
