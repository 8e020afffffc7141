"""What happens before uninstalling: Odoo removes our fields; this is what people saved with them."""

MODEL = "sale.order"


def uninstall_hook(env):
    """Remove favourites and exports with our fields in them; the invoices stay linked."""
    env = env(context={**env.context, "active_test": False})
    ours = ["|", "|"]
    ours += [(column, "like", r"xero\_") for column in ("domain", "context", "sort")]
    env["ir.filters"].search([("model_id", "=", MODEL), *ours]).unlink()
    lines = [("export_id.resource", "=", MODEL), ("name", "like", r"xero\_")]
    env["ir.exports.line"].search(lines).unlink()
