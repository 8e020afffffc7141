"""Payments on their way into Odoo: registered and reconciled with Xero's date, amount and rate."""

from collections import defaultdict

from odoo import SUPERUSER_ID, api, models

from .. import values
from .allocation import RECONCILABLE
from .amounts import RATE, decimal
from .problem import Problem
from .pulled import Result
from .statuses import GONE

CUSTOMER_REFUNDS = ("ARCREDITPAYMENT", "AROVERPAYMENTPAYMENT", "ARPREPAYMENTPAYMENT")
CUSTOMER_TYPES = ("ACCRECPAYMENT", *CUSTOMER_REFUNDS)
SUPPLIER_TYPES = ("ACCPAYPAYMENT", "APCREDITPAYMENT", "APOVERPAYMENTPAYMENT", "APPREPAYMENTPAYMENT")
OUTBOUND_TYPES = ("ACCPAYPAYMENT", *CUSTOMER_REFUNDS)
# Xero names the paid document Invoice, whatever it is; its Type tells.
DATASET_OF = {
    "ACCREC": "invoice",
    "ACCPAY": "invoice",
    "ACCRECCREDIT": "credit_note",
    "ACCPAYCREDIT": "credit_note",
    "AROVERPAYMENT": "overpayment",
    "APOVERPAYMENT": "overpayment",
    "ARPREPAYMENT": "prepayment",
    "APPREPAYMENT": "prepayment",
}
SHARED = "payment_deleted_shared"  # one of several payments of Xero's that are one in Odoo
UNRECONCILED = "payment_unreconciled"  # undone in Odoo, and counted in Xero
DAYS_APART = 5  # between a payment typed in by hand and Xero's


