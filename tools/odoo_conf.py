"""Odoo configuration files for the processes that the tools start, written into build/conf."""

from house import BUILD, DATA_DIR, ROOT, load_state

CONF = BUILD / "conf"
ADDONS = ROOT / "addons"


def write_conf(name, **options):
    """Write build/conf/NAME.conf and return its path.

    Holds where PostgreSQL listens, the add-ons and the data folder; `options` are Odoo's own and win.
    """
    CONF.mkdir(parents=True, exist_ok=True)
    path = CONF / f"{name}.conf"
    settings = {
        **_database(),
        "addons_path": ",".join(str(folder) for folder in addons_paths()),
        "data_dir": DATA_DIR,
        "admin_passwd": "admin",
        "with_demo": False,
        "list_db": False,
        "http_interface": "127.0.0.1",
        **options,
    }
    lines = [f"{key} = {value}" for key, value in settings.items() if value != ""]
    # A percent sign would start an interpolation.
    path.write_text("[options]\n" + "\n".join(lines).replace("%", "%%") + "\n")
    path.chmod(0o600)
    return path


def addons_paths():
    """Our add-ons first, then those of Odoo that it does not find by itself."""
    ours = [ADDONS] if any(ADDONS.glob("*/__manifest__.py")) else []
    return ours + load_state().get("addons_paths", [])


def _database():
    names = {"PGHOST": "db_host", "PGPORT": "db_port", "PGUSER": "db_user", "PGPASSWORD": "db_password"}
    return {names[key]: value for key, value in load_state().get("postgres", {}).items()}
