"""The first page: what somebody has to do, each with count and amount."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..datasets.payment_auto import settles, settles_anew
from ..datasets.payment_here import STATEMENT_LINE
from ..datasets.statuses import BOOKED
from .xero_exception import OPEN_STATES
from .xero_money_mixin import TO_XERO

# Models whose records are counted, and the column with their amount in the company's currency.
COUNTED = {
    "account.move": "amount_total_signed",
    "account.payment": "amount_company_currency_signed",
    STATEMENT_LINE: "amount_total_signed",
}
KINDS = ("in_doubt", "outdated", "not_yet")  # in their order, after the exceptions


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
    model = fields.Char(readonly=True)
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
            SELECT 2 * row_number() OVER (ORDER BY e.company_id, e.code) AS id, e.company_id,
                   c.currency_id, 'exception' AS kind, 1 AS sequence, e.code, NULL AS model,
                   count(*)::integer AS count, sum(e.amount) AS amount
              FROM xero_exception e JOIN res_company c ON c.id = e.company_id
             WHERE e.id IN %s
          GROUP BY e.company_id, c.currency_id, e.code
         UNION ALL
            SELECT 2 * (100 * r.company_id + 10 * r.place + array_position(%s::text[], r.model::text)) + 1,
                   r.company_id, r.currency_id, r.kind, r.place + 1, NULL, r.model, count(*)::integer, sum(r.amount)
              FROM (SELECT r.*, c.currency_id, array_position(%s::text[], r.kind::text) AS place
                      FROM (%s) r JOIN res_company c ON c.id = r.company_id) r
          GROUP BY r.company_id, r.currency_id, r.kind, r.place, r.model
            """,
            problems.subselect(),
            list(self._counted()),
            list(KINDS),
            self._records_query(),
        )

    def _compute_name(self):
        sentences = {
            "in_doubt": self.env._("Sent, answer lost: looked up by itself"),
            "outdated": self.env._("Changed in Odoo: push them again"),
            "not_yet": self.env._("Posted: push them"),
        }
        for todo in self:
            todo.name = sentences.get(todo.kind) or self.env["xero.known.error"]._label_of(todo.code)
            if todo.model and todo.model != "account.move":
                what = self.env["ir.model"]._get(todo.model).sudo().name
                todo.name = self.env._("%(what)s: %(todo)s", what=what, todo=todo.name)
            one = todo.count == 1
            todo.count_text = self.env._("1 record") if one else self.env._("%s records", todo.count)

    # === RECORDS === #

    @api.model
    def _records_query(self):
        """Every record that is counted, once for each kind: ``company_id, kind, model, res_id, amount``."""
        queries = [self._changed_query(model, column) for model, column in self._counted().items()]
        return SQL(" UNION ALL ").join([*queries, *self._not_yet_queries()])

    @api.model
    def _counted(self):
        """``{model: column of the amount}``."""
        return COUNTED

    @api.model
    def _rows(self, model):
        """The records of `model` in SQL; a line of a bank statement has day, state and amount from its entry."""
        table = SQL.identifier(self.env[model]._table)
        if model != STATEMENT_LINE:
            return table
        return SQL(
            """(SELECT s.id, s.move_id, s.journal_id, s.company_id, e.state, e.date, e.amount_total_signed
                  FROM %s s JOIN account_move e ON e.id = s.move_id)""",
            table,
        )

    @api.model
    def _changed_query(self, model, column):
        """Records of `model` whose link says that something is to be done; one with several parts counts once."""
        return SQL(
            """SELECT DISTINCT l.company_id, l.state AS kind, l.model, l.res_id, abs(m.%s) AS amount
                 FROM xero_link l JOIN %s m ON m.id = l.res_id
                WHERE l.model = %s AND l.state IN ('in_doubt', 'outdated') AND l.active
                  AND (l.part = '' OR l.dataset = ANY(%s))""",
            SQL.identifier(column),
            self._rows(model),
            model,
            self._parted_keys(),
        )

    @api.model
    def _parted_keys(self):
        """Keys of the data sets whose links stand for a part of a record each."""
        datasets = [self.env[name] for name in self.env if name.startswith("xero.dataset.")]
        return [dataset._key for dataset in datasets if dataset._in_books and dataset._has_parts]

    @api.model
    def _not_yet_queries(self):
        """Records that may travel and are not in Xero, whatever keeps them back."""
        people_s = """m.move_type != 'entry'
             OR j.xero_send_entries AND m.origin_payment_id IS NULL AND m.statement_line_id IS NULL
                AND m.tax_cash_basis_rec_id IS NULL AND m.tax_cash_basis_origin_move_id IS NULL"""
        moves = SQL("m.state = 'posted' AND m.date >= x.sync_from AND (%s)", SQL(people_s))
        payments = SQL("m.state IN %s AND %s", BOOKED, self._pays(SQL("TRUE")))
        # Where Xero keeps the bank account the money comes in there (PAY-09, B21).
        lines = SQL(
            "m.state = 'posted' AND (j.xero_account_id IS NULL OR j.xero_bank_owner = 'odoo') AND %s",
            self._pays(SQL("d.move_type != 'entry'")),
        )
        money = {"account.payment": payments, STATEMENT_LINE: lines}
        return [
            self._not_yet_query("account.move", moves),
            *(self._not_yet_query(model, condition) for model, condition in money.items()),
            *(
                self._not_yet_query(model, condition, settles_anew(model, SQL("x.tenant_id")))
                for model, condition in money.items()
            ),
        ]

    @api.model
    def _pays(self, condition):
        """SQL: whether the money `m` of the connection `x` goes to Xero, and pays an entry `d` of that condition."""
        return self._goes_to_xero(settles(condition))

    @api.model
    def _goes_to_xero(self, condition):
        """SQL: whether the money `m` of that condition goes to Xero from the connection `x`."""
        return SQL("m.date >= x.sync_from AND x.payment_direction IN %s AND %s", TO_XERO, condition)

    @api.model
    def _not_yet_query(self, model, condition, absent=None):
        """Records of `model` that fulfil `condition` and are not in Xero.

        :param condition: SQL about the record ``m``, its journal ``j`` and its connection ``x``
        :param absent: the same, when it is not in Xero; default: no link says that it is, or is on its way
        """
        absent = absent or SQL(
            """NOT EXISTS (SELECT 1 FROM xero_link l
                            WHERE l.model = %s AND l.res_id = m.id AND l.tenant_id = x.tenant_id AND l.active
                              AND (l.part = '' OR l.dataset = ANY(%s))
                              AND (l.xero_id IS NOT NULL OR l.state NOT IN ('failed', 'held')))""",
            model,
            self._parted_keys(),
        )
        return SQL(
            """SELECT m.company_id, 'not_yet', %s, m.id, abs(m.%s)
                 FROM %s m
                 JOIN res_company c ON c.id = m.company_id
                 %s
                 JOIN LATERAL (SELECT x.*
                                 FROM xero_connection x JOIN res_company p ON p.id = x.company_id
                                WHERE x.active AND starts_with(c.parent_path, p.parent_path)
                             ORDER BY length(p.parent_path) DESC LIMIT 1) x ON TRUE
                WHERE %s AND %s""",
            model,
            SQL.identifier(self._counted()[model]),
            self._rows(model),
            SQL("JOIN account_journal j ON j.id = m.journal_id" if "journal_id" in self.env[model]._fields else ""),
            condition,
            absent,
        )

    # === ACTIONS === #

    def action_open(self):
        """Open the records behind the number."""
        self.ensure_one()
        action = {"type": "ir.actions.act_window", "name": self.name, "views": [(False, "list"), (False, "form")]}
        if self.kind == "exception":
            domain = [
                ("state", "in", OPEN_STATES),
                ("code", "=", self.code),
                ("company_id", "=", self.company_id.id),
            ]
            return {**action, "res_model": "xero.exception", "domain": domain}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT res_id FROM (%s) r WHERE company_id = %s AND kind = %s AND model = %s",
                self._records_query(),
                self.company_id.id,
                self.kind,
                self.model,
            )
        )
        # People may not search through links, and the client knows no such domain.
        domain = [("id", "in", [res_id for (res_id,) in rows])]
        context = {"default_move_type": "out_invoice"} if self.model == "account.move" else {}
        return {**action, "res_model": self.model, "domain": domain, "context": context}
