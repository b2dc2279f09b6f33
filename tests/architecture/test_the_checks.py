"""The checks themselves: each finds the fault that it is there for."""

import tempfile
import unittest
from pathlib import Path

import documents
import imports

TABLE = """
## Who may import whom

| Module | May import |
| --- | --- |
| `Domain` | nothing |
| `Workflows` | `Domain`, `Logging` |
| System modules | `Foundation`, `Glibc` |

## Afterwards

| `Other` | `Domain` |
"""


class ImportLines(unittest.TestCase):
    def test_every_way_to_write_an_import_is_read(self) -> None:
        source = """
            import Domain
            public import Logging
            @preconcurrency import GRDB
            @testable internal import WebAPI
            @_spi(Testing) import NIOCore
            import struct Foundation.Date
            #if canImport(Glibc)
                import Glibc
            #endif
            // import Commented
            /* import
               import Hidden */
            let words = \"\"\"
                import Quoted
                \"\"\"
            important()
            """
        self.assertEqual(
            imports.imports_of(source),
            {"Domain", "Logging", "GRDB", "WebAPI", "NIOCore", "Foundation", "Glibc"},
        )

    def test_the_table_ends_with_its_section(self) -> None:
        rows, system = imports.table_of(TABLE)
        self.assertEqual(rows, {"Domain": set(), "Workflows": {"Domain", "Logging"}})
        self.assertEqual(system, {"Foundation", "Glibc"})

    def test_a_document_without_the_table_is_refused(self) -> None:
        for document in ("", "# Map\n", imports.HEADING + "\n\nwords\n"):
            with self.assertRaises(ValueError):
                imports.table_of(document)

    def test_what_the_table_does_not_allow_is_found(self) -> None:
        rows, system = imports.table_of(TABLE)

        def found(targets: dict[str, set[str]]) -> list[str]:
            files = {name: {module: {"a.swift"} for module in modules} for name, modules in targets.items()}
            return imports.violations(files, rows, system)

        self.assertEqual(found({"Domain": {"Foundation"}, "Workflows": {"Domain", "Glibc"}}), [])
        self.assertEqual(found({"Domain": {"Logging"}, "Workflows": set()}), ["Domain must not import Logging: a.swift"])
        self.assertEqual(
            found({"Domain": set(), "Workflows": set(), "WebAPI": set()}), ["WebAPI has no row in the table"]
        )
        self.assertEqual(found({"Domain": set()}), ["the table names Workflows, which is no target"])


class Documents(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path: str, content: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(content, encoding="utf-8")

    def test_a_symbol_that_left_its_file_is_found(self) -> None:
        self.write("server/A.swift", "public struct ReceiveUpload {\n    func run(_ x: Int) {}\n    case one, two\n}")
        self.write("engine/d.cpp", "int read_header(const char *name) { return 0; }")

        def found(document: str) -> list[str]:
            return documents.misplaced_symbols(document, self.root)

        self.assertEqual(found("`ReceiveUpload.run(_:)` in `server/A.swift`"), [])
        self.assertEqual(found("`two` (`server/A.swift`), `read_header` in `engine/d.cpp`"), [])
        self.assertEqual(
            found("`ReceiveUpload.stop` in `server/A.swift`"), ["server/A.swift declares no stop (ReceiveUpload.stop)"]
        )
        self.assertEqual(found("`ReceiveUpload` in `server/B.swift`"), ["server/B.swift does not exist"])
        self.assertEqual(found("words"), ["no symbol is named with its file beside it"])

    def test_a_code_that_one_of_three_lacks_is_found(self) -> None:
        swift = """
            public enum ProblemCode: String, CaseIterable {
                case badRequest = "bad-request"
                case `internal`
                var status: Int {
                    switch self {
                    case .badRequest: 400
                    case .`internal`: 500
                    }
                }
            }
            enum Other: String { case notACode = "not-a-code" }
            """
        web = 'export const sentences = {\n  "bad-request": { title: "x" },\n  internal: "Something",\n};\n'
        lists = {
            "swift": documents.swift_codes(swift),
            "docs": documents.documented_codes("# Errors\n\n## About\n\n### bad-request\n\n### `internal`\n"),
            "web": documents.web_codes(web),
        }
        self.assertEqual(lists, dict.fromkeys(lists, ["bad-request", "internal"]))
        self.assertEqual(documents.differences(lists), [])
        lists["docs"] = ["bad-request", "bad-request"]
        self.assertEqual(documents.differences(lists), ["docs lacks internal", "docs has bad-request twice"])

    def test_a_dependency_that_is_not_listed_is_found(self) -> None:
        self.write("engine/Package.swift", "")
        self.write("server/Package.swift", '.package(url: "https://example.org/a/swift-log.git", exact: "1.2.3"),')
        self.write("scripts/requirements-run.txt", "# words\nopenvino==1.0\n")
        self.write("scripts/requirements-test.txt", "")
        self.write("scripts/requirements-security.txt", "")
        self.write("scripts/packages-run.txt", "# pictures\nlibvips-dev\n")
        self.write("scripts/packages-test.txt", "")
        self.write("scripts/packages-security.txt", "")
        complete = "| swift-log | 1.2.3 | A | b |\n| openvino | 1.0 | A | b |\n| `libvips-dev` | 8 | L | b |\n"
        self.assertEqual(documents.unlicensed(complete, self.root), [])
        self.assertEqual(
            documents.unlicensed(complete.replace("1.2.3", "1.2.4").replace("libvips-dev", "x"), self.root),
            ["swift-log is listed as 1.2.4, not 1.2.3", "the Debian package libvips-dev is not listed"],
        )
        self.assertEqual(documents.unlicensed(complete.split("\n", 1)[1], self.root), ["swift-log 1.2.3 is not listed"])
        self.write(
            ".build-debug/server/workspace-state.json",
            '{"object": {"dependencies": [{"packageRef": {"location": "https://example.org/a/swift-nio"},'
            ' "state": {"checkoutState": {"version": "2.0.0"}}}]}}',
        )
        self.assertEqual(documents.unlicensed(complete, self.root), ["swift-nio 2.0.0 is not listed"])


if __name__ == "__main__":
    unittest.main()