class XeroDatasetPayment(models.AbstractModel):
    """Operations getPayments, getPayment (facts, section 3.3; books B19 to B23)."""

    _name = "xero.dataset.payment"
    _inherit = "xero.dataset.settlement"
    _description = "Xero Payments"

    _key = "payment"
    _xero_path = "/Payments"
    _xero_plural = "Payments"
    _xero_id = "PaymentID"
    _paged = True
    _knows_changes = True
    _hides_deleted = True
    _block = 100
    _every = 30
    _pull_sequence = 110
    _switches = ("sync_receipts", "sync_payments")

    # === HOOKS === #

    @api.model
    def _is_pulled(self):
        # EXTENDS xero.dataset
        return super()._is_pulled() and self._connection.payment_direction != "to_xero"

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset
        _dataset, _id, number = self._paid_document(item)
        return " ".join(filter(None, (number, item.get("Reference"), f"{decimal(item.get('Amount'))}")))

    @api.model
    def _why_not(self, item):
        # EXTENDS xero.dataset: only authorised ones of the kinds that are switched on
        kind = item.get("PaymentType")
        switched_on = (
            kind in CUSTOMER_TYPES
            and self._connection.sync_receipts
            or kind in SUPPLIER_TYPES
            and self._connection.sync_payments
        )
        if not switched_on:
            return "switched_off"
        return None if item.get("Status") == "AUTHORISED" else "not_active"

    @api.model
    def _together(self, item):
        # EXTENDS xero.dataset: a batch is one payment over its documents (B20)
        return (item.get("BatchPayment") or {}).get("BatchPaymentID") or item.get("BatchPaymentID")

    @api.model
    def _together_params(self, item):
        # EXTENDS xero.dataset: as long as nothing of it is booked
        batch, known = self._together(item), self.env["xero.link"]._holding
        if not batch or known(self._connection.tenant_id, self._key, [item[self._xero_id]]):
            return {}
        return {"where": f'BatchPaymentID==guid("{batch}")', **self._page_params(1, self._page)}

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset
        return {
            **super()._read_answer(item),
            "number": item.get("Reference") or False,
            "xero_total": float(item.get("Amount") or 0),
            "figures": {"is_reconciled": bool(item.get("IsReconciled"))},
        }

    @api.model
    def _take_in(self, items, links):
        # EXTENDS xero.dataset: a link may stand for a payment or for an entry
        results, unknown = [], []
        gone = [item[self._xero_id] for item in items if item.get("Status") in GONE]
        for item in items:
            link = links.get(item[self._xero_id])
            if not link:
                unknown.append(item)
            elif not link.active or not link.record_exists:
                results.append(Result(item, "skipped", link=link, reason="deleted_here"))
            elif item.get("Status") in GONE and (link.xero_status not in GONE or link.reason == SHARED):
                results.append(self._take_back_share(item, link, gone) or self._take_back(item, link))
            else:
                results.append(Result(item, "unchanged", link=link, problem=self._undone_here(link)))
        # Where Xero counts one no longer, other money of its documents may have waited for that.
        ended = (row.link for row in results if row.item[self._xero_id] in gone)
        self._release_waiting(self.env["xero.link"].concat(*ended))
        return results + self._take_in_unknown(unknown)

    @api.model
    def _take_in_unknown(self, items):
        # EXTENDS xero.dataset
        results, booked = [], []
        reasons = {item["PaymentID"]: self._why_not(item) for item in items}
        documents = self._documents([item for item in items if not reasons[item["PaymentID"]]])
        groups, spent = defaultdict(list), defaultdict(float)
        for item in items:
            document = documents.get(item["PaymentID"])
            reason = reasons[item["PaymentID"]] or ("document_not_here" if document is None else None)
            if reason:
                results.append(Result(item, "skipped", reason=reason))
            elif isinstance(document, Problem):
                results.append(Result(item, "refused", problem=document))
            elif existing := self._find_by_hand(item, document, booked):
                booked.append((existing, document))
                results.append(self._link_by_hand(item, existing, document))
            elif written := self._find_written_off(item, document):
                results.append(self._link_by_hand(item, written[0], document, written[1]))
            else:
                try:
                    plan = self._plan(item, document, spent)
                except Problem as problem:
                    results.append(Result(item, "refused", problem=problem))
                else:
                    batch = self._together(item) or item["PaymentID"]
                    groups[batch, plan["account"], plan["currency"].id].append(plan)
        return results + self._book(list(groups.values()))

    # === DOCUMENTS === #

    @api.model
    def _paid_document(self, item):
        """``(data set, Xero id, number)`` of what a payment pays or refunds."""
        document = _document_of(item)
        xero_id = document.get("InvoiceID") or document.get("CreditNoteID")
        number = document.get("InvoiceNumber") or document.get("CreditNoteNumber")
        return DATASET_OF.get(document.get("Type")), xero_id, number

    @api.model
    def _is_of_customer(self, item):
        """Whether a payment is of a customer's document."""
        return (_document_of(item).get("Type") or "").startswith("ACCREC")

    @api.model
    def _documents(self, items):
        """``{payment id: account.move, or a Problem}``; payments of documents that are not ours are left out (B22)."""
        wanted = {item["PaymentID"]: self._paid_document(item) for item in items}
        wanted = {payment_id: row for payment_id, row in wanted.items() if row[0]}
        links = self.env["xero.link"].search(
            [
                ("tenant_id", "=", self._connection.tenant_id),
                ("dataset", "in", list(set(DATASET_OF.values()))),
                ("xero_id", "in", [row[1] for row in wanted.values()]),
            ]
        )
        linked = {}
        for model, rows in links.grouped("model").items():
            existing = self.env[model].browse(rows.mapped("res_id")).exists().grouped("id")
            for link in rows:
                record = existing.get(link.res_id)
                # Prepaid money that is refunded: its entry is what the refund settles.
                paid = record.move_id if record and model == "account.payment" else record
                linked[link.dataset, link.xero_id] = paid
        # Only customers' documents have numbers that are ours.
        sold = {item["PaymentID"] for item in items if self._is_of_customer(item)}
        ours = self._unlinked_numbers(
            [row[2] for payment_id, row in wanted.items() if payment_id in sold and row[:2] not in linked]
        )
        found = {}
        for payment_id, (dataset, xero_id, number) in wanted.items():
            if move := linked.get((dataset, xero_id)):
                found[payment_id] = move
            elif payment_id in sold and number in ours:
                found[payment_id] = Problem("payment_document_unlinked", number=number)
        return found

    @api.model
    def _unlinked_numbers(self, numbers):
        """Those of `numbers` that a customer document of ours has, although it is not linked."""
        numbers = [number for number in numbers if number]
        if not numbers:
            return set()
        moves = self.env["account.move"].search(
            [
                ("company_id", "child_of", self._connection.company_id.id),
                ("name", "in", numbers),
                ("move_type", "in", ("out_invoice", "out_receipt", "out_refund")),
                ("state", "=", "posted"),
            ]
        )
        return set(moves.mapped("name"))

    # === PLAN === #

    @api.model
    def _plan(self, item, move, spent):
        """What is to be booked for one payment.

        :param spent: ``{move id: amount}`` of what others of this block pay; this one is added
        :raises Problem: it cannot be booked as it stands in Xero
        """
        connection, company = self._connection, move.company_id
        day = values.parse_date(item.get("Date"))
        amount = float(decimal(item.get("Amount")))
        if move.state != "posted":
            raise Problem("payment_not_posted", document=move.display_name)
        lines = self._counterparts(move).filtered(lambda line: not line.reconciled)
        residual = abs(sum(lines.mapped("amount_residual_currency"))) - spent[move.id]
        if amount <= 0 or not lines or move.currency_id.compare_amounts(amount, residual) > 0:
            raise Problem(
                "payment_exceeds_residual",
                document=move.display_name,
                amount=f"{amount:.2f}",
                residual=f"{residual:.2f}",
                currency=move.currency_id.name,
            )
        journal, account = connection._bank_of((item.get("Account") or {}).get("AccountID"), company)
        if not journal and not account:
            name = " ".join(filter(None, ((item.get("Account") or {}).get(key) for key in ("Code", "Name"))))
            raise Problem("payment_account_unmapped", account=name or "?", document=move.display_name)
        if self._is_locked(journal or connection._entry_journal(company), day):
            raise Problem("payment_locked_in_odoo", document=move.display_name, date=str(day))
        foreign = move.currency_id != company.currency_id
        bank_currency = journal.currency_id or company.currency_id
        rate = decimal(item.get("CurrencyRate") or (0 if foreign else 1), RATE)
        bank_amount = item.get("BankAmount")
        elsewhere = journal and bank_currency not in (move.currency_id, company.currency_id)
        if not rate or elsewhere and bank_amount is None:
            raise Problem("payment_without_rate", document=move.display_name, currency=move.currency_id.name)
        if self._is_waiting_here(item, move, amount, day):
            raise Problem("payment_maybe_here", document=move.display_name, amount=f"{amount:.2f}")
        spent[move.id] += amount
        return {
            "item": item,
            "move": move,
            "lines": lines,
            "date": day,
            "amount": amount,
            "balance": company.currency_id.round(float(decimal(item.get("Amount")) / rate)),
            "bank_amount": None if bank_amount is None else float(decimal(bank_amount)),
            "bank_currency": bank_currency,
            "currency": move.currency_id,
            "outbound": item.get("PaymentType") in OUTBOUND_TYPES,
            "journal": journal,
            "account": account.id or journal.id,
            "write_off": account if not journal else account.browse(),
        }

    @api.model
    def _counterparts(self, move):
        """Lines of `move` that are settled against each other: receivable and payable."""
        return move.line_ids.filtered(lambda line: line.account_id.account_type in RECONCILABLE)

    @api.model
    def _is_locked(self, journal, day):
        """Whether Odoo would not book that day in `journal`, or would move it to another one."""
        company = journal.company_id.with_user(SUPERUSER_ID)
        return bool(company and company._get_violated_lock_dates(day, False, journal.with_user(SUPERUSER_ID)))

    # === DELETED IN XERO === #

    @api.model
    def _take_back(self, item, link):
        """A payment that was deleted in Xero no longer counts: the document is open again (PAY-28)."""
        record = self.env[link.model].browse(link.res_id)
        move = record if link.model == "account.move" else record.move_id
        if not move or move.state != "posted":
            # Cancelled here already, by a person or with the rest of its batch.
            return Result(item, "removed", link=link, values={"state": "excluded"})
        if link.model == "account.bank.statement.line" and not self._still_pays(record, link):
            return Result(item, "removed", link=link, values={"state": "excluded"})
        if self._is_on_statement(record):
            problem = Problem("payment_deleted_matched", payment=record.display_name)
            return Result(item, "refused", link=link, problem=problem)
        if self._is_locked(move.journal_id, move.date):
            problem = Problem("payment_deleted_locked", payment=record.display_name, date=str(move.date))
            return Result(item, "refused", link=link, problem=problem)
        if link.model == "account.payment":
            record.action_cancel()
        else:
            record.button_cancel()
        problem = Problem("payment_deleted", payment=record.display_name)
        # Said once, and left to people: what is read again would look as if it were settled.
        values = {"state": "excluded", "pull_hash": self._fingerprint(item)}
        return Result(item, "removed", link=link, problem=problem, values=values)


def _document_of(item):
    """What Xero says of the document that a payment pays or refunds."""
    return item.get("Invoice") or item.get("CreditNote") or {}
