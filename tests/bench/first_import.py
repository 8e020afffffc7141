"""Run inside `odoo shell` by bench_pull.py: imports of organisations of all sizes, and what Odoo alone needs for it.

Each function makes a company of its own and connects it to the sandbox at `url`.
"""

import json
import time
from datetime import datetime, timedelta
from pathlib import Path

import first_half
import requests
from freezegun import freeze_time

import odoo_shell

SCRIPT = Path(__file__)
SAMPLES = 10  # times that an import is held up to measure what Odoo alone needs
BLOCK = 100  # payments that Odoo alone books at once, as many as the import does
TICK = timedelta(minutes=5)
DAY = timedelta(days=1)
ADDRESS = ("login", "identity", "api")


# === GROUND === #


def open_company(env, url, chart="au", **values):
    """A company connected to the sandbox with `values`, everything mapped: ``(env, connection)``."""
    set_param = env["ir.config_parameter"].set_param
    for kind in ADDRESS:
        set_param(f"xero_connector.{kind}_url", url)
    set_param("web.base.url", "http://localhost:8069")
    company = first_half.make_company(env, chart)
    env = env(context={"allowed_company_ids": company.ids, "tracking_disable": True})
    connection = first_half.connect(env, company, first_half.consent(url), **values)
    connection.on_missing_partner = "create"
    bank = env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "bank")], limit=1)
    bank.xero_account_id = env["xero.account"].search([("connection_id", "=", connection.id), ("code", "=", "090")])
    env.cr.commit()
    return env, connection


def control(url, verb, path, content=None):
    """The sandbox's control interface."""
    answer = requests.request(verb, f"{url}/_sandbox/{path}", json=content, timeout=600)
    answer.raise_for_status()
    return answer.json()


def seed(url, connection, **kinds):
    """Many records at once in the organisation of `connection`."""
    control(url, "POST", f"organisations/{connection.tenant_id}/seed", kinds)


def forget_limits(env):
    """The minute of the call budget begins anew: what is measured is not Xero's limit."""
    env.cr.commit()  # each call has written on the budget since this transaction began
    env.cr.execute("UPDATE xero_budget SET minute_started = NULL, blocked_until = NULL")
    env.cr.commit()


def bring_in(connection, key, before_page=None):
    """Import a data set page by page as the worker does; the run and its seconds.

    :param before_page: function of the number of pages so far, not part of the seconds
    """
    from odoo.addons.xero_connector.engine import pull

    run = connection.pull(key, "button")
    connection.env.cr.commit()
    run = run.sudo().with_context(xero_background=True)
    seconds = pages = 0
    while run.state in ("queued", "running"):
        forget_limits(run.env)
        if before_page:
            before_page(pages)
        start = time.perf_counter()
        pull.advance(run)
        seconds += time.perf_counter() - start
        pages += 1
        run.env.invalidate_all()
        if run.waiting_for:
            raise SystemExit(f"The import waits: {run.waiting_for}")
    if run.state != "done" or run.failed:
        raise SystemExit(f"{run.state}, {run.failed} failed: {run.error}")
    return run, seconds


def import_all(connection):
    """Press Import, and do in this process what is left to the worker."""
    forget_limits(connection.env)
    connection.action_import()
    while connection.import_running:
        forget_limits(connection.env)
        connection.sudo()._cron_work()
        connection.invalidate_recordset()


