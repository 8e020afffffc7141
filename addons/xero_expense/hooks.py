"""What happens before uninstalling: Odoo removes our fields and texts; this is what they have left elsewhere."""

MODEL, KIND = "hr.expense", "expense"


def uninstall_hook(env):
    """Remove rows of our kind of documents, and what people saved with our fields in it.

    The bills stay linked. The connector knows receipts; what it does not know, entries, it leaves alone from now on.
    """
    env = env(context={**env.context, "active_test": False})
    env["xero.exception"].search([("code", "=like", r"expense\_%")]).unlink()
    links = env["xero.link"].search([("model", "=", "account.move"), ("dataset", "=", "invoice")])
    entries = env["account.move"].search([("id", "in", links.mapped("res_id")), ("move_type", "=", "entry")])
    links.filtered(lambda link: link.res_id in entries.ids).state = "excluded"
    for model in ("xero.push.mode", "xero.approval.rule"):
        env[model].search([("kind", "=", KIND)]).unlink()
    ours = ["|", "|"]
    ours += [(column, "like", r"xero\_") for column in ("domain", "context", "sort")]
    env["ir.filters"].search([("model_id", "=", MODEL), *ours]).unlink()
    lines = [("export_id.resource", "=", MODEL), ("name", "like", r"xero\_")]
    env["ir.exports.line"].search(lines).unlink()
