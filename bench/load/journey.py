"""The whole way through, by one client: what it does, how long each step takes, and what counts as an error."""

import http.client
import json
import mimetypes
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

QUESTIONS = (
    "What does the picture show?", "What does the heat map mean?", "What is an effusion?", "Am I allergic to anything?",
    "What was not checked?", "Who should I talk to about this?")

HISTORY = {
    "age": 54, "reason": "Cough for three weeks, worse at night.", "allergy-status": "yes",
    "allergies": [{"substance": "Penicillin", "reaction": "Rash"}]}

STEPS = (
    "session", "history", "upload", "analysis", "findings", "heat map", "question", "report", "PDF", "FHIR", "erase")


class Failed(Exception):
    """An answer that is not what it must be. It names the step, and nothing of the answer but its status and code."""


@dataclass
class Tally:
    """What all clients of one run have seen."""

    times: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})
    """Seconds, by step."""
    journeys: list[tuple[float, float]] = field(default_factory=list)
    """When each ended, by the monotonic clock, and its seconds with all waiting."""
    first_events: list[float] = field(default_factory=list)
    """Seconds from asking for an analysis to its first event."""
    events: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    """How often a client was told to come back later, by status."""
    waited: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client:
    """One browser with one connection that stays open, as a page's does. Not for several threads."""

    def __init__(self, port: int, tally: Tally, should_stop: Callable[[], bool] = lambda: False) -> None:
        self.port, self.tally, self.should_stop = port, tally, should_stop
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookie = ""
        self.waiting = 0.0
        version = json.loads(self.ask("limits", "GET", "/limits").read())["consentVersion"]
        self.consent = {"consent": {"version": version, "accepted": True}}

    def close(self) -> None:
        self.connection.close()

    def ask(self, step: str, method: str, path: str, body: object = None, kind: str = "application/json", accept: str = "*/*",
            expected: tuple[int, ...] = (200, 201, 202)) -> http.client.HTTPResponse:
        """The answer, its body unread. 429 and 503 with `Retry-After` are waited for, as they ask to be.

        Raises Failed for any other answer that isn't among the expected.
        """
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Accept": accept, "Origin": f"http://127.0.0.1:{self.port}"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if content is not None:
            headers["Content-Type"] = kind
        while True:
            self.connection.request(method, "/api/v1" + path, content, headers)
            response = self.connection.getresponse()
            if cookie := response.getheader("Set-Cookie"):
                self.cookie = cookie.split(";", 1)[0]
            if response.status in expected:
                return response
            answer = response.read()
            later = response.getheader("Retry-After")
            if response.status not in (429, 503) or later is None or self.should_stop():
                code = re.search(rb'"code":"([a-z-]+)"', answer)
                raise Failed(f"{step}: {response.status} {code[1].decode() if code else ''}".strip())
            self.wait(response.status, float(later))

    def wait(self, status: int, seconds: float) -> None:
        with self.tally.lock:
            self.tally.waits[status] += 1
            self.tally.waited += seconds
        self.waiting += seconds
        time.sleep(seconds)

    def call(self, step: str, method: str, path: str, body: object = None, **more) -> dict:
        return json.loads(self.ask(step, method, path, body, **more).read())

    def events(self, response: http.client.HTTPResponse) -> Iterator[tuple[str, dict]]:
        """Server-sent events as (name, data), until the stream ends."""
        name = ""
        for line in response:
            if line.startswith(b"event: "):
                name = line[7:].decode().strip()
            elif line.startswith(b"data: "):
                yield name, json.loads(line[6:])


def require(is_right: object, step: str, what: str) -> None:
    if not is_right:
        raise Failed(f"{step}: {what}")


