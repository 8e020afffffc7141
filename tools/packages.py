"""Debian and Ubuntu packages: installing them where root or sudo allows it, and reading apt's own sources."""

import functools
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from house import Missing, run, say

APT = Path("/etc/apt")
OS_RELEASE = Path("/etc/os-release")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class Source(NamedTuple):
    """One package archive that this machine's apt uses."""

    uri: str
    suites: tuple
    components: tuple
    signed_by: str  # "" when the machine relies on apt's trusted keys


def install(*names, why):
    """Install packages, saying so first; `Missing` with the command to type where we may not."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if not shutil.which("apt-get"):
        raise Missing(f"{why} is missing; install {' '.join(names)} with this machine's package manager.")
    if os.geteuid() and not _sudo_without_password():
        raise Missing(f"{why} is missing; type: sudo {' '.join(command)}")
    prefix = ["sudo", "-n"] if os.geteuid() else []
    say("packages", f"{why} is missing: installing {' '.join(names)} with apt-get")
    _refresh_index(tuple(prefix))
    run(*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *command)


@functools.lru_cache
def _refresh_index(prefix):
    """Update apt's index once per run; a machine that is set up offline may have all it needs without."""
    try:
        run(*prefix, "apt-get", "update")
    except Missing as problem:
        say("packages", f"apt-get update failed, going on with the index that is there ({problem.reason})")


def _sudo_without_password():
    return bool(shutil.which("sudo")) and not subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode


def is_debian(release=OS_RELEASE):
    """Whether this is Debian itself (Ubuntu has no sid)."""
    return release.exists() and bool(re.search(r"^ID=\"?debian\"?$", release.read_text(), re.M))


def read_sources(folder=APT):
    """The archives of this machine's apt configuration, from one-line and deb822 files."""
    parts = folder / "sources.list.d"
    one_line = [folder / "sources.list", *sorted(parts.glob("*.list"))]
    found = [source for path in one_line if path.exists() for source in _one_line(path.read_text())]
    found += [source for path in sorted(parts.glob("*.sources")) for source in _deb822(path.read_text())]
    return found


def _one_line(text):
    """`deb [options] uri suite component ...`, a line each."""
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[(?P<options>[^]]*)\]\s*)?(?P<rest>[^#]+)", line)
        if not match:
            continue
        uri, *words = match["rest"].split()
        signed = re.search(r"signed-by=(\S+)", match["options"] or "")
        if words:
            yield Source(uri, (words[0],), tuple(words[1:]), signed[1] if signed else "")


def _deb822(text):
    """Stanzas of `Field: value`, continued on indented lines; comments stand between fields."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for stanza in re.split(r"\n\s*\n", "\n".join(lines)):
        fields = {}
        for name, value in re.findall(r"^([\w-]+):((?:.*)(?:\n[ \t]+.*)*)", stanza, re.M):
            fields[name.lower()] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        signed_by = fields.get("signed-by", "")
        if not signed_by.startswith("/"):
            signed_by = ""  # a key written into the stanza: apt's trusted keys serve as well
        for uri in fields.get("uris", "").split():
            suites, components = (tuple(fields.get(name, "").split()) for name in ("suites", "components"))
            yield Source(uri, suites, components, signed_by)


def debian_mirror(folder=APT, release=OS_RELEASE):
    """The source from which this machine takes Debian's main archive, or None."""
    codename = re.search(r"^VERSION_CODENAME=(\S+)", release.read_text(), re.M) if release.exists() else None
    suites = {"stable", "oldstable", "testing", "unstable", "sid", codename[1] if codename else ""}
    sources = read_sources(folder)
    candidates = [source for source in sources if "main" in source.components and suites & set(source.suites)]
    # Other archives use the same suite names; Debian's own says so in its address or by its key.
    candidates.sort(key=lambda source: "debian" not in source.uri + source.signed_by)
    if not candidates:
        return None
    best = candidates[0]
    keyring = best.signed_by or (str(KEYRING) if KEYRING.exists() else "")
    return best._replace(uri=_resolve(best.uri), signed_by=keyring)


def _resolve(uri):
    """The first entry of a mirror list on this machine (`mirror+file:/...`), else the address itself."""
    match = re.match(r"mirror\+file:(.*)", uri)
    if not match:
        return uri
    path = Path("/" + match[1].lstrip("/"))
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split()[0] for line in lines if line.strip() and not line.startswith("#")), uri)
