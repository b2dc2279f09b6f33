"""The program on the command line."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from client import ROOT, Server, png, sample_film


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        server = Server("commands")
        cls.addClassCleanup(server.folder.cleanup)
        cls.program, cls.environment = server.program, server.environment

    def run_program(self, *arguments: str):
        return subprocess.run(
            [str(self.program), *arguments], env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=120)

    def file(self, name: str, content: bytes) -> str:
        (self.folder / name).write_bytes(content)
        return name

    def test_analyze_says_what_was_found_and_what_was_not_checked(self):
        result = self.run_program("analyze", str(sample_film()), "--age", "54")
        self.assertEqual(result.returncode, 0, result.stderr)
        for words in ("Not a diagnosis", "threshold", "Not checked:", "Model: "):
            self.assertIn(words, result.stdout)
        document = json.loads(self.run_program("analyze", str(sample_film()), "--age", "54", "--json").stdout)
        self.assertEqual(document["state"], "completed")
        self.assertTrue(document["result"]["findings"])

    def test_analyze_has_a_message_and_a_status_for_each_kind_of_bad_file(self):
        for name, content, status, words in [
            ("empty.png", b"", 65, "empty-file"), ("text.png", b"hello", 65, "unsupported-format"),
            ("cut.png", png(300, 300)[:300], 65, "damaged-picture"), ("bomb.png", png(9, 9, declared=(60_000, 60_000)), 65, "picture-too-large"),
            ("pattern.png", png(300, 300), 1, "refused"),
        ]:
            with self.subTest(name):
                result = self.run_program("analyze", self.file(name, content))
                self.assertEqual(result.returncode, status, result.stderr)
                self.assertIn(words, result.stderr)
                self.assertEqual(result.stdout, "")
        for path in ("nothing.png", "."):
            self.assertEqual(self.run_program("analyze", path).returncode, 66)

    def test_doctor_finds_everything_here_and_says_what_is_missing_elsewhere(self):
        result = self.run_program("doctor")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("ok       a worker starts and runs the model", result.stdout)
        broken = self.run_program("doctor", "--openvino-directory", "/nowhere")
        self.assertEqual(broken.returncode, 69)
        self.assertRegex(broken.stdout, r"MISSING  OpenVINO: not found\n +make setup")

    def test_config_shows_effective_values_and_all_mistakes_together(self):
        result = self.run_program("config", "--http-host", "127.0.0.2")
        self.assertIn("http.host = 127.0.0.2  (flag)", result.stdout)
        self.assertRegex(result.stdout, r"http\.port = \d+  \(environment\)")
        self.assertIn("queue.length = 1000  (default)", result.stdout)
        bad = self.run_program("config", "--http-port", "x", "--nothing", "1", "--worker-threads", "0")
        self.assertEqual(bad.returncode, 78)
        self.assertIn("3 mistakes", bad.stderr)
        file = self.file("settings.json", b'{"http": {"port": 99999}, "other": 1, "queue.length": 7}')
        self.assertIn("2 mistakes", self.run_program("config", "--config", file, "--http-port", "1").stderr)

    def test_the_documentation_of_the_settings_is_up_to_date(self):
        written = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
        self.assertEqual(self.run_program("config", "--markdown").stdout, written, "run: make docs")


if __name__ == "__main__":
    unittest.main()