class Journey:
    """From consent to erasure, once."""

    def __init__(self, client: Client, picture: Path, number: int) -> None:
        self.client, self.picture, self.number = client, picture, number
        self.times: dict[str, float] = {}
        self.first_event = 0.0
        self.events = 0

    def __call__(self) -> None:
        """Raises Failed, OSError or http.client.HTTPException where it breaks off."""
        client = self.client
        client.cookie = ""
        for step, work in (
            ("session", self.session), ("history", self.history), ("upload", self.upload), ("analysis", self.analysis),
            ("findings", self.findings), ("heat map", self.heat_map), ("question", self.question), ("report", self.report),
            ("PDF", self.pdf), ("FHIR", self.fhir), ("erase", self.erase)):
            waited, started = client.waiting, time.monotonic()
            work(step)
            self.times[step] = time.monotonic() - started - (client.waiting - waited)
        # Not a step: whoever comes back with the old cookie finds nothing.
        client.ask("after erasing", "GET", "/session", expected=(401,)).read()

    def session(self, step: str) -> None:
        self.client.call(step, "POST", "/session", self.client.consent, expected=(201,))

    def history(self, step: str) -> None:
        self.client.call(step, "PATCH", "/intake", {"answers": HISTORY}, expected=(200,))

    def upload(self, step: str) -> None:
        kind = mimetypes.guess_type(self.picture.name)[0] or "application/octet-stream"
        content = self.picture.read_bytes()
        self.uploaded = self.client.call(step, "POST", "/uploads", content, kind=kind, expected=(201,))
        require(self.uploaded["bytes"] == len(content), step, "another number of bytes than was sent")

    def analysis(self, step: str) -> None:
        # The history tells another age than the sample film: that is looked at, and confirmed.
        started, waited = time.monotonic(), self.client.waiting
        wanted = {"uploadId": self.uploaded["id"], "confirmedDifferences": ["birth-date"]}
        self.id = self.client.call(step, "POST", "/analyses", wanted, expected=(202,))["id"]
        stream = self.client.ask(step, "GET", f"/analyses/{self.id}/events", accept="text/event-stream", expected=(200,))
        states = []
        for _, event in self.client.events(stream):
            if not states:
                self.first_event = time.monotonic() - started - (self.client.waiting - waited)
            states.append(event["state"])
        self.events += len(states)
        require(states and states[-1] == "completed", step, f"the stream ended with {states[-1] if states else 'nothing'}")

    def findings(self, step: str) -> None:
        analysis = self.client.call(step, "GET", f"/analyses/{self.id}", expected=(200,))
        require(analysis["result"]["findings"], step, "no findings")
        self.maps = [finding["heatmap"] for finding in analysis["result"]["findings"] if finding.get("heatmap")]
        require(self.maps, step, "no heat map")

    def heat_map(self, step: str) -> None:
        path = self.maps[self.number % len(self.maps)].removeprefix("/api/v1")
        picture = self.client.ask(step, "GET", path, expected=(200,)).read()
        require(picture.startswith(b"\x89PNG"), step, "not a PNG")

    def question(self, step: str) -> None:
        talk = self.client.call(step, "POST", "/conversations", {}, expected=(201,))["id"]
        text = QUESTIONS[self.number % len(QUESTIONS)]
        stream = self.client.ask(
            step, "POST", f"/conversations/{talk}/messages", {"text": text}, accept="text/event-stream", expected=(200,))
        last = None
        for name, data in self.client.events(stream):
            last = (name, data)
            self.events += 1
        require(last and last[0] == "done" and last[1]["answer"]["text"], step, "no answer")

    def report(self, step: str) -> None:
        wanted = {"analysisId": self.id, "audience": "clinician"}
        report = self.client.call(step, "POST", "/reports", wanted, expected=(201, 202))
        if report["state"] != "ready":
            path = f"/reports/{report['id']}"
            for _ in self.client.events(self.client.ask(step, "GET", path + "/events", expected=(200,))):
                self.events += 1
            report = self.client.call(step, "GET", path, expected=(200,))
        require(report["state"] == "ready", step, f"it ended as {report['state']}")
        self.made = report["id"]

    def document(self, step: str, form: str) -> bytes:
        response = self.client.ask(step, "GET", f"/reports/{self.made}/document?format={form}", expected=(200,))
        content = response.read()
        require(len(content) == int(response.getheader("Content-Length", "-1")), step, "another length than was said")
        return content

    def pdf(self, step: str) -> None:
        require(self.document(step, "pdf").startswith(b"%PDF-"), step, "not a PDF")

    def fhir(self, step: str) -> None:
        require(json.loads(self.document(step, "fhir")).get("resourceType") == "Bundle", step, "not a bundle")

    def erase(self, step: str) -> None:
        receipt = self.client.call(step, "DELETE", "/session", expected=(200,))
        require(receipt["uploads"] == 1 and receipt["analyses"] == 1 and receipt["reports"] == 1, step, "another receipt")


def travel(port: int, picture: Path, tally: Tally, until: float, number: int, think: float = 0.0) -> None:
    """Journeys of one client, one after another, until the time; the one that runs then is finished.

    - think: seconds of rest after each, of the clock and not of the server's.
    """
    stop = threading.Event()
    client: Client | None = None
    while time.monotonic() < until:
        try:
            client = client or Client(port, tally)
            journey = Journey(client, picture, number)
            started = time.monotonic()
            journey()
            ended = time.monotonic()
        except (Failed, OSError, http.client.HTTPException, KeyError, ValueError) as error:
            with tally.lock:
                tally.errors[f"{error}" if isinstance(error, Failed) else f"{type(error).__name__}: {error}"] += 1
            if client:
                client.close()
            client = None
            # A server that is down would be asked thousands of times a second.
            stop.wait(0.2)
            continue
        with tally.lock:
            for step, seconds in journey.times.items():
                tally.times[step].append(seconds)
            tally.journeys.append((ended, ended - started))
            tally.first_events.append(journey.first_event)
            tally.events += journey.events
        number += 1
        if think:
            stop.wait(min(think, max(0.0, until - time.monotonic())))
    if client:
        client.close()
