"""Reads the demo's documents and problems out of Odoo, to stand beside Xero's."""

from decimal import Decimal

from demo_result import ZERO, Result

MOVE_FIELDS = ["name", "move_type", "currency_id", "amount_untaxed", "amount_tax", "amount_total",
               "amount_total_signed", "commercial_partner_id"]


class OdooReader:
    """Odoo's side of the comparison.

    :param books: demo_company.Books
    :param tax_types: ``{frozenset of tax ids: TaxType}``, as the administrator mapped them
    """

    def __init__(self, books, tax_types):
        self.books, self.tax_types = books, tax_types

    def results(self, moves, in_xero):
        """A Result for each document.

        :param moves: ``{move id: demo_documents.Document}``
        :param in_xero: list of XeroDocument
        """
        by_number = {document.number: document for document in in_xero}
        rows = self.books.call("account.move", "read", list(moves), MOVE_FIELDS)
        problems, nets = self._problems(), self._nets(list(moves))
        return [
            Result(
                name=row["name"], what=document.what, currency=row["currency_id"][1],
                odoo={**_amounts(row), "net_by_tax": nets.get(row["id"], {})},
                expected=document.expected, left=document.left, xero=by_number.get(row["name"]),
                problems={
                    **problems.get(("account.move", row["id"]), {}),
                    **problems.get(("res.partner", row["commercial_partner_id"][0]), {}),
                },
            )
            for row, document in ((row, moves[row["id"]]) for row in rows)
        ]

    def receivable(self, names):
        """What customers owe for the documents of these names, in company currency."""
        lines = self.books.call("account.move.line", "search_read", [
            ("move_id.name", "in", names), ("account_id.account_type", "=", "asset_receivable"),
            ("company_id", "=", self.books.company_id)], ["balance"])
        return sum((money(line["balance"]) for line in lines), ZERO)

    def _problems(self):
        """Open exceptions: ``{(model, id): {code: (cause, cure)}}``."""
        rows = self.books.call("xero.exception", "search_read", [("state", "=", "open")],
                               ["model", "res_id", "code", "cause", "correction"])
        found = {}
        for row in rows:
            found.setdefault((row["model"], row["res_id"]), {})[row["code"]] = (row["cause"], row["correction"])
        return found

    def _nets(self, move_ids):
        """Net amount by TaxType of each document: ``{move id: {TaxType: net}}``, without zeros."""
        lines = self.books.call("account.move.line", "search_read", [
            ("move_id", "in", move_ids), ("display_type", "in", ("product", "epd", "rounding"))],
            ["move_id", "tax_ids", "amount_currency"])
        nets = {}
        for line in lines:
            tax_type = self.tax_types.get(frozenset(line["tax_ids"]), "no type")
            sums = nets.setdefault(line["move_id"][0], {})
            # Odoo books income in credit.
            sums[tax_type] = sums.get(tax_type, ZERO) - money(line["amount_currency"])
        return {move: {kind: net for kind, net in sums.items() if net} for move, sums in nets.items()}


def money(number):
    """An amount of Odoo's JSON in cents."""
    return Decimal(repr(number)).quantize(ZERO) + ZERO


def _amounts(row):
    sign = -1 if row["move_type"] == "out_refund" else 1
    return {
        "net": money(sign * row["amount_untaxed"]), "tax": money(sign * row["amount_tax"]),
        "total": money(sign * row["amount_total"]), "total_base": money(row["amount_total_signed"]),
    }
