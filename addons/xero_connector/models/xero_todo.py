"""The first page: what somebody has to do, each with count and amount."""

from odoo import fields, models
from odoo.tools import SQL

from .xero_exception import OPEN_STATES

NOT_THERE = ("failed", "held")  # states of a link that say so as long as it has no Xero id


class XeroTodo(models.Model):
    """One thing to do for one company: an SQL view, nothing is stored."""

    _name = "xero.todo"
    _description = "Xero To Do"
    _auto = False
    _order = "sequence, count desc"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(
        [
            ("exception", "Needs attention"),
            ("in_doubt", "Outcome in doubt"),
            ("outdated", "Changed since the push"),
            ("not_yet", "Not yet in Xero"),
        ],
        readonly=True,
    )
    sequence = fields.Integer(readonly=True)
    code = fields.Char(readonly=True)
    name = fields.Char(compute="_compute_name")
    count_text = fields.Char(compute="_compute_name")
    count = fields.Integer(readonly=True)
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        # A problem is counted for whom its list shows it.
        problems = self.env["xero.exception"]._search([("state", "in", OPEN_STATES)])
        return SQL(
            """
            SELECT 4 * row_number() OVER (ORDER BY e.company_id, e.code) AS id, e.company_id,
                   c.currency_id, 'exception' AS kind, 1 AS sequence, e.code,
                   count(*)::integer AS count, sum(e.amount) AS amount
              FROM xero_exception e JOIN res_company c ON c.id = e.company_id
             WHERE e.id IN %s
          GROUP BY e.company_id, c.currency_id, e.code
         UNION ALL
            SELECT 4 * l.company_id + 1, l.company_id, c.currency_id, 'in_doubt', 2, NULL,
                   count(*)::integer, sum(abs(m.amount_total_signed))
              FROM xero_link l
              JOIN res_company c ON c.id = l.company_id
              JOIN account_move m ON m.id = l.res_id AND l.model = 'account.move'
             WHERE l.state = 'in_doubt' AND l.active AND l.part = ''
          GROUP BY l.company_id, c.currency_id
         UNION ALL
            SELECT 4 * l.company_id + 2, l.company_id, c.currency_id, 'outdated', 3, NULL,
                   count(*)::integer, sum(abs(m.amount_total_signed))
              FROM xero_link l
              JOIN res_company c ON c.id = l.company_id
              JOIN account_move m ON m.id = l.res_id AND l.model = 'account.move'
             WHERE l.state = 'outdated' AND l.active AND l.part = ''
          GROUP BY l.company_id, c.currency_id
         UNION ALL
            SELECT 4 * m.company_id + 3, m.company_id, c.currency_id, 'not_yet', 4, NULL,
                   count(*)::integer, sum(abs(m.amount_total_signed))
              FROM account_move m
              JOIN res_company c ON c.id = m.company_id
              JOIN LATERAL (SELECT x.sync_from, x.tenant_id
                              FROM xero_connection x JOIN res_company p ON p.id = x.company_id
                             WHERE x.active AND starts_with(c.parent_path, p.parent_path)
                          ORDER BY length(p.parent_path) DESC LIMIT 1) x ON TRUE
             WHERE m.state = 'posted' AND m.move_type != 'entry'
               AND m.date >= x.sync_from
               AND NOT EXISTS (SELECT 1 FROM xero_link l WHERE l.model = 'account.move'
                                  AND l.res_id = m.id AND l.tenant_id = x.tenant_id AND l.active AND l.part = ''
                                  AND (l.xero_id IS NOT NULL OR l.state NOT IN ('failed', 'held')))
          GROUP BY m.company_id, c.currency_id
            """,
            problems.subselect(),
        )

    def _compute_name(self):
        sentences = {
            "in_doubt": self.env._("Sent, answer lost: looked up by itself"),
            "outdated": self.env._("Changed in Odoo: push them again"),
            "not_yet": self.env._("Posted: push them"),
        }
        for todo in self:
            known = self.env["xero.known.error"]._for_code(todo.code).with_env(self.env).sudo()
            todo.name = sentences.get(todo.kind) or known.trigger_error or todo.code
            one = todo.count == 1
            todo.count_text = self.env._("1 record") if one else self.env._("%s records", todo.count)

    def action_open(self):
        """Open the records behind the number."""
        self.ensure_one()
        if self.kind == "exception":
            return {
                "type": "ir.actions.act_window",
                "name": self.name,
                "res_model": "xero.exception",
                "views": [(False, "list"), (False, "form")],
                "domain": [
                    ("state", "in", OPEN_STATES),
                    ("code", "=", self.code),
                    ("company_id", "=", self.company_id.id),
                ],
            }
        states = [False, *NOT_THERE] if self.kind == "not_yet" else [self.kind]
        domain = [("company_id", "=", self.company_id.id), ("xero_state", "in", states)]
        if self.kind == "not_yet":
            connection = self.env["xero.connection"]._for_company(self.company_id)
            domain += [("move_type", "!=", "entry"), ("state", "=", "posted"), ("date", ">=", connection.sync_from)]
            moves = self.env["account.move"].search(domain)
            # People may not search through links, and the client knows no such domain.
            there = [("part", "=", ""), ("tenant_id", "=", connection.tenant_id), ("xero_id", "!=", False)]
            links = self.env["xero.link"].sudo()
            links = links.search([("model", "=", moves._name), ("res_id", "in", moves.ids), *there])
            domain = [("id", "in", (moves - moves.browse(links.mapped("res_id"))).ids)]
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": {"default_move_type": "out_invoice"},
        }
