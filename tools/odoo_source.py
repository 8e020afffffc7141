"""Finding Odoo 19: importable, named by ODOO_SRC, Debian's package, or a clone of the 19.0 branch."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import packages
from house import BUILD, Missing, run, say

SERIES = (19, 0)
PACKAGED = BUILD / "odoo"
CLONE = BUILD / "odoo-src"
UPSTREAM = "https://github.com/odoo/odoo.git"
DEBS = (
    "odoo-19 fonts-roboto-unhinted fonts-montserrat fonts-ocr-b fonts-inconsolata "
    "libjs-jquery libjs-jquery-form libjs-underscore"
).split()
CURE = "set ODOO_SRC to a folder with the source of Odoo 19.0 and run again."


def find(python):
    """The folder that holds Odoo 19's package `odoo`, by the first way that works.

    :param python: the Python that started set-up; asked for an importable Odoo
    :return: (folder, how it was found)
    """
    for way in (_importable, _named, _packaged, _cloned):
        folder, how = way(python)
        if folder:
            _add_missing_assets(folder)
            return folder, how
    raise Missing(f"Odoo 19 was not found and could not be fetched; {CURE}")


def version(folder):
    """The version text of the Odoo in a folder, such as "19.0", or "" where there is none."""
    release = Path(folder) / "odoo" / "release.py"
    if not release.exists():
        return ""
    match = re.search(r"^version_info = \(([^)]*)\)", release.read_text(), re.M)
    return ".".join(part.strip(" '\"") for part in match[1].split(",")[:2]) if match else ""


def is_right(folder):
    """Whether a folder holds Odoo of our series."""
    return version(folder) == ".".join(map(str, SERIES))


def _importable(python):
    code = "from importlib.util import find_spec; print(find_spec('odoo.release').origin)"
    # From "/" so that a folder named odoo under the current one is not taken for it.
    answer = subprocess.run([python, "-c", code], capture_output=True, text=True, cwd="/")
    folder = Path(answer.stdout.strip()).parents[1] if answer.returncode == 0 else None
    if folder and is_right(folder):
        return folder, "importable"
    return None, ""


def _named(python):
    named = os.environ.get("ODOO_SRC")
    if not named:
        return None, ""
    folder = Path(named).expanduser().resolve()
    if not is_right(folder):
        found = version(folder)
        says = f"holds Odoo {found}" if found else "does not hold Odoo (no odoo/release.py)"
        raise Missing(f"ODOO_SRC={named} {says}; point it to the source of Odoo 19.0.")
    return folder, "ODOO_SRC"


def _packaged(python):
    folder = PACKAGED / "usr" / "lib" / "python3" / "dist-packages"
    if (PACKAGED / "complete").exists() and is_right(folder):
        return folder, "Debian's package"
    mirror = packages.debian_mirror() if packages.is_debian() and shutil.which("apt-get") else None
    if not mirror:
        return None, ""
    say("odoo", "fetching Debian's package odoo-19 (123 MB, 1.2 GB unpacked; about half a minute)")
    try:
        _fetch_debs(mirror)
    except Missing as problem:
        say("odoo", f"Debian's package is not to be had ({problem.reason})")
        return None, ""
    return folder, "Debian's package"


def _fetch_debs(mirror):
    """Download and unpack the packages with a private apt state; the system's apt is left as it is."""
    apt = BUILD / "apt"
    cache = apt / "cache"
    for part in (apt / "lists" / "partial", cache / "archives" / "partial"):
        part.mkdir(parents=True, exist_ok=True)
    options = f"[signed-by={mirror.signed_by}] " if mirror.signed_by else ""
    (apt / "sources.list").write_text(f"deb {options}{mirror.uri} sid main\n")
    # The sandbox user of apt may not enter our folders; it exists only for root anyway.
    sandbox = 'APT::Sandbox::User "root";\n' if os.geteuid() == 0 else ""
    (apt / "apt.conf").write_text(
        f'Dir::State::lists "{apt}/lists";\nDir::Cache "{cache}";\n'
        f'Dir::Etc::sourcelist "{apt}/sources.list";\nDir::Etc::sourceparts "-";\n'
        f'Acquire::Languages "none";\n{sandbox}'
    )
    apt_get = ("apt-get", "-c", apt / "apt.conf")
    run(*apt_get, "update")
    for old in cache.glob("*.deb"):
        old.unlink()
    run(*apt_get, "download", *DEBS, cwd=cache)
    shutil.rmtree(PACKAGED, ignore_errors=True)
    for deb in sorted(cache.glob("*.deb")):
        run("dpkg-deb", "-x", deb, PACKAGED)
        deb.unlink()
    # Without static files and views: Odoo would take this tree for the real one.
    shutil.rmtree(PACKAGED / "usr/lib/python3/dist-packages/addons", ignore_errors=True)
    (PACKAGED / "complete").touch()


def _cloned(python):
    if is_right(CLONE):
        return CLONE, "clone of branch 19.0"
    if not shutil.which("git"):
        return None, ""
    say("odoo", "cloning branch 19.0 of Odoo's repository (about 400 MB; some minutes)")
    shutil.rmtree(CLONE, ignore_errors=True)
    try:
        run("git", "clone", "--quiet", "--depth=1", "--branch=19.0", UPSTREAM, CLONE)
    except Missing as problem:
        say("odoo", f"the clone failed ({problem.reason})")
        shutil.rmtree(CLONE, ignore_errors=True)
        return None, ""
    return CLONE, "clone of branch 19.0"


def _add_missing_assets(folder):
    """Debian drops this library; without a file in its place every page of the backend logs an error."""
    stub = folder / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if folder.is_relative_to(BUILD) and (folder / "odoo/addons/mail").is_dir() and not stub.exists():
        stub.parent.mkdir(parents=True)
        stub.write_text("// not part of Debian's package; only the blurred background of video calls needs it\n")


def addons_paths(folder):
    """Odoo's own add-on folders that it does not find by itself."""
    beside = folder / "addons"
    return [beside] if (beside / "account" / "__manifest__.py").exists() else []
