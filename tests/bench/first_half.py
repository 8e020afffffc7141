"""Run inside `odoo shell` by bench_push.py: month-end, first half.

500 invoices of 10 lines for 100 new customers go to the sandbox; then the same records are only read and
dumped as JSON, which is the floor.
"""

import json
import time

LINES, CUSTOMERS = 10, 100
CURRENCIES = {"au": "AUD", "nz": "NZD", "uk": "GBP"}


def make_company(env, chart="au"):
    """A company with the chart of its country, the environment's own from here on."""
    currency = env.ref(f"base.{CURRENCIES[chart]}")
    currency.active = True
    company = env["res.company"].create(
        {"name": "Bench Pty Ltd", "country_id": env.ref(f"base.{chart}").id, "currency_id": currency.id}
    )
    env["account.chart.template"].try_loading(chart, company, install_demo=False)
    env.user.write({"company_ids": [(4, company.id)], "company_id": company.id})
    company.tax_calculation_rounding_method = "round_per_line"
    return company


def make_invoices(env, company, count, post=True):
    """Customer invoices, posted unless told otherwise."""
    income = env["account.account"].search(
        [("company_ids", "in", company.ids), ("account_type", "=", "income")], limit=1
    )
    gst = env["account.chart.template"].ref("au_tax_sale_10")
    partners = env["res.partner"].create(
        [{"name": f"Customer {number:03}", "is_company": True} for number in range(CUSTOMERS)]
    )
    moves = env["account.move"].browse()
    for start in range(0, count, 100):
        moves |= env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partners[number % CUSTOMERS].id,
                    "invoice_date": "2026-11-01",
                    "invoice_line_ids": [
                        (0, 0, {
                            "name": f"Item {line}",
                            "quantity": line + 1,
                            "price_unit": 10.05 + number / 100,
                            "account_id": income.id,
                            "tax_ids": [(6, 0, gst.ids)],
                        })
                        for line in range(LINES)
                    ],
                }
                for number in range(start, min(start + 100, count))
            ]
        )
    if post:
        moves.action_post()
    return moves


def connect(env, company, authorise, **values):
    """A connected connection with everything mapped; `values` are chosen on it before."""
    app = {"client_id": "SANDBOX-CLIENT-ID", "client_secret": "SANDBOX-CLIENT-SECRET"}
    connection = env["xero.connection"].create({"company_id": company.id, **app, **values})
    env.cr.commit()
    connection._receive_code(authorise(connection), connection.redirect_uri)
    connection.tenant_choice_id = env["xero.tenant.choice"].search([], limit=1)
    connection.action_choose_organisation()
    for kind in ("account", "tax"):
        action = env["xero.mapping.wizard"]._open(connection, kind)
        env["xero.mapping.wizard"].browse(action["res_id"]).action_confirm()
    connection.write(
        {"sync_from": "2020-01-01", "push_status_invoice": "authorised", "push_status_credit_note": "authorised"}
    )
    env.cr.commit()
    return connection


def push(env, connection, records, dataset="invoice"):
    """Seconds for the whole push of `records`."""
    from odoo.addons.xero_connector.engine import worker

    start = time.perf_counter()
    run = connection.push(dataset, records, "button")
    env.cr.commit()
    # As root, as the scheduled action does it.
    while run.state != "done":
        worker.work(connection.sudo(), 60)
        run.invalidate_recordset()
        if run.not_before:
            raise SystemExit(f"the run waits: {run.waiting_for}")
    seconds = time.perf_counter() - start
    if run.done != len(records) or run.failed:
        raise SystemExit(f"{run.done} done, {run.failed} failed")
    return seconds


def floor(env, moves):
    """Seconds to read the same records by the ORM and to dump the same payloads."""
    dataset = env["xero.connection"].search([])._dataset("invoice")
    payloads = [
        dataset._prepare_payload(record, record.xero_link_id)[0] for record in dataset._browse(moves.ids)
    ]
    env.invalidate_all()
    start = time.perf_counter()
    records = dataset._browse(moves.ids)
    dataset._prefetch(records)
    for record in records:
        for line in record.line_ids:
            _read = (line.name, line.quantity, line.price_unit, line.amount_currency, line.tax_ids.ids)
    json.dumps(payloads, default=str)
    return time.perf_counter() - start


def consent(url):
    """A function that gives a consent at the sandbox over HTTP."""
    import urllib.parse

    import requests

    def authorise(connection):
        address = connection.action_connect()["url"]
        page = requests.get(address, timeout=10)
        tenant = page.text.split('name="tenant" value="', 1)[1].split('"', 1)[0]
        answer = requests.post(address, data={"decision": "allow", "tenant": tenant}, timeout=10, allow_redirects=False)
        return urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)["code"][0]

    return authorise


def prepare(env, url):
    """The environment of a fresh company that knows the sandbox at `url`, and the company."""
    for kind in ("login", "identity", "api"):
        env["ir.config_parameter"].set_param(f"xero_connector.{kind}_url", url)
    env["ir.config_parameter"].set_param("web.base.url", "http://localhost:8069")
    env.ref("base.AUD").active = True
    company = make_company(env)
    return env(context={"allowed_company_ids": company.ids, "tracking_disable": True}), company


def main(env, url, count):
    """Push `count` invoices to the sandbox at `url`: seconds, floor and calls."""
    import requests

    env, company = prepare(env, url)
    moves = make_invoices(env, company, count)
    connection = connect(env, company, consent(url))
    requests.post(f"{url}/_sandbox/counts/reset", timeout=10)
    seconds = push(env, connection, moves)
    counts = requests.get(f"{url}/_sandbox/counts", timeout=10).json()
    least = min(floor(env, moves) for _attempt in range(3))
    return {"seconds": seconds, "floor": least, "counts": counts}
