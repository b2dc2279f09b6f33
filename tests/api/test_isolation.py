"""One session gets nothing of another: a test generated from server/openapi.yaml.

Every operation that takes an identifier, in its address or in its body, is called with an identifier of another session and with one
that doesn't exist. Both must give the same answer, after the same time. Without a session all of them give 401. An operation
whose identifier has no counterpart in `Owner.ids` fails the test, so that a new route can't be forgotten.
"""

import base64
import http.client
import itertools
import json
import random
import time
import unittest
from dataclasses import dataclass

import description
from client import Answer, Client, Server
from test_openapi import logged_routes
from test_reports import Patient

NOBODYS = "01a20953-5594-79a5-bd55-caf3503d0159"
# What differs between any two answers.
ANY_TWO = {"x-request-id", "date", "ratelimit", "traceparent"}


class Owner(Patient):
    """A session in which there is one of everything."""

    def furnish(self) -> "Owner":
        self.prepare()
        conversation = self.api("POST", "/conversations", {}).json()["id"]
        said = self.api("POST", f"/conversations/{conversation}/messages", {"text": "What was found?"}).json()
        report = self.reported(self.analysis)
        begun = self.ask("POST", "/api/v1/uploads/tus", headers={
            "Tus-Resumable": "1.0.0", "Upload-Length": "1000", "Upload-Metadata": f"filename {base64.b64encode(b'a.png').decode()}"})
        reading = self.api("PUT", f"/analyses/{self.analysis}/reading", {"clinician": "Dr. Lee", "text": "Clear."})
        assert reading.status == 201, reading
        result = self.api("GET", f"/analyses/{self.analysis}").json()["result"]
        self.ids = {
            "upload": self.upload_id, "analysis": self.analysis, "conversation": conversation, "report": report["id"],
            "reception": begun.headers["location"].rsplit("/", 1)[1],
            "finding": next(one["id"] for one in result["findings"] if "heatmap" in one),
        }
        # In bodies, by the name of the member.
        self.members = {
            "uploadId": self.upload_id, "analysisId": self.analysis, "conversations": conversation, "replaces": said["question"]["id"]}
        return self

    def everything(self) -> dict:
        """All that is in it, to tell whether a stranger changed something."""
        kept = {}
        for path in ("/uploads", "/analyses", "/conversations", "/reports", "/uploads/tus", "/intake", f"/analyses/{self.analysis}/reading",
                     f"/conversations/{self.ids['conversation']}"):
            answer = self.api("GET", path)
            assert answer.status == 200, (path, answer)
            kept[path] = answer.json()
        return kept


