"""TLS: whom we talk to is checked before anything leaves, and a failure after that is an unknown outcome."""

import socket
import ssl
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from odoo.tests import BaseCase, tagged

from ..client import XeroApi, errors


def self_signed(folder):
    """Paths of a certificate for localhost that nobody has signed, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = Path(folder) / "certificate.pem", Path(folder) / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain),
    )
    return paths


class SecureServer:
    """Answers one connection after the other over TLS, and keeps what it was told."""

    def __init__(self):
        self.heard, self.folder = [], TemporaryDirectory()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certificate, key = self_signed(self.folder.name)
        context.load_cert_chain(self.certificate, key)
        self._context, self._listening = context, socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                plain, _address = self._listening.accept()
            except OSError:
                return
            try:
                with self._context.wrap_socket(plain, server_side=True) as secure:
                    self.heard.append(secure.recv(65536))
                    secure.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"Invoices": []}')
            except OSError:
                plain.close()

    def stop(self):
        self._listening.close()
        self.folder.cleanup()


@tagged("post_install", "-at_install")
class TestSecureConnection(BaseCase):
    def setUp(self):
        super().setUp()
        self.server = SecureServer()
        self.addCleanup(self.server.stop)

    def send(self):
        """What comes of a write; the error instead of raising it."""
        try:
            return XeroApi(self.server.url, "token", "tenant").send("PUT", "/Invoices", b"{}", "key")
        except errors.XeroError as error:
            return error

    def test_who_cannot_prove_to_be_xero_is_told_nothing(self):
        outcome = self.send()
        self.assertIsInstance(outcome, errors.Offline)
        self.assertFalse(outcome.may_have_written)
        self.assertEqual([data for data in self.server.heard if data], [], "not a byte of ours")

    def test_tls_that_breaks_while_the_answer_is_read(self):
        # Xero may have written it: nobody sends it again under another key
        with (
            patch("urllib3.util.ssl_.create_urllib3_context", self.trusting),
            patch("urllib3.connection.create_urllib3_context", self.trusting),
            patch.object(urllib3.HTTPResponse, "read", side_effect=urllib3.exceptions.SSLError("bad record mac")),
        ):
            outcome = self.send()
        self.assertTrue(self.server.heard, "the call has left")
        self.assertIsInstance(outcome, errors.OutcomeUnknown)
        self.assertTrue(outcome.may_have_written)

    def test_tls_that_breaks_before_the_answer_begins(self):
        with (
            patch("urllib3.connection.create_urllib3_context", self.trusting),
            patch.object(
                urllib3.connection.HTTPSConnection, "getresponse", side_effect=ssl.SSLError("decryption failed")
            ),
        ):
            outcome = self.send()
        self.assertIsInstance(outcome, errors.OutcomeUnknown)

    def trusting(self, *_arguments, **_options):
        """A context that takes the server's certificate for a good one."""
        return ssl.create_default_context(cafile=str(self.server.certificate))
