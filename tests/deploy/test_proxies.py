"""The examples for Caddy and nginx, run by the real programs on loopback in front of the real server."""

import http.client
import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from deployment import CONSENT, DEPLOY, Client, Program, SecureClient, Server, certificate, free_port, need, png, sample_film, standard

FORM = 1 << 20


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that it was sent; under /slow with one event now and one when it is told to go on."""

    protocol_version = "HTTP/1.1"
    go_on = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"data: first\n\n")
            self.wfile.flush()
            self.go_on.wait(20)
            self.wfile.write(b"data: second\n\n")
            self.close_connection = True
            return
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Proxies:
    """What holds for both: the tests of each proxy are those of this class."""

    name: str

    def configuration(self, upstream: int) -> tuple[list[object], int]:
        """Writes the example with the ports of this test, and gives the command that runs it and its port."""
        raise NotImplementedError

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix=f"lightbox-{self.name}-")))
        self.certificate = certificate(self.folder)
        # nginx's workers are another user's.
        self.folder.chmod(0o755)

    def behind(self, upstream: int) -> SecureClient:
        command, port = self.configuration(upstream)
        environment = {**os.environ, "HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        self.enterContext(Program(f"proxy-{self.name}-{self._testMethodName}", command, port, env=environment))
        client = SecureClient(None)
        client.port = port
        return client

    def test_a_whole_way_through_goes_by_it(self):
        settings = {"LIGHTBOX_HTTP_SECURE": "true", "LIGHTBOX_HTTP_HOST": "127.0.0.1"}
        with Server(f"behind-{self.name}", **settings) as server:
            client = self.behind(server.port)
            page = client.ask("GET", "/")
            self.assertEqual(page.status, 200)
            self.assertIn(b"<script", page.body)
            self.assertEqual(page.headers["strict-transport-security"].split(";")[0], "max-age=63072000")
            # What the server says about itself comes through.
            self.assertIn("content-security-policy", page.headers)
            client.extra = {"Origin": f"https://127.0.0.1:{client.port}", "Sec-Fetch-Site": "same-origin"}
            client.begin()
            self.assertTrue(client.cookie.startswith("__Host-lightbox="))

            upload = client.upload(sample_film().read_bytes()).json()["id"]
            analysis = client.analyse_all_the_same(upload)
            connection = client.connection()
            connection.request("GET", f"/api/v1/analyses/{analysis['id']}/events", headers=client.fields())
            response = connection.getresponse()
            self.assertEqual((response.status, response.getheader("content-type").split(";")[0]), (200, "text/event-stream"))
            events = [json.loads(line[6:]) for line in response if line.startswith(b"data: ")]
            connection.close()
            self.assertEqual(events[-1]["state"], "completed", events[-1])

            large = b"\x89PNG\r\n\x1a\n" + os.urandom(20 << 20)
            answer = client.upload(large)
            # All of it arrived: it was refused as a picture, not as a body.
            self.assertEqual((answer.status, answer.code != "payload-too-large"), (422, True), answer)

    def test_a_picture_of_twenty_mebibytes_passes(self):
        with Server(f"large-{self.name}", LIGHTBOX_HTTP_SECURE="true") as server:
            client = self.behind(server.port).begin()
            side = 4600
            picture = png(side, side, os.urandom(side * side))
            self.assertGreater(len(picture), 20 << 20)
            answer = client.upload(picture)
            self.assertEqual((answer.status, answer.json().get("bytes")), (201, len(picture)), answer)

    def test_what_is_too_large_is_refused_in_the_servers_own_words(self):
        # So little that all of it is on its way before it is refused: of more, whoever sends on may find the connection
        # closed before the answer is read.
        limit = 64 << 10
        with Server(f"limit-{self.name}", LIGHTBOX_HTTP_SECURE="true", LIGHTBOX_UPLOAD_MAX_BYTES=str(limit)) as server:
            client = self.behind(server.port).begin()
            answer = client.upload(png(100, 100) + b"\0" * limit)
            self.assertEqual((answer.status, answer.code), (413, "payload-too-large"))

    def test_events_are_not_held_back(self):
        Echo.go_on.clear()
        echo = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        threading.Thread(target=echo.serve_forever, daemon=True).start()
        self.addCleanup(echo.server_close)
        self.addCleanup(echo.shutdown)
        client = self.behind(echo.server_port)
        connection = client.connection(timeout=15)
        connection.request("GET", "/slow")
        response = connection.getresponse()
        # The second event is sent only after the first one was read here.
        self.assertEqual(response.readline(), b"data: first\n")
        Echo.go_on.set()
        self.assertIn(b"data: second\n", response.read())
        connection.close()

    def test_the_clients_address_is_passed_on_whatever_the_client_says(self):
        echo = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        threading.Thread(target=echo.serve_forever, daemon=True).start()
        self.addCleanup(echo.server_close)
        self.addCleanup(echo.shutdown)
        client = self.behind(echo.server_port)
        seen = client.ask("GET", "/", headers={
            "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "Forwarded": "for=203.0.113.9"}).json()
        self.assertEqual(seen["x-forwarded-for"], "127.0.0.1")
        self.assertEqual(seen["x-forwarded-proto"], "https")
        self.assertNotIn("203.0.113.9", json.dumps(seen))

    def test_each_client_has_limits_of_its_own_with_the_settings_as_they_are_shipped(self):
        shipped = json.loads((DEPLOY / "lightbox.json").read_text())
        # The tests' own clients are on this machine, which is unlimited; all but the proxy's address is not here.
        settings = {
            "LIGHTBOX_HTTP_SECURE": "true", "LIGHTBOX_HTTP_TRUSTED_PROXIES": shipped["http"]["trusted-proxies"],
            "LIGHTBOX_LIMITS_UNLIMITED_ADDRESSES": "127.0.0.1", "LIGHTBOX_LIMITS_RATE_PERCENT": "10"}
        with Server(f"limited-{self.name}", **settings) as server:
            client = self.behind(server.port)

            def opened(source: str, **headers: str) -> int:
                context = ssl.create_default_context()
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                connection = http.client.HTTPSConnection("127.0.0.1", client.port, timeout=30, context=context, source_address=(source, 0))
                connection.request("POST", "/api/v1/session", json.dumps(CONSENT), {"Content-Type": "application/json", **headers})
                response = connection.getresponse()
                response.read()
                connection.close()
                return response.status

            # 120 in ten minutes is what a server gives; a tenth of it is 12.
            statuses = [opened("127.0.0.2") for _ in range(20)]
            self.assertEqual((statuses[0], statuses[-1]), (201, 429), statuses)
            self.assertEqual(opened("127.0.0.2", **{"X-Forwarded-For": "127.0.0.1"}), 429, "whatever it says of itself")
            self.assertEqual(opened("127.0.0.3"), 201, "another client is none the worse")

    def test_its_limit_is_that_of_the_server_and_the_form_around_a_picture(self):
        self.assertEqual(self.limit(), int(standard("upload.max-bytes")) + FORM)

    def test_it_goes_to_the_port_of_the_server(self):
        self.assertIn(f"127.0.0.1:{standard('http.port')}", self.example.read_text())


class Caddy(Proxies, unittest.TestCase):
    name = "caddy"
    example = DEPLOY / "Caddyfile"

    def setUp(self) -> None:
        need("caddy", "openssl")
        super().setUp()

    def limit(self) -> int:
        return int(re.search(r"max_size (\d+)", self.example.read_text())[1])

    def configuration(self, upstream: int) -> tuple[list[object], int]:
        port = free_port()
        text = self.example.read_text().replace("127.0.0.1:8080", f"127.0.0.1:{upstream}").replace(
            "lightbox.example.org {", f"https://127.0.0.1:{port} {{\n\ttls {self.certificate[0]} {self.certificate[1]}")
        options = "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"
        (self.folder / "Caddyfile").write_text(options + text)
        return ["caddy", "run", "--config", self.folder / "Caddyfile", "--adapter", "caddyfile"], port

    def test_caddy_finds_it_in_order(self):
        done = subprocess.run(["caddy", "validate", "--config", self.example, "--adapter", "caddyfile"], capture_output=True, text=True,
                              env={**os.environ, "HOME": str(self.folder)})
        self.assertEqual(done.returncode, 0, done.stderr)
        formatted = subprocess.run(["caddy", "fmt", self.example], capture_output=True, text=True).stdout
        self.assertEqual(formatted, self.example.read_text())


class Nginx(Proxies, unittest.TestCase):
    name = "nginx"
    example = DEPLOY / "nginx.conf"

    def setUp(self) -> None:
        need("nginx", "openssl")
        super().setUp()

    def limit(self) -> int:
        return int(re.search(r"client_max_body_size (\d+);", self.example.read_text())[1])

    def configuration(self, upstream: int) -> tuple[list[object], int]:
        port, plain = free_port(), free_port()
        site = self.example.read_text().replace("127.0.0.1:8080", f"127.0.0.1:{upstream}").replace(
            "/etc/lightbox/tls/fullchain.pem", str(self.certificate[0])).replace("/etc/lightbox/tls/privkey.pem", str(self.certificate[1]))
        site = re.sub(r"    listen \[::\].*\n", "", site).replace("listen 443 ", f"listen 127.0.0.1:{port} ").replace("listen 80;", f"listen 127.0.0.1:{plain};")
        self.plain = plain
        (self.folder / "site.conf").write_text(site)
        temporary = "".join(f"    {kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"daemon off;\npid {self.folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{temporary}    include {self.folder}/site.conf;\n}}\n")
        return ["nginx", "-p", self.folder, "-e", "stderr", "-c", self.folder / "nginx.conf"], port

    def test_nginx_finds_it_in_order(self):
        command, _ = self.configuration(8080)
        done = subprocess.run([*command, "-t"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("[warn]", done.stderr)

    def test_plain_http_is_sent_to_https(self):
        self.behind(free_port())
        connection = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=10)
        connection.request("GET", "/a?b=c", headers={"Host": "lightbox.example.org"})
        response = connection.getresponse()
        self.assertEqual((response.status, response.getheader("location")), (308, "https://lightbox.example.org/a?b=c"))
        connection.close()


if __name__ == "__main__":
    unittest.main()
