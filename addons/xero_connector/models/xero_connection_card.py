"""What the card of a connection says at a glance: whether both books agree, and who has to act."""

from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..datasets.figures import DIFFERING
from .xero_exception import OPEN_STATES
from .xero_known_error import WHO

_lt = LazyTranslate(__name__)
TAX_BASES = {
    "ACCRUAL": _lt("Accrual"),
    "ACCRUALS": _lt("Accrual"),
    "CASH": _lt("Cash"),
    "FLATRATEACCRUAL": _lt("Flat rate, accrual"),
    "FLATRATECASH": _lt("Flat rate, cash"),
    "INVOICE": _lt("Invoices"),
    "NONE": _lt("Not registered"),
    "PAYMENTS": _lt("Payments"),
}


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    currency_id = fields.Many2one(related="company_id.currency_id")
    not_yet_count = fields.Integer("Not yet in Xero", compute="_compute_card", compute_sudo=True)
    not_yet_amount = fields.Monetary(compute="_compute_card", compute_sudo=True)
    difference_count = fields.Integer("Differences", compute="_compute_card", compute_sudo=True)
    problem_count = fields.Integer("Need attention", compute="_compute_card", compute_sudo=True)
    country_name = fields.Char("Country", compute="_compute_xero_words")
    tax_basis_label = fields.Char("Sales Tax Basis in Xero", compute="_compute_xero_words")
    acting = fields.Char("Who must act", compute="_compute_card", compute_sudo=True)

    @api.depends("country_code", "sales_tax_basis")
    @api.depends_context("lang")
    def _compute_xero_words(self):
        """What Xero's codes of the organisation mean; an unknown one as Xero sent it."""
        found = self.env["res.country"].search([("code", "in", self.mapped("country_code"))])
        countries = {country.code: country.name for country in found}
        for connection in self:
            connection.country_name = countries.get(connection.country_code, connection.country_code)
            basis = connection.sales_tax_basis
            connection.tax_basis_label = self.env._(TAX_BASES[basis]) if basis in TAX_BASES else basis

    @api.depends_context("uid")
    def _compute_card(self):
        documents = [("kind", "=", "not_yet"), ("model", "=", "account.move")]
        waiting = defaultdict(self.env["xero.todo"].browse)
        for row in self.env["xero.todo"].search([("company_id", "child_of", self.company_id.ids), *documents]):
            waiting[self._for_company(row.company_id).id] |= row  # a branch travels with its company
        links = self.env["xero.link"]._read_group(
            [("connection_id", "in", self.ids), ("reason", "in", DIFFERING)], ["connection_id"], ["__count"]
        )
        differing = {connection.id: count for connection, count in links}
        for connection in self:
            rows = waiting[connection._origin.id]
            connection.not_yet_count = sum(rows.mapped("count"))
            connection.not_yet_amount = sum(rows.mapped("amount"))
            connection.difference_count = differing.get(connection.id, 0)
            # Those that the user's list of them shows.
            groups = (
                self.env["xero.exception"]
                .sudo(False)
                ._read_group(
                    [("connection_id", "=", connection._origin.id), ("state", "in", OPEN_STATES)],
                    ["code", "user_id"],
                    ["__count"],
                )
            )
            connection.problem_count = sum(count for _code, _user, count in groups)
            connection.acting = connection._who_acts(groups)

    def _who_acts(self, groups):
        """Names of those who look after problems, and what kind of person the others wait for.

        :param groups: rows of ``(code, user, count)``
        """
        names, kinds = Counter(), Counter()
        for code, user, count in groups:
            who = self.env["xero.known.error"]._for_code(code).who
            if user:
                names[user.name] += count
            elif who != "nobody":
                kinds[who] += count
        labels = dict(self.env["xero.known.error"]._fields["who"]._description_selection(self.env))
        people = [*names.items(), *((labels[kind], kinds[kind]) for kind, _label in WHO if kinds[kind])]
        return ", ".join(f"{name} ({count})" for name, count in people) or False

    def action_open_problems(self):
        """Open problems of this connection."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exceptions"),
            "res_model": "xero.exception",
            "views": [(False, "list"), (False, "form")],
            "domain": [("connection_id", "=", self.id), ("state", "in", OPEN_STATES)],
        }

    def action_open_differences(self):
        """Records whose amounts differ between Odoo and Xero."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Differences"),
            "res_model": "xero.link",
            "views": [(False, "list"), (False, "form")],
            "domain": [("connection_id", "=", self.id), ("reason", "in", DIFFERING)],
        }
