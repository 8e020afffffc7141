"""The HTTP server: threads, keep-alive, loopback only."""

import contextlib
import ipaddress
import os
import socket

from werkzeug.serving import WSGIRequestHandler, make_server

from .app import Application
from .faults import DROP, TRUNCATE


class Handler(WSGIRequestHandler):
    """Real keep-alive, which Werkzeug's own handler refuses, and no access log.

    It relies on the application to read every request body and to answer with bytes.
    """

    protocol_version = "HTTP/1.1"
    timeout = 120  # seconds that an idle connection may stay open

    def setup(self):
        """Answers leave at once: small writes must not wait for an acknowledgement."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.server.open_connections.add(self.connection)

    def finish(self):
        """The connection is over."""
        self.server.open_connections.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def run_wsgi(self):
        """Answer one request and keep the connection for the next."""
        if self.headers.get("Expect", "").lower().strip() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        environ, head = self.make_environ(), []
        body = b"".join(self.server.app(environ, lambda *start: head.append(start)))
        if environ.get(DROP):
            self.close_connection = True
            return
        status, headers = head[0][:2]
        code, _space, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if code != "204":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if environ.get(TRUNCATE):
            self.close_connection = True
            body = body[:len(body) // 2]
        if self.command != "HEAD":
            self.wfile.write(body)

    def date_time_string(self, timestamp=None):
        """The Date header says what time it is in this Xero."""
        return super().date_time_string(timestamp or self.server.app.sandbox.clock.now())

    def log_request(self, code="-", size="-"):
        """The sandbox keeps its own log."""


def serve(sandbox, host="localhost", port=8100):
    """A server, not yet running; port 0 takes any free port.

    Inside a container any host is fine: its own ports are closed until they are published.

    :raises ValueError: when ``host`` is not an address of this machine only.
    """
    address = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)[0][4][0]
    if not ipaddress.ip_address(address).is_loopback and not in_container():
        raise ValueError(f"The sandbox only listens on this machine, not on {host}.")
    server = make_server(address, port, Application(sandbox), threaded=True,
                         request_handler=Handler)
    server.daemon_threads = True
    server.open_connections = set()
    return server


def in_container():
    """Whether this process runs inside a Docker or Podman container."""
    return any(map(os.path.exists, ("/.dockerenv", "/run/.containerenv")))


def close(server):
    """Free the port and end the connections that clients still hold open."""
    server.server_close()
    for connection in list(server.open_connections):
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
