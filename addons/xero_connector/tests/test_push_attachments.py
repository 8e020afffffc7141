"""Files follow their document to Xero: once, byte for byte, and never at its expense (ATT-01 to ATT-05)."""

import logging
from unittest.mock import patch
from urllib.parse import quote

import requests

from odoo import Command
from odoo.tests import tagged

from ..datasets import attachment as attachments
from .common import XeroCase
from .test_push_bills import BillCase

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 9
PUT, POST = "PUT /Invoices/{InvoiceID}/Attachments/{FileName}", "POST /Invoices/{InvoiceID}/Attachments/{FileName}"
SCOPE = "accounting.attachments"


@tagged("post_install", "-at_install")
class TestPushAttachments(XeroCase):
    def setUp(self):
        super().setUp()
        self.switch_on = {"include_ar_attachments": True}
        self.connection = self.connect_with_files()
        self.push(self.partner)

    def connect_with_files(self):
        """A connection whose consent was given with the switch on."""
        create = self.new_connection
        with patch.object(type(self), "new_connection", lambda test, company=None: create(company, **self.switch_on)):
            return self.connect()

    def attach(self, record, name="scan.pdf", raw=PDF, **values):
        vals = {"name": name, "raw": raw, "res_model": record._name, "res_id": record.id, **values}
        return self.env["ir.attachment"].create(vals)

    def files(self, move, plural="invoices"):
        """Files that the sandbox keeps for the document, by name."""
        rows = self.xero.organisation(1).attachments.group("owner", move.xero_link_id.xero_id)
        return {row["FileName"]: row for row in rows}

    def content(self, move, name, plural="Invoices"):
        """Bytes of a file as Xero hands them out."""
        tokens = self.xero.authorise(tokens=True)
        answer = requests.get(
            f"{self.xero.url}/api.xro/2.0/{plural}/{move.xero_link_id.xero_id}/Attachments/{quote(name)}",
            headers={
                "Authorization": f"Bearer {tokens['access_token']}",
                "xero-tenant-id": self.xero.organisation(1).tenant_id,
                "Accept": "application/octet-stream",
            },
            timeout=10,
        )
        return answer.content

    def put_by_hand(self, move, name, raw):
        """A file that somebody else puts on the document in Xero."""
        tokens = self.xero.authorise(tokens=True)
        answer = requests.put(
            f"{self.xero.url}/api.xro/2.0/Invoices/{move.xero_link_id.xero_id}/Attachments/{quote(name)}",
            data=raw,
            headers={
                "Authorization": f"Bearer {tokens['access_token']}",
                "xero-tenant-id": self.xero.organisation(1).tenant_id,
                "Accept": "application/json",
                "Content-Type": "application/pdf",
            },
            timeout=10,
        )
        self.assertTrue(answer.ok, answer.text)

    def file_link(self, attachment):
        return self.env["xero.link"].search([("dataset", "=", "attachment"), ("res_id", "=", attachment.id)])

    def calls(self, *templates):
        return [self.xero.count(template) for template in templates]

    def settle(self, attachment, minutes=8):
        self.work_until(lambda: self.file_link(attachment).state == "synced", minutes * 4)

    # === WHAT GOES === #

    def test_the_file_follows_its_invoice_byte_for_byte(self):
        # ATT-02
        move = self.invoice()
        file = self.attach(move)
        action = self.push(move)
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(move.xero_state, "synced")
        self.assertEqual(self.content(move, "scan.pdf"), PDF)
        row = self.files(move)["scan.pdf"]
        self.assertEqual(row["MimeType"], "application/pdf")
        self.assertFalse(row["IncludeOnline"])
        self.assertTrue(self.in_xero(move)["HasAttachments"])
        self.assertEqual(self.file_link(file).part, f"account.move,{move.id}")
        self.assertEqual(move.xero_file_count, 1)
        order = [call["template"] for call in self.xero.calls if call["method"] == "PUT"]
        self.assertEqual(order[-2:], ["/Invoices", "/Invoices/{InvoiceID}/Attachments/{FileName}"])

    def test_credit_notes_have_files_too(self):
        move = self.invoice(move_type="out_refund")
        self.attach(move)
        self.push(move)
        self.assertEqual(self.content(move, "scan.pdf", "CreditNotes"), PDF)

    def test_a_bill_has_the_other_switch(self):
        # ATT-01, CFG-10, CFG-11
        bill = self.env["account.move"].create({"move_type": "in_invoice", "partner_id": self.partner.id})
        refund = self.env["account.move"].create({"move_type": "in_refund", "partner_id": self.partner.id})
        move = self.invoice()
        files = {record: self.attach(record) for record in (bill, refund, move)}
        self.assertEqual(move._xero_files(self.connection), {move.id: files[move]})
        self.assertEqual((bill + refund)._xero_files(self.connection), {})
        self.connection.write({"include_ar_attachments": False, "include_ap_attachments": True})
        self.assertEqual(move._xero_files(self.connection), {})
        both = (bill + refund)._xero_files(self.connection)
        self.assertEqual(both, {bill.id: files[bill], refund.id: files[refund]})

    def test_both_switches_off_nothing_is_called(self):
        # CFG-10, CFG-11: off is the default
        self.connection.include_ar_attachments = False
        move = self.invoice()
        file = self.attach(move)
        self.push(move)
        self.work(self.connection)
        self.assertEqual(self.calls(PUT, POST), [0, 0])
        self.assertFalse(self.file_link(file))
        fresh = self.env["xero.connection"].new({})
        self.assertFalse(fresh.include_ap_attachments or fresh.include_ar_attachments)
        self.assertNotIn("attachments", self.connection._features())

    def test_names_are_made_fit_and_stay_apart(self):
        move = self.invoice()
        names = (
            "Prüfung 50 % – \u00e9.pdf",
            'a<b>:"c/d\\e|f?g*h+i.pdf',
            "SCAN.pdf",
            "scan.pdf",
            "no ending",
            "x" * 300,
        )
        for number, name in enumerate(names):
            self.attach(move, name, PDF + bytes([number]), mimetype="application/pdf")
        self.push(move)
        self.work(self.connection)
        self.assertEqual(
            set(self.files(move)),
            {names[0], "a_b___c_d_e_f_g_h_i.pdf", "SCAN.pdf", "scan (2).pdf", "no ending.pdf", "x" * 196 + ".pdf"},
        )
        self.assertEqual(self.content(move, names[0]), PDF + b"\0")

    def test_content_types(self):
        move = self.invoice()
        kinds = {"a.csv": "text/csv", "b.json": "application/json", "c.png": "image/png\r\nX: y"}
        for name, kind in kinds.items():
            self.attach(move, name, name.encode()).sudo()._write_multi([{"mimetype": kind}])
        self.env.invalidate_all()
        self.push(move)
        types = {name: row["MimeType"] for name, row in self.files(move).items()}
        self.assertEqual(types, {"a.csv": "text/csv", "b.json": attachments.ANY_TYPE, "c.png": attachments.ANY_TYPE})

    def test_equal_files_go_once_and_odoo_s_own_stay(self):
        move = self.invoice()
        self.attach(move)
        self.attach(move, "the same.pdf")
        self.attach(move, "e-invoice.xml", b"<xml/>", res_field="ubl_cii_xml_file")
        self.attach(move, "invoice.pdf", b"%PDF generated", res_field="invoice_pdf_report_file")
        self.attach(move, "link", b"", type="url", url="https://example.com")
        self.push(move)
        self.work(self.connection)
        self.assertEqual(set(self.files(move)), {"scan.pdf"})

    def test_the_generated_pdf_by_option(self):
        # ATT-02
        self.connection.write({"include_ar_pdf": True, "attachments_online": True})
        move = self.invoice()
        self.attach(move, "invoice.pdf", b"%PDF 1", res_field="invoice_pdf_report_file")
        self.push(move)
        self.assertTrue(self.files(move)["invoice.pdf"]["IncludeOnline"])
        # Reset and posted again, Odoo makes another one: it takes the place of the first.
        move.button_draft()
        move.action_post()
        self.attach(move, "invoice.pdf", b"%PDF 2", res_field="invoice_pdf_report_file")
        self.push(move)
        self.work(self.connection)
        self.assertEqual(self.calls(PUT, POST), [1, 1])
        self.assertEqual(self.content(move, "invoice.pdf"), b"%PDF 2")

    # === ONCE === #

    def test_second_push_calls_nothing(self):
        # ATT-04
        move = self.invoice()
        file = self.attach(move)
        self.push(move)
        self.xero.sandbox.log.clear()
        events = self.env["xero.event"].search_count([("res_id", "=", file.id)])
        self.push(move)
        self.work(self.connection)
        self.assertEqual(self.xero.calls, [])
        self.assertEqual(self.env["xero.event"].search_count([("res_id", "=", file.id)]), events)

    def test_changed_file_is_replaced(self):
        # ATT-04
        move = self.invoice()
        file = self.attach(move)
        self.push(move)
        file.raw = b"%PDF other"
        self.assertEqual(move.xero_state, "outdated")
        self.push(move)
        self.assertEqual(self.calls(PUT, POST), [1, 1])
        self.assertEqual(list(self.files(move)), ["scan.pdf"])
        self.assertEqual(self.content(move, "scan.pdf"), b"%PDF other")
        self.assertEqual(self.file_link(file).xero_id, self.files(move)["scan.pdf"]["AttachmentID"])

    def test_deleted_and_attached_again_is_replaced(self):
        # ATT-04: how people change a file in Odoo
        move = self.invoice()
        self.attach(move).unlink()
        first = self.attach(move)
        self.push(move)
        first.unlink()
        self.push(move)
        self.assertEqual(list(self.files(move)), ["scan.pdf"], "a deleted file stays in Xero")
        self.assertEqual(self.calls(PUT, POST), [1, 0])
        same = self.attach(move)
        self.push(move)
        self.assertEqual(self.calls(PUT, POST), [1, 0], "the same bytes are there")
        same.unlink()
        self.attach(move, raw=b"%PDF other")
        self.push(move)
        self.assertEqual(self.calls(PUT, POST), [1, 1])
        self.assertEqual(self.content(move, "scan.pdf"), b"%PDF other")

    def test_a_file_added_later_marks_the_document_and_goes_alone(self):
        move = self.invoice()
        self.push(move)
        self.xero.sandbox.log.clear()
        with self.as_request(move) as current:
            attachment = current.env["ir.attachment"].create({"name": "later.pdf", "raw": PDF})
            attachment.write({"res_model": "account.move", "res_id": move.id})
        self.assertEqual(self.xero.calls, [])
        self.assertEqual(move.xero_state, "outdated")
        # Nobody looks at the document: what would keep it from being written does not matter.
        self.connection.sudo().period_lock_date = move.date
        self.push(move)
        self.assertEqual(self.calls(PUT, "total"), [1, 1])
        self.assertEqual(move.xero_state, "synced")
        self.assertFalse(self.problem(move))

    def test_a_file_of_a_paid_invoice(self):
        move = self.invoice()
        self.push(move)
        move.xero_link_id.xero_status = "PAID"
        self.attach(move)
        self.push(move)
        self.assertEqual(set(self.files(move)), {"scan.pdf"})
        self.assertEqual((move.xero_state, self.problem(move)), ("synced", False))

    def test_a_changed_document_is_more_than_its_files(self):
        move = self.invoice()
        self.push(move)
        self.attach(move)
        move.ref = "changed, too"
        self.push(move)
        self.assertEqual(self.in_xero(move)["Reference"], "changed, too")
        self.assertEqual(set(self.files(move)), {"scan.pdf"})

    def test_many_files_go_in_the_background(self):
        moves = self.invoice() + self.invoice()
        for move in moves:
            for number in range(3):
                self.attach(move, f"{number}.pdf", PDF + bytes([number]))
        self.push(moves)
        self.assertEqual(self.calls(PUT), [0], "more than a user waits for")
        run = self.env["xero.run"].search([("model", "=", "ir.attachment")])
        self.assertEqual((run.priority, run.total, run.user_id), ("3", 6, self.env.user))
        self.work(self.connection)
        self.assertEqual(self.calls(PUT), [6])
        self.assertEqual((run.state, run.done, run.failed), ("done", 6, 0))

    # === WHAT GOES WRONG === #

    def test_a_refused_file_leaves_the_document_alone(self):
        # ATT-05
        move = self.invoice()
        file = self.attach(move)
        self.xero.sandbox.faults.add("offline503", method="PUT", path="/Attachments/", times=1)
        with patch.object(attachments, "_FORBIDDEN", attachments.re.compile(r"\0")):
            file.name = "what?.pdf"
            self.push(move)
            self.assertEqual(move.xero_state, "synced")
            self.settle(file, minutes=2)
        self.assertEqual((move.xero_state, self.problem(move)), ("synced", False))
        self.assertEqual(self.file_link(file).state, "failed")
        problem = self.env["xero.exception"].search([("model", "=", "ir.attachment"), ("res_id", "=", file.id)])
        self.assertEqual((problem.code, problem.state), ("xero_refused", "open"))
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual(problem.state, "done")
        self.assertEqual(set(self.files(move)), {"what_.pdf"})

    def test_a_lost_answer_is_found_again(self):
        move = self.invoice()
        for kind in ("drop_after", "truncated", "error500_after", "drop_before"):
            for minutes in (0, 7):
                with self.subTest(kind=kind, minutes=minutes):
                    file = self.attach(move, f"{kind}{minutes}.pdf", f"{kind}{minutes}".encode())
                    self.xero.sandbox.faults.add(kind, method="PUT", path="/Attachments/", times=1)
                    self.push(move)
                    self.assertEqual(move.xero_state, "synced")
                    self.assertEqual(self.file_link(file).state, "in_doubt")
                    self.age(minutes=minutes)
                    self.settle(file)
                    row = self.files(move)[file.name]
                    self.assertEqual(self.file_link(file).xero_id, row["AttachmentID"])
                    self.xero.sandbox.faults.clear()
        self.assertEqual(len(self.files(move)), 8)

    def test_somebody_else_s_file_is_not_taken_for_a_lost_one(self):
        move = self.invoice()
        self.push(move)
        file = self.attach(move)
        self.xero.sandbox.faults.add("drop_before", method="PUT", path="/Attachments/", times=1)
        self.push(move)
        self.put_by_hand(move, "scan.pdf", b"%PDF of a colleague")
        self.age(minutes=7)
        for _pass in range(3):
            self.work(self.connection)
            self.age(seconds=100)
        self.assertFalse(self.file_link(file).xero_id)
        self.assertEqual(self.problem(file), "attachment_name_taken")
        self.assertEqual(self.content(move, "scan.pdf"), b"%PDF of a colleague")

    def test_a_lost_replacement_is_repeated(self):
        move = self.invoice()
        file = self.attach(move)
        self.push(move)
        file.raw = b"%PDF other"
        self.xero.sandbox.faults.add("drop_after", method="POST", path="/Attachments/", times=1)
        self.push(move)
        self.age(minutes=7)
        self.settle(file)
        self.assertEqual(self.content(move, "scan.pdf"), b"%PDF other")
        self.assertEqual(self.file_link(file).xero_id, self.files(move)["scan.pdf"]["AttachmentID"])

    def test_a_file_that_changes_while_its_answer_is_lost(self):
        move = self.invoice()
        file = self.attach(move)
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Attachments/", times=1)
        self.push(move)
        file.raw = b"%PDF other"
        self.settle(file)
        self.push(move)
        self.assertEqual(self.calls(PUT, POST), [1, 1])
        self.assertEqual(self.content(move, "scan.pdf"), b"%PDF other")

    def test_the_file_store_has_lost_it(self):
        move = self.invoice()
        file = self.attach(move)
        with patch.object(type(file), "_file_read", lambda self, fname, size=None: b""):
            action = self.push(move)
        self.assertEqual(self.calls(PUT), [0])
        self.assertEqual(move.xero_state, "synced")
        self.assertEqual(self.problem(file), "attachment_unreadable")
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn("scan.pdf", action["params"]["message"])

    def test_limits_are_kept_before_any_call(self):
        move = self.invoice()
        empty = self.attach(move, "empty.pdf", b"")
        with patch.object(attachments, "LARGEST", 5):
            large = self.attach(move, "large.pdf", b"123456")
            self.push(move)
            self.assertEqual(self.calls(PUT), [0])
        self.assertEqual(self.problem(empty), "attachment_empty")
        self.assertEqual(self.problem(large), "attachment_too_large")
        empty.unlink()
        for number in range(attachments.MOST):
            last = self.attach(move, f"{number}.txt", str(number).encode())
        self.push(move)
        self.work(self.connection)
        self.assertEqual(len(self.files(move)), attachments.MOST)
        self.assertEqual(self.calls(PUT), [attachments.MOST])
        self.assertEqual(self.problem(last), "attachment_too_many")
        self.assertFalse(self.problem(large), "cured")

    def test_a_name_that_is_taken_in_xero(self):
        move = self.invoice()
        self.push(move)
        self.put_by_hand(move, "same.pdf", PDF)
        self.put_by_hand(move, "other.pdf", PDF + b"more")
        same, other = self.attach(move, "same.pdf"), self.attach(move, "other.pdf", b"%PDF mine")
        self.push(move)
        self.assertEqual(self.file_link(same).xero_id, self.files(move)["same.pdf"]["AttachmentID"])
        self.assertEqual(self.problem(other), "attachment_name_taken")
        self.assertEqual(self.content(move, "other.pdf"), PDF + b"more", "nobody's file is overwritten")
        other.name = "mine.pdf"
        self.push(move)
        self.assertEqual(self.content(move, "mine.pdf"), b"%PDF mine")
        self.assertFalse(self.problem(other))

    def test_a_file_that_was_deleted_in_xero(self):
        move = self.invoice()
        file = self.attach(move)
        self.push(move)
        table = self.xero.organisation(1).attachments
        table.remove(self.file_link(file).xero_id)
        file.raw = b"%PDF other"
        self.push(move)
        self.assertEqual(self.problem(file), "attachment_gone")
        self.push(move)
        self.assertEqual(self.content(move, "scan.pdf"), b"%PDF other")
        self.assertFalse(self.problem(file))

    def test_void_documents_get_no_files(self):
        move = self.invoice()
        self.push(move)
        move.xero_link_id.xero_status = "VOIDED"
        self.attach(move)
        self.push(move)
        self.assertEqual(self.calls(PUT), [0])

    def test_without_the_scope_nothing_is_tried(self):
        self.assertIn(SCOPE, self.connection.granted_scopes)
        self.connection.sudo().granted_scopes = self.connection.granted_scopes.replace(SCOPE, "")
        self.assertIn(SCOPE, self.connection.health_problem)
        move = self.invoice()
        self.attach(move)
        self.push(move)
        self.assertEqual(move.xero_state, "synced")
        self.assertEqual(self.calls(PUT), [0])
        self.assertEqual(self.connection.state, "connected")
        self.connection.include_ar_attachments = False
        self.assertFalse(self.connection.missing_scopes)

    # === SECURITY === #

    def test_contents_are_nowhere_else(self):
        move, secret = self.invoice(), b"TOPSECRET" * 9
        self.attach(move, raw=secret)
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Attachments/", times=1)
        with self.assertLogs(level=logging.DEBUG) as logs:
            logging.getLogger(__name__).debug("at least one line")
            self.push(move)
        self.assertNotIn("TOPSECRET", "".join(logs.output))
        request = self.env["xero.request"].search([("dataset", "=", "attachment")])
        self.assertEqual(request.state, "unknown")
        self.assertNotIn(b"TOPSECRET", request._body_bytes())
        self.assertIn(b'"Checksum"', request._body_bytes())

    def test_a_user_sends_files_of_documents_that_he_may_write(self):
        move = self.invoice()
        file = self.attach(move)
        clerk = self.new_user("clerk", "xero_connector.group_xero_user", "account.group_account_invoice")
        self.push(move, clerk)
        self.assertEqual(set(self.files(move)), {"scan.pdf"})
        reader = self.new_user("reader", "xero_connector.group_xero_user", "base.group_user")
        with self.assertRaisesRegex(Exception, "not allowed"), self.as_request(file, reader) as current:
            current.action_xero_push()

    def test_companies_stay_apart(self):
        other = self._make_company("Other Trading")
        self.env.user.write({"company_ids": [Command.link(other.id)]})
        move = self.invoice()
        self.push(move)
        stranger = (
            self.env["account.move"].with_company(other).create({"move_type": "out_invoice", "company_id": other.id})
        )
        self.attach(stranger)
        self.assertFalse(self.env["xero.link"].search([("part", "=", f"account.move,{stranger.id}")]))
        file = self.attach(move)
        self.push(move)
        link = self.file_link(file)
        self.assertEqual((link.company_id, link.tenant_id), (self.company, self.connection.tenant_id))


