"""Run inside `odoo shell` by bench_month_end.py: one month-end.

500 invoices of 10 lines with one analytic account each for 100 new customers, then the 500 payments of them;
at the end both ledgers are compared, account by account.
"""

from decimal import Decimal

import first_half
import requests

CENT = Decimal("0.01")


def track(env, connection, company):
    """Two analytic accounts of one plan, mapped to options of Xero's first tracking category."""
    category = env["xero.tracking.category"].search([("connection_id", "=", connection.id)], limit=1)
    plan = env["account.analytic.plan"].create({"name": "Sites"})
    sites = env["account.analytic.account"].create(
        [{"name": name, "plan_id": plan.id, "company_id": company.id} for name in ("East", "West")]
    )
    options = env["xero.tracking.option"].search([("category_id", "=", category.id)], limit=len(sites))
    for site, option in zip(sites, options, strict=True):
        site.xero_tracking_option_id = option
    connection.write(
        {
            "tracking_1_source": "plan",
            "tracking_1_plan_id": plan.id,
            "tracking_1_category_id": category.id,
            "payment_direction": "to_xero",
        }
    )
    return sites


def make_invoices(env, company, sites, count):
    """Posted invoices, each line on one of `sites`."""
    moves = first_half.make_invoices(env, company, count, post=False)
    for number, line in enumerate(moves.invoice_line_ids):
        line.analytic_distribution = {str(sites[number % len(sites)].id): 100}
    moves.action_post()
    return moves


def pay(env, connection, company, moves):
    """One payment of each invoice, from a bank that stands for Xero's."""
    bank = env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "bank")], limit=1)
    bank.xero_account_id = env["xero.account"].search(
        [("connection_id", "=", connection.id), ("type", "=", "BANK")], limit=1
    )
    payments = env["account.payment"]
    for move in moves:
        wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
        payments |= wizard.create({"journal_id": bank.id, "payment_date": "2026-11-10"})._create_payments()
    return payments


def check_outcomes(connection, payments, moves):
    """Every document and every payment has its own element of Xero."""
    for records in (moves, payments):
        links = connection.env["xero.link"].search([("model", "=", records._name), ("state", "=", "synced")])
        if set(links.mapped("res_id")) != set(records.ids) or len(set(links.mapped("xero_id"))) != len(records):
            raise SystemExit(f"{len(links)} of {len(records)} {records._name} have an outcome of their own")


def difference(env, company, payments, ledger):
    """Sum of what the two ledgers differ by, over all accounts of Xero."""
    bank = payments.journal_id.default_account_id | payments.outstanding_account_id
    taxes = env["account.tax.repartition.line"].search([("company_id", "=", company.id)]).account_id
    ours = {}
    groups = env["account.move.line"]._read_group(
        [("company_id", "=", company.id), ("parent_state", "=", "posted")], ["account_id"], ["balance:sum"]
    )
    for account, balance in groups:
        code = account.xero_account_id.code or account.display_name
        if account.account_type == "asset_receivable":
            code = "610"
        elif account in bank:
            code = payments.journal_id.xero_account_id.code
        elif account in taxes:
            code = "820"
        ours[code] = ours.get(code, Decimal()) + Decimal(str(balance)).quantize(CENT)
    return sum(
        abs(ours.get(code, Decimal()) - Decimal(str(ledger.get(code, 0)))) for code in ours.keys() | ledger.keys()
    )


def main(env, url, count):
    """Push one month-end to the sandbox at `url`: seconds, calls and the difference of the ledgers."""
    env, company = first_half.prepare(env, url)
    connection = first_half.connect(env, company, first_half.consent(url))
    sites = track(env, connection, company)
    moves = make_invoices(env, company, sites, count)
    payments = pay(env, connection, company, moves)
    env.cr.commit()
    requests.post(f"{url}/_sandbox/counts/reset", timeout=10)
    seconds = sum(
        first_half.push(env, connection, records, dataset)
        for dataset, records in (("invoice", moves), ("payment", payments))
    )
    counts = requests.get(f"{url}/_sandbox/counts", timeout=10).json()
    check_outcomes(connection, payments, moves)
    ledger = requests.get(f"{url}/_sandbox/organisations/{connection.tenant_id}/ledger", timeout=10).json()
    return {
        "seconds": seconds,
        "counts": counts,
        "difference": str(difference(env, company, payments, ledger)),
    }
