"""server/openapi.yaml against the code: routes, codes, its own examples. What the server answers is held against it by
description.hold in every other test of this folder."""

import json
import re
import sys
import unittest

import description
from client import ROOT, Answer, Client, Server

sys.path.insert(0, str(ROOT / "tests/architecture"))
import documents  # noqa: E402

# The page, which has no operations, and the address that says so for everything else under /api.
PAGE = {"GET /", "GET /**", "GET /api/**"}


def logged_routes(server: Server, listener: str) -> set[str]:
    """What a listener serves, as "GET /api/v1/uploads/{upload}": the server tells it at the level debug when it starts."""
    line = next(line for line in server.log_lines() if line.get("message") == "routes" and line.get("listener") == listener)
    return {re.sub(r":(\w+)", r"{\1}", route).rstrip("/") if route != "GET /" else route for route in line["routes"]}


class Described(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server("api-openapi", LIGHTBOX_LOG_LEVEL="debug"))

    def test_every_route_is_described_and_every_described_route_is_served(self):
        served = logged_routes(self.server, "public") - PAGE
        described = {f"{method} {path}" for method, path, _, _ in description.operations()}
        self.assertGreater(len(served), 50)
        self.assertEqual(sorted(served - described), [], "served and not described")
        self.assertEqual(sorted(described - served), [], "described and not served")

    def test_it_is_served_as_it_is(self):
        answer = Client(self.server).ask("GET", "/openapi.yaml")
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/yaml"))
        self.assertEqual(answer.body, description.PATH.read_bytes())


class Document(unittest.TestCase):
    def test_it_lists_every_problem_code_and_no_other(self):
        source = (ROOT / "server/Sources/WebAPI/ProblemCode.swift").read_text(encoding="utf-8")
        self.assertEqual(
            sorted(description.document()["components"]["schemas"]["ProblemCode"]["enum"]), sorted(documents.swift_codes(source)))

    def test_each_operation_has_a_name_of_its_own_and_each_parameter_of_a_path_is_described(self):
        names = [operation["operationId"] for _, _, operation, _ in description.operations()]
        self.assertEqual(len(names), len(set(names)))
        for method, path, _, parameters in description.operations():
            with self.subTest(f"{method} {path}"):
                self.assertEqual(set(re.findall(r"\{(\w+)\}", path)), {one["name"] for one in parameters if one["in"] == "path"})

    def test_every_reference_leads_somewhere_and_nothing_is_left_over(self):
        text = json.dumps(description.document())
        used = set(re.findall(r'"#/components/(\w+/\w+)"', text))
        there = {f"{kind}/{name}" for kind, all_ in description.document()["components"].items() for name in all_ if kind != "securitySchemes"}
        self.assertEqual(used - there, set())
        # The data of server-sent events have schemas, and nothing in the document can refer to them.
        self.assertEqual(there - used, {"schemas/AnalysisProgress", "schemas/ReportStatus"} | {f"responses/{name}" for name in ("MethodNotAllowed",)})

    def test_the_examples_are_what_they_are_examples_of(self):
        found = 0

        def walk(node, pointer: str):
            nonlocal found
            if isinstance(node, dict):
                if "schema" in node and "example" in node:
                    found += 1
                    errors = list(description.validator(f"{pointer}/schema").iter_errors(node["example"]))
                    self.assertEqual(errors, [], pointer)
                for key, value in node.items():
                    walk(value, f"{pointer}/{description.escaped(key)}")
            elif isinstance(node, list):
                for index, value in enumerate(node):
                    walk(value, f"{pointer}/{index}")

        walk(description.document(), "")
        self.assertGreater(found, 25)

    def test_what_changes_something_takes_a_cross_site_refusal_and_what_needs_a_session_a_401(self):
        for method, path, operation, _ in description.operations():
            with self.subTest(f"{method} {path}"):
                statuses = set(operation["responses"])
                if method in ("POST", "PUT", "PATCH", "DELETE"):
                    self.assertIn("403", statuses)
                self.assertEqual("401" in statuses, operation.get("security") != [])


class Hook(unittest.TestCase):
    """That an untrue answer is noticed."""

    def refused(self, why, method, target, status, body, **headers):
        answer = Answer(status, {"x-request-id": "x", "content-type": "application/json", **headers}, json.dumps(body).encode())
        with self.assertRaisesRegex(description.Untrue, why):
            description.hold(method, target, answer)

    def test_untrue_answers_are_noticed(self):
        live = ("GET", "/health/live", 200)
        description.hold(*live[:2], Answer(200, {"x-request-id": "x", "content-type": "application/json"}, b'{"status":"live"}'))
        self.refused("extra", *live, {"status": "live", "extra": 1})
        self.refused("required", *live, {})
        self.refused("media type", *live, {"status": "live"}, **{"content-type": "text/html"})
        self.refused("header x-new", *live, {"status": "live"}, **{"x-new": "1"})
        self.refused("are described", "GET", "/health/live", 418, {})
        self.refused("no such operation", "GET", "/api/v1/secrets", 200, {})
        self.refused("an error is", "GET", "/api/v1/secrets", 404, {})
        self.refused("date-time", "GET", "/api/v1/session", 200, {
            "id": "01a20953-5594-79a5-bd55-caf3503d0159", "createdAt": "yesterday", "idleExpiresAt": "2026-11-28T15:38:00Z",
            "absoluteExpiresAt": "2026-11-28T15:38:00Z", "consent": {"version": "2026-11", "acceptedAt": "2026-11-28T15:38:00Z"},
            "intakeComplete": False, "uploads": 0, "analyses": 0, "reports": 0, "conversations": 0, "messages": 0, "readings": 0,
            "receptions": 0})


if __name__ == "__main__":
    unittest.main()
