"""Adoption of many, with typos, duplicates and near misses.

XERO_ADOPT_CONTACTS and XERO_ADOPT_INVOICES set how many there are in the large case; XERO_ADOPT_RESULT names
a file for the seconds that it took (`make bench` reads it).
"""

import json
import os
import random
import time
from datetime import date, timedelta
from pathlib import Path

from odoo import Command
from odoo.tests import tagged

from .adoption import LINE, AdoptCase

SEED = 20261120
CONTACTS = int(os.environ.get("XERO_ADOPT_CONTACTS", "200"))
INVOICES = int(os.environ.get("XERO_ADOPT_INVOICES", "400"))
OTHERS = 50  # of each kind beside


@tagged("post_install", "-at_install")
class TestAdoptMany(AdoptCase):
    def test_many_with_typos_duplicates_and_near_misses(self):
        rng = random.Random(SEED)
        self.xero.sandbox.limits.minute = 10**6  # reached by this test's own calls
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"{word(rng)} {word(rng)} {number} Pty Ltd",
                    "is_company": True,
                    "email": f"mail{number}@x.example",
                }
                for number in range(CONTACTS)
            ]
        )
        truth, org = {}, self.xero.organisation(1)
        table = org.contacts
        template = next(iter(table))
        contact_of = {}
        for number, partner in enumerate(partners):
            name, email = partner.name.removesuffix(" Pty Ltd"), partner.email
            kind, known = number % 20, True
            if kind == 0:
                name = typo(rng, name)
            elif kind == 1:
                email = ""
            elif kind == 2:
                name = name.upper()
            elif kind == 4:  # a near miss: a name that is nearly the same, and somebody else
                name, email, known = name.replace(str(number), str(number + 10 * CONTACTS)), "", False
            elif kind == 6:  # the next shop of the same owner and mailbox
                name, known = name.replace(str(number), str(number + 10 * CONTACTS)), False
            elif kind == 5:  # another one: two businesses of one mailbox
                name, known = f"{word(rng)} {word(rng)}", False
            key = f"00000000-0000-4000-8000-{number:012d}"
            table.put({**template, "ContactID": key, "Name": name, "EmailAddress": email, "updated": org.stamp()})
            contact_of[partner.id] = key
            truth["contact", key] = partner.id if known else None
            if kind == 3:  # two contacts of one name
                twin = f"00000000-0000-4000-9000-{number:012d}"
                table.put(
                    {**template, "ContactID": twin, "Name": f"{name} Ltd", "EmailAddress": "", "updated": org.stamp()}
                )
        commands = [
            {
                "move_type": "out_invoice",
                "partner_id": rng.choice(partners).id,
                "invoice_date": date(2026, 10, 1) + timedelta(days=rng.randrange(28)),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "price_unit": rng.choice((100, 100, 250, 99.95, round(rng.uniform(10, 5000), 2))),
                            "account_id": self.income.id,
                            "tax_ids": [Command.set(self.gst.ids)],
                        }
                    )
                ],
            }
            for _n in range(INVOICES)
        ]
        moves = self.env["account.move"].create(commands)
        moves.action_post()
        documents, expected = [], []
        for number, move in enumerate(moves):
            kind = number % 25
            values = {
                "Type": "ACCREC",
                "Contact": {"ContactID": contact_of[move.partner_id.id]},
                "InvoiceNumber": move.name,
                "Date": str(move.invoice_date),
                "DueDate": str(move.invoice_date),
                "Status": "AUTHORISED",
                "LineItems": [
                    {
                        "Description": "x",
                        "Quantity": 1,
                        "UnitAmount": move.amount_untaxed,
                        "AccountCode": "200",
                        "TaxType": "OUTPUT",
                    }
                ],
            }
            true_id = move.id
            if kind == 0:  # the number was typed wrong
                values["InvoiceNumber"] = f"{move.name}X"
            elif kind == 1:  # a near miss: another customer's invoice of the same total and day
                values |= {"InvoiceNumber": f"OTHER-{number}", "Contact": {"ContactID": contact_of[partners[0].id]}}
                true_id = None
            elif kind == 2:  # a day later
                values["Date"] = str(move.invoice_date + timedelta(days=1))
            documents.append(values)
            expected.append(true_id)
        for start in range(0, len(documents), 50):
            made = self.create_in_xero("/Invoices", {"Invoices": documents[start : start + 50]})["Invoices"]
            for item, true_id in zip(made, expected[start : start + 50], strict=True):
                truth["invoice", item["InvoiceID"]] = true_id
        self.analyze()
        counts = {
            model: self.env[model].search_count([]) for model in ("res.partner", "account.move", "account.payment")
        }
        self.xero.sandbox.log.clear()
        start = time.perf_counter()
        pairs = self.adopt()
        seconds = time.perf_counter() - start
        sure = pairs.filtered(lambda pair: pair.score >= self.connection.adopt_score and pair.state == "proposed")
        wrong = [
            (pair.title, pair.record_name, pair.score, pair.reason)
            for pair in sure
            if truth.get((pair.dataset, pair.xero_id)) != pair.res_id
        ]
        self.assertFalse(wrong)
        for key in ("contact", "invoice"):
            found = sum(pair.dataset == key for pair in sure)
            true = sum(1 for (dataset, _id), record in truth.items() if dataset == key and record)
            self.assertGreaterEqual(found / true, 0.9, key)
        start = time.perf_counter()
        self.accept_all()
        seconds += time.perf_counter() - start
        if path := os.environ.get("XERO_ADOPT_RESULT"):
            Path(path).write_text(json.dumps({"seconds": seconds}))
        links = self.env["xero.link"].search([("connection_id", "=", self.connection.id), ("dataset", "=", "invoice")])
        self.assertEqual(len(links), len(sure.filtered(lambda pair: pair.dataset == "invoice")))
        self.assertFalse(links.filtered("difference"))
        self.assertEqual({model: self.env[model].search_count([]) for model in counts}, counts)
        self.assertEqual({call["method"] for call in self.xero.calls if "/connect/" not in call["path"]}, {"GET"})

    def test_many_bills_credits_and_payments(self):
        """The same for what else there is: vendors' numbers that two have, duplicates, payments of several (B.7)."""
        self.xero.sandbox.limits.minute = 10**6
        self.rng, self.truth = random.Random(SEED), {}
        self.partners = self.env["res.partner"].create(
            [{"name": f"{word(self.rng)} {number} Pty Ltd", "is_company": True} for number in range(30)]
        )
        table = self.xero.organisation(1).contacts
        template = next(iter(table))
        self.contact_of = {}
        for number, partner in enumerate(self.partners):
            key = f"00000000-0000-4000-8000-{number:012d}"
            table.put({**template, "ContactID": key, "Name": partner.name, "EmailAddress": ""})
            self.link(self.connection, "contact", partner, key)
            self.contact_of[partner.id] = key
        self.cost = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("account_type", "=", "expense")], limit=1
        )
        self.both("invoice", "in_invoice", "ACCPAY", OTHERS)
        self.both("credit_note", "out_refund", "ACCRECCREDIT", OTHERS // 2)
        self.both("credit_note", "in_refund", "ACCPAYCREDIT", OTHERS // 2)
        sold = self.both("invoice", "out_invoice", "ACCREC", OTHERS, plain=True)
        self.analyze()
        counts = self.counted()
        self.adopt()
        self.assertSure("invoice", "credit_note")
        self.accept_all()
        self.assertEqual(self.counted(), counts)
        self.pay_on_both_sides(sold)
        counts = self.counted()
        self.adopt()
        self.assertSure("payment")
        self.accept_all()
        links = self.env["xero.link"].search([("dataset", "=", "payment"), ("xero_id", "!=", False)])
        self.assertEqual({self.truth["payment", link.xero_id] for link in links}, set(links.mapped("res_id")))
        self.assertEqual(self.counted(), counts)

    def both(self, key, kind, xero_type, count, plain=False):
        """Documents in Odoo, and what somebody made of them in Xero; those in Xero's order.

        :param plain: the same on both sides, without a mistake
        """
        sale = kind.startswith("out_")
        moves = self.env["account.move"].concat(
            *(
                self.invoice(
                    [
                        {
                            "price_unit": self.rng.choice((100, 250, round(self.rng.uniform(10, 5000), 2))),
                            "account_id": (self.income if sale else self.cost).id,
                            "tax_ids": False,
                        }
                    ],
                    move_type=kind,
                    partner_id=self.rng.choice(self.partners).id,
                    invoice_date=date(2026, 10, 1) + timedelta(days=self.rng.randrange(28)),
                    ref=False if sale else f"{kind[3:6].upper()}-{1000 + number}",
                )
                for number in range(count)
            )
        )
        number_field = "InvoiceNumber" if key == "invoice" else "CreditNoteNumber"
        documents, truth = [], []
        for number, move in enumerate(moves):
            case = None if plain else number % 25
            name = move.name if sale else move.ref
            day, contact, true_id = move.invoice_date, self.contact_of[move.partner_id.id], move.id
            if case == 0:  # typed wrong
                name = typo(self.rng, name)
            elif case == 1:  # a near miss: somebody else's of the same number, total and day
                others = self.partners - move.partner_id
                contact, true_id = self.contact_of[others[0].id], None
                name = name if not sale else f"OTHER-{number}"
            elif case == 2:
                day += timedelta(days=1)
            line = {**LINE, "UnitAmount": move.amount_untaxed, "TaxType": "BASEXCLUDED"}
            line["AccountCode"] = "200" if sale else "400"
            document = {
                "Type": xero_type,
                "Contact": {"ContactID": contact},
                number_field: name,
                "Date": str(day),
                "Status": "AUTHORISED",
                "LineItems": [line],
            }
            if key == "invoice":
                document["DueDate"] = str(day)
            documents.append(document)
            truth.append(true_id)
            if case == 3 and not sale:  # entered twice: nobody can tell which one it is
                documents.append(document)
                truth[-1] = None
                truth.append(None)
        plural = {"invoice": "Invoices", "credit_note": "CreditNotes"}[key]
        made = []
        for start in range(0, len(documents), 50):
            made += self.create_in_xero(f"/{plural}", {plural: documents[start : start + 50]})[plural]
        id_field = plural.removesuffix("s") + "ID"
        for item, true_id in zip(made, truth, strict=True):
            self.truth[key, item[id_field]] = true_id
        return list(zip(moves, [item[id_field] for item in made], strict=True)) if plain else None

    def pay_on_both_sides(self, sold):
        """Payments of these invoices: alone, in halves, three at once, and such as are not the same."""
        bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        alone, in_batches = sold[: len(sold) * 2 // 3], sold[len(sold) * 2 // 3 :]
        for number, (move, invoice_id) in enumerate(alone):
            payment = self.registered(bank, move)
            amount, day, true_id = move.amount_total, date(2026, 11, 10), payment.id
            if number % 25 == 0:  # a near miss: another amount
                amount, true_id = move.amount_total - 1, None
            elif number % 25 == 1:  # another one: a month later
                day, true_id = date(2026, 12, 10), None
            made = self.xero.act("pay", invoice=invoice_id, amount=amount, account="090", date=str(day))
            self.truth["payment", made["PaymentID"]] = true_id
        by_partner = {}
        for move, invoice_id in in_batches:
            by_partner.setdefault(move.partner_id, []).append((move, invoice_id))
        for rows in by_partner.values():
            payment = self.registered(bank, self.env["account.move"].concat(*(move for move, _id in rows)))
            for move, invoice_id in rows:
                made = self.xero.act(
                    "pay", invoice=invoice_id, amount=move.amount_total, account="090", date="2026-11-10"
                )
                self.truth["payment", made["PaymentID"]] = payment.id

    def registered(self, bank, moves):
        """The payment that somebody registers in Odoo of all of `moves` together."""
        register = self.env["account.payment.register"]
        register = register.with_context(active_model="account.move", active_ids=moves.ids)
        values = {"journal_id": bank.id, "payment_date": "2026-11-10", "group_payment": True}
        register.create(values)._create_payments()
        return moves._get_reconciled_payments()

    def counted(self):
        return {model: self.env[model].search_count([]) for model in ("res.partner", "account.move", "account.payment")}

    def assertSure(self, *keys):
        """Above the score to accept all from there is nothing wrong, and nine tenths of what is right."""
        pairs = self.env["xero.pair"].search(
            [("dataset", "in", keys), ("score", ">=", self.connection.adopt_score), ("state", "=", "proposed")]
        )
        wrong = [
            (pair.title, pair.record_name, pair.score, pair.reason)
            for pair in pairs
            if self.truth[pair.dataset, pair.xero_id] != pair.res_id
        ]
        self.assertFalse(wrong)
        for key in keys:
            true = [record for (dataset, _id), record in self.truth.items() if dataset == key and record]
            found = pairs.filtered(lambda pair, key=key: pair.dataset == key)
            self.assertGreaterEqual(len(found) / len(true), 0.9, key)


def word(rng):
    """A made-up word."""
    return "".join(rng.choice("bdfgklmnprst") + rng.choice("aeiou") for _n in range(3)).title()


def typo(rng, text):
    """`text` with two neighbouring letters exchanged."""
    at = rng.randrange(1, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