@dataclass
class Call:
    """One operation, ready to be sent; `values` fills the address, `place` says which identifier is the stranger's."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict | bytes | None
    place: str
    isOpen: bool
    members: set[str]

    @property
    def name(self) -> str:
        kind = self.headers.get("X-HTTP-Method-Override", "")
        return f"{self.method} {self.path} {kind} by {self.place}"

    def request(self, id: str, ids: dict[str, str]) -> tuple[str, str, bytes | None, dict[str, str]]:
        """With `id` in the place, and of `ids` in the others."""
        path = self.path
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", id if name == self.place else value)
        body = self.body
        if isinstance(body, dict):
            body = {**body, **{name: ids[name] for name in self.members & body.keys()}}
            if self.place in self.members:
                body[self.place] = [id] if self.place == "conversations" else id
            body = json.dumps(body).encode()
        return self.method, path, body, self.headers


def of_body(schema: dict, found: set[str]) -> set[str]:
    """The members of a body that are identifiers."""
    for name, member in description.resolved(schema).get("properties", {}).items():
        text = json.dumps(member)
        if '"#/components/schemas/Id"' in text:
            found.add(name)
    return found


def calls() -> list[Call]:
    made = []
    for method, path, operation, parameters in description.operations():
        inPath = [one["name"] for one in parameters if one["in"] == "path" and "Id" in json.dumps(one["schema"])]
        choices: list[list[tuple[str, str]]] = []
        for one in parameters:
            if one["in"] == "header" and one.get("required"):
                schema = description.resolved(one["schema"])
                values = [schema["const"]] if "const" in schema else schema.get("enum", ["0"])
                choices.append([(one["name"], value) for value in values])
        body, kind, members = None, None, set()
        if content := operation.get("requestBody", {}).get("content"):
            kind = "application/json" if "application/json" in content else next(iter(content))
            body = content[kind].get("example", b"x" if kind != "application/json" else {})
            members = of_body(content[kind]["schema"], set())
        methods = [method] + (["HEAD"] if method == "GET" and "head" not in description.document()["paths"][path] else [])
        for name, headers, place in itertools.product(methods, itertools.product(*choices), [*inPath, *sorted(members)]):
            headers = dict(headers) | ({"Content-Type": kind} if kind else {})
            # What PATCH at the same address needs.
            if headers.get("X-HTTP-Method-Override") == "PATCH":
                headers["Upload-Offset"] = "0"
            made.append(Call(name, path, headers, body, place, operation.get("security") == [], members))
    return made


def same(answer: Answer) -> tuple:
    """What must be alike in two answers that say the same."""
    headers = {name: value for name, value in answer.headers.items() if name not in ANY_TWO}
    body = answer.body
    if body and "problem+json" in headers.get("content-type", ""):
        body = {name: value for name, value in json.loads(body).items() if name != "instance"}
    return answer.status, headers, body


def advantage(ones: list[float], others: list[float]) -> float:
    """How often one of the first takes longer than one of the others: 0.5 where nothing can be told from the time (the area
    under the curve of Mann and Whitney)."""
    ranked = sorted([(time, 0) for time in ones] + [(time, 1) for time in others])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    return (ranks - len(ones) * (len(ones) + 1) / 2) / (len(ones) * len(others))


class Isolation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server("api-isolation", LIGHTBOX_LOG_LEVEL="debug"))
        cls.owner = Owner(cls.server).furnish()
        cls.stranger = Owner(cls.server).furnish()
        cls.calls = calls()

    def test_each_identifier_has_a_counterpart_here(self):
        known = {**self.owner.ids, **self.owner.members}
        self.assertEqual({call.place for call in self.calls} - set(known), set(), "add one of it to Owner")
        # That the generator finds them at all.
        self.assertGreater(len(self.calls), 45)
        self.assertEqual({call.place for call in self.calls} | {"finding"}, set(known))

    def given(self, call: Call) -> str:
        """The owner's identifier in the place of the call."""
        return {**self.owner.ids, **self.owner.members}[call.place]

    def request(self, call: Call, id: str):
        # A finding belongs to its analysis; all else that the call needs is the stranger's own.
        return call.request(id, {**self.stranger.ids, **self.stranger.members, "finding": self.owner.ids["finding"]})

    def asked(self, client: Client, call: Call, id: str) -> Answer:
        return client.ask(*self.request(call, id))

    def test_an_identifier_of_another_session_is_answered_as_one_that_does_not_exist(self):
        before = self.owner.everything()
        for call in self.calls:
            with self.subTest(call.name):
                theirs = self.asked(self.stranger, call, self.given(call))
                nobodys = self.asked(self.stranger, call, NOBODYS)
                self.assertEqual(same(theirs), same(nobodys))
                if not call.isOpen:
                    self.assertEqual(theirs.status, 422 if call.place == "conversations" else 404, theirs.body)
        self.assertEqual(self.owner.everything(), before)

    def test_without_a_session_every_one_is_401(self):
        nobody = Client(self.server)
        for call in self.calls:
            with self.subTest(call.name):
                if call.isOpen:
                    self.assertEqual(self.asked(nobody, call, self.given(call)).status, 204)
                else:
                    answer = self.asked(nobody, call, self.given(call))
                    self.assertEqual(answer.status, 401, answer.body)
                    self.assertEqual(same(answer), same(self.asked(nobody, call, NOBODYS)))

    def test_the_time_of_an_answer_does_not_tell_either(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        self.addCleanup(connection.close)

        def seconds(call: Call, id: str) -> float:
            method, path, body, headers = self.request(call, id)
            begun = time.perf_counter()
            connection.request(method, path, body, self.stranger.fields(headers))
            connection.getresponse().read()
            return time.perf_counter() - begun

        def measured(call: Call, times: int) -> float:
            # In a shuffled order, so that whatever else the machine does falls on both alike.
            order = [True, False] * times
            random.shuffle(order)
            found: dict[bool, list[float]] = {True: [], False: []}
            for isTheirs in order:
                found[isTheirs].append(seconds(call, self.given(call) if isTheirs else NOBODYS))
            return advantage(found[True], found[False])

        for call in self.calls:
            with self.subTest(call.name):
                # Chance alone takes the first measure out of these bounds once in 100,000 times, and the second never.
                told = measured(call, 40)
                if abs(told - 0.5) > 0.28:
                    told = measured(call, 200)
                    self.assertLess(abs(told - 0.5), 0.2, "the time tells whether the identifier exists")

    def test_a_difference_in_time_would_be_noticed(self):
        generator = random.Random(1)
        noise = lambda mean: [generator.gauss(mean, 1) for _ in range(200)]  # noqa: E731
        self.assertLess(abs(advantage(noise(10), noise(10)) - 0.5), 0.1)
        self.assertGreater(advantage(noise(12), noise(10)), 0.8)
        self.assertEqual(advantage([2, 3], [0, 1]), 1)

    def test_no_address_of_operators_is_open_without_a_token(self):
        operators = Client(self.server)
        operators.server = type("Operators", (), {"port": self.server.operator_port})()
        guarded = sorted(route for route in logged_routes(self.server, "operators") if " /admin" in route)
        self.assertGreater(len(guarded), 2)
        for route in guarded:
            method, path = route.split(" ")
            for name in ("session", "id", "model", "version", "fingerprint"):
                path = path.replace(f"{{{name}}}", NOBODYS)
            for header in ({}, {"Authorization": "Bearer wrong-wrong-wrong-wrong"}, {"Cookie": self.owner.cookie}):
                with self.subTest(route, **header):
                    answer = operators.ask(method, path, None, header)
                    self.assertEqual(answer.status, 401, answer.body)
        # And none of it is on the public listener.
        for route in guarded:
            method, path = route.split(" ")
            answer = self.owner.ask(method, path.replace("{", "").replace("}", ""))
            # The page answers what it doesn't know with itself; it is no answer of the operators' API.
            self.assertTrue(answer.status in (404, 405) or answer.headers["content-type"].startswith("text/html"), route)


if __name__ == "__main__":
    unittest.main()