def peak_memory():
    """Largest resident size of this process so far, in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


# === CONTACTS === #


def contacts(env, url, count, same_second, folder=None):
    """Import contacts; calls, seconds, peak memory, and what the second Import does.

    :param folder: for the values of partners that Odoo alone creates in between; ``None`` leaves that out
    """
    env, connection = open_company(env, url)
    seed(url, connection, contacts={"count": count, "same_second": same_second})
    floor, remember = [], Remember()
    every = max(1, count // 1000 // SAMPLES)

    def create_alone(pages):
        if folder and pages and (pages - 1) % every == 0:
            path = Path(folder) / "partners.json"
            path.write_text(json.dumps([remember.dataset._prepare_new(item) for item in remember.items]))
            floor.append(odoo_shell.call(env.cr.dbname, SCRIPT, "create_partners", path=str(path)))

    control(url, "POST", "counts/reset")
    with remember:
        run, seconds = bring_in(connection, "contact", create_alone)
    calls = control(url, "GET", "counts")["total"]
    memory = peak_memory()
    import_all(connection)
    before = last_writes(env)
    control(url, "POST", "counts/reset")
    import_all(connection)
    if last_writes(env) != before:
        raise SystemExit(f"The second import has written: {before} {last_writes(env)}")
    return {
        "contacts": run.created,
        "calls": calls,
        "seconds": seconds,
        "memory": memory,
        "floor": sum(row["seconds"] for row in floor),
        "floor_partners": sum(row["partners"] for row in floor),
        "again": control(url, "GET", "counts")["total"],
    }


class Remember:
    """Meanwhile keeps the elements of the page that was read last."""

    def __enter__(self):
        from odoo.addons.xero_connector.engine import pull

        self._pull, self._read = pull, pull._read
        pull._read = self._keep
        return self

    def _keep(self, run, dataset):
        page = self._read(run, dataset)
        self.dataset, self.items = dataset, page.items
        return page

    def __exit__(self, *_error):
        self._pull._read = self._read


def create_partners(env, path):
    """Seconds that Odoo alone needs to create these partners in one batch; they do not stay."""
    rows = json.loads(Path(path).read_text())
    partners = env["res.partner"].with_context(tracking_disable=True, mail_create_nosubscribe=True)
    partners = partners.with_context(no_vat_validation=True)
    # What the process does once is not measured.
    partners.create(rows[:20])
    env.cr.rollback()
    env.invalidate_all()
    start = time.perf_counter()
    partners.create(rows)
    env.flush_all()
    seconds = time.perf_counter() - start
    env.cr.rollback()
    return {"seconds": seconds, "partners": len(rows)}


def last_writes(env):
    """When something was written last that an import could write."""
    moments = {}
    for table in ("res_partner", "xero_link", "account_move", "account_payment", "product_template"):
        env.cr.execute(f"SELECT max(write_date), count(*) FROM {table}")
        moments[table] = env.cr.fetchone()
    env.cr.commit()
    return moments


# === A DAY === #


def idle_days(env, url, days):
    """Calls of each of some days in which nothing changes, with the default schedules."""
    env, connection = open_company(env, url)
    seed(url, connection, contacts={"count": 200}, items={"count": 20}, invoices_with_payments={"count": 100})
    import_all(connection)
    start, calls = datetime.now().replace(microsecond=0), []
    with freeze_time(start) as clock:
        for day in range(days):
            control(url, "POST", "counts/reset")
            for tick in range(DAY // TICK):
                clock.move_to(start + day * DAY + (tick + 1) * TICK)
                control(url, "POST", "clock", {"advance": TICK.total_seconds()})
                forget_limits(env)
                work_a_tick(env, connection, tick)
            calls.append(control(url, "GET", "counts"))
    return calls


def work_a_tick(env, connection, tick):
    """What Odoo's scheduled actions do every five minutes, every half hour, and then in the background."""
    env["xero.connection"].sudo()._cron_schedules()
    if tick % 6 == 5:
        env["xero.connection"].sudo()._cron_import()
    env.cr.commit()
    connection.sudo()._cron_work()
    env.invalidate_all()


# === PAYMENTS === #


