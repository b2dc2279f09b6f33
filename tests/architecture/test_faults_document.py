"""docs/faults.md has the rows of the harness in tests/faults, and the tests that it names exist."""

import ast
import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAULTS = ROOT / "tests/faults"
sys.path.insert(0, str(FAULTS))

import promises  # noqa: E402


def scenarios() -> dict[str, str]:
    """The functions under @scenario, by name, and the file of each; read, not imported, because running them takes more."""
    found = {}
    for file in sorted(FAULTS.glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(isinstance(one, ast.Call) and getattr(one.func, "id", "") == "scenario" for one in node.decorator_list):
                found[node.name] = file.relative_to(ROOT).as_posix()
    return found


class Document(unittest.TestCase):
    text = (ROOT / "docs/faults.md").read_text(encoding="utf-8")

    def test_each_promise_is_shown_by_something_or_said_not_to_be_there(self):
        self.assertEqual(len(promises.ROWS), 23)
        for row in promises.ROWS:
            with self.subTest(row.fault):
                self.assertEqual(bool(row.missing), not (row.scenarios or row.tests))

    def test_every_test_that_is_named_exists(self):
        for row in promises.ROWS:
            for named in row.tests:
                with self.subTest(named):
                    path, name = named.split("::")
                    self.assertRegex((ROOT / path).read_text(encoding="utf-8"), rf"\n {{4,8}}(?:def|func) {name}\(", named)

    def test_every_scenario_belongs_to_a_promise_and_is_there(self):
        named = [name for row in promises.ROWS for name in row.scenarios]
        self.assertEqual(sorted(named), sorted(set(named)))
        self.assertEqual(set(named), set(scenarios()))

    def test_the_document_has_each_row_with_what_shows_it(self):
        where = scenarios()
        rows = {cells[0]: cells for line in self.text.splitlines() if line.startswith("| ") and len(cells := line.strip("| ").split(" | ")) == 4}
        for row in promises.ROWS:
            with self.subTest(row.fault):
                cells = rows.get(row.fault)
                self.assertIsNotNone(cells, "run `make faults`")
                self.assertEqual(cells[1], row.promise)
                named = [f"{where[name]}::{name}" for name in row.scenarios] + list(row.tests)
                self.assertEqual(re.findall(r"`([^`]+::\w+)`", cells[3]), named)

    def test_what_make_test_runs_every_time_is_named_as_such(self):
        quick = re.findall(r"\n    def (test_\w+)\(", (FAULTS / "test_quick.py").read_text(encoding="utf-8"))
        named = [test.split("::")[1] for row in promises.ROWS for test in row.tests if test.startswith("tests/faults/test_quick.py")]
        self.assertEqual(sorted(named), sorted(quick))


if __name__ == "__main__":
    unittest.main()
