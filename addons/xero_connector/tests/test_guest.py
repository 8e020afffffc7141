"""A good guest: what Odoo does by itself costs next to nothing more with us installed (C.7)."""

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import XeroCase

MOST_OVERHEAD = 0.05


@tagged("post_install", "-at_install")
class TestGuest(XeroCase):
    def queries(self, work):
        """Numbers of queries that `work` makes: ours, and all others."""
        self.env.flush_all()
        self.env.invalidate_all()
        counts = {True: 0, False: 0}
        execute = Cursor.execute

        def counted(cursor, query, *args, **kwargs):
            text = query.code if hasattr(query, "code") else query
            counts["xero_" in str(text)] += 1
            return execute(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", counted)
        work()
        self.env.flush_all()
        self.patch(Cursor, "execute", execute)
        return counts[True], counts[False]

    def drafts(self, count):
        return self.env["account.move"].concat(*(self.invoice(post=False) for _number in range(count)))

    def test_posting_costs_next_to_nothing_more(self):
        self.connect()
        for label, chunk in (("at once", 50), ("one by one", 1)):
            moves = self.drafts(50)
            ours, others = self.queries(
                lambda moves=moves, chunk=chunk: [
                    moves[start : start + chunk].action_post() for start in range(0, len(moves), chunk)
                ]
            )
            self.assertGreater(others, 20)
            self.assertLessEqual(ours / others, MOST_OVERHEAD, f"{label}: {ours} more than {others}")

    def test_editing_partners_costs_one_query(self):
        self.connect()
        partners = self.env["res.partner"].create([{"name": f"Partner {number}"} for number in range(50)])
        ours, _others = self.queries(lambda: partners.write({"phone": "1"}))
        self.assertLessEqual(ours, 2)
