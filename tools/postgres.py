"""PostgreSQL: the server that the environment names, else a private cluster in build/pg on a unix socket."""

import contextlib
import glob
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

import packages
from house import BUILD, ROOT, Missing, load_state, run, save_state, say

QUOTE = "'"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_LIMIT = 107  # bytes in sockaddr_un.sun_path, less the closing zero
# Test data may be lost with the power; waiting for the disk would only cost time.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "log_min_messages": "fatal",  # tests provoke errors on purpose
}


def ensure():
    """Make sure that a server answers and remember how to reach it in build/state.json."""
    named = from_environment(os.environ)
    # Our own cluster's address may be in the environment too, from build/env.sh.
    if named and named["PGHOST"] != str(_home()):
        save_state(postgres=named, bin=[])
        say("postgres", f"using the server that the environment names ({named['PGHOST']})")
        return
    bin_dir = find_binaries()
    if not bin_dir:
        packages.install("postgresql", "postgresql-client", why="PostgreSQL")
        bin_dir = find_binaries()
    if not bin_dir:
        raise Missing("PostgreSQL's initdb is not on this machine; install PostgreSQL's server package or set PGHOST.")
    user = unprivileged_user()
    home = choose_home(BUILD / "pg", user)
    data = home / f"data-{_major(bin_dir)}"
    if not (data / "PG_VERSION").exists():
        _initdb(bin_dir, data, user)
    running = server_pid(data)
    if not running:
        _start(bin_dir, home, data, user)
        _create_role(bin_dir, home)
    reach = {"PGHOST": str(home), "PGPORT": "5432", "PGUSER": "odoo"}
    save_state(postgres=reach, bin=[str(bin_dir)], pg_data=str(data))
    say("postgres", f"private cluster in {home}: {'running, nothing to do' if running else 'started'}")


def stop():
    """Stop the private cluster, if it runs; a server that the environment names is left alone."""
    data = _data()
    pid = server_pid(data)
    if not pid:
        return
    os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
    deadline = time.monotonic() + 30
    while server_pid(data) and time.monotonic() < deadline:
        time.sleep(0.1)
    say("postgres", f"stopped (process {pid})")


def remove():
    """Delete the cluster's folder where it lies outside build/."""
    if not _home().is_relative_to(BUILD):
        shutil.rmtree(_home(), ignore_errors=True)


def _data():
    """The private cluster's data folder, as set-up remembered it."""
    return Path(load_state().get("pg_data", BUILD / "pg" / "data"))


def _home():
    return _data().parent


def from_environment(environ):
    """libpq's variables from DATABASE_URL or PGHOST, or {} where neither is set."""
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
    url = environ.get("DATABASE_URL")
    if url:
        parts = urllib.parse.urlsplit(url)
        host = dict(urllib.parse.parse_qsl(parts.query)).get("host") or parts.hostname or "localhost"
        values = (host, str(parts.port or 5432), parts.username or "", urllib.parse.unquote(parts.password or ""))
        return {name: value for name, value in zip(names, values, strict=True) if value}
    if environ.get("PGHOST"):
        return {name: environ[name] for name in names if environ.get(name)}
    return {}


def find_binaries():
    """The folder of the newest installed PostgreSQL server programs, or None."""
    packaged = glob.glob("/usr/lib/postgresql/*/bin")
    candidates = sorted(packaged, key=lambda path: float(path.split("/")[4]), reverse=True)
    with contextlib.suppress(Missing):
        candidates.append(run("pg_config", "--bindir").strip())
    on_path = shutil.which("initdb")
    candidates += [os.path.dirname(os.path.realpath(on_path))] if on_path else []
    return next((Path(path) for path in candidates if {"initdb", "postgres", "pg_ctl"} <= set(_listed(path))), None)


def _listed(folder):
    return os.listdir(folder) if os.path.isdir(folder) else []


def _major(bin_dir):
    """The major version of the server programs, such as "15"."""
    return re.search(r"\d+", run(bin_dir / "postgres", "--version"))[0]


def unprivileged_user():
    """The account that runs the server: our own, or `postgres` or `nobody` when we are root, which it refuses."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Missing("PostgreSQL does not run as root; add an account for it: useradd --system postgres")


def choose_home(wanted, user, temporary=None):
    """A folder of that user's for data and socket: the wanted one, or a private one in the temporary directory.

    The wanted one will not do where its path is too long for a socket or closed to the user.
    """
    if len(os.fsencode(wanted / SOCKET_NAME)) <= SOCKET_LIMIT and _make_home(wanted, user):
        return wanted
    key = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]
    home = Path(temporary or tempfile.gettempdir()) / f"xero-connector-{key}"
    if not _make_home(home, user):
        raise Missing(f"{home} belongs to somebody else or is closed to {user.pw_name}; remove it or set TMPDIR.")
    return home


def _make_home(home, user):
    """Create a folder with mode 0700 for the user; False where it is somebody else's or cannot be reached by them."""
    try:
        home.mkdir(mode=0o700, parents=home.is_relative_to(BUILD), exist_ok=True)
        if home.is_symlink() or home.stat().st_uid not in (user.pw_uid, os.geteuid()):
            return False
        if os.geteuid() == 0:
            os.chown(home, user.pw_uid, user.pw_gid)
        home.chmod(0o700)
    except PermissionError:
        return False
    reached = subprocess.run(["test", "-w", str(home)], cwd="/", **_as(user)).returncode == 0
    if not reached:
        with contextlib.suppress(OSError):
            home.rmdir()
    return reached


def _as(user):
    """subprocess arguments that run a command as that user."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}


def _initdb(bin_dir, data, user):
    locale = ("--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8")
    run(bin_dir / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", *locale, cwd="/", **_as(user))


def _start(bin_dir, home, data, user):
    # Written anew each time, as the folder may have been moved with the clone.
    settings = {**SETTINGS, "unix_socket_directories": home, "unix_socket_permissions": "0700"}
    lines = [f"{name} = '{str(value).replace(QUOTE, QUOTE * 2)}'\n" for name, value in settings.items()]
    conf = data / "postgresql.conf"
    conf.write_text("".join(lines))
    conf.chmod(0o644)
    log = home / "server.log"
    try:
        # No pipe for the output: the server would keep it open for as long as it runs.
        command = (bin_dir / "pg_ctl", "start", "-w", "-D", data, "-l", log)
        run(*command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_as(user))
    except Missing:
        said = log.read_text()[-800:] if log.exists() else "nothing"
        raise Missing(f"PostgreSQL did not start; {log} says:\n{said}") from None


def _create_role(bin_dir, home):
    statement = (
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'odoo') "
        "THEN CREATE ROLE odoo LOGIN CREATEDB; END IF; END $$"
    )
    run(bin_dir / "psql", "-h", home, "-U", "postgres", "-d", "postgres", "-q", "-c", statement)


def server_pid(data):
    """The process id of the server on a data folder, or None where none runs."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        # The file stays behind after a crash, and its number may be another program's by now.
        return pid if b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes() else None
    except (OSError, ValueError, IndexError):
        return None
