"""Deadlines, rates, sizes and how many: what one client may cost the others."""

import contextlib
import http.client
import json
import re
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import h2.connection
import h2.events
import h2.settings
import test_queue
from client import Client, Server, png, sample_film
from listeners import LiveServer, TLSClient, TLSServer
from processes import until
from test_web_rules import unsafe_routes


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def until_closed(connection: socket.socket, seconds: float) -> bytes:
    """What comes until the other side closes, which must be in time."""
    deadline, received = time.monotonic() + seconds, b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([connection], [], [], left)[0]:
            raise AssertionError(f"the connection is still open; it said {received[:300]!r}")
        try:
            part = connection.recv(65536)
        except ConnectionResetError:
            return received
        if not part:
            return received
        received += part


def metric(server: Server, name: str) -> float:
    return sum(float(line.rsplit(" ", 1)[1]) for line in server.metrics().splitlines() if line.startswith(name))


class Deadlines(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server(
            "limits-deadlines", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_LIMITS_HEADER_TIMEOUT="1", LIGHTBOX_LIMITS_BODY_GRACE="1", LIGHTBOX_LIMITS_BODY_RATE="100000",
            LIGHTBOX_LIMITS_PAUSE="2", LIGHTBOX_LIMITS_IDLE_TIMEOUT="3", LIGHTBOX_LIMITS_HEADER_BYTES="4096", LIGHTBOX_LIMITS_HEADER_COUNT="20")
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.__enter__()
        cls.client = Client(cls.server).begin()

    def refused(self, answer: bytes, status: int, code: str) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(f"HTTP/1.1 {status} ".encode()), answer[:300])
        self.assertIn(b"connection: close", head.lower())
        self.assertEqual(json.loads(body)["code"], code)

    def test_a_header_that_does_not_end_is_answered_408_and_closed(self):
        with connect(self.server) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ")
            self.refused(until_closed(connection, 5), 408, "request-timeout")

    def test_the_second_header_of_a_connection_has_the_same_deadline(self):
        with connect(self.server) as connection:
            connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertIn(b"200 OK", connection.recv(4096))
            connection.sendall(b"GET / HT")
            self.assertIn(b"408", until_closed(connection, 5))

    def test_a_connection_without_a_request_is_closed_silently(self):
        with connect(self.server) as connection:
            self.assertEqual(until_closed(connection, 8), b"")

    def test_a_body_that_drips_is_answered_408_and_closed_and_nothing_is_kept(self):
        for path, kind in (("/api/v1/uploads", "image/png"), ("/api/v1/analyses", "application/json")):
            with self.subTest(path), connect(self.server) as connection:
                connection.sendall(f"POST {path} HTTP/1.1\r\nHost: a\r\nCookie: {self.client.cookie}\r\nContent-Type: {kind}\r\nContent-Length: 100000\r\n\r\n".encode())
                stop = threading.Event()

                def drip():
                    while not stop.wait(0.2):
                        try:
                            connection.sendall(b"x")
                        except OSError:
                            return

                dripping = threading.Thread(target=drip)
                dripping.start()
                answer = until_closed(connection, 10)
                stop.set()
                dripping.join()
                self.refused(answer, 408, "request-timeout")
        self.assertEqual(self.client.api("GET", "/uploads").json()["uploads"], [])
        self.assertFalse([line for line in self.server.log_lines() if line.get("code") == "internal"])

    def test_a_body_that_stands_still_is_answered_408(self):
        with connect(self.server) as connection:
            connection.sendall(f"POST /api/v1/uploads HTTP/1.1\r\nHost: a\r\nCookie: {self.client.cookie}\r\nContent-Type: image/png\r\nContent-Length: 9000000\r\n\r\n".encode() + b"x" * 2_000_000)
            self.refused(until_closed(connection, 10), 408, "request-timeout")

    def test_headers_that_are_too_large_or_too_many_are_431(self):
        for head in (b"X-A: " + b"x" * 5000, b"\r\n".join(b"X-%d: y" % n for n in range(40))):
            with connect(self.server) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n\r\n")
                self.refused(until_closed(connection, 5), 431, "headers-too-large")

    def test_what_is_no_http_is_400(self):
        for text in (b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"):
            with connect(self.server) as connection:
                connection.sendall(text)
                self.refused(until_closed(connection, 5), 400, "bad-request")

    def test_a_reader_that_takes_nothing_of_a_download_is_cut_off(self):
        upload = self.client.upload(png(2600, 2600, __import__("os").urandom(2600 * 2600))).json()
        before = metric(self.server, 'lightbox_connections_refused_total{reason="reader-too-slow"}')
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", self.server.port))
            connection.sendall(f"GET {upload['file']} HTTP/1.1\r\nHost: a\r\nCookie: {self.client.cookie}\r\n\r\n".encode())
            until(lambda: metric(self.server, 'lightbox_connections_refused_total{reason="reader-too-slow"}') > before, 15)
            # Whoever reads slowly but steadily gets all of it.
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            connection.connect(("127.0.0.1", self.server.port))
            connection.sendall(f"GET {upload['file']} HTTP/1.1\r\nHost: a\r\nCookie: {self.client.cookie}\r\nConnection: close\r\n\r\n".encode())
            received, began = 0, time.monotonic()
            while part := connection.recv(262_144):
                received += len(part)
                until(lambda: time.monotonic() - began > received / 4_000_000, 30)
            self.assertGreater(received, upload["bytes"])
            self.assertGreater(time.monotonic() - began, 1.5)

    def test_a_body_that_is_announced_as_too_large_is_refused_at_once_on_every_route(self):
        routes = unsafe_routes()
        for method, path in routes:
            if (method, path) == ("DELETE", "/api/v1/session"):
                continue
            with self.subTest(f"{method} {path}"), connect(self.server) as connection:
                client = Client(self.server).begin()
                kind = "application/offset+octet-stream" if "tus" in path and method == "PATCH" else "application/json"
                connection.sendall(
                    f"{method} {path} HTTP/1.1\r\nHost: a\r\nCookie: {client.cookie}\r\nContent-Type: {kind}\r\nTus-Resumable: 1.0.0\r\n"
                    f"Upload-Offset: 0\r\nUpload-Length: 5\r\nContent-Length: {1 << 40}\r\n\r\n".encode() + b'{"')
                answer = until_closed(connection, 8)
                status = int(answer.split(b" ", 2)[1])
                self.assertTrue(200 <= status < 500, answer[:200])
                # Routes that read a body say so; the others have answered without it.
                self.assertIn(b"\r\n\r\n", answer)
        for method, path in (("PATCH", "/api/v1/intake"), ("POST", "/api/v1/analyses"), ("POST", "/api/v1/client-errors"), ("POST", "/api/v1/session")):
            answer = self.client.ask(method, path, b"x", {"Content-Type": "application/json", "Content-Length": str(1 << 30)})
            self.assertEqual((answer.status, answer.code), (413, "payload-too-large"), path)


class HowMany(unittest.TestCase):
    def test_connections_of_all_are_bounded_and_come_back(self):
        with LiveServer("limits-connections", LIGHTBOX_LIMITS_CONNECTIONS="20") as server:
            held = self.hold(server, 20)
            until(lambda: self.turned_away(server))
            for connection in held[:5]:
                connection.close()
            until(lambda: not self.turned_away(server))
            for connection in held:
                connection.close()

    def test_connections_of_one_address_are_bounded(self):
        with LiveServer("limits-address", LIGHTBOX_LIMITS_CONNECTIONS_PER_ADDRESS="10", LIGHTBOX_LIMITS_UNLIMITED_ADDRESSES="") as server:
            held = self.hold(server, 10)
            until(lambda: self.turned_away(server))
            with socket.socket() as other:
                other.bind(("127.0.0.2", 0))
                other.connect(("127.0.0.1", server.port))
                other.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
                self.assertIn(b"200 OK", other.recv(4096))
            for connection in held:
                connection.close()

    def hold(self, server: Server, count: int) -> list[socket.socket]:
        """Connections that the server has taken: one that is still on its way could be turned away for the next question."""
        held = [connect(server) for _ in range(count)]
        until(lambda: metric(server, 'lightbox_connections_open{listener="public"}') == count)
        return held

    def turned_away(self, server: Server) -> bool:
        answer = Client(server).ask("GET", "/health/live", timeout=10)
        if answer.status == 503:
            self.assertEqual(answer.code, "too-many-connections")
            self.assertIn("retry-after", answer.headers)
        return answer.status == 503


class Rates(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = LiveServer("limits-rates", LIGHTBOX_LIMITS_RATE_PERCENT="1", LIGHTBOX_LIMITS_UNLIMITED_ADDRESSES="127.0.0.1")
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.__enter__()

    def test_a_session_that_asks_too_often_is_told_when_to_come_back_and_then_served(self):
        client, other = Client(self.server).begin(), Client(self.server).begin()
        first = client.api("GET", "/limits")
        # One comes back each second, so that a slow machine has to ask more than 60 times.
        last = until(lambda: (answer := client.api("GET", "/limits")).status == 429 and answer)
        self.assertEqual(first.headers["ratelimit-policy"], '"reads";q=60;w=60')
        self.assertRegex(first.headers["ratelimit"], r'^"reads";r=59;t=\d+$')
        self.assertEqual(last.code, "too-many-requests")
        self.assertEqual(last.json()["violated-policies"], ["reads"])
        self.assertRegex(last.headers["ratelimit"], r'^"reads";r=0;t=\d+$')
        self.assertIn(int(last.headers["retry-after"]), (1, 2))
        self.assertEqual(other.api("GET", "/limits").status, 200, "another session is not affected")
        self.assertEqual(client.ask("GET", "/").status, 200, "the page is not counted")
        self.assertEqual(client.ask("GET", "/health/live").status, 200)
        served = until(lambda: (answer := client.api("GET", "/limits")).status == 200 and answer, 10)
        self.assertEqual(served.json()["rates"][0], {"policy": "reads", "requests": 60, "seconds": 60})

    def test_an_address_may_open_only_so_many_sessions(self):
        def open_session(source: str) -> http.client.HTTPResponse:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10, source_address=(source, 0))
            connection.request("POST", "/api/v1/session", '{"consent":{"version":"2026-11","accepted":true}}', {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            connection.close()
            return response

        self.assertEqual(open_session("127.0.0.3").status, 201)
        refused = open_session("127.0.0.3")
        self.assertEqual(refused.status, 429)
        self.assertGreater(int(refused.getheader("Retry-After")), 60)
        self.assertEqual(open_session("127.0.0.4").status, 201)

    def test_errors_of_browsers_are_bounded_even_without_a_session(self):
        client = Client(self.server)
        statuses = [client.api("POST", "/client-errors", {"message": "x"}).status for _ in range(3)]
        self.assertEqual(statuses, [204, 429, 429])

    def test_the_server_says_so_in_its_metrics(self):
        client = Client(self.server).begin()
        until(lambda: client.api("GET", "/limits").status == 429)
        self.assertGreater(metric(self.server, "lightbox_rate_limited_total"), 0)


class EventStreams(unittest.TestCase):
    def test_a_session_reads_so_many_and_another_one_when_one_ends(self):
        with test_queue.QueueServer("limits-streams", LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_LIMITS_EVENT_STREAMS_PER_SESSION="2") as server:
            # What waits shows no end, so that its streams stay open.
            server.admin("POST", "/queue/pause")
            sessions = []
            for _ in range(2):
                client, upload = test_queue.begin(server)
                sessions.append((client, f"/api/v1/analyses/{test_queue.ask(client, upload).json()['id']}/events"))
            (client, path), (other, others) = sessions

            def read(client: Client, path: str):
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
                self.addCleanup(connection.close)
                connection.request("GET", path, headers=client.fields())
                response = connection.getresponse()
                self.assertEqual(response.status, 200)
                self.assertTrue(response.readline())
                return connection, response

            held = [read(client, path), read(client, path)]
            refused = client.ask("GET", path)
            self.assertEqual((refused.status, refused.code), (429, "too-many-requests"))
            self.assertGreater(int(refused.headers["retry-after"]), 0)
            self.assertIn("2 event streams", refused.json()["detail"])
            read(other, others)
            # A question that would be answered by a stream isn't asked either; another one is.
            conversation = client.api("POST", "/conversations", {}).json()["id"]
            question = json.dumps({"text": "What is an effusion?"})
            fields = {"Content-Type": "application/json", "Accept": "text/event-stream"}
            self.assertEqual(client.ask("POST", f"/api/v1/conversations/{conversation}/messages", question, fields).status, 429)
            self.assertEqual(client.api("GET", f"/conversations/{conversation}").json()["messages"], 0)
            # Its streams end with the analysis, and their places are free.
            server.admin("POST", "/queue/resume")
            for _, response in held:
                response.read()
            until(lambda: client.ask("GET", path).status == 200, 20)


class Standstill(unittest.TestCase):
    """Readers of event streams whose connection lives and who take nothing any more."""

    @contextlib.contextmanager
    def told_without_end(self, name: str, **settings: str):
        """A server, a stalled stream of it, and what tells that stream of a change."""
        with test_queue.QueueServer(name, LIGHTBOX_WORKER_COUNT="1", LIGHTBOX_LIMITS_RATE_PERCENT="0", **settings) as server, socket.socket() as connection:
            server.admin("POST", "/queue/pause")
            calm, film = test_queue.begin(server)
            waiting = test_queue.ask(calm, film).json()
            urgent, urgent_film = test_queue.begin(server)
            self.assertEqual(urgent.api("PATCH", "/intake", {"answers": {"reason": "crushing chest pain, can't get air"}}).status, 200)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(f"GET /api/v1/analyses/{waiting['id']}/events HTTP/1.1\r\nHost: a\r\nCookie: {calm.cookie}\r\n\r\n".encode())
            self.assertIn(b"HTTP/1.1 200", connection.recv(64))

            def tell() -> None:
                # Both times the other's place changes, and its stream says so.
                analysis = test_queue.ask(urgent, urgent_film).json()["id"]
                self.assertEqual(urgent.api("POST", f"/analyses/{analysis}/cancel").status, 200)

            yield server, calm, tell

    def is_free(self, server: Server, client: Client, analysis: str) -> bool:
        """Whether the place of the session's one stream is."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        try:
            connection.request("GET", f"/api/v1/analyses/{analysis}/events", headers=client.fields())
            return connection.getresponse().status == 200
        finally:
            connection.close()

    def unsent(self, server: Server) -> int:
        """Bytes that the system keeps for readers of this server (/proc/net/tcp, tx_queue)."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(int(row[4].split(":")[0], 16) for row in rows if int(row[1].split(":")[1], 16) == server.port)

    def test_whoever_takes_nothing_of_an_event_stream_is_cut_off_and_its_place_is_free(self):
        with self.told_without_end("limits-standstill", LIGHTBOX_LIMITS_PAUSE="2", LIGHTBOX_LIMITS_EVENT_STREAMS_PER_SESSION="1") as (server, calm, tell):
            waiting = calm.api("GET", "/analyses").json()["analyses"][0]["id"]
            self.assertEqual(calm.api("GET", f"/analyses/{waiting}/events").status, 429)

            def is_cut_off() -> bool:
                tell()
                return metric(server, 'lightbox_connections_refused_total{reason="reader-too-slow"}') == 1

            # Until the system takes no more for it, and then for the pause.
            until(is_cut_off, 60)
            # A stream that is read goes on for as long as it likes.
            until(lambda: self.is_free(server, calm, waiting), 20)
            events = calm.events(waiting)
            next(events)
            began = time.monotonic()
            while time.monotonic() - began < 5:
                tell()
                next(events)
                next(events)
            self.assertEqual(metric(server, 'lightbox_connections_refused_total{reason="reader-too-slow"}'), 1)

    def test_a_server_stops_in_time_though_a_reader_takes_nothing(self):
        with self.told_without_end("limits-standstill-stop") as (server, _, tell):
            # Until the system takes no more for it.
            kept = [0]

            def stands_still() -> bool:
                tell()
                kept.append(self.unsent(server))
                return kept[-1] > 60_000 and len(kept) > 20 and kept[-1] == kept[-20]

            until(stands_still, 60)
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, 20)

    def test_a_stream_of_http2_whose_window_stays_shut_is_cut_off_too(self):
        with TLSServer("limits-window", LIGHTBOX_LIMITS_PAUSE="2", LIGHTBOX_HTTP_HOSTS="localhost, 127.0.0.1") as server:
            client = TLSClient(server).begin()
            upload = client.upload(sample_film().read_bytes()).json()["id"]
            analysis = client.analyse(upload)["id"]
            context = server.context()
            context.set_alpn_protocols(["h2"])
            with socket.create_connection(("127.0.0.1", server.port), timeout=20) as plain, context.wrap_socket(plain, server_hostname="localhost") as line:
                http2 = h2.connection.H2Connection()
                http2.initiate_connection()
                http2.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 0})
                http2.send_headers(1, [
                    (":method", "GET"), (":scheme", "https"), (":authority", "localhost"), (":path", f"/api/v1/analyses/{analysis}/events"), ("cookie", client.cookie)], end_stream=True)
                line.sendall(http2.data_to_send())
                deadline, seen = time.monotonic() + 20, []
                while not any(isinstance(event, h2.events.StreamReset) for event in seen):
                    self.assertLess(time.monotonic(), deadline, seen)
                    seen += http2.receive_data(line.recv(65536))
                    line.sendall(http2.data_to_send())
                self.assertTrue(any(isinstance(event, h2.events.ResponseReceived) for event in seen), seen)
                self.assertFalse(any(isinstance(event, h2.events.DataReceived) for event in seen), seen)


