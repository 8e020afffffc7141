"""The cure for a name or number that Xero knows already: choose which one is meant."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models import messages
from ..models.xero_exception import GONE_CODES

NUMBER = 255  # characters of a document number in Xero


class XeroCandidateWizard(models.TransientModel):
    """What Xero holds under the name or number of one Odoo record, to be linked by hand."""

    _name = "xero.candidate.wizard"
    _description = "Choose in Xero"

    exception_id = fields.Many2one("xero.exception", required=True, readonly=True, ondelete="cascade")
    record_name = fields.Char(related="exception_id.record_name")
    cause = fields.Char(related="exception_id.cause")
    is_document = fields.Boolean(readonly=True)
    is_gone = fields.Boolean(readonly=True)
    code = fields.Char(related="exception_id.code")
    of_partners = fields.Boolean(readonly=True)
    partner_id = fields.Many2one("res.partner", "Another Partner", domain="[('parent_id', '=', False)]")
    new_number = fields.Char("Number for Xero")
    line_ids = fields.One2many("xero.candidate.line", "wizard_id")

    @api.model
    def _open(self, problem):
        """Read the candidates of `problem` from Xero and show them.

        :param problem: one ``xero.exception`` of a pushed record
        :raises UserError: Xero was not reached
        """
        connection, dataset, record = problem._for_cure()
        items = connection._candidates(dataset, record)
        refused = dataset._number(record) if getattr(dataset, "_number_field", None) else False
        wizard = self.create(
            {
                "exception_id": problem.id,
                "is_document": bool(refused),
                "is_gone": problem.code in GONE_CODES,
                "new_number": refused and _next_number(record.name, refused),
                "line_ids": [(0, 0, vals) for vals in self._prepare_lines(problem, dataset, items)],
            }
        )
        return wizard._show(self.env._("Choose in Xero: %s", problem.record_name or ""))

    def _show(self, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _open_partners(self, problem):
        """Show the partners that a contact of Xero's could be."""
        problem.ensure_one()
        self.env["xero.connection"]._check_user()
        problem.check_access("write")
        partners = self.env["res.partner"]
        scores = {partner_id: score for score, partner_id in (problem.arguments or {}).get("candidates") or []}
        wizard = self.create(
            {
                "exception_id": problem.id,
                "of_partners": True,
                "line_ids": [
                    (0, 0, {"partner_id": partner.id, "score": scores[partner.id]})
                    for partner in partners.browse(list(scores)).exists()._filtered_access("read")
                ],
            }
        )
        return wizard._show(self.env._("Choose the partner of %s", problem.title or ""))

    def _prepare_lines(self, problem, dataset, items):
        by_id = {item[dataset._xero_id]: item for item in items if item.get(dataset._xero_id)}
        ours = problem.sudo().link_id
        taken = {link.xero_id: link.record_name for link in ours._holding(ours.tenant_id, dataset._key, by_id) - ours}
        return [
            {**dataset._describe(item), "xero_id": xero_id, "taken_by": taken.get(xero_id)}
            for xero_id, item in by_id.items()
        ]

    # === ACTIONS === #

    def action_new_number(self):
        """Send the document under another number; Odoo's own stays."""
        self.ensure_one()
        problem = self.exception_id
        problem._for_cure()
        number = (self.new_number or "").strip()
        if not number or len(number) > NUMBER:
            raise UserError(self.env._("Type a number of at most %s characters.", NUMBER))
        link = problem.sudo().link_id
        link._forget_gone()
        link.number_override = number
        self.env["xero.event"]._log(link, "renumbered", "ok", user=self.env.user, arguments={"number": number})
        return problem._push_record()

    def action_send_too(self):
        """None of them is this bill: it is sent as it is."""
        self.ensure_one()
        return self.exception_id._cure_accept_duplicate()

    def action_choose_partner(self):
        """The contact is a partner that nobody proposed."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose a partner."))
        return self.exception_id._link_partner(self.partner_id)

    def action_create_partner(self):
        """None of them: make a partner for the contact."""
        self.ensure_one()
        return self.exception_id._link_partner(self.env["res.partner"])

    def action_create_anew(self):
        """Forget the record that Xero no longer knows, and create it again."""
        self.ensure_one()
        problem = self.exception_id
        problem._for_cure()
        if problem.code not in GONE_CODES:
            raise UserError(self.env._("%s is in Xero; choose it there.", problem.record_name))
        link = problem.sudo().link_id
        self.env["xero.event"]._log(link, "unlinked", "ok", user=self.env.user)
        link._forget()
        return problem._push_record()


class XeroCandidateLine(models.TransientModel):
    """One element of Xero's that could be meant."""

    _name = "xero.candidate.line"
    _description = "Choose in Xero: Candidate"

    wizard_id = fields.Many2one("xero.candidate.wizard", required=True, ondelete="cascade")
    xero_id = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    partner_email = fields.Char(related="partner_id.email")
    partner_vat = fields.Char(related="partner_id.vat")
    partner_city = fields.Char(related="partner_id.city")
    score = fields.Integer(readonly=True)
    name = fields.Char("Contact", readonly=True)
    number = fields.Char(readonly=True)
    email = fields.Char("E-mail", readonly=True)
    date = fields.Date(readonly=True)
    total = fields.Char(readonly=True)
    status = fields.Char("Code of the Status", readonly=True)
    status_label = fields.Char("Status", compute="_compute_status_label")
    taken_by = fields.Char("Linked to", readonly=True)

    @api.depends("status")
    @api.depends_context("lang")
    def _compute_status_label(self):
        for line in self:
            line.status_label = messages.status_label(self.env, line.status)

    def action_choose(self):
        """This is the one: link it, and go on with what waited for it."""
        self.ensure_one()
        problem = self.wizard_id.exception_id
        if self.partner_id:
            return problem._link_partner(self.partner_id)
        if self.taken_by:
            raise UserError(self.env._("It is linked to %s already.", self.taken_by))
        return problem._link_to(self.xero_id)


def _next_number(own, refused):
    """`refused` with the next letter: INV/1 -> INV/1A -> INV/1B."""
    if refused.startswith(own) and len(refused) == len(own) + 1 and "A" <= refused[-1] < "Z":
        return own + chr(ord(refused[-1]) + 1)
    return f"{refused}A"
