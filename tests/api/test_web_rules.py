"""What browsers are told, who may ask from where, TLS and HTTP/2, and proxies."""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

from client import CONSENT, ROOT, Client, Server, png, sample_film
from listeners import LiveServer, TLSClient, TLSServer, make_certificate
from observatory import Site, score
from processes import until

SOME_ID = "01a20953-5594-79a5-bd55-caf3503d0159"
SOURCES = ROOT / "server/Sources/WebAPI"


def unsafe_routes() -> list[tuple[str, str]]:
    """Every route of the public API that changes something, as the code declares them."""
    found = []
    for file in sorted(SOURCES.glob("*.swift")):
        text = file.read_text(encoding="utf-8")
        for group, method, path in re.findall(r'\b(api|tus)\.(post|put|patch|delete)\((?:"([^"]*)"|use)', text):
            address = "/api/v1/" + ("uploads/tus" if group == "tus" else "") + ("/" if group == "tus" and path else "") + path
            found.append((method.upper(), re.sub(r"[:{]\w+\}?", SOME_ID, address)))
    return sorted(set(found))


def cache_table() -> dict[str, list[str]]:
    text = (SOURCES / "CacheRule.swift").read_text(encoding="utf-8")
    values = dict(re.findall(r'case (\w+) = "([^"]+)"', text))
    return {route: [values[name] for name in re.findall(r"\.(\w+)", rules)] for route, rules in re.findall(r'^        "([^"]+)": \[([^\]]+)\],', text, re.MULTILINE)}


class CrossSite(unittest.TestCase):
    """CSRF and CORS."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = LiveServer("web-rules", LIGHTBOX_HTTP_CORS_ORIGINS="https://app.example.org")
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.__enter__()
        cls.client = Client(cls.server).begin()

    def test_every_route_that_changes_something_refuses_other_sites(self):
        routes = unsafe_routes()
        self.assertGreater(len(routes), 20, routes)
        for method, path in routes:
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
                with self.subTest(f"{method} {path}", **headers):
                    answer = self.client.ask(method, path, headers=headers)
                    self.assertEqual((answer.status, answer.code), (403, "cross-site-request"))
                    self.assertNotIn("access-control-allow-origin", answer.headers)
        self.assertEqual(self.client.api("GET", "/session").status, 200)

    def test_only_listed_origins_may_read_and_write_from_elsewhere(self):
        for path in ("/api/v1/session", "/api/v1/uploads"):
            ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
            allowed = self.client.ask("OPTIONS", path, headers={"Origin": "https://app.example.org", **ask})
            self.assertEqual(allowed.status, 204)
            self.assertEqual(allowed.headers["access-control-allow-origin"], "https://app.example.org")
            self.assertEqual(allowed.headers["access-control-allow-credentials"], "true")
            self.assertIn("POST", allowed.headers["access-control-allow-methods"])
            self.assertIn("Content-Type", allowed.headers["access-control-allow-headers"])
            # Who has no cookie here, because it is another site, has the token.
            self.assertIn("Authorization", allowed.headers["access-control-allow-headers"].split(", "))
            self.assertIn("Origin", allowed.headers["vary"])
            for origin in ("https://evil.example", "http://app.example.org", "https://app.example.org.evil.example", "null"):
                refused = self.client.ask("OPTIONS", path, headers={"Origin": origin, **ask})
                self.assertNotIn("access-control-allow-origin", refused.headers)
                self.assertIn("Origin", refused.headers["vary"])
        answer = self.client.ask("POST", "/api/v1/session/extend", headers={"Origin": "https://app.example.org", "Sec-Fetch-Site": "cross-site"})
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["access-control-allow-origin"], "https://app.example.org")
        self.assertIn("X-Request-Id", answer.headers["access-control-expose-headers"])
        error = self.client.ask("GET", f"/api/v1/uploads/{SOME_ID}", headers={"Origin": "https://app.example.org"})
        self.assertEqual((error.status, error.headers["access-control-allow-origin"]), (404, "https://app.example.org"))


class Answers(unittest.TestCase):
    """Without a list of origins, over plain http."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server("web-answers", LIGHTBOX_WORKER_COUNT="1")
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.__enter__()

    def test_nothing_is_said_about_other_origins_when_none_is_listed(self):
        client = Client(self.server)
        for method in ("GET", "OPTIONS"):
            answer = client.ask(method, "/api/v1/limits", headers={"Origin": "https://app.example.org", "Access-Control-Request-Method": "GET"})
            self.assertFalse([name for name in answer.headers if name.startswith("access-control")])

    def test_plain_http_is_not_told_to_stay_away(self):
        answer = Client(self.server).ask("GET", "/")
        self.assertNotIn("strict-transport-security", answer.headers)
        self.assertNotIn("upgrade-insecure-requests", answer.headers["content-security-policy"])
        self.assertIn("trusted-types 'none'", answer.headers["content-security-policy"])

    def test_what_may_be_kept_is_what_the_table_says(self):
        client = Client(self.server).begin()
        asked = []

        def ask(method, path, *arguments, **named):
            answer = client.ask(method, path, *arguments, **named)
            asked.append((answer.headers["x-request-id"], answer.status, answer.headers["cache-control"]))
            return answer

        page = ask("GET", "/").body.decode()
        for path in [*re.findall(r'"(/assets/[^"]+)"', page)[:3], "/icon.svg", "/docs/errors.md", "/.well-known/jwks.json", "/nothing.js", "/health/live", "/health/ready"]:
            ask("GET", path)
        client.api("PATCH", "/intake", {"answers": {"age": 54, "reason": "cough"}})
        upload = client.upload(sample_film().read_bytes()).json()
        for path in (upload["preview"], upload["samples"], upload["file"], upload["deidentified"], f"/api/v1/uploads/{upload['id']}"):
            ask("GET", path)
        analysis = client.finished(client.analyse_all_the_same(upload["id"])["id"])
        ask("GET", f"/api/v1/analyses/{analysis['id']}/events")
        for finding in (analysis.get("result") or {}).get("findings", []):
            if finding.get("heatmap"):
                ask("GET", finding["heatmap"])
                break
        report = client.reported(analysis["id"])
        ask("GET", f"/api/v1/reports/{report['id']}/document?format=pdf")
        for path in ("session", "limits", "intake", "intake/questionnaire", "context", "uploads", "analyses", "conversations", "reports", "models", "access-log", "acuity", "samples", f"analyses/{SOME_ID}", f"uploads/{SOME_ID}/preview"):
            ask("GET", f"/api/v1/{path}")
        ask("POST", "/api/v1/session/extend")
        routes = {line["request"]: line["route"] for line in self.server.log_lines() if line.get("message") == "request"}
        table, seen = cache_table(), set()
        for request, status, said in asked:
            route = routes[request]
            allowed = table.get(route, []) if status < 400 else []
            self.assertIn(said, allowed or ["private, no-store"], (route, status))
            if status < 400:
                seen.add(route)
        self.assertEqual(set(table) - seen, set(), "routes of the table that were not asked")