@tagged("post_install", "-at_install")
class TestPushBillAttachments(BillCase):
    def test_bills_and_supplier_credits(self):
        # ATT-01, CFG-10: consent first, switch later; the files go once the consent covers them
        documents = self.bill() + self.credit()
        for move in documents:
            vals = {"name": "paper.pdf", "raw": PDF, "res_model": move._name, "res_id": move.id}
            self.env["ir.attachment"].create(vals)
        self.push(documents)
        self.assertEqual(len(self.xero.organisation(1).attachments), 0)
        self.connection.include_ap_attachments = True
        self.assertIn(SCOPE, self.connection.missing_scopes)
        self.push(documents)
        self.assertEqual(len(self.xero.organisation(1).attachments), 0)
        code = self.xero.authorise(scopes=self.scopes_of_reconnect(), redirect_uri=self.connection.redirect_uri)
        with self.as_request(self.connection) as current:
            current._receive_code(code, current.redirect_uri)
        self.assertEqual(self.connection.state, "connected")
        self.push(documents)
        for move in documents:
            files = self.xero.organisation(1).attachments.group("owner", move.xero_link_id.xero_id)
            self.assertEqual([row["FileName"] for row in files], ["paper.pdf"])
        uploads = [call for call in self.xero.calls if "/Attachments/" in call["path"]]
        self.assertEqual([call["query"] for call in uploads], ["", ""], "no customer sees a bill")

    def scopes_of_reconnect(self):
        with self.as_request(self.connection) as current:
            current.action_disconnect()
        return self.scopes_of(self.connection)
