"""Run inside `odoo shell` by bench_export.py: 5,000 documents through Export Control."""

import time

import first_half
import requests


def work(env, connection, url, is_done):
    """Seconds of background work until `is_done`."""
    from odoo.addons.xero_connector.engine import worker

    start = time.perf_counter()
    env.cr.commit()
    while not is_done():
        worker.work(connection.sudo(), 30)
        # Xero's limit of calls per minute is not what is measured.
        requests.post(f"{url}/_sandbox/clock", json={"advance": 61}, timeout=10)
        env.cr.commit()
        env.cr.execute("UPDATE xero_budget SET minute_started = NULL, blocked_until = NULL")
        env.cr.execute("UPDATE xero_run SET not_before = NULL")
        env.cr.commit()
        env.invalidate_all()
    return time.perf_counter() - start


def main(env, url, count):
    """Collect, check, close and export `count` invoices of two lines; seconds and calls."""
    first_half.LINES = 2
    env, company = first_half.prepare(env, url)
    moves = first_half.make_invoices(env, company, count)
    connection = first_half.connect(env, company, first_half.consent(url))
    env.cr.commit()
    requests.post(f"{url}/_sandbox/counts/reset", timeout=10)

    start = time.perf_counter()
    env["xero.run"].action_export_control()
    env.cr.commit()
    seconds = {"collect": time.perf_counter() - start}
    batch = env["xero.run"].search([("batch_kind", "=", "invoice")])
    if batch.document_count != count or abs(batch.amount - sum(moves.mapped("amount_total_signed"))) > 0.005:
        raise SystemExit(f"{batch.document_count} documents, {batch.amount}")
    batch.action_check()
    seconds["check"] = work(env, connection, url, lambda: not batch.new_count)
    batch.action_close()
    batch.action_export()
    seconds["export"] = work(env, connection, url, lambda: batch.state == "done")
    if batch.done != count or batch.failed:
        raise SystemExit(f"{batch.done} done, {batch.failed} failed")
    return {"seconds": seconds, "counts": requests.get(f"{url}/_sandbox/counts", timeout=10).json()}
