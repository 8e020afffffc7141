"""Server processes that end with their parent: started in a group of their own, logged, awaited, stopped by pid."""

import atexit
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.request

from house import LOG, ROOT, Missing, environment

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


class Process:
    """One server process, usable as a context manager.

    :param name: names the log, build/log/NAME.log
    :param command: the command line
    :param health: address that answers 200 once the server is ready
    :param env: environment variables on top of the project's
    """

    def __init__(self, name, command, health, env=None):
        self.log = LOG / f"{name}.log"
        self._name, self._command, self._health, self._env = name, command, health, env or {}
        self._process = None

    @property
    def pid(self):
        """The process id, also that of its group, or None while it does not run."""
        return self._process.pid if self._process else None

    def start(self, timeout=60):
        """Start it and wait until it answers."""
        LOG.mkdir(parents=True, exist_ok=True)
        with self.log.open("a") as output:
            self._process = subprocess.Popen(
                [str(part) for part in self._command],
                cwd=ROOT,
                env={**environment(), **self._env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is ours to pass on; the group is stopped as one
                preexec_fn=_die_with_parent,
            )
        atexit.register(self.stop)
        self._wait(timeout)
        return self

    def stop(self, timeout=15):
        """Ask the whole group to end, then make it."""
        atexit.unregister(self.stop)
        if not self._process:
            return
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout)
        self.kill()

    def kill(self):
        """End the whole group at once, as a power cut would."""
        if self._process:
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def is_running(self):
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def tail(self, lines=15):
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def __enter__(self):
        return self if self._process else self.start()

    def __exit__(self, *error):
        self.stop()

    def _signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _wait(self, timeout):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                code = self._process.returncode
                raise Missing(f"{self._name} ended with code {code}; {self.log} says:\n{self.tail()}")
            with contextlib.suppress(OSError), urllib.request.urlopen(self._health, timeout=5) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.1)
        self.stop()
        raise Missing(f"{self._name} did not answer within {timeout} s; {self.log} says:\n{self.tail()}")


def _die_with_parent():
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def free_ports(count):
    """Different ports of the loopback interface that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
