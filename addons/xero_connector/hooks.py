"""What happens before uninstalling: Odoo removes what has an external id of ours, and our models; this is the rest."""


def uninstall_hook(env):
    """Remove our system parameters, and what people saved with our fields in it."""
    env = env(context={**env.context, "active_test": False})
    env["ir.config_parameter"].search([("key", "=like", r"xero\_connector.%")]).unlink()
    # A favourite with a field that is gone would keep the list of invoices from opening.
    ours = ["|", "|", "|", ("model_id", "=like", "xero.%")]
    ours += [(column, "like", r"xero\_") for column in ("domain", "context", "sort")]
    env["ir.filters"].search(ours).unlink()
    env["ir.exports"].search([("resource", "=like", "xero.%")]).unlink()
    env["ir.exports.line"].search([("name", "like", r"xero\_")]).unlink()
