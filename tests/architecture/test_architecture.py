"""The sources keep to the table in docs/architecture.md, and the documents to the sources."""

import re
import unittest
from pathlib import Path

import documents
import imports
import metrics

ROOT = Path(__file__).resolve().parents[2]


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


class SourcesAndDocuments(unittest.TestCase):
    def assert_none(self, found: list[str]) -> None:
        self.assertFalse(found, "\n  " + "\n  ".join(found))

    def test_every_target_imports_only_what_the_table_allows(self) -> None:
        rows, system = imports.table_of(text("docs/architecture.md"))
        self.assert_none(imports.violations(imports.imports_of_targets(ROOT), rows, system))

    def test_the_followed_request_names_what_exists(self) -> None:
        self.assert_none(documents.misplaced_symbols(text("docs/one-request.md"), ROOT))

    def test_errors_have_a_code_an_entry_and_a_sentence(self) -> None:
        web_api = "\n".join(text(str(file)) for file in sorted((ROOT / "server/Sources/WebAPI").glob("*.swift")))
        lists = {
            "ProblemCode": documents.swift_codes(web_api),
            "docs/errors.md": documents.documented_codes(text("docs/errors.md")),
            "web/src/shared/problems.ts": documents.web_codes(text("web/src/shared/problems.ts")),
        }
        self.assertTrue(all(lists.values()), f"no code was found in one of {', '.join(lists)}")
        self.assert_none(documents.differences(lists))

    def test_every_metric_is_listed_with_its_labels(self) -> None:
        self.assertTrue(metrics.documented(text("docs/metrics.md")))
        self.assert_none(metrics.differences(text("docs/metrics.md"), ROOT))

    def test_every_rule_of_an_alert_has_its_place_in_the_runbook(self) -> None:
        rules = re.findall(r'AlertRule\(\s*"([a-z-]+)"', text("server/Sources/Observability/Alerts.swift"))
        self.assertGreater(len(rules), 8)
        part = text("docs/operations.md").split("\n## Alerts\n")[1].split("\n## ")[0]
        sections = dict(re.findall(r"\n### ([a-z-]+)\n(.*?)(?=\n### |\Z)", part, re.DOTALL))
        # Only Prometheus can see that nothing answers.
        self.assertEqual(set(rules) | {"down"}, set(sections))
        for name, body in sections.items():
            for word in ("**Means:**", "**Look at:**", "**Do:**"):
                self.assertIn(word, body, name)

    def test_the_page_about_alerts_lists_every_signal_and_field_of_a_rule(self) -> None:
        swift = text("server/Sources/Observability/Alerts.swift")
        signals = swift.split("enum AlertSignal")[1].split("\n}")[0]
        names = {given or name for name, given in re.findall(r'^    case (\w+)(?: = "([a-z-]+)")?$', signals, re.MULTILINE)}
        fields = set(re.findall(r"^    public var `?(\w+)`?: [\w.]+$", swift.split("struct AlertRule")[1].split("public init")[0], re.MULTILINE))
        tables = re.findall(r"(?:^\| .*\n)+", re.sub(r"^\|-.*\n", "", text("docs/alerts.md"), flags=re.MULTILINE), re.MULTILINE)
        listed = [set(re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)) for table in tables]
        self.assertEqual(listed, [fields, names])

    def test_every_action_of_the_audit_trail_has_its_sentence_in_the_page(self) -> None:
        audit = text("server/Sources/Workflows/Audit.swift")
        body = audit[audit.index("enum AuditEvent"):audit.index("public func mostPerMinute")]
        actions = re.findall(r'^    case \w+ = "([a-z-]+)"$', body, re.MULTILINE)
        self.assertEqual(len(actions), len(re.findall(r"^    case ", body, re.MULTILINE)))
        page = text("web/src/shared/api/accessLog.ts")
        listed = re.findall(r'"([a-z-]+)"', page[page.index("auditActions = ["):page.index("] as const")])
        self.assertGreater(len(actions), 30)
        # That each of these has a sentence in every language, the page's own tests and its types say.
        self.assertEqual(sorted(actions), sorted(listed))

    def test_every_dependency_is_listed_with_its_licence(self) -> None:
        self.assert_none(documents.unlicensed(text("docs/licences.md"), ROOT))


if __name__ == "__main__":
    unittest.main()