def payments(env, url, count):
    """Import payments of invoices and bills that are linked; seconds of ours and of Odoo alone."""
    env, connection = open_company(env, url)
    seed(url, connection, invoices_with_payments={"count": count, "customers": min(count, 1000)})
    link_documents(env, connection, read_all(connection, "/Invoices", "Invoices"))
    floor = Floor(connection, read_all(connection, "/Payments", "Payments"))
    floor.book(0)
    every = max(1, count // 1000 // SAMPLES)
    floor.seconds = floor.payments = 0  # what the process does once is not measured
    run, seconds = bring_in(connection, "payment", lambda pages: pages % every or floor.book(pages * 1000))
    if run.created != count:
        raise SystemExit(f"{run.created} of {count} payments were booked")
    return {"payments": count, "seconds": seconds, "floor": floor.seconds, "floor_payments": floor.payments}


def read_all(connection, path, plural):
    """All elements of a list, in the order in which an import meets them."""
    from odoo.addons.xero_connector.engine import session

    items, page = [], 1
    while page == 1 or len(items) == 1000 * (page - 1):
        forget_limits(connection.env)
        params = {"page": page, "pageSize": 1000, "order": "UpdatedDateUTC ASC"}
        items += session.call(connection, lambda api, params=params: api.get(path, params)).data[plural]
        page += 1
    return items


def link_documents(env, connection, items):
    """Post the same invoices and bills in Odoo and link them, as an adoption would leave them."""
    charts, company = env["account.chart.template"], connection.company_id
    kinds = {}
    for kind, move_type, tax, account_type in (("ACCREC", "out_invoice", "au_tax_sale_10", "income"),
                                               ("ACCPAY", "in_invoice", "au_tax_purchase_10_service", "expense")):
        domain = [("company_ids", "in", company.ids), ("account_type", "=", account_type)]
        account = env["account.account"].search(domain, limit=1)
        kinds[kind] = {"move_type": move_type}, {"account_id": account.id, "tax_ids": [(6, 0, charts.ref(tax).ids)]}
    names = dict.fromkeys(item["Contact"]["ContactID"] for item in items)
    partners = env["res.partner"].create([{"name": f"Trader {number}"} for number in range(len(names))])
    partner_of = dict(zip(names, partners.ids, strict=True))
    for start in range(0, len(items), 500):
        link_block(env, connection, items[start:start + 500], kinds, partner_of)
        env.cr.commit()
        env.invalidate_all()


def link_block(env, connection, items, kinds, partner_of):
    """The same for some of them."""
    from odoo.addons.xero_connector import values

    rows = []
    for item in items:
        of_move, of_line = kinds[item["Type"]]
        day = str(values.parse_date(item["Date"]))
        line = {"name": item["InvoiceNumber"], "price_unit": float(item["SubTotal"]), **of_line}
        rows.append({
            **of_move, "partner_id": partner_of[item["Contact"]["ContactID"]], "invoice_date": day, "date": day,
            "ref": item["InvoiceNumber"], "invoice_line_ids": [(0, 0, line)],
        })
    moves = env["account.move"].create(rows)
    moves.action_post()
    differing = [item["InvoiceNumber"] for item, move in zip(items, moves, strict=True)
                 if abs(move.amount_total - float(item["Total"])) > 0.001]
    if differing:
        raise SystemExit(f"Other totals in Odoo: {differing[:5]}")
    env["xero.link"].sudo().create([
        {
            "connection_id": connection.id, "company_id": move.company_id.id, "tenant_id": connection.tenant_id,
            "dataset": "invoice", "model": "account.move", "res_id": move.id, "xero_id": item["InvoiceID"],
            "state": "synced",
        }
        for item, move in zip(items, moves, strict=True)
    ])


class Floor:
    """The same payments booked by Odoo alone, a block now and then; they do not stay."""

    def __init__(self, connection, items):
        self._env, self._items = connection.env, items
        self._dataset = connection._dataset("payment").with_context(xero_no_echo=True, mail_create_nosubscribe=True)
        self.seconds = self.payments = 0

    def book(self, start):
        """Create, post and reconcile the block of payments that begins there."""
        env, dataset, items = self._env, self._dataset, self._items[start:start + BLOCK]
        documents = dataset._documents(items)
        spent = dict.fromkeys((move.id for move in documents.values()), 0.0)
        plans = [dataset._plan(item, documents[item["PaymentID"]], spent) for item in items]
        rows = [dataset._prepare_payment([plan]) for plan in plans]
        env.flush_all()
        env.invalidate_all()
        begin = time.perf_counter()
        booked = env["account.payment"].create(rows)
        booked.action_post()
        pairs = []
        for payment, plan in zip(booked, plans, strict=True):
            account = plan["lines"].account_id
            pairs.append(payment.move_id.line_ids.filtered(lambda line, a=account: line.account_id == a)
                         | plan["lines"])
        env["account.move.line"]._reconcile_plan(pairs)
        env.flush_all()
        self.seconds += time.perf_counter() - begin
        self.payments += len(rows)
        env.cr.rollback()
        env.invalidate_all(flush=False)
