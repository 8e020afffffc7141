"""Batches: what they cost, and one bad document never stops its neighbours (D.1, D.2)."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import XeroCase


@tagged("post_install", "-at_install")
class TestPushBatches(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def partners(self, count):
        return self.env["res.partner"].create(
            [{"name": f"Customer {number:03}", "is_company": True} for number in range(count)]
        )

    def invoices(self, partners, count, lines=1):
        moves = self.env["account.move"]
        for number in range(count):
            moves |= self.invoice(
                [(1, 10.0 + number)] * lines, post=False, partner_id=partners[number % len(partners)].id
            )
        moves.action_post()
        return moves

    def run_to_end(self, moves):
        """Push `moves` in the background and let the worker do it."""
        action = self.push(moves)
        run = self.env["xero.run"].browse(action["res_id"])
        for _pass in range(5):
            self.work(self.connection)
            if run.state == "done":
                return run
        self.fail(f"the run is {run.state}")

    def calls(self):
        """Calls to the Accounting API, by method and path."""
        return {
            key: number
            for key, number in self.xero.sandbox.log.counts().items()
            if key.split(" ")[0] in ("GET", "PUT", "POST") and "/connect" not in key
        }

    def test_unchanged_documents_cost_no_call(self):
        moves = self.invoices(self.partner, 12)
        self.run_to_end(moves)
        self.xero.sandbox.log.clear()
        run = self.run_to_end(moves)
        self.assertEqual(self.calls(), {})
        self.assertEqual(run.done, 12)

    def test_three_bad_ones_of_fifty(self):
        partners = self.partners(6)
        moves = self.invoices(partners[:5], 50)
        by_check, by_xero, by_contact = moves[3], moves[17], moves[41]
        by_check.button_draft()
        by_check.invoice_line_ids.tax_ids = self.gst.copy({"name": "GST nobody mapped", "amount": 10})
        by_check.action_post()
        # Only Xero knows that this number is taken there, by another document.
        contact = self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Somebody else"}]})["Contacts"][0]
        self.create_in_xero(
            "/Invoices",
            {
                "Invoices": [
                    {
                        "Type": "ACCREC",
                        "Contact": {"ContactID": contact["ContactID"]},
                        "InvoiceNumber": by_xero.name,
                        "LineItems": [{"Description": "Else", "UnitAmount": 1, "Quantity": 1, "AccountCode": "200"}],
                    }
                ]
            },
        )
        archived = self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Customer 005"}]})["Contacts"][0]
        self.call_xero(
            "POST",
            f"/Contacts/{archived['ContactID']}",
            {"Contacts": [{"ContactID": archived["ContactID"], "ContactStatus": "ARCHIVED"}]},
        )
        by_contact.button_draft()
        by_contact.partner_id = partners[5]
        by_contact.action_post()
        run = self.run_to_end(moves)
        self.assertEqual((run.done, run.failed), (47, 3))
        good = moves - by_check - by_xero - by_contact
        self.assertEqual(set(good.mapped("xero_state")), {"synced"})
        self.assertEqual(self.problem(by_check), "tax_unmapped")
        self.assertEqual(self.problem(by_xero), "number_taken")
        self.assertEqual(self.problem(by_contact), "contact_not_in_xero")
        self.assertEqual(self.problem(partners[5]), "contact_name_archived")
        for problem in self.env["xero.exception"].search([("state", "=", "open")]):
            self.assertTrue(problem.cause and problem.correction and problem.who)
            self.assertNotIn("{", problem.cause + problem.correction)
            self.assertNotIn("%(", problem.cause + problem.correction)

    @mute_logger("odoo.addons.xero_connector.engine.check")
    def test_an_error_nobody_foresaw_stops_one_document_alone(self):
        # in whatever hook of an add-on it is
        for hook in ("_content_hash", "_figures", "_warnings", "_with_identity"):
            with self.subTest(hook=hook):
                moves = self.invoices(self.partner, 3)
                dataset = self.registry["xero.dataset.invoice"]
                original = getattr(dataset, hook)

                def broken(self, *args, original=original, bad=str(moves[1].id)):
                    told = {str(arg.id) for arg in args if hasattr(arg, "_name") and arg._name == "account.move"}
                    told |= {arg.get("Reference") for arg in args if isinstance(arg, dict)}
                    if bad in told:
                        raise ZeroDivisionError
                    return original(self, *args)

                for move in moves:
                    move.ref = str(move.id)
                with patch.object(dataset, hook, broken):
                    self.push(moves)
                    self.work(self.connection)
                run = moves.xero_link_id.run_id
                self.assertEqual(moves.mapped("xero_state"), ["synced", "failed", "synced"])
                self.assertEqual(self.problem(moves[1]), "internal_error")
                self.assertEqual((run.state, run.done, run.failed), ("done", 2, 1))

    def test_a_contact_that_xero_forgot_does_not_stop_the_batch(self):
        partners = self.partners(4)
        moves = self.invoices(partners, 12)
        self.push(moves[:4])
        # The whole call is answered 404 when one of its contacts is unknown.
        lost = partners[2].xero_link_id
        theirs = self.xero.organisation(1).contacts
        theirs.put({**theirs.get(lost.xero_id), "Name": "Somebody Else", "ContactNumber": ""})
        lost.xero_id = "11111111-2222-4333-8444-555555555555"
        rest = moves[4:]
        with self.as_request(rest) as current:
            self.connection.with_env(current.env).push("invoice", current)
        for _pass in range(8):
            self.work(self.connection)
        failed = rest.filtered(lambda move: move.xero_state == "failed")
        self.assertEqual(failed.partner_id, partners[2])
        self.assertEqual(set((rest - failed).mapped("xero_state")), {"synced"})
        self.assertEqual(set(failed.mapped(self.problem)), {"contact_gone"})

    def test_changed_document_is_updated_in_place(self):
        move = self.invoice([(1, 100.0), (2, 50.0)])
        self.push(move)
        xero_id, line_ids = move.xero_link_id.xero_id, move.xero_link_id.line_ids
        move.button_draft()
        self.assertEqual(move.xero_state, "outdated")
        move.invoice_line_ids[0].price_unit = 120.0
        move.action_post()
        self.push(move)
        item = self.assertAgrees(move)
        self.assertEqual(item["InvoiceID"], xero_id)
        self.assertEqual(
            sorted(line["LineItemID"] for line in item["LineItems"]),
            sorted(line_id for ids in line_ids.values() for line_id in ids),
        )

    def test_paid_in_xero_is_never_touched(self):
        # INV-09
        move = self.invoice()
        self.push(move)
        self.create_in_xero(
            "/Payments",
            {
                "Payments": [
                    {
                        "Invoice": {"InvoiceID": move.xero_link_id.xero_id},
                        "Account": {"Code": "090"},
                        "Date": str(move.date),
                        "Amount": move.amount_total,
                    }
                ]
            },
        )
        with self.as_request(move) as current:
            current.action_xero_refresh()
        self.assertEqual(move.xero_status, "PAID")
        move.button_draft()
        move.invoice_line_ids.price_unit = 999
        move.action_post()
        self.xero.sandbox.log.clear()
        action = self.push(move)
        self.assertEqual(self.calls(), {})
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual((move.xero_state, self.problem(move)), ("outdated", "final_in_xero"))
        self.assertIn("PAID", action["params"]["message"])
        event = self.env["xero.event"].search([("res_id", "=", move.id)], limit=1)
        self.assertEqual((event.kind, event.result), ("skipped", "skipped"))
