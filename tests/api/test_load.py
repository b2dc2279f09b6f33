"""bench/load on a real server, small: that it goes the whole way, reports what it saw, and knows growth from rest."""

import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from client import ROOT

PLACE = ROOT / "bench/load"
# After the installed ones: a benchmark must not stand in the place of a library.
sys.path += [str(PLACE), str(ROOT / "bench")]

import soak  # noqa: E402
from document import percentile  # noqa: E402


def load(folder: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", str(PLACE), *words, "--folder", folder, "--set", "worker.count=1"], capture_output=True, text=True, timeout=240, check=False)


class LoadTest(unittest.TestCase):
    def test_two_clients_go_the_whole_way_without_errors_and_it_is_reported(self):
        with tempfile.TemporaryDirectory() as folder:
            ended = load(folder, "journeys", "--clients", "2", "--seconds", "3")
            self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
            text = (Path(folder) / "load.md").read_text(encoding="utf-8")
            self.assertIn("Errors: none.", text)
            self.assertIn("Settings other than the standard ones: `worker.count=1`.", text)
            for step in ("session", "history", "upload", "analysis", "findings", "heat map", "question", "report", "PDF", "FHIR", "erase"):
                self.assertRegex(text, rf"(?m)^\| {step} \|( [\d.,]+ \|){{4}}$")
            for image in ("load-steps.svg", "load-journeys.svg"):
                self.assertIn(f"images/{image}", text)
                self.assertIn("</svg>", (Path(folder) / "images" / image).read_text(encoding="utf-8"))

            # Another kind leaves that section as it is. So short a run may not be flat, but it must be complete.
            ended = load(folder, "soak", "--clients", "1", "--seconds", "4", "--think", "0.1", "--every", "0.2")
            self.assertIn(ended.returncode, (0, 1), ended.stdout + ended.stderr)
            both = (Path(folder) / "load.md").read_text(encoding="utf-8")
            self.assertIn(text[text.index("<!-- journeys -->") : text.index("<!-- end of journeys -->")], both)
            self.assertRegex(both, r"(?m)^\| server memory, MiB \| [\d.]+ to [\d.]+ \|")
            self.assertIn("Errors: none.", both[both.index("<!-- soak -->") :])

    def test_every_stream_is_told_of_every_change(self):
        with tempfile.TemporaryDirectory() as folder:
            ended = load(folder, "streams", "--streams", "12", "--rate", "4", "--seconds", "3")
            text = (Path(folder) / "load.md").read_text(encoding="utf-8")
            # 12 changes, 12 streams, none missing, none broken. How late they are is not for this machine to say.
            self.assertRegex(text, r"(?m)^\| 12 \| [\d.]+ \| 144 \| 0 \| 0 \|", ended.stdout + ended.stderr)

    def test_a_server_that_errs_fails_the_run(self):
        with tempfile.TemporaryDirectory() as folder:
            # A file that is no picture is refused at its upload.
            wrong = Path(folder) / "film.png"
            wrong.write_bytes(b"this is no picture" * 100)
            ended = load(folder, "journeys", "--clients", "1", "--seconds", "1", "--picture", str(wrong))
            self.assertEqual(ended.returncode, 1, ended.stdout + ended.stderr)
            self.assertIn("upload: 4", (Path(folder) / "load.md").read_text(encoding="utf-8"))


class FlatnessTest(unittest.TestCase):
    BOUND = soak.Bound("memory", "MiB", hourly=10, growth=5)

    def judged(self, value) -> soak.Verdict:
        return soak.judged(self.BOUND, [(seconds, value(seconds)) for seconds in range(0, 1800, 5)])

    def test_what_wavers_or_fills_once_is_flat(self):
        self.assertTrue(self.judged(lambda at: 100 + 3 * math.sin(at)).is_flat)
        self.assertTrue(self.judged(lambda at: 100 + min(at, 500) / 10).is_flat)
        self.assertTrue(self.judged(lambda at: 400 if at % 300 == 0 else 100).is_flat)

    def test_what_leaks_is_not(self):
        self.assertFalse(self.judged(lambda at: 100 + at / 3600 * 30).is_flat)
        # Slowly enough for the growth in half an hour, too fast for what it is an hour.
        self.assertFalse(self.judged(lambda at: 100 + at / 3600 * 12).is_flat)
        self.assertFalse(self.judged(lambda at: 100 if at < 1700 else 110).is_flat)

    def test_percentiles_are_values_that_were_seen(self):
        values = [float(number) for number in range(1, 101)]
        self.assertEqual([percentile(values, share) for share in (0.5, 0.95, 0.99, 1)], [50, 95, 99, 100])
        self.assertEqual(percentile([7.0], 0.99), 7)


if __name__ == "__main__":
    unittest.main()
