"""What happens before uninstalling: Odoo removes our fields and texts; this is what they have left elsewhere."""

MODEL, DATASET = "purchase.order", "purchase_order"


def uninstall_hook(env):
    """Remove what is known of purchase orders, and what people saved with our fields in it.

    The connector stays: rows of a data set or of a model that is gone would be in its way.
    """
    env = env(context={**env.context, "active_test": False})
    env["xero.schedule"].search([("dataset", "=", DATASET)]).unlink()
    env["xero.request"].search([("dataset", "=", DATASET)]).unlink()
    files = env["xero.link"].search([("dataset", "=", "attachment"), ("part", "=like", f"{MODEL},%")])
    env["xero.exception"].search([("link_id", "in", files.ids)]).unlink()
    files.unlink()
    for model in ("xero.exception", "xero.event", "xero.link", "xero.run"):
        env[model].search([("model", "=", MODEL)]).unlink()
    ours = ["|", "|"]
    ours += [(column, "like", r"xero\_") for column in ("domain", "context", "sort")]
    env["ir.filters"].search([("model_id", "=", MODEL), *ours]).unlink()
    lines = [("export_id.resource", "=", MODEL), ("name", "like", r"xero\_")]
    env["ir.exports.line"].search(lines).unlink()
