"""Money received or paid in Xero before there is a document for it: a payment on account in Odoo."""

from datetime import timedelta

from odoo import api, models

from .. import values
from .amounts import RATE, decimal
from .payment import DAYS_APART
from .problem import Problem
from .pulled import Result
from .statuses import BOOKED

RECEIVED = ("RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT")
SPENT = ("SPEND-OVERPAYMENT", "SPEND-PREPAYMENT")


class XeroDatasetPrepaid(models.AbstractModel):
    """Operation getBankTransactions: only it names the bank account of an overpayment or a prepayment.

    The part of its link is the id of the credit, which allocations and refunds are about.
    """

    _name = "xero.dataset.prepaid"
    _inherit = "xero.dataset.payment"
    _description = "Xero Prepaid Money"

    _key = "prepaid"
    _xero_path = "/BankTransactions"
    _xero_plural = "BankTransactions"
    _xero_id = "BankTransactionID"
    _pull_sequence = 80
    _every = None
    _scope = "accounting.banktransactions"

    # === HOOKS === #

    @api.model
    def _pull_params(self):
        # EXTENDS xero.dataset
        return {"where": " OR ".join(f'Type=="{kind}"' for kind in RECEIVED + SPENT)}

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset
        name = (item.get("Contact") or {}).get("Name")
        return " ".join(filter(None, (name, item.get("Reference"), f"{decimal(item.get('Total'))}")))

    @api.model
    def _why_not(self, item):
        # EXTENDS xero.dataset: what is older than the start date is part of the opening balances (B8)
        connection, kind = self._connection, item.get("Type")
        switched_on = kind in RECEIVED and connection.sync_receipts or kind in SPENT and connection.sync_payments
        if not switched_on:
            return "switched_off"
        day = values.parse_date(item.get("Date"))
        if not (day and connection.sync_from and day >= connection.sync_from):
            return "before_start"
        return None if item.get("Status") == "AUTHORISED" and _credit_id(item) else "not_active"

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset
        return {**super()._read_answer(item), "xero_total": float(item.get("Total") or 0)}

    @api.model
    def _take_in_unknown(self, items):
        # EXTENDS xero.dataset: money of contacts that are no partners here is counted and left out (B22)
        reasons = {item[self._xero_id]: self._why_not(item) for item in items}
        partners = self._partners([item for item in items if not reasons[item[self._xero_id]]])
        results, plans, taken = [], [], []
        for item in items:
            partner = partners.get((item.get("Contact") or {}).get("ContactID"))
            reason = reasons[item[self._xero_id]] or (None if partner else "partner_not_here")
            if reason:
                results.append(Result(item, "skipped", reason=reason))
                continue
            try:
                plan = self._plan_on_account(item, partner)
            except Problem as problem:
                results.append(Result(item, "refused", problem=problem))
                continue
            if existing := self._find_on_account(plan, taken):
                taken.append(existing.id)
                results.append(self._on_account(item, "linked", existing))
            else:
                plans.append((item, plan))
        payments = self.env["account.payment"].create([plan for _item, plan in plans])
        payments.action_post()
        made = zip(plans, payments, strict=True)
        return results + [self._on_account(item, "created", payment) for (item, _plan), payment in made]

    # === HELPERS === #

    @api.model
    def _on_account(self, item, kind, payment):
        return Result(
            item,
            kind,
            record_id=payment.id,
            model=payment._name,
            part=_credit_id(item),
            company_id=payment.company_id.id,
        )

    @api.model
    def _partners(self, items):
        """``{ContactID: partner}`` of the contacts that are linked."""
        ids = [(item.get("Contact") or {}).get("ContactID") for item in items]
        links = self.env["xero.link"]._holding(self._connection.tenant_id, "contact", ids)
        partners = self.env["res.partner"].browse(links.mapped("res_id")).exists().grouped("id")
        return {link.xero_id: partners[link.res_id] for link in links if link.res_id in partners}

    @api.model
    def _plan_on_account(self, item, partner):
        """Values of the payment.

        :raises Problem: it cannot be booked as it stands in Xero
        """
        connection, company = self._connection, self._connection.company_id
        title, day = self._title(item), values.parse_date(item.get("Date"))
        bank = item.get("BankAccount") or {}
        journal, _account = connection._bank_of(bank.get("AccountID"), company)
        if not journal:
            name = " ".join(filter(None, (bank.get("Code"), bank.get("Name")))) or "?"
            raise Problem("payment_account_unmapped", account=name, document=title)
        if self._is_locked(journal, day):
            raise Problem("payment_locked_in_odoo", document=title, date=str(day))
        base = company.currency_id
        code = item.get("CurrencyCode") or base.name
        currency = self.env["res.currency"].search([("name", "=", code)])
        foreign = currency != base
        rate = decimal(item.get("CurrencyRate") or (0 if foreign else 1), RATE)
        if not currency or not rate or (journal.currency_id or base) not in (currency, base):
            raise Problem("payment_without_rate", document=title, currency=code)
        received = item.get("Type") in RECEIVED
        partner = partner.commercial_partner_id.with_company(company)
        account = partner.property_account_receivable_id if received else partner.property_account_payable_id
        kind = "inbound" if received else "outbound"
        plan = {
            "payment_type": kind,
            "partner_type": "customer" if received else "supplier",
            "partner_id": partner.id,
            "date": day,
            "amount": float(decimal(item.get("Total"))),
            "currency_id": currency.id,
            "journal_id": journal.id,
            "payment_method_line_id": journal._xero_method_line(kind).id,
            "destination_account_id": account.id,
            "memo": item.get("Reference") or self.env._("On account in Xero"),
            "payment_reference": item.get("Reference") or False,
        }
        if foreign:
            plan["force_balance"] = base.round(float(decimal(item.get("Total")) / rate))
        return plan

    @api.model
    def _find_on_account(self, plan, taken):
        """A payment on account that somebody has registered in Odoo: same partner, bank, amount and nearly same day.

        :param taken: ids of payments that others of this block stand for
        """
        same = ("payment_type", "partner_id", "currency_id", "journal_id", "amount")
        domain = [
            *((name, "=", plan[name]) for name in same),
            ("date", ">=", plan["date"] - timedelta(days=DAYS_APART)),
            ("date", "<=", plan["date"] + timedelta(days=DAYS_APART)),
            ("state", "in", BOOKED),
            ("id", "not in", taken),
        ]
        found = self.env["account.payment"].search(domain, order="id")
        free = found.filtered(
            lambda payment: (
                not payment.xero_link_ids.filtered("xero_id")
                and not payment.reconciled_invoice_ids
                and not payment.reconciled_bill_ids
            )
        )
        return free[:1]


def _credit_id(item):
    """Id of the overpayment or prepayment that a bank transaction is."""
    return item.get("OverpaymentID") or item.get("PrepaymentID")