class BehindProxies(unittest.TestCase):
    def test_the_client_is_who_a_named_proxy_says_and_nobody_else(self):
        settings = {"LIGHTBOX_HTTP_TRUSTED_PROXIES": "127.0.0.1", "LIGHTBOX_LIMITS_UNLIMITED_ADDRESSES": "10.0.0.0/8", "LIGHTBOX_LIMITS_RATE_PERCENT": "10"}
        with LiveServer("web-proxies", **settings) as server:
            def left(*forwarded: str) -> str | None:
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
                # A bucket that fills so slowly that a slow machine changes nothing.
                body = json.dumps(CONSENT).encode()
                connection.putrequest("POST", "/api/v1/session")
                connection.putheader("Content-Type", "application/json")
                connection.putheader("Content-Length", str(len(body)))
                for value in forwarded:
                    connection.putheader("X-Forwarded-For", value)
                connection.endheaders(body)
                rate = connection.getresponse().getheader("RateLimit")
                connection.close()
                return re.search(r"r=(\d+)", rate)[1] if rate else None

            first = int(left("198.51.100.1"))
            self.assertEqual(int(left("203.0.113.5, 198.51.100.1")), first - 1, "the rightmost stranger counts")
            self.assertEqual(int(left("198.51.100.2")), first, "another client has another bucket")
            self.assertIsNone(left("10.1.2.3"))

    def test_whoever_the_proxy_names_unreadably_is_limited_though_the_proxy_is_not(self):
        settings = {"LIGHTBOX_HTTP_TRUSTED_PROXIES": "127.0.0.1", "LIGHTBOX_LIMITS_RATE_PERCENT": "10"}
        with LiveServer("web-unreadable", **settings) as server:
            def opened(said: str) -> int:
                return Client(server).ask("POST", "/api/v1/session", json.dumps(CONSENT), {"Content-Type": "application/json", "X-Forwarded-For": said}).status

            self.assertEqual([opened("what?"), opened("198.51.100.1, unknown")], [201, 201])
            statuses = [opened(f"nonsense {number}") for number in range(20)]
            self.assertIn(429, statuses)
            self.assertEqual(opened("198.51.100.1"), 201, "nobody else is")

    def test_a_proxy_tells_whether_it_was_asked_by_https(self):
        with LiveServer("web-proto", LIGHTBOX_HTTP_TRUSTED_PROXIES="127.0.0.1", LIGHTBOX_HTTP_SECURE="true", LIGHTBOX_HTTP_HSTS_SUBDOMAINS="true") as server:
            client = Client(server)
            self.assertEqual(client.ask("GET", "/").headers["strict-transport-security"], "max-age=63072000; includeSubDomains")
            self.assertNotIn("strict-transport-security", client.ask("GET", "/", headers={"X-Forwarded-Proto": "http"}).headers)
            for origin, status in ((f"https://127.0.0.1:{server.port}", 201), (f"http://127.0.0.1:{server.port}", 403)):
                answer = client.ask("POST", "/api/v1/session", '{"consent":{"version":"2026-11","accepted":true}}', {"Content-Type": "application/json", "Origin": origin, "X-Forwarded-Proto": "https"})
                self.assertEqual(answer.status, status, origin)

    def test_other_names_are_not_answered_when_names_are_set(self):
        with LiveServer("web-hosts", LIGHTBOX_HTTP_HOSTS="127.0.0.1, light.example") as server:
            client = Client(server)
            for host, status in (("light.example", 200), ("Light.Example:8080", 200), ("evil.example", 421), ("a b", 421)):
                answer = client.ask("GET", "/api/v1/limits", headers={"Host": host})
                self.assertEqual(answer.status, status, host)
                if status == 421:
                    self.assertEqual(answer.code, "misdirected-request")


