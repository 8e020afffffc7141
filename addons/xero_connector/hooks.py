"""What happens after uninstalling."""


def uninstall_hook(env):
    """Remove the background workers: they are rows of another module's table."""
    workers = env["ir.cron"].with_context(active_test=False).search([("code", "=like", "model.browse(%)._cron_work()")])
    workers.unlink()
