"""Checks that no file of ours names a place of one machine: a home folder, its package mirrors, its name."""

import os
import re
import socket
import subprocess
import urllib.parse

import packages

HOME_FOLDER = re.compile(r"(?<![\w.$}-])/(?:root|home|work|Users)/[\w.]")


def faults(root):
    """Lines that would be wrong elsewhere, one sentence each."""
    hosts = registry_hosts()
    for name in _our_files(root):
        try:
            text = (root / name).read_text()
        except (UnicodeDecodeError, OSError):
            continue  # a picture, or deleted and not committed yet
        for number, line in enumerate(text.splitlines(), 1):
            if HOME_FOLDER.search(line):
                yield f"{name}:{number} names a folder of one machine: {line.strip()[:80]}"
            yield from (f"{name}:{number} names the host {host}" for host in hosts if host in line)


def registry_hosts():
    """The hosts from which this machine's own configuration takes packages, and the machine's name."""
    pip = subprocess.run(["pip", "config", "list"], capture_output=True, text=True).stdout if _has_pip() else ""
    clients = ("PIP_", "UV_", "NPM_CONFIG_", "npm_config_")
    variables = [value for name, value in os.environ.items() if name.startswith(clients)]
    addresses = [source.uri for source in packages.read_sources()]
    addresses += re.findall(r"https?://[^\s'\"]+", " ".join([pip, *variables]))
    hosts = {urllib.parse.urlsplit(address).hostname for address in addresses}
    name = socket.gethostname()
    return sorted({host for host in hosts if host} | ({name} if "-" in name or "." in name else set()))


def _has_pip():
    return any(os.access(os.path.join(folder, "pip"), os.X_OK) for folder in os.get_exec_path())


def _our_files(root):
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=root, capture_output=True, text=True)
    return [name for name in listing.stdout.split("\0") if name]
