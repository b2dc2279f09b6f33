"""fuzz/run.py with stand-ins for fuzzers: what goes wrong in one of them fails the run, and says how to repeat it."""

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.append(str(Path(__file__).resolve().parents[2] / "fuzz"))

import run  # noqa: E402

FINE = """echo "#9 DONE cov: 12 ft: 30 corp: 1/1b" >&2; echo "stat::number_of_executed_units: 900" >&2"""
FUZZERS = {
    "fine": FINE,
    "crashing": FINE + """
        for word; do case $word in -artifact_prefix=*) echo boom >"${word#*=}crash-1" ;; esac; done
        echo "==1==ERROR: AddressSanitizer: heap-buffer-overflow" >&2; exit 77""",
    "idle": """echo "stat::number_of_executed_units: 0" >&2""",
    "blind": """echo "stat::number_of_executed_units: 900" >&2""",
}


class Fuzz(unittest.TestCase):
    def fuzz(self, *targets: str) -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as folder:
            build = Path(folder) / ".build-fuzz"
            (build / "bin").mkdir(parents=True)
            for name, body in FUZZERS.items():
                program = build / "bin" / name
                program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
                program.chmod(0o755)
            said = io.StringIO()
            with mock.patch.multiple(run, BUILD=build, build=list, longest_input=lambda _: 4096), mock.patch.object(run.corpus, "write"), \
                    mock.patch.object(sys, "argv", ["run.py", "--seconds", "1", *targets]), contextlib.redirect_stdout(said):
                return run.main(), said.getvalue()

    def test_all_well(self):
        status, said = self.fuzz("fine", "fine")
        self.assertEqual(status, 0, said)
        self.assertIn("fuzz: 2 passed, 0 failed", said)

    def test_a_crash_fails_the_run_and_can_be_repeated(self):
        status, said = self.fuzz("fine", "crashing")
        self.assertEqual(status, 1)
        self.assertIn("heap-buffer-overflow", said)
        self.assertIn(".build-fuzz/bin/crashing -timeout=10 -rss_limit_mb=2048 -max_len=4096 .build-fuzz/crashes/crashing/crash-1", said)
        self.assertIn("fuzz: 1 passed, 1 failed", said)

    def test_a_fuzzer_that_ran_nothing_or_saw_nothing_fails_the_run(self):
        for target in ("idle", "blind"):
            self.assertEqual(self.fuzz(target)[0], 1, target)

    def test_no_fuzzer_at_all_fails_the_run(self):
        self.assertEqual(self.fuzz()[0], 1)


if __name__ == "__main__":
    unittest.main()
