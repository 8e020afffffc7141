"""Reference data: unpaged lists that become pick-lists in Odoo."""

from odoo import api, models

ACTIVE = "ACTIVE"
STATUSES = (ACTIVE, "ARCHIVED", "DELETED", "PENDING", "REJECTED")


class XeroDatasetReference(models.AbstractModel):
    """A list of Xero's that is kept as rows of one model per connection."""

    _name = "xero.dataset.reference"
    _inherit = "xero.dataset"
    _description = "Xero Reference Data Set"

    _whole = True
    _store_key = "xero_id"  # field that identifies a row
    _gone_status = "DELETED"

    @api.model
    def _prepare_vals(self, item):
        """Row values from an element of the list; ``None`` where it says nothing that can be read."""
        raise NotImplementedError

    @api.model
    def _store(self, items):
        """Create and update rows from a whole list; rows that Xero no longer lists are archived.

        :param items: elements as Xero sent them
        :return: counts by what was done
        """
        connection = self._connection
        model = self.env[self._odoo_model].with_context(active_test=False)
        rows = {_plain(row[self._store_key]): row for row in model.search(self._row_domain())}
        to_create, counts = [], {"created": 0, "updated": 0, "unchanged": 0}
        for item in items:
            vals = {**self._defaults(), **self._prepare_vals(item)}
            # What cannot be read is no news of a row; of a new one there is no name but its id then.
            vals = {name: value for name, value in vals.items() if value is not None}
            row = rows.pop(vals[self._store_key], None)
            if row is None:
                new = {"name": vals[self._store_key]} if "name" in model._fields else {}
                to_create.append({**new, **vals, "connection_id": connection.id, "tenant_id": connection.tenant_id})
                counts["created"] += 1
            elif changed := self._changed(row, vals):
                row.write(changed)
                counts["updated"] += 1
            else:
                counts["unchanged"] += 1
        model.create(to_create)
        gone = model.browse([row.id for row in rows.values() if "active" not in model._fields or row.active])
        counts["updated"] += len(gone)
        self._put_aside(gone)
        return counts

    @api.model
    def _defaults(self):
        """Row values of what is listed, whatever the element says."""
        return {"active": True}

    @api.model
    def _row_domain(self):
        """The rows that a list speaks of."""
        connection = self._connection
        return [("connection_id", "=", connection.id), ("tenant_id", "=", connection.tenant_id)]

    @api.model
    def _put_aside(self, gone):
        """Rows that Xero no longer lists."""
        vals = {"active": False}
        if "status" in gone._fields:
            vals["status"] = self._gone_status
        gone.write(vals)

    @api.model
    def _changed(self, row, vals):
        """Those of `vals` that differ from `row`; writing what is there already costs a query."""
        return {name: value for name, value in vals.items() if _plain(row[name]) != value}


def told(item, name, known=()):
    """Text of an element: ``False`` when it has none, ``None`` when it cannot be read, which is no news.

    :param known: the values that are meant, when they are a closed list
    """
    value = item.get(name, False)
    if value is None or value and known and value not in known:
        return None
    return value or False


def told_status(item):
    """Status of an element, active when it has none; ``None`` when it cannot be read."""
    status = told(item, "Status", STATUSES)
    return ACTIVE if status is False else status


def _plain(value):
    """A value as it is written: the id of a record."""
    return value.id if isinstance(value, models.BaseModel) else value
