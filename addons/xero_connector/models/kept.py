"""Fields that the server keeps."""

from odoo.exceptions import AccessError


def check_kept_by_server(records, vals, module):
    """Readonly fields are no decoration here: nobody writes those that are stored from outside.

    :param module: add-on whose fields are meant
    :raises AccessError: somebody writes one
    """
    kept = (records._fields[name] for name in vals if name in records._fields)
    kept = [f.name for f in kept if f.readonly and f.store and module in f._modules]
    if kept and not records.env.su:
        raise AccessError(records.env._("Only the server writes %s.", ", ".join(kept)))
