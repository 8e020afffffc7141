"""Conditions that administrators choose with a click: a domain, and who said so."""

import ast

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class XeroCondition(models.AbstractModel):
    """For models with a domain over the records that they speak of.

    A condition is looked up as its author, in the company of a connection and those of the records, which may be
    branches of it: it never tells more than he may read.
    """

    _name = "xero.condition"
    _description = "Xero Condition"

    model_name = fields.Char(compute="_compute_model_name")
    domain = fields.Char("Condition", default="[]", help="Empty: all records.")
    author_id = fields.Many2one(
        "res.users",
        "Condition by",
        readonly=True,
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="The condition sees what this user may read.",
    )

    def _compute_model_name(self):
        raise NotImplementedError

    # === CONSTRAINS === #

    @api.constrains("domain", "author_id")
    def _check_condition(self):
        for row in self:
            try:
                with self.env.cr.savepoint():
                    row._search_matching(Domain.TRUE, row._condition_company(), limit=1)
            except psycopg2.OperationalError:
                raise
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(name)s” cannot be used: %(error)s", name=row.display_name, error=error
                    )
                ) from None

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create; whoever does so is the author."""
        self.env.registry.clear_cache()
        return super().create([{**vals, "author_id": self.env.uid} for vals in vals_list])

    def write(self, vals):
        """Write; whoever changes the condition is its author from now on."""
        self.env.registry.clear_cache()
        if self._condition_fields() & vals.keys():
            vals = {**vals, "author_id": self.env.uid}
        elif "author_id" in vals and not self.env.su:
            raise UserError(self.env._("The author of a condition is who wrote it."))
        return super().write(vals)

    def unlink(self):
        """Delete, and forget what was cached."""
        self.env.registry.clear_cache()
        return super().unlink()

    # === BUSINESS === #

    @api.model
    def _condition_fields(self):
        """Fields that make the condition another one."""
        return {"domain"}

    def _condition_company(self):
        """Company that the condition is tried in when it is saved."""
        return self.company_id

    def _matching(self, records, company):
        """Those of `records` that meet the condition.

        :param company: ``res.company`` of the connection that the records use
        :raises UserError, ValueError: the condition cannot be used any more
        """
        self.ensure_one()
        if not ast.literal_eval(self.domain or "[]"):
            return records
        found = self._search_matching(Domain("id", "in", records.ids), self._readable_companies(records, company))
        return records.filtered(lambda record: record.id in found.ids)

    def _readable_companies(self, records, company):
        """Companies in which the author looks `records` up.

        :raises UserError: one of them has records of its own here, and he does not work there
        """
        author = self.author_id.sudo()
        companies = records.company_id if "company_id" in records._fields else company.browse()
        companies = companies or company
        if author.id == SUPERUSER_ID:
            return companies | company
        if foreign := companies - author.company_ids:
            raise UserError(
                self.env._(
                    "%(author)s, whose condition it is, does not work in %(companies)s. Somebody who does has to "
                    "write it anew.",
                    author=author.name,
                    companies=", ".join(foreign.mapped("name")),
                )
            )
        return companies | (company & author.company_ids)

    def _search_matching(self, domain, companies, limit=None):
        self.ensure_one()
        condition = Domain(ast.literal_eval(self.domain or "[]"))
        model = self.env[self.model_name].with_user(self.author_id).with_context(active_test=False)
        if companies:
            model = model.with_context(allowed_company_ids=companies.ids)
        return model.search(condition & domain, limit=limit)
