"""Set-up of everything that development, tests and the demo need, into build/: `make setup`.

Each step finds what is there, makes what is missing and says so in one line. Running it again costs seconds.
"""

import fcntl
import shlex
import subprocess

import house
import odoo_source
import postgres
import python_env
from house import BUILD, PYTHON, STATE, Missing, environment, save_state, say


def ensure_odoo():
    """Find Odoo 19 and put it on the environment's path."""
    folder, how = odoo_source.find(python_env.BASE_PYTHON)
    changed = python_env.link(folder)
    version = odoo_source.version(folder)
    beside = [str(path) for path in odoo_source.addons_paths(folder)]
    save_state(odoo={"folder": str(folder), "version": version}, addons_paths=beside)
    check = subprocess.run([PYTHON, "-c", "import odoo.cli"], capture_output=True, text=True, cwd="/")
    if check.returncode:
        raise Missing(f"Odoo in {folder} does not start: {check.stderr.strip().splitlines()[-1]}")
    say("odoo", f"{version} from {how}{'' if changed else ': nothing to do'}")


def ensure_template():
    """Make the template database; in the project's environment, which has psycopg2."""
    command = [PYTHON, "-c", "import house, database; house.main(database.ensure_template)"]
    code = subprocess.run(command, cwd=house.ROOT / "tools", env=environment()).returncode
    if code:
        raise SystemExit(code)


def write_shell_environment():
    """build/env.sh, for people who type psql, pytest or odoo by hand."""
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "XERO_OPENAPI")
    env = environment()
    lines = [f"export {name}={shlex.quote(env[name])}\n" for name in names if name in env]
    folders = [str(house.VENV / "bin"), *house.load_state().get("bin", [])]
    lines.append(f"export PATH={shlex.quote(':'.join(folders))}:$PATH\n")
    house.write_if_changed(BUILD / "env.sh", "".join(lines))


def setup():
    """All steps, in the order in which they build on each other."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "setup.lock").open("w") as lock:
        # Two at once would install into the same folders; the second then has nothing to do.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _steps()


def _steps():
    if not STATE.exists():
        say("setup", "first time: about 300 MB to download and 1 to 3 minutes; everything goes into build/")
    python_env.ensure()
    ensure_odoo()
    postgres.ensure()
    write_shell_environment()
    ensure_template()


if __name__ == "__main__":
    house.main(setup)
