"""A run that takes long: what Xero shows late meanwhile is read by the next one."""

from odoo.tests import tagged

from ..client.transport import read_answer
from ..engine import pull
from .common import XeroCase


@tagged("post_install", "-at_install")
class TestPullLate(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(on_missing_partner="create")
        self.patch(self.env.registry["xero.dataset.contact"], "_page", 10)

    def add(self, *names):
        contacts = [{"Name": name} for name in names]
        return self.create_in_xero("/Contacts", {"Contacts": contacts})["Contacts"]

    def bring_in(self, meanwhile=None):
        """One run, step by step; `meanwhile` happens after its first page."""
        with self.as_request(self.connection) as connection:
            run = connection._queue_pull(connection._schedule("contact"), "code").sudo()
            connection.env.cr.commit()
            while run.state in ("queued", "running"):
                pull.advance(run)
                run.invalidate_recordset()
                if meanwhile:
                    meanwhile()
                    meanwhile = None
            self.assertEqual((run.state, run.failed), ("done", 0), run.error)

    def test_what_is_shown_late_is_read_next_time(self):
        self.add(*(f"Early {number}" for number in range(15)))
        begun = []

        def ten_minutes_later():
            begun.append(int(self.xero.sandbox.clock.now() * 1000))
            self.xero.advance(600)
            self.add("Newest")

        self.bring_in(ten_minutes_later)
        partners = self.env["res.partner"]
        self.assertTrue(partners.search([("name", "=", "Newest")]))
        # Changed two minutes after the run began, shown when it was over.
        late = self.add("Late")[0]["ContactID"]
        table = self.xero.organisation(1).contacts
        table.put({**table.get(late), "updated": begun[0] + 120_000})
        self.bring_in()
        self.assertTrue(partners.search([("name", "=", "Late")]))

    def test_the_date_of_an_answer(self):
        for header, year in (("Sat, 21 Nov 2026 11:00:00 GMT", 2026), ("soon", None), (None, None)):
            with self.subTest(header):
                moment = read_answer(200, {"Date": header} if header else {}, b"").moment
                self.assertEqual(moment and (moment.year, moment.hour, moment.tzinfo), year and (2026, 11, None))
