"""Run inside `odoo shell` by host.py: how many queries posting takes in this database, whoever makes them."""

from odoo.sql_db import Cursor


def queries(env, company, partner, count):
    """Queries of posting `count` invoices ``{"at once": number, "one by one": number}``; nothing stays."""
    env = env(context={"allowed_company_ids": [company]})
    post(env, drafts(env, partner, 1), 1)  # what is read once and kept is read now
    made = {"at once": post(env, drafts(env, partner, count), count),
            "one by one": post(env, drafts(env, partner, count), 1)}
    env.cr.rollback()
    return made


def drafts(env, partner, count):
    """Customer invoices of one line."""
    line = (0, 0, {"name": "Beans", "quantity": 3, "price_unit": 12.5})
    moves = env["account.move"].create([
        {"move_type": "out_invoice", "partner_id": partner, "invoice_line_ids": [line]} for _number in range(count)])
    env.flush_all()
    env.invalidate_all()
    return moves


def post(env, moves, chunk):
    """Post `moves`, so many at a time; the number of queries."""
    execute, made = Cursor.execute, []

    def counted(cursor, *args, **kwargs):
        made.append(cursor)
        return execute(cursor, *args, **kwargs)

    Cursor.execute = counted
    try:
        for start in range(0, len(moves), chunk):
            moves[start:start + chunk].action_post()
        env.flush_all()
    finally:
        Cursor.execute = execute
    return len(made)
