"""The program on the command line."""

import json
import shutil
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

    def test_models_are_listed_and_speak_for_themselves(self):
        listed = self.run_program("models", "list")
        self.assertRegex(listed.stdout, r"\* chest-xray  \d+\.\d+\.\d+  ")
        card = self.run_program("models", "card")
        for words in ("## Intended use", "AUC", "## Known limits"):
            self.assertIn(words, card.stdout)
        unknown = self.run_program("models", "card", "other")
        self.assertEqual((unknown.returncode, unknown.stdout), (66, ""))
        self.assertIn("There is: chest-xray", unknown.stderr)

    def test_a_model_is_held_against_its_checksums_and_its_golden_pictures(self):
        whole = self.run_program("models", "verify")
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertGreaterEqual(whole.stdout.count("largest difference"), 5)
        models = self.folder / "models"
        source = Path(self.environment["LIGHTBOX_MODELS_DIRECTORY"]) / "chest-xray"
        for name, change, words in [
            ("weights", lambda package: flip(package / "model.onnx"), "has the SHA-256"),
            ("golden", lambda package: shift(package / "golden/expected.json"), "allowed"),
            ("picture", lambda package: (package / "golden/waves.png").unlink(), "waves.png"),
        ]:
            with self.subTest(name):
                package = models / name
                shutil.copytree(source, package)
                change(package)
                broken = self.run_program("models", "verify", name, "--models-directory", str(models))
                self.assertEqual(broken.returncode, 69, broken.stdout)
                self.assertIn(words, broken.stderr)

    def test_a_model_is_measured_on_labelled_pictures(self):
        film = sample_film()
        rows = ["file,labels,patient,view,age,sex", f"{film.name},Mass|Effusion,1,PA,64,F"]
        for index in range(3):
            self.file(f"pattern-{index}.png", png(300, 300 + index))
            rows.append(f"pattern-{index}.png,No Finding,{index + 2},PA,40,M")
        rows.append("missing.png,Mass,9,PA,40,M")
        shutil.copy(film, self.folder / film.name)
        self.file("labels.csv", "\n".join(rows).encode())
        arguments = ("evaluate", "--images", ".", "--labels", "labels.csv")
        result = self.run_program(*arguments, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("missing.png", result.stderr)
        report = json.loads(result.stdout)
        self.assertEqual((report["listed"], report["read"], sum(report["refused"].values())), (5, 4, 3))
        heads = {head["id"]: head["measured"] for head in report["heads"]}
        self.assertEqual(set(heads), {"mass", "effusion", "any-finding"})
        self.assertEqual((heads["mass"]["images"], heads["mass"]["positives"], heads["mass"]["patients"]), (4, 1, 4))
        self.assertIn(heads["mass"]["auc"], (0, 1 / 3, 2 / 3, 1))
        self.assertGreater(report["milliseconds"]["median"], 0)
        self.assertEqual(json.loads(self.run_program(*arguments, "--json").stdout)["heads"], report["heads"])
        table = self.run_program(*arguments).stdout
        self.assertRegex(table, r"\| Mass \| 1 / 4 \| 4 \| \d\.\d{3} \(")
        for labels, status in (("nothing.csv", 66), (self.file("bad.csv", b"a,b\n"), 65)):
            self.assertEqual(self.run_program("evaluate", "--images", ".", "--labels", labels).returncode, status)

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


def flip(file: Path) -> None:
    """Changes one byte."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def shift(file: Path) -> None:
    """Expects another score of the first picture."""
    expected = json.loads(file.read_text(encoding="utf-8"))
    expected["files"][0]["logits"][0] += 0.01
    file.write_text(json.dumps(expected), encoding="utf-8")


if __name__ == "__main__":
    unittest.main()
