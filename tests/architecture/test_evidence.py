"""What docs/threat-model.md, docs/security.md and docs/privacy.md name as evidence exists."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("threat-model", "security", "privacy")
# `path/to/file.py`, or `path/to/file.py::test_that_shows_it`.
NAMED = re.compile(r"`((?:[\w.@+-]+/)+[\w.@+-]+\.[a-z]+)(?:::(\w+))?`")
# ASVS 5.0.0 by chapter: how many requirements of levels 1 and 2 each section has. 253 in all.
ASVS = {
    1: {1: 2, 2: 9, 3: 11, 4: 3, 5: 2}, 2: {1: 3, 2: 3, 3: 4, 4: 1}, 3: {2: 2, 3: 4, 4: 6, 5: 5, 7: 2},
    4: {1: 3, 2: 1, 3: 2, 4: 4}, 5: {1: 1, 2: 3, 3: 2, 4: 3}, 6: {1: 3, 2: 12, 3: 4, 4: 4, 5: 5, 6: 3, 8: 4},
    7: {1: 3, 2: 4, 3: 2, 4: 5, 5: 2, 6: 2}, 8: {1: 2, 2: 3, 3: 1, 4: 1}, 9: {1: 3, 2: 4},
    10: {1: 2, 2: 2, 3: 4, 4: 11, 5: 5, 6: 2, 7: 3}, 11: {1: 2, 2: 3, 3: 3, 4: 4, 5: 1, 6: 1}, 12: {1: 3, 2: 2, 3: 4},
    13: {1: 1, 2: 5, 3: 2, 4: 5}, 14: {1: 2, 2: 4, 3: 3}, 15: {1: 3, 2: 3, 3: 7}, 16: {1: 1, 2: 5, 3: 4, 4: 3, 5: 3},
    17: {1: 1, 2: 4, 3: 2},
}


def text(name: str) -> str:
    return (ROOT / f"docs/{name}.md").read_text(encoding="utf-8")


def table(document: str, heading: str) -> list[list[str]]:
    """The rows of all tables under a heading, without their heads."""
    part = document.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in part.splitlines() if line.startswith("|")]
    return [row for number, row in enumerate(rows) if not set("".join(row)) <= set("-| ") and not
            (number + 1 < len(rows) and set("".join(rows[number + 1])) <= set("-| "))]


class Evidence(unittest.TestCase):
    def test_every_file_and_every_test_that_is_named_exists(self) -> None:
        for name in DOCUMENTS:
            named = NAMED.findall(text(name))
            self.assertGreater(len(named), 20, name)
            for path, test in named:
                with self.subTest(f"{name}: {path} {test}"):
                    self.assertTrue((ROOT / path).is_file(), f"docs/{name}.md names {path}, which doesn't exist")
                    if test:
                        source = (ROOT / path).read_text(encoding="utf-8")
                        self.assertRegex(source, rf"\n    (?:def|func) {test}\(", f"docs/{name}.md names {test}, which isn't in {path}")

    def test_nothing_else_is_written_as_a_test(self) -> None:
        # A slip in writing one would hide it from the test above.
        for name in DOCUMENTS:
            for token in re.findall(r"`[^`\n]*test_\w+[^`\n]*`", text(name)):
                self.assertRegex(token, NAMED, f"docs/{name}.md: {token}")

    def test_all_of_asvs_is_answered_and_what_is_done_has_its_evidence(self) -> None:
        rows = [row for row in table(text("security"), "OWASP ASVS") if re.fullmatch(r"\d+\.\d+\.\d+", row[0])]
        ids = [row[0] for row in rows]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual((len(ids), sum(row[1] == "1" for row in rows)), (253, 70))
        found: dict[int, dict[int, int]] = {}
        for id in ids:
            chapter, section, _ = map(int, id.split("."))
            sections = found.setdefault(chapter, {})
            sections[section] = sections.get(section, 0) + 1
        self.assertEqual(found, ASVS)
        for row in rows:
            with self.subTest(row[0]):
                self.assertIn(row[2], ("yes", "part", "no", "n.a."))
                self.assertTrue(row[4], "it says nothing")
        said = re.search(r"Now: (\d+) yes, (\d+) part, (\d+) no, (\d+) n\.a\.", text("security"))
        self.assertEqual([int(one) for one in said.groups()], [sum(row[2] == state for row in rows) for state in ("yes", "part", "no", "n.a.")])

    def test_each_fault_that_people_cause_has_a_test(self) -> None:
        rows = table(text("threat-model"), "Faults: people who shouldn't be here")
        self.assertEqual(len(rows), 11)
        for fault, shown in rows:
            self.assertTrue(any(test for _, test in NAMED.findall(shown)), fault)

    def test_each_border_answers_all_six_questions(self) -> None:
        for border in ("1. Browser and server", "2. Server and worker", "3. Server and disk", "4. Server and language model",
                       "5. Operator and server", "6. Backup", "7. Identity provider", "8. Webhook and mail", "9. Collector of traces"):
            letters = {letter for row in table(text("threat-model"), border) for letter in re.split(r", ?", row[0])}
            self.assertEqual(letters, set("STRIDE"), border)


if __name__ == "__main__":
    unittest.main()
