"""What the tests of a deployment share: the real server behind things, and programs that come and go."""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
sys.path.insert(0, str(ROOT / "tests/api"))

from client import CONSENT, Client, Server, png, sample_film  # noqa: E402, F401  (used by the tests)
from server import RESULTS, distribution, free_port, site_packages  # noqa: E402, F401


def data(server: Server) -> Path:
    return Path(server.folder.name) / "data"


def lightbox(server: Server, *words: object, **options) -> subprocess.CompletedProcess:
    """A command of the program, with the server's settings."""
    command = [str(server.program), *map(str, words)]
    return subprocess.run(command, env=server.environment, cwd=server.folder.name, capture_output=True, text=True, timeout=120, **options)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and localhost that nobody signed but itself, and its key."""
    names = folder / "fullchain.pem", folder / "privkey.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", str(names[0]), "-keyout", str(names[1])],
        check=True, capture_output=True)
    return names


class Program:
    """A program that runs while this is entered."""

    def __init__(self, name: str, command: list[object], port: int, **options) -> None:
        self.log = RESULTS / f"{name}.log"
        self.command, self.port, self.options = [str(word) for word in command], port, options

    def __enter__(self) -> "Program":
        RESULTS.mkdir(exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.options)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    raise RuntimeError(f"{self.command[0]} doesn't answer:\n{self.log.read_text(errors='replace')[-2000:]}") from None
                time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class SecureClient(Client):
    """A browser that comes by https, to `port`, and doesn't mind who signed the certificate."""

    port: int

    def connection(self, timeout=60) -> http.client.HTTPSConnection:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=context)

    def ask(self, method, path, body=None, headers=None, timeout=60):
        connection = self.connection(timeout)
        try:
            connection.request(method, path, body, self.fields(headers))
            return self.read(connection.getresponse())
        finally:
            connection.close()


def need(*programs: str) -> None:
    """Fails where a program is missing: scripts/setup.sh test installs it."""
    missing = [name for name in programs if not shutil.which(name)]
    if missing:
        raise FileNotFoundError(f"{', '.join(missing)} is missing: run 'scripts/setup.sh test'")


def standard(setting: str) -> str:
    """The default of a setting, as docs/configuration.md has it."""
    row = re.search(rf"^\| `{re.escape(setting)}` \|[^|]*\| `([^`]*)` \|", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE)
    assert row, setting
    return row[1]


# Another user than root, who owns nothing: that of "nobody" on Debian.
NOBODY = 65534


def as_nobody(*command: object) -> list[str]:
    if os.geteuid() != 0:
        return [str(word) for word in command]
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *(str(word) for word in command)]
