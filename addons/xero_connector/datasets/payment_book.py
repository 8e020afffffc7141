"""Booking of payments: in bulk, each on its bank account, or as an entry where there is none."""

from odoo import api, models

from .payment import CUSTOMER_TYPES
from .pulled import Result


class XeroDatasetPayment(models.AbstractModel):
    _inherit = "xero.dataset.payment"

    # === BOOK === #

    @api.model
    def _book(self, groups):
        """Create, post and reconcile payments in bulk; a group of several is one payment over several documents.

        :param groups: lists of plans
        :return: list of :class:`~.pulled.Result`
        """
        paid = [group for group in groups if group[0]["journal"]]
        payments = self.env["account.payment"].create([self._prepare_payment(group) for group in paid])
        payments.action_post()
        entries = self.env["account.move"].create(
            [self._prepare_entry(plan) for group in groups if not group[0]["journal"] for plan in group]
        )
        entries.action_post()
        pairs, results, entry_by_plan = [], [], iter(entries)
        for group, payment in zip(paid, payments, strict=True):
            counterparts = self._counterparts(payment.move_id).sorted("id")
            for number, plan in enumerate(group):
                counterpart = counterparts[number] if len(group) > 1 else counterparts
                pairs.append(counterpart | plan["lines"])
                results.append(self._result(plan["item"], "created", payment, plan["move"]))
        for group in groups:
            for plan in group if not group[0]["journal"] else ():
                entry = next(entry_by_plan)
                counterpart = entry.line_ids.filtered(lambda line, p=plan: line.account_id == p["lines"][0].account_id)
                pairs.append(counterpart | plan["lines"])
                results.append(self._result(plan["item"], "created", entry, plan["move"]))
        self.env["account.move.line"]._reconcile_plan(pairs)
        return results

    @api.model
    def _result(self, item, kind, record, document):
        return Result(
            item,
            kind,
            record_id=record.id,
            model=record._name,
            part=f"account.move,{document.id}",
            company_id=record.company_id.id,
        )

    @api.model
    def _prepare_payment(self, group):
        """Values of one account.payment for the documents of `group`."""
        first = group[0]
        item, move, journal = first["item"], first["move"], first["journal"]
        kind = "outbound" if first["outbound"] else "inbound"
        base, bank = journal.company_id.currency_id, first["bank_currency"]
        # The bank's own currency, when it is neither the document's nor the company's.
        elsewhere = bank not in (first["currency"], base)
        amounts = [plan["bank_amount"] if elsewhere else plan["amount"] for plan in group]
        vals = {
            "payment_type": kind,
            "partner_type": "customer" if item.get("PaymentType") in CUSTOMER_TYPES else "supplier",
            "partner_id": move.commercial_partner_id.id,
            "date": first["date"],
            "amount": sum(amounts),
            "currency_id": (bank if elsewhere else first["currency"]).id,
            "journal_id": journal.id,
            "payment_method_line_id": journal._xero_method_line(kind).id,
            "destination_account_id": first["lines"][0].account_id.id,
            "memo": item.get("Reference") or ", ".join(plan["move"].name for plan in group),
            "payment_reference": item.get("Reference") or False,
            "invoice_ids": [(6, 0, [plan["move"].id for plan in group if plan["move"].is_invoice(True)])],
        }
        balances = [self._base_balance(plan, base) for plan in group]
        if len(group) > 1 or elsewhere:
            vals["line_ids"] = self._prepare_lines(vals, group, amounts, balances)
        elif vals["currency_id"] != base.id:
            vals["force_balance"] = balances[0]
        return vals

    @api.model
    def _base_balance(self, plan, base):
        """Company currency of a payment: what the bank moved, else by Xero's rate."""
        moved = plan["bank_amount"] if plan["bank_currency"] == base else None
        return plan["balance"] if moved is None else moved

    @api.model
    def _prepare_lines(self, vals, group, amounts, balances):
        """Journal items where Odoo's own would not do: one on the bank, one for each document in its currency."""
        sign = -1 if vals["payment_type"] == "outbound" else 1
        method = self.env["account.payment.method.line"].browse(vals["payment_method_line_id"])
        journal = group[0]["journal"]
        outstanding = method.payment_account_id or journal._xero_outstanding_account(vals["payment_type"])
        shared = {"currency_id": vals["currency_id"], "date_maturity": vals["date"]}
        lines = [
            {
                **shared,
                "name": vals["memo"],
                "account_id": outstanding.id,
                "partner_id": vals["partner_id"],
                "amount_currency": sign * sum(amounts),
                "balance": sign * sum(balances),
            }
        ]
        for plan, balance in zip(group, balances, strict=True):
            lines.append(
                {
                    "date_maturity": vals["date"],
                    "currency_id": plan["currency"].id,
                    "name": plan["move"].name,
                    "account_id": plan["lines"][0].account_id.id,
                    "partner_id": plan["move"].commercial_partner_id.id,
                    "amount_currency": -sign * plan["amount"],
                    "balance": -sign * balance,
                }
            )
        return [(0, 0, line) for line in lines]

    @api.model
    def _prepare_entry(self, plan):
        """Values of a journal entry for a payment to an account that is no bank: a write-off or a fee."""
        sign = -1 if plan["outbound"] else 1
        move, item = plan["move"], plan["item"]
        shared = {
            "name": item.get("Reference") or self.env._("Payment in Xero of %s", move.name),
            "partner_id": move.commercial_partner_id.id,
            "currency_id": plan["currency"].id,
        }
        amount, balance = sign * plan["amount"], sign * plan["balance"]
        return {
            "move_type": "entry",
            "date": plan["date"],
            "ref": shared["name"],
            "company_id": move.company_id.id,
            "journal_id": self._connection._entry_journal(move.company_id).id,
            "line_ids": [
                (0, 0, {**shared, "account_id": plan["write_off"].id, "amount_currency": amount, "balance": balance}),
                (
                    0,
                    0,
                    {
                        **shared,
                        "account_id": plan["lines"][0].account_id.id,
                        "amount_currency": -amount,
                        "balance": -balance,
                    },
                ),
            ],
        }
