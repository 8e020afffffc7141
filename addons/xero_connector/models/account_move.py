"""Invoices, bills, credit notes and journal entries: their data set, and when a sent one has changed."""

from odoo import api, fields, models
from odoo.tools import formatLang

from .xero_link import PAYMENT_STATES
from .xero_mixin import READERS

DATASETS = {
    "out_invoice": "invoice",
    "out_receipt": "invoice",
    "in_invoice": "invoice",
    "in_receipt": "invoice",
    "out_refund": "credit_note",
    "in_refund": "credit_note",
}
# What a posted document may still change without being reset to draft.
SENT_FIELDS = {
    "name",
    "date",
    "invoice_date",
    "ref",
    "invoice_date_due",
    "invoice_payment_term_id",
    "partner_id",
    "journal_id",
    "currency_id",
    "invoice_currency_rate",
    "invoice_line_ids",
    "line_ids",
}
# Does not travel, but who approves it says yes to it.
APPROVED_FIELDS = SENT_FIELDS | {"partner_bank_id"}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xero.mixin"]

    xero_payment_state = fields.Selection(
        PAYMENT_STATES,
        "Paid in Xero",
        compute="_compute_xero_payment",
        search="_search_xero_payment_state",
        compute_sudo=True,
        groups=READERS,
    )
    xero_amount_due = fields.Monetary("Due in Xero", compute="_compute_xero_payment", compute_sudo=True, groups=READERS)

    @api.depends("xero_link_ids.payment_state", "xero_link_ids.figures")
    @api.depends_context("company")
    def _compute_xero_payment(self):
        for move in self:
            link = move.xero_link_id
            move.xero_payment_state = link.payment_state
            move.xero_amount_due = link._amount_due() if link else 0.0

    @api.depends("state")
    def _compute_xero_pushable(self):
        # EXTENDS xero.mixin: drafts where they travel, too
        result = super()._compute_xero_pushable()
        for move in self.filtered(lambda move: move.state == "draft" and move.xero_pushable):
            move.xero_pushable = move._xero_drafts_travel()
        return result

    @api.model
    def _search_xero_payment_state(self, operator, value):
        return self._search_on_link("payment_state", operator, value)

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin
        if self.move_type == "entry":
            return "manual_journal" if self.journal_id.xero_send_entries else None
        return DATASETS.get(self.move_type)

    def _xero_wants_note(self):
        # EXTENDS xero.mixin
        return self.state == "posted" and self.xero_link_id.state not in ("synced", "sending", "in_doubt")

    def _xero_success_sentence(self, link):
        # EXTENDS xero.mixin
        if self._xero_dataset_key() not in DATASETS.values():
            return self.env._("%(name)s is in Xero as %(status)s.", name=self.name, status=self.xero_status_label)
        return self.env._(
            "%(name)s is in Xero as %(status)s, %(odoo)s = %(xero)s.",
            name=link.number or self.name,
            status=self.xero_status_label,
            odoo=formatLang(self.env, self.amount_total, currency_obj=self.currency_id),
            xero=formatLang(self.env, link.xero_total, currency_obj=self.currency_id),
        )

    # === FILES === #

    def _xero_files_switch(self):
        # EXTENDS xero.mixin
        if self.is_purchase_document(include_receipts=True):
            return "include_ap_attachments"
        return "include_ar_attachments" if self.is_sale_document(include_receipts=True) else None

    def _xero_files_online(self):
        # EXTENDS xero.mixin
        return self.is_sale_document(include_receipts=True)

    def _xero_file_fields(self, connection):
        # EXTENDS xero.mixin
        return ["invoice_pdf_report_file"] if connection.include_ar_pdf else []

    def _detach_attachments(self):
        # EXTENDS account: the PDF that Odoo makes next takes the place of this one in Xero
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("res_field", "in", self._get_fields_to_detach()),
        ]
        detached = self.env["ir.attachment"].sudo().search(domain)
        result = super()._detach_attachments()
        detached._xero_put_aside()
        return result

    # === APPROVAL === #

    def _xero_content(self):
        # EXTENDS xero.mixin: what travels, whoever it is paid to, and the accounts
        self.ensure_one()
        names = ["move_type", "state", "name", "ref", "date", "invoice_date", "invoice_date_due", "narration"]
        content = {name: str(self[name] or "") for name in names}
        lines = self.line_ids.sorted("id")
        return {
            **content,
            "partner": self.partner_id.id,
            "bank": self.partner_bank_id.id,
            "journal": self.journal_id.id,
            "currency": self.currency_id.name,
            "rate": str(self.invoice_currency_rate),
            "lines": [
                [
                    line.id,
                    line.display_type or "",
                    line.name or "",
                    line.account_id.id,
                    line.partner_id.id,
                    line.product_id.id,
                    str(line.quantity),
                    str(line.price_unit),
                    str(line.discount),
                    line.tax_ids.ids,
                    str(line.amount_currency),
                    str(line.balance),
                    line.analytic_distribution or {},
                ]
                for line in lines
            ],
        }

    # === CRUD === #

    def write(self, vals):
        # EXTENDS account
        result = super().write(vals)
        if APPROVED_FIELDS & vals.keys() or vals.get("state") == "posted":
            self._xero_after_edit("posted" if "state" in vals else "edited")
        if SENT_FIELDS & vals.keys():
            self._xero_may_be_there()._xero_mark_outdated()
        if "invoice_user_id" in vals:
            self._xero_user_changed()
        if vals.get("state") == "cancel":
            self._xero_mark_outdated()
        return result

    def button_draft(self):
        # EXTENDS account
        result = super().button_draft()
        self._xero_mark_outdated()
        return result

    def _post(self, soft=True):
        # EXTENDS account
        posted = super()._post(soft)
        # What went as a draft is another one now; what could not go before may go.
        drafts = posted.filtered(lambda move: move._xero_drafts_travel())
        drafts._xero_mark_outdated()
        (posted - drafts)._xero_try_again()
        posted.filtered(lambda move: move._xero_dataset_key() == "manual_journal")._xero_send_anew()
        posted._xero_after_posting()
        return posted

    # === BUSINESS === #

    def _xero_after_edit(self, kind="edited"):
        # EXTENDS xero.mixin: whoever edits the entry of a payment edits the payment
        self.origin_payment_id._xero_after_edit(kind)
        return super()._xero_after_edit(kind)

    def _xero_may_be_there(self):
        # OVERRIDE xero.mixin: those posted, and drafts where they travel
        return self.filtered(
            lambda move: move.state == "posted" or move.state == "draft" and move._xero_drafts_travel()
        )

    def _xero_drafts_travel(self):
        """Whether this document may go before it is posted."""
        connection, key = self.env["xero.connection"]._for_company(self.company_id), self._xero_dataset_key()
        return bool(connection and key and connection._dataset(key)._drafts_travel(self.sudo()))

    def _xero_settlement_changed(self):
        """These credit notes are used for other documents now: not they have changed, but their allocations."""
        credits = self.filtered(lambda move: move.state == "posted" and move._xero_dataset_key())
        self.env["xero.link"]._mark_followers_changed(self._name, credits.ids)
        credits._xero_after_posting(by_person=False)

    def _xero_mark_outdated(self):
        """Remember that what Xero holds may no longer be what Odoo says (B14)."""
        moves = self.filtered(lambda move: move.move_type in DATASETS or move.move_type == "entry")
        self.env["xero.link"]._mark_changed(self._name, moves.ids)
        # What could not go before may go now; one in draft is posted first.
        moves.filtered(lambda move: move.state == "posted")._xero_try_again()