class ManyMistakes(unittest.TestCase):
    def test_the_answer_to_twenty_thousand_mistakes_is_short(self):
        with LiveServer("limits-mistakes") as server:
            client = Client(server).begin()
            answer = client.api("POST", "/reports", {"analysisId": "01a20953-5594-79a5-bd55-caf3503d0159", "audience": "patient", "conversations": ["x"] * 20_000})
            self.assertIn(answer.status, (404, 422))
            self.assertLess(len(answer.body), 30_000)


class SlowAttack(unittest.TestCase):
    """slowhttptest, with its three ways, while somebody else works."""

    def test_others_are_served_while_hundreds_are_slow(self):
        tool = shutil.which("slowhttptest")
        self.assertIsNotNone(tool, "scripts/setup.sh test installs it")
        with LiveServer("limits-slow") as server, tempfile.TemporaryDirectory() as folder:
            client = Client(server).begin()

            def slowest(goes_on) -> float:
                worst = 0.0
                while goes_on():
                    for path in ("/api/v1/session", "/"):
                        began = time.monotonic()
                        self.assertEqual(client.ask("GET", path, timeout=10).status, 200)
                        worst = max(worst, time.monotonic() - began)
                return worst

            # On a machine that others keep busy, a second may pass without any attack.
            end = time.monotonic() + 3
            quiet = slowest(lambda: time.monotonic() < end)
            attacked = 0.0
            for mode in (["-H"], ["-B", "-s", "8192"], ["-X", "-w", "1", "-y", "2", "-z", "32", "-k", "3"]):
                attack = subprocess.Popen(
                    [tool, *mode, "-c", "300", "-r", "150", "-l", "6", "-i", "2", "-x", "24", "-p", "3",
                     "-u", f"{server.origin}/api/v1/session"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    attacked = max(attacked, slowest(lambda: attack.poll() is None))
                finally:
                    attack.kill()
                    attack.wait()
            print(f"\nslowest request of another client: {quiet * 1000:.0f} ms, during slowhttptest -H, -B, -X: {attacked * 1000:.0f} ms")
            self.assertLess(attacked, max(1, 3 * quiet))
            # What they held is given back.
            until(lambda: metric(server, 'lightbox_connections_open{listener="public"}') < 50, 30)


if __name__ == "__main__":
    unittest.main()
