"""Closed batches go on, whatever has become of their documents or of another batch (EXP-04)."""

from unittest.mock import patch

from odoo.tests import tagged

from ..models import xero_run_batch
from .test_export_control import ExportCase


@tagged("post_install", "-at_install")
class TestBatchesGoOn(ExportCase):
    def closed(self, *moves):
        """The closed batches of these documents, each of its month."""
        records = self.env["account.move"].union(*moves)
        self.press("action_collect", self.env["xero.run"])
        documents = self.env["xero.batch.document"].search([("res_id", "in", records.ids), ("live", "=", True)])
        self.press("action_close", documents.run_id)
        return documents.run_id.sorted("date_from")

    def delete(self, move):
        move.button_draft()
        move.with_context(force_delete=True).unlink()

    # === DELETED DOCUMENTS === #

    def test_a_deleted_document_is_left_out_of_what_the_schedule_exports(self):
        self.mode("scheduled")
        gone, alone, kept = self.invoice(), self.invoice(invoice_date="2026-09-10", date="2026-09-10"), self.invoice()
        gone_id = gone.id
        empty, mixed = self.closed(gone, alone, kept)
        self.delete(gone)
        self.delete(alone)
        self.schedules()
        self.assertEqual((kept.xero_state, empty.state, mixed.state), ("synced", "done", "done"))
        self.assertEqual((empty.total, mixed.total, mixed.amount), (0, 1, kept.amount_total))
        document = mixed.document_ids.filtered(lambda row: row.res_id == gone_id)
        self.assertEqual((document.state, document.message), ("out", "The record was deleted in Odoo."))

    def test_a_deleted_document_is_left_out_of_what_the_button_exports(self):
        gone, kept = self.invoice(), self.invoice()
        batch = self.closed(gone, kept)
        self.delete(gone)
        self.press("action_export", batch)
        self.work(self.connection)
        self.assertEqual((kept.xero_state, batch.state, batch.done, batch.failed), ("synced", "done", 1, 0))

    # === ONE BATCH'S ERROR === #

    def test_the_error_of_one_batch_stops_neither_the_others_nor_what_goes_by_itself(self):
        self.mode("scheduled")
        first, second = self.invoice(invoice_date="2026-09-10", date="2026-09-10"), self.invoice()
        broken, batch = self.closed(first, second)
        waiting = self.invoice()
        export = self.registry["xero.run"]._export

        def refuse(run, trigger):
            if run == broken:
                run.document_ids.live = False
                raise ValueError("No way")
            return export(run, trigger)

        with patch.object(self.registry["xero.run"], "_export", refuse):
            self.schedules()
        self.assertEqual((broken.state, broken.document_ids.live), ("closed", True))
        self.assertEqual((first.xero_state, second.xero_state, waiting.xero_state), (False, "synced", "synced"))
        event = self.env["xero.event"].search([("kind", "=", "batch_failed")])
        self.assertEqual((event.run_id, event.result, event.dataset), (broken, "failed", "invoice"))
        self.assertIn(f"{broken.display_name} was not exported: No way", event.message)
        # It is tried again at the next turn.
        self.mode("scheduled", last_start=False)
        self.schedules()
        self.assertEqual(first.xero_state, "synced")

    # === A LARGE BATCH THAT NOBODY HAS CHECKED === #

    def test_closing_it_starts_its_check_and_says_so(self):
        self.patch(xero_run_batch, "AT_ONCE", 2)
        for _time in range(4):
            self.invoice()
        batch = self.collect()
        action = self.press("action_close", batch)
        self.assertIn(f"Checked in the background first: {batch.display_name}.", action["params"]["message"])
        self.assertEqual((batch.state, batch.is_checking), ("open", True))
        self.work(self.connection)
        self.press("action_close", batch)
        self.assertEqual((batch.state, batch.ready_count), ("closed", 4))

    def test_exporting_it_starts_its_check_and_says_so(self):
        batch = self.closed(*(self.invoice() for _time in range(4)))
        self.patch(xero_run_batch, "AT_ONCE", 2)
        batch.document_ids.state = "new"
        action = self.press("action_export", batch)
        self.assertIn(f"Checked in the background first: {batch.display_name}.", action["params"]["message"])
        self.assertEqual((batch.state, batch.is_checking), ("closed", True))
        self.work(self.connection)
        self.press("action_export", batch)
        self.work(self.connection)
        self.assertEqual((batch.state, batch.done), ("done", 4))
