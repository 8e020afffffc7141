"""What happens before uninstalling: Odoo removes our fields and texts; this is what they have left elsewhere."""

from .regions import ALL

HOSTS = ["hr.employee", "hr.leave", "hr.leave.type"]
# Models of the connector, the column that says what a row is about, in the order in which rows can go.
PLACES = (
    *(("xero.push.mode", "kind"), ("xero.approval.rule", "kind"), ("xero.validation.rule", "model")),
    *(("xero.approval", "model"), ("xero.batch.document", "model")),
    *((model, "dataset") for model in ("xero.schedule", "xero.request", "xero.exception", "xero.event", "xero.link")),
    *((model, "model") for model in ("xero.exception", "xero.event", "xero.link")),
    *(("xero.run", "batch_kind"), ("xero.run", "dataset"), ("xero.run", "model")),
)


def uninstall_hook(env):
    """Remove what is known of payroll, and what people saved with our fields in it.

    The connector stays: rows of a data set or a kind of documents that is gone would be in its way.
    """
    env = env(context={**env.context, "active_test": False})
    datasets = [env[name] for name in env.registry if env[name]._original_module == "xero_payroll"]
    kinds = {kind for dataset in datasets for kind in getattr(dataset, "_kinds", None) or ()}
    models = {model._name for model in datasets if not model._abstract} | {"hr.employee", "hr.leave"}
    values = {"dataset": ALL, "kind": kinds, "batch_kind": kinds, "model": models}
    for model, column in PLACES:
        env[model].search([(column, "in", list(values[column]))]).unlink()
    env["xero.connection"].search([]).payroll_access = False
    ours = ["|", "|"]
    ours += [(column, "like", r"xero\_") for column in ("domain", "context", "sort")]
    env["ir.filters"].search([("model_id", "in", HOSTS), *ours]).unlink()
    env["ir.filters"].search([("model_id", "in", list(models - {*HOSTS}))]).unlink()
    env["ir.exports.line"].search([("export_id.resource", "in", HOSTS), ("name", "like", r"xero\_")]).unlink()
