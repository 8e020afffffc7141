"""The HTTP server: threads, keep-alive, loopback only."""

import ipaddress
import socket

from werkzeug.serving import WSGIRequestHandler, make_server

from .app import Application


class Handler(WSGIRequestHandler):
    """Keep-alive and no access log on the console."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        """Answers leave at once: small writes must not wait for an acknowledgement."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)

    def log_request(self, code="-", size="-"):
        """The sandbox keeps its own log."""


def serve(sandbox, host="localhost", port=8100):
    """A server, not yet running; port 0 takes any free port.

    :raises ValueError: when ``host`` is not an address of this machine only.
    """
    address = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)[0][4][0]
    if not ipaddress.ip_address(address).is_loopback:
        raise ValueError(f"The sandbox only listens on this machine, not on {host}.")
    server = make_server(address, port, Application(sandbox), threaded=True,
                         request_handler=Handler)
    server.daemon_threads = True
    return server
