"""Servers for what needs no analysis, with and without built-in TLS, and certificates that are made here."""

import http.client
import ssl
import subprocess
from pathlib import Path

from client import Client, Server, free_port


def make_certificate(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    """A new self-signed one, for this machine only."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-keyout", str(key), "-out", str(chain), "-subj", f"/CN={name}",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )
    return chain, key


class LiveServer(Server):
    """Is waited for until it answers, not until it can analyse."""

    def __init__(self, name: str, **settings: str) -> None:
        super().__init__(name, **{"LIGHTBOX_WORKER_COUNT": "1", **settings})

    def is_ready(self) -> bool:
        try:
            return self.get("/health/live")[0] == 200
        except OSError:
            return False


class TLSServer(Server):
    def __init__(self, name: str, **settings: str) -> None:
        super().__init__(name, **{"LIGHTBOX_WORKER_COUNT": "1", **settings})
        self.certificates = Path(self.folder.name) / "tls"
        self.certificates.mkdir()
        self.chain, self.key = make_certificate(self.certificates)
        self.redirect_port = free_port()
        self.origin = f"https://127.0.0.1:{self.port}"
        self.environment |= {
            "LIGHTBOX_TLS_CERTIFICATE": str(self.chain), "LIGHTBOX_TLS_KEY": str(self.key),
            "LIGHTBOX_TLS_REDIRECT_PORT": str(self.redirect_port),
        }

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.chain))

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=5, context=self.context())
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


class TLSClient(Client):
    def ask(self, method, path, body=None, headers=None, timeout=60):
        assert isinstance(self.server, TLSServer)
        connection = http.client.HTTPSConnection("127.0.0.1", self.server.port, timeout=timeout, context=self.server.context())
        try:
            connection.request(method, path, body, self.fields(headers))
            return self.read(connection.getresponse())
        finally:
            connection.close()
