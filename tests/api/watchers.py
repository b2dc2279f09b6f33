"""What stands outside and listens in the tests of watching: a collector of traces, a webhook, a mail server."""

import datetime
import hashlib
import hmac
import ipaddress
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from client import Server  # noqa: F401  (makes the next import possible)
from server import free_port


def await_(condition, what: str, seconds: float = 60):
    """What `condition` gives once it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what}: not in {seconds} s")


class Listener:
    """Takes posts, and answers the first `refusals` of them with 503."""

    def __init__(self, refusals: int = 0) -> None:
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        self.refusals = refusals
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Transfer-Encoding") == "chunked":
                    body = b""
                    while size := int(self.rfile.readline(), 16):
                        body += self.rfile.read(size)
                        self.rfile.readline()
                    self.rfile.readline()
                outer.posts.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                refused = len(outer.posts) <= outer.refusals
                self.send_response(503 if refused else 200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()

    def json(self) -> list[dict]:
        return [json.loads(body) for _, _, body in list(self.posts)]

    def is_signed(self, index: int, secret: bytes) -> bool:
        _, headers, body = self.posts[index]
        signed = headers["x-lightbox-timestamp"].encode() + b"." + body
        expected = "sha256=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest(headers["x-lightbox-signature"], expected)

    def spans(self) -> list[dict]:
        """All spans, as a collector reads them; raises for what isn't OTLP."""
        spans = []
        for path, headers, body in list(self.posts):
            assert path == "/v1/traces" and headers["content-type"] == "application/json", (path, headers)
            for resource in json.loads(body)["resourceSpans"]:
                names = {item["key"]: item["value"]["stringValue"] for item in resource["resource"]["attributes"]}
                assert names["service.name"] == "lightbox" and names["service.version"], names
                for scope in resource["scopeSpans"]:
                    for span in scope["spans"]:
                        assert len(bytes.fromhex(span["traceId"])) == 16 and len(bytes.fromhex(span["spanId"])) == 8, span
                        assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]), span
                        assert span["kind"] in range(1, 6) and span["status"]["code"] in (0, 1, 2), span
                        spans.append(span)
        return spans


def certificate(folder: Path, days: int = 90) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "certificate.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return files


class MailServer:
    """A real mail server on loopback that speaks nothing but STARTTLS, and asks for a password."""

    user, password = "lightbox", "correct horse"

    def __init__(self, certificate: Path, key: Path) -> None:
        self.mails: list = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        outer = self

        class Handler:
            async def handle_DATA(self, server, session, envelope):
                outer.mails.append(envelope)
                return "250 taken"

        def authenticate(server, session, envelope, mechanism, data):
            from aiosmtpd.smtp import AuthResult
            return AuthResult(success=(data.login, data.password) == (outer.user.encode(), outer.password.encode()))

        self.controller = Controller(
            Handler(), hostname="127.0.0.1", port=free_port(), ready_timeout=60, tls_context=context, require_starttls=True,
            authenticator=authenticate, auth_required=True)

    def __enter__(self):
        self.controller.start()
        self.port = self.controller.port
        return self

    def __exit__(self, *_):
        self.controller.stop(no_assert=True)
