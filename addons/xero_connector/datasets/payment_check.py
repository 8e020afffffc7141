"""What keeps the money of a payment from being right in Xero: it would count twice, or in another currency (B20)."""

from odoo import api, models
from odoo.fields import Domain

from .amounts import ZERO, decimal
from .payment_here import STATEMENT_LINE, _part
from .problem import Problem
from .retire import CHOSEN
from .statuses import BUSY_STATES

MONEY = ("account.payment", STATEMENT_LINE)
COUNTED = "payment_counted"  # Xero counts other money of the document
GOES_FIRST = "payment_goes_first"  # that, and a push takes it back


class XeroDatasetPayment(models.AbstractModel):
    _inherit = "xero.dataset.payment"

    @api.model
    def _check_shares(self, record, link):
        # EXTENDS xero.dataset.payment
        result = super()._check_shares(record, link)
        self._check_money(record)
        self._check_counted(record, self._share(record, link))
        return result

    @api.model
    def _check_money(self, record):
        """Hold what is new as long as Xero would count more money with it than was paid (B20).

        What was allocated otherwise since it was sent still stands there.
        """
        shares = {share.part: share for share in self._shares(record)}
        stale = self._links_of_parts(record).filtered(lambda link: self._is_stale(link, shares.get(link.part)))
        if not stale:
            return
        whole = self._whole_money(record)
        counted = {part: share.own for part, share in shares.items()}
        documents = self.env["account.move"]
        for link in stale:
            document = documents.browse(int(link.part.split(",")[1])).exists()
            at = (record.currency_id, record.company_id, record.date)
            # Of what is under way nobody knows how much of it will be there.
            counted[link.part] = decimal(document.currency_id._convert(link.xero_total, *at)) if link.xero_id else whole
            documents |= document
        if sum(counted.values(), ZERO) > whole:
            names = ", ".join(documents.mapped("display_name"))
            raise Problem("payment_elsewhere", state="held", payment=record.name, documents=names)

    @api.model
    def _whole_money(self, record):
        """All the money of `record`, in its own currency."""
        counterparts, _write_offs = self._money_lines(record)
        return abs(sum((decimal(line.amount_currency) for line in counterparts), ZERO))

    @api.model
    def _check_counted(self, record, share):
        """Hold new money of a document while Xero counts other money of it that does not pay it in Odoo any more.

        It may be the same, registered anew, or a line of a bank statement now; whether of another amount, too: a fee
        may be taken off. Somebody is asked about the other already (B14, B21).
        """
        links = self.env["xero.link"].with_context(active_test=False)
        domain = Domain("tenant_id", "=", self._connection.tenant_id) & Domain("dataset", "=", "payment")
        domain &= Domain("model", "in", MONEY) & links._parts_domain(share.document)
        found = links.search(domain) | self._batches_under_way(share.document)
        for other in found.filtered(lambda row: row._is_in_xero() or row.state in BUSY_STATES):
            money = self.env[other.model].browse(other.res_id).exists()
            if money != record and self._is_question(other, money, _part(share.document)):
                name = money.display_name or other.number or other.xero_id or other.display_name
                code = GOES_FIRST if money and self._goes_first(other, money) else COUNTED
                raise Problem(code, state="held", payment=name, document=share.document.display_name)

    @api.model
    def _goes_first(self, link, money):
        """Whether a push takes back in Xero what `link` stands for: nothing has been said of it that keeps it there."""
        if link.reason not in (False, CHOSEN):
            return False
        return self._connection._dataset("payment", link.model)._retires(money, link)

    @api.model
    def _is_question(self, link, money, part):
        """Whether `money`, of which Xero has or may have a payment under `link`, does not pay `part` any more.

        Who has put the problem of that aside lets it count in Xero beside whatever else pays the document.
        """
        if not money:
            asked = [("link_id", "=", link.id), ("state", "not in", ("done", "ignored"))]
            return link.state in BUSY_STATES or bool(self.env["xero.exception"].search_count(asked, limit=1))
        dataset = self._connection._dataset("payment", link.model)
        if part in [share.part for share in dataset._settled(money, self._counterparts(money.move_id))]:
            return False
        # Of the payments of a batch that one is asked about.
        asked = link | link._of(money, self._connection, "batch_payment")
        return not any(row.reason and self._is_put_aside(row) for row in asked)

    @api.model
    def _is_put_aside(self, link):
        """Whether somebody has put aside what was said last of `link`, and nothing has changed since."""
        said = [("link_id", "=", link.id), ("code", "=", link.reason)]
        return self.env["xero.exception"].search(said, limit=1).state == "ignored"

    @api.model
    def _account(self, share, payment):
        # EXTENDS xero.dataset.payment
        account = super()._account(share, payment)
        if not share.write_off:
            self._check_bank_currency(account, share.document, payment)
        return account

    @api.model
    def _check_bank_currency(self, account, document, payment):
        """Xero is told what moves on the bank account in the currency of that.

        :raises Problem: Odoo does not know that amount, or Xero's account is kept in another currency
        """
        journal, own = payment.journal_id, payment.company_id.currency_id
        bank = journal.currency_id or own
        names = {"journal": journal.display_name, "currency": bank.name}
        if account.currency_code and account.currency_code != bank.name:
            raise Problem("payment_bank_other", account=account.display_name, other=account.currency_code, **names)
        if bank not in document.currency_id | payment.currency_id | own:
            raise Problem("payment_bank_currency", payment=payment.name, **names)

    @api.model
    def _is_stale(self, link, share):
        """Whether Xero has, or may have, for the part of `link` another amount than its `share` is, if there is one."""
        if link._is_in_xero():
            return not share or not self._connection._same_money(share.amount, decimal(link.xero_total))
        return not share and link.state in BUSY_STATES
