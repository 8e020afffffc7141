"""Overpayments and prepayments: read only, made by bank transactions (facts, section 3.3;
operations getOverpayments, getOverpayment, getPrepayments, getPrepayment)."""

from .. import query
from ..documents import render
from ..documents.kinds import OVERPAYMENT, PREPAYMENT, outstanding
from ..errors import NotFound

# The filter of lists by what people see as the number, newer than specification 16.1.0 for one.
FILTERS = {"Overpayments": ("References", "Reference"),
           "Prepayments": ("InvoiceNumbers", "InvoiceNumber")}


def _list(call, kind):
    parameter, field = FILTERS[kind.plural]
    wanted, rows = call.values(parameter), None
    if wanted is not None:
        rows = [row for row in kind.rows(call.org) if row[field] in wanted]
    plain = rows is None and call.since is None and "where" not in call.args
    rows, extra = query.select(call, kind.rows(call.org), rows, shown=plain,
                               extra_fields=_extra_fields)
    return {**extra, kind.plural: [
        render.credit(call.org, row, call.unit_places, lines=bool(extra)) for row in rows]}


def _extra_fields(row, path):
    if path == "RemainingCredit":
        return outstanding(row)
    raise KeyError(path)


def _get(call, kind, key):
    row = kind.rows(call.org).get(key)
    if row is None:
        raise NotFound
    return {kind.plural: [render.credit(call.org, row, call.unit_places, single=True)]}


def _routes(kind):
    return [("GET", f"/{kind.plural}", lambda call: _list(call, kind)),
            ("GET", f"/{kind.plural}/<{kind.id_field}>",
             lambda call, **ids: _get(call, kind, ids[kind.id_field]))]


ROUTES = _routes(OVERPAYMENT) + _routes(PREPAYMENT)
