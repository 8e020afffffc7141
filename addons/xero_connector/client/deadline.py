"""An end for every exchange, whatever its other side sends, or does not send.

The time-outs of a socket begin anew with each byte: somebody who sends one every few seconds keeps a
worker for hours. So the connections of an exchange are cut from outside when its time is over.
"""

import contextlib
import socket
import ssl
import threading
from contextvars import ContextVar

import urllib3

_handles = ContextVar("xero_handles", default=None)


class _Handles:
    """Second handles on the sockets of one exchange: they work while TLS or a response own the first."""

    def __init__(self):
        self.expired, self._sockets = False, []

    def add(self, sock):
        self._sockets.append(sock.dup())
        if self.expired:
            self.cut()

    def cut(self):
        self.expired = True
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self):
        for sock in self._sockets:
            sock.close()


@contextlib.contextmanager
def deadline(seconds):
    """End the connections that are made within when they last longer than `seconds`."""
    handles = _Handles()
    before = _handles.set(handles)
    timer = threading.Timer(seconds, handles.cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        _handles.reset(before)
        handles.close()


class _Watched:
    def _new_conn(self):
        # EXTENDS urllib3: the one place where a socket is made
        sock = super()._new_conn()
        if handles := _handles.get():
            handles.add(sock)
        return sock


class _Connection(_Watched, urllib3.connection.HTTPConnection):
    pass


class _SecureConnection(_Watched, urllib3.connection.HTTPSConnection):
    def connect(self):
        # EXTENDS urllib3: while there is no secure connection, nothing of ours has left
        try:
            return super().connect()
        except (ssl.SSLError, ssl.CertificateError) as error:
            raise urllib3.exceptions.NewConnectionError(self, "no secure connection") from error


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS = {"http": _Pool, "https": _SecurePool}
