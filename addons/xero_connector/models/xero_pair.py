"""Adoption: an element of Xero's and the record of Odoo's that it seems to be, for review."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import values
from ..datasets.adopt import MARGIN, UNCLEAR
from ..datasets.amounts import decimal
from ..datasets.payment_here import STATEMENT_LINE

EDITABLE = {"record_ref"}


class XeroPair(models.Model):
    """One element of Xero's; accepted, it becomes a link. Nothing is created on either side."""

    _name = "xero.pair"
    _inherit = "xero.record.mixin"
    _description = "Xero Pair to Adopt"
    _order = "dataset, score desc, id"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    run_id = fields.Many2one("xero.run", ondelete="set null", index="btree_not_null")
    dataset = fields.Selection("_selection_dataset", "Data Set", required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference("Record ID", model_field="model")
    record_ref = fields.Reference(
        selection="_selection_record_ref",
        string="In Odoo",
        compute="_compute_record_ref",
        inverse="_inverse_record_ref",
    )
    choices = fields.Char(compute="_compute_choices", help="Models of which it may be a record, with commas.")
    xero_id = fields.Char("Xero ID", required=True, readonly=True)
    title = fields.Char("In Xero", readonly=True)
    contact = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    total = fields.Char(readonly=True)
    score = fields.Integer(readonly=True, aggregator=None)
    reason = fields.Char("Agree in", readonly=True)
    by_hand = fields.Boolean("Chosen by hand", readonly=True)
    rivals = fields.Json(readonly=True, help="Other records that it could be: score, id.")
    content_print = fields.Char(readonly=True, help="Of what people can edit of the element in Xero.")
    value_prints = fields.Json(readonly=True)
    element = fields.Json(readonly=True, help="What a link needs of the element.")
    state = fields.Selection(
        [("proposed", "Proposed"), ("alone", "Only in Xero"), ("rejected", "Rejected"), ("linked", "Linked")],
        required=True,
        default="proposed",
        readonly=True,
        index=True,
    )

    _element_unique = models.Constraint(
        "UNIQUE(connection_id, dataset, xero_id)", "This element of Xero's is in the list already."
    )
    _record_index = models.Index("(connection_id, dataset, res_id)")

    # === COMPUTES === #

    @api.model
    def _selection_record_ref(self):
        names = ("res.partner", "product.product", "account.move", "account.payment", STATEMENT_LINE)
        return [(name, self.env["ir.model"]._get(name).name) for name in names]

    @api.model
    def _selection_dataset(self):
        connections = self.env["xero.connection"]
        return [(key, connections._dataset_label(key)) for key in connections._adopted_keys()]

    @api.depends("model", "res_id")
    def _compute_record_ref(self):
        for pair in self:
            pair.record_ref = f"{pair.model},{pair.res_id}" if pair.res_id else False

    @api.depends("dataset")
    def _compute_choices(self):
        for pair in self:
            dataset = pair.connection_id.sudo()._dataset(pair.dataset)
            pair.choices = ",".join((dataset._odoo_model, *dataset._by_model))

    def _inverse_record_ref(self):
        """A person says which record it is."""
        self.env["xero.connection"]._check_user()
        for pair in self:
            record = pair.record_ref
            if record:
                record._xero_check_push()
                if not pair.connection_id.sudo()._adoptable(pair.dataset, record.sudo()):
                    raise UserError(
                        self.env._(
                            "%(record)s cannot be that: choose a record of the same kind and company, posted if it is "
                            "a document, a company and not its contact person if it is a partner.",
                            record=record.display_name,
                        )
                    )
            pair.sudo().write(
                {
                    "by_hand": bool(record),
                    "model": record._name if record else pair.model,
                    "res_id": record.id if record else False,
                    "score": 100 if record else 0,
                    "reason": self.env._("chosen by hand") if record else False,
                    "state": "proposed" if record else "alone",
                }
            )

    # === CRUD === #

    def write(self, vals):
        """A person may only say which record it is, accept and reject."""
        if not self.env.su and vals.keys() - EDITABLE:
            raise AccessError(self.env._("Pairs are found by the search; choose another record, accept or reject."))
        return super().write(vals)

    # === ACTIONS === #

    def action_accept(self):
        """Link the chosen pairs."""
        self.env["xero.connection"]._check_user()
        self.check_access("write")
        return self.sudo()._accept()

    def action_reject(self):
        """These are not the same."""
        self.env["xero.connection"]._check_user()
        self.check_access("write")
        self.sudo().filtered(lambda pair: pair.state == "proposed").write({"state": "rejected"})

    # === BUSINESS === #

    @api.model
    def _record(self, run, dataset, items, candidates):
        """Write pairs of one block.

        :param candidates: ``{Xero id: [(score, record id, reason)]}``, best first
        """
        rows = []
        for item in items:
            ranked = candidates.get(item[dataset._xero_id]) or []
            score, res_id, reason, *model = ranked[0] if ranked else (0, False, False)
            described = dataset._describe(item)
            total = item.get("Total", item.get("Amount"))
            rows.append(
                {
                    "connection_id": run.connection_id.id,
                    "run_id": run.id,
                    "dataset": dataset._key,
                    "model": model[0] if model else dataset._odoo_model,
                    "res_id": res_id,
                    "xero_id": item[dataset._xero_id],
                    "title": dataset._title(item),
                    "contact": described.get("name") if dataset._key != "contact" else described.get("email"),
                    "date": values.parse_date(item.get("Date")),
                    "total": _money(total, item.get("CurrencyCode")),
                    "score": score,
                    "reason": reason,
                    "rivals": [[row[0], row[1]] for row in ranked[1:6]],
                    "content_print": dataset._amounts and dataset._content_print(item),
                    "value_prints": dataset._value_prints(item),
                    "element": values.to_json(dataset._trim(item)),
                    "state": "proposed" if ranked else "alone",
                }
            )
        self.create(rows)

    @api.model
    def _settle(self, run):
        """One record is one element: of several that want it, the surest gets it, or nobody surely."""
        domain = [
            ("connection_id", "=", run.connection_id.id),
            ("dataset", "=", run.dataset),
            ("state", "=", "proposed"),
            ("res_id", "!=", False),
        ]
        dataset, wanted = run._dataset(), defaultdict(self.browse)
        for pair in self.search(domain):
            wanted[pair.model, pair.res_id, dataset._wanted_part(pair.element)] |= pair
        for pairs in wanted.values():
            if len(pairs) == 1:
                continue
            first, second, *_rest = ranked = pairs.sorted(lambda pair: (-pair.score, pair.id))
            if first.score - second.score < MARGIN:
                for pair in ranked:
                    pair.score = min(pair.score, UNCLEAR)
            else:
                (ranked - first).write({"res_id": False, "state": "alone", "score": 0, "reason": False})

    def _accept(self):
        """Make links of these pairs, and say what became of them."""
        pairs = self.filtered(lambda pair: pair.state == "proposed" and pair.res_id)
        linked = self.browse()
        groups = pairs.grouped(lambda pair: (pair.connection_id, pair.dataset, pair.model))
        for (connection, key, model), same in groups.items():
            linked |= connection._adopt(key, model, same)
        left = len(pairs) - len(linked)
        message = self.env._("%(count)s linked.", count=len(linked))
        if left:
            message += " " + self.env._("%(count)s were not: their record is linked, or was chosen twice.", count=left)
        return self.env["xero.connection"]._notify(message, "warning" if left else "success")


def _money(total, currency):
    """An amount as people read it, ``False`` when there is none."""
    return f"{decimal(total)} {currency or ''}".strip() if total is not None else False
