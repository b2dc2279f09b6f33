"""Clients of the operators' listener, with a token each."""

import http.client
import json
import subprocess
from pathlib import Path

from client import Answer, Server


class Operators:
    """One operator. Without a token, a stranger."""

    def __init__(self, server: Server, token: str | None = None) -> None:
        self.server = server
        self.token = token

    def ask(self, method: str, path: str, value=None, headers: dict[str, str] | None = None) -> Answer:
        fields = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **(headers or {})}
        body = None
        if value is not None:
            fields["Content-Type"] = "application/json"
            body = json.dumps(value)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.operator_port, timeout=30)
        try:
            connection.request(method, path, body, fields)
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()


def tokens_file(server: Server) -> Path:
    return Path(server.folder.name) / "tokens.json"


def command(server: Server, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [server.program, "operators", *words, "--operator-tokens-file", str(tokens_file(server))],
        capture_output=True, text=True, timeout=60)


def named(server: Server, name: str, *roles: str) -> Operators:
    """Makes a token for somebody by the command, as an operator does."""
    result = command(server, "add", name, *(word for role in roles for word in ("--role", role)))
    assert result.returncode == 0, result.stderr
    return Operators(server, result.stdout.strip())
