"""What a module leaves in a database: the schema, and the rows by which Odoo knows what there is."""

import json
from collections import Counter

# Changed by the clock and by whoever works, not by a module that comes or goes.
VOLATILE = {"id", "create_date", "write_date", "create_uid", "write_uid"}
CLOCK = {
    "ir_cron": {"lastcall", "nextcall", "failure_count", "first_failure_date"},
    "digest_digest": {"next_run_date"},
}
# The rest of the list of modules is copied from the manifests whenever Odoo reads them.
KEPT = {"ir_module_module": {"name", "state", "latest_version", "demo"}}
# Bundles of JavaScript and style sheets that the web client makes anew when it needs them; Odoo's own clockwork;
# messages to open browsers, which name the database and are forgotten after a day.
LEFT_OUT = {
    "ir_attachment": "url LIKE '/web/assets/%%' AND res_model = 'ir.ui.view'",
    "ir_cron_trigger": "TRUE",
    "ir_cron_progress": "TRUE",
    "bus_bus": "TRUE",
}
# Besides ir_*, where Odoo and its mail keep what a module defines.
DEFINITIONS = (
    "res_groups|res_groups_implied_rel|res_groups_privilege|mail_template|mail_activity_type|mail_activity_plan"
    "|mail_message_subtype|mail_alias|digest_digest|digest_tip|decimal_precision|report_paperformat|web_tour_tour"
)
SCHEMA = {
    "table": "SELECT concat_ws(' ', relkind, relname) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')"
    " AND relnamespace = 'public'::regnamespace",
    "column": "SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod),"
    " CASE WHEN attnotnull THEN 'NOT NULL' END, pg_get_expr(adbin, adrelid)) FROM pg_attribute"
    " JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
    " WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm')"
    " AND relnamespace = 'public'::regnamespace",
    "constraint": "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "index": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "function": "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "trigger": "SELECT concat_ws(' ', tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal",
    "type": "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')",
    "extension": "SELECT extname FROM pg_extension",
}


def footprint(sql):
    """``Counter`` of (kind, text): each thing of the schema and each row of the tables of definitions.

    Rows are told by what they say, not by their ids: references are replaced by the name of what they point to.

    :param sql: function that returns the rows of a statement
    """
    things = Counter()
    for kind, query in SCHEMA.items():
        things.update((kind, text) for (text,) in sql(query))
    names = _names(sql)
    for table in tables(sql):
        things.update((table, text) for text in _rows(sql, table, names))
    return things


def difference(before, after):
    """Readable lines: what is gone, what has come; empty when both are the same."""
    return sorted([f"gone: {kind}: {text}" for kind, text in (before - after).elements()]
                  + [f"left: {kind}: {text}" for kind, text in (after - before).elements()])


def tables(sql):
    """The tables of definitions."""
    return [table for (table,) in sql(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname ~ %s ORDER BY relname", rf"^(ir_\w+|\w+_ir_\w+_rel|{DEFINITIONS})$")]


def mentions(sql, word):
    """``Counter`` of (table, text): the rows of the whole database in whose text that word is."""
    things, names = Counter(), _names(sql)
    for (table,) in sql("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
                        " AND relnamespace = 'public'::regnamespace"):
        things.update((table, text) for text in _rows(sql, table, names, "t::text ILIKE %s", f"%{word}%"))
    return things


def _names(sql):
    """``{(table, id): name}`` of what other rows point to: its external id, else what it is called."""
    names = {}
    for table, column in sql(
        "SELECT table_name, min(column_name) FROM information_schema.columns c WHERE table_schema = 'public'"
        " AND column_name IN ('name', 'model', 'login') AND table_name ~ '^(ir|res)_' AND EXISTS (SELECT"
        " FROM information_schema.columns WHERE table_name = c.table_name AND column_name = 'id') GROUP BY table_name"
    ):
        names.update({(table, row): str(name) for row, name in sql(f'SELECT id, "{column}" FROM "{table}"')})
    for model, res_id, name in sql("SELECT model, res_id, module || '.' || name FROM ir_model_data"):
        names[_table_of(model), res_id] = name
    return names


def _table_of(model):
    return model.replace("ir.actions.", "ir.act_").replace(".", "_").replace("ir_act_actions", "ir_actions")


def _rows(sql, table, names, condition="TRUE", *arguments):
    references = dict(sql(
        "SELECT attname, confrelid::regclass::text FROM pg_constraint"
        " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
        " WHERE contype = 'f' AND array_length(conkey, 1) = 1 AND conrelid = %s::regclass", f'"{table}"'))
    ignored = VOLATILE | CLOCK.get(table, set())
    kept = KEPT.get(table)
    query = f'SELECT to_jsonb(t) FROM "{table}" t WHERE ({LEFT_OUT.get(table, "FALSE")}) IS NOT TRUE AND {condition}'
    for (row,) in sql(query, *arguments):
        said = {
            column: names.get((references[column], value), value) if column in references else value
            for column, value in row.items()
            if column not in ignored and value not in (None, False) and (not kept or column in kept)
        }
        yield json.dumps(said, sort_keys=True, ensure_ascii=False)