class OverTLS(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = TLSServer("web-tls", LIGHTBOX_LIMITS_HEADER_TIMEOUT="5", LIGHTBOX_HTTP_HOSTS="localhost, 127.0.0.1")
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.__enter__()

    def curl(self, *arguments: str, **named) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", "20", "--cacert", str(self.server.chain), *arguments], capture_output=True, **named)

    def by_http(self, method: str, path: str, host: str) -> tuple[int, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.redirect_port, timeout=10)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host)
        connection.endheaders()
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        connection.close()
        return response.status, headers

    def test_the_observatory_would_give_an_a_plus(self):
        client = TLSClient(self.server)
        page = client.ask("GET", "/")
        opened = client.api("POST", "/session", CONSENT)
        self.assertEqual(opened.status, 201)
        across = client.ask("GET", "/", headers={"Origin": "https://http-observatory.security.mozilla.org"}).headers
        site = Site("localhost", page.headers, page.body.decode(), self.by_http("GET", "/", "localhost"), [opened.headers["set-cookie"]], across)
        points, modifiers = score(site)
        self.assertGreaterEqual(points, 120, modifiers)
        self.assertRegex(opened.headers["set-cookie"], r"^__Host-lightbox=[\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$")
        self.assertIn("upgrade-insecure-requests", page.headers["content-security-policy"])
        # The rules find what is wrong, too.
        for name, value in (("content-security-policy", "script-src 'unsafe-inline'"), ("strict-transport-security", "max-age=1"), ("referrer-policy", "unsafe-url")):
            self.assertLess(score(Site(**{**vars(site), "page": {**site.page, name: value}}))[0], points)
        for name in ("strict-transport-security", "content-security-policy", "x-content-type-options"):
            without = {key: value for key, value in site.page.items() if key != name}
            self.assertLess(score(Site(**{**vars(site), "page": without}))[0], points)
        self.assertLess(score(Site(**{**vars(site), "cookies": ["a=b; Path=/"], "by_http": (200, {})}))[0], 50)

    def test_http_is_sent_on_to_the_same_place_by_https_and_to_no_other(self):
        status, headers = self.by_http("GET", "/uploads?x=1", f"localhost:{self.server.redirect_port}")
        self.assertEqual((status, headers["location"]), (308, f"https://localhost:{self.server.port}/uploads?x=1"))
        self.assertNotIn("strict-transport-security", headers)
        for method, path, host, refused in (
            ("GET", "/", "evil.example", 421), ("GET", "//evil.example/", "localhost", 400), ("GET", "/\\evil.example", "localhost", 400),
            ("POST", "/api/v1/session", "localhost", 403),
        ):
            status, headers = self.by_http(method, path, host)
            self.assertEqual(status, refused, path)
            self.assertNotIn("location", headers)

    def test_http2_carries_pages_uploads_and_streams(self):
        with tempfile.TemporaryDirectory() as folder:
            jar, picture = f"{folder}/jar", Path(folder) / "picture.png"
            picture.write_bytes(png(900, 900, os.urandom(810_000)))
            begun = self.curl("--http2", "-c", jar, "-H", "Content-Type: application/json", "-d", '{"consent":{"version":"2026-11","accepted":true}}', "-w", "%{http_code} %{http_version}", "-o", "/dev/null", f"{self.server.origin}/api/v1/session")
            self.assertEqual(begun.stdout, b"201 2", begun.stderr)
            sent = self.curl("--http2", "-b", jar, "-H", "Content-Type: image/png", "--data-binary", f"@{picture}", "-w", "\n%{http_code} %{http_version}", f"{self.server.origin}/api/v1/uploads")
            self.assertEqual(sent.stdout.splitlines()[-1], b"201 2", sent.stdout[-300:])
            upload = re.search(rb'"id":"([^"]+)"', sent.stdout)[1].decode()
            got = self.curl("--http2", "-b", jar, f"{self.server.origin}/api/v1/uploads/{upload}/file")
            self.assertEqual(len(got.stdout), picture.stat().st_size)
            queued = self.curl("--http2", "-b", jar, "-H", "Content-Type: application/json", "-d", f'{{"uploadId":"{upload}"}}', f"{self.server.origin}/api/v1/analyses")
            analysis = re.search(rb'"id":"([^"]+)"', queued.stdout)[1].decode()
            stream = self.curl("--http2", "-N", "-b", jar, f"{self.server.origin}/api/v1/analyses/{analysis}/events")
            self.assertIn(b"event:", stream.stdout)
            huge = self.curl("--http2", "-b", jar, "-H", "Content-Type: image/png", "-H", "Content-Length: 99999999999", "--data-binary", f"@{picture}", "-w", "\n%{http_code}", f"{self.server.origin}/api/v1/uploads")
            self.assertIn(b"413", huge.stdout.splitlines()[-1] if huge.stdout else huge.stderr)
        old = self.curl("--http1.1", "-w", "%{http_code} %{http_version}", "-o", "/dev/null", f"{self.server.origin}/")
        self.assertEqual(old.stdout, b"200 1.1")

    def test_only_modern_tls_is_spoken(self):
        def speaks(**change) -> str | None:
            context = ssl.create_default_context(cafile=str(self.server.chain))
            context.minimum_version = change.get("version", ssl.TLSVersion.TLSv1_2)
            context.maximum_version = change.get("version", ssl.TLSVersion.TLSv1_3)
            context.set_ciphers(change.get("ciphers", "ALL:@SECLEVEL=0"))
            context.set_alpn_protocols(["h2", "http/1.1"])
            try:
                with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as plain, context.wrap_socket(plain, server_hostname="localhost") as secure:
                    return f"{secure.version()} {secure.selected_alpn_protocol()}"
            except (ssl.SSLError, ConnectionError):
                return None

        self.assertEqual(speaks(), "TLSv1.3 h2")
        self.assertEqual(speaks(version=ssl.TLSVersion.TLSv1_2), "TLSv1.2 h2")
        self.assertIsNone(speaks(version=ssl.TLSVersion.TLSv1_1))
        for weak in ("AES128-SHA:@SECLEVEL=0", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", "AES128-GCM-SHA256:@SECLEVEL=0"):
            self.assertIsNone(speaks(version=ssl.TLSVersion.TLSv1_2, ciphers=weak), weak)

    def test_a_renewed_certificate_is_used_after_sighup_and_a_broken_one_is_not(self):
        def shown() -> bytes:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as plain, context.wrap_socket(plain) as secure:
                return secure.getpeercert(binary_form=True)

        first = shown()
        make_certificate(self.server.certificates)
        self.server.process.send_signal(signal.SIGHUP)
        until(lambda: shown() != first, 20)
        second = shown()
        whole = self.server.chain.read_text()
        self.server.chain.write_text("no certificate")
        self.server.process.send_signal(signal.SIGHUP)
        until(lambda: any("not replaced" in str(line.get("message")) for line in self.server.log_lines()), 20)
        self.assertEqual(shown(), second)
        self.server.chain.write_text(whole)
        self.assertEqual(self.server.get("/health/live")[0], 200)

    def test_a_handshake_that_does_not_end_is_cut_off(self):
        for began in (b"", b"\x16\x03\x01"):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as connection:
                connection.sendall(began)
                self.assertEqual(connection.recv(100), b"")

    def test_a_certificate_with_another_key_is_refused_at_the_start(self):
        with tempfile.TemporaryDirectory() as folder:
            chain, _ = make_certificate(Path(folder))
            environment = {**self.server.environment, "LIGHTBOX_TLS_CERTIFICATE": str(chain), "LIGHTBOX_DATA_DIRECTORY": f"{folder}/data"}
            ended = subprocess.run([str(self.server.program), "serve"], env=environment, capture_output=True, text=True, timeout=60)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("belong together", ended.stderr + ended.stdout)


if __name__ == "__main__":
    unittest.main()
