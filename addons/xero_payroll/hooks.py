"""What happens before uninstalling: Odoo removes our fields and texts; this is what they have left elsewhere."""

from .regions import ALL


def uninstall_hook(env):
    """Remove what is known of payroll, and what people saved with our fields in it.

    The connector stays: rows of a data set that is gone would be in its way.
    """
    env = env(context={**env.context, "active_test": False})
    links = env["xero.link"].search([("dataset", "in", ALL)])
    models = {*links.mapped("model"), "hr.employee", "hr.leave", "xero.pay.run", "xero.timesheet"}
    for model in ("xero.schedule", "xero.request", "xero.exception", "xero.event", "xero.run"):
        env[model].search([("dataset", "in", ALL)]).unlink()
    links.unlink()
    for model in ("xero.exception", "xero.event", "xero.run"):
        env[model].search([("model", "in", list(models))]).unlink()
    env["xero.connection"].search([]).payroll_access = False
    ours = ["|", "|"]
    ours += [(column, "like", r"xero\_") for column in ("domain", "context", "sort")]
    hosts = ["hr.employee", "hr.leave", "hr.leave.type"]
    env["ir.filters"].search([("model_id", "in", hosts), *ours]).unlink()
    env["ir.exports.line"].search([("export_id.resource", "in", hosts), ("name", "like", r"xero\_")]).unlink()
