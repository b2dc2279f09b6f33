"""A network of TorchXRayVision's form, with random weights, on its whole way into the product."""

import json
import os
import pickle
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import network

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/journeys"))

from server import Server, sample_film  # noqa: E402


def random_network() -> network.DenseNet:
    torch.manual_seed(3)
    made = network.DenseNet(18)
    for layer in made.modules():
        if isinstance(layer, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(layer.weight)
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.running_var.uniform_(0.5, 1.5)
    return made.eval()


class Release:
    """While it is open, networks are pickled as TorchXRayVision's own are."""

    def __enter__(self) -> None:
        sys.modules["torchxrayvision"] = sys.modules["torchxrayvision.models"] = network
        for kind in network.own_classes:
            kind.__module__ = "torchxrayvision.models"

    def __exit__(self, *_: object) -> None:
        for kind in network.own_classes:
            kind.__module__ = "network"
        del sys.modules["torchxrayvision"], sys.modules["torchxrayvision.models"]


class Harmful:
    def __reduce__(self):
        return os.mkdir, ("harm",)


class Converting(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        server = Server("torchxrayvision")
        cls.addClassCleanup(server.folder.cleanup)
        cls.program, cls.environment = server.program, server.environment
        cls.made = random_network()
        cls.checkpoint = cls.folder / "random.pt"
        with Release():
            torch.save(cls.made, cls.checkpoint)
        cls.models = cls.folder / "models"
        result = cls.tool("convert.py", "--checkpoint", cls.checkpoint, "--weights", "nih", "--out", cls.models / "xrv-nih")
        assert result.returncode == 0, result.stderr

    @classmethod
    def tool(cls, name: str, *arguments: object):
        command = [sys.executable, "-B", HERE / name, *arguments]
        return subprocess.run(list(map(str, command)), cwd=cls.folder, capture_output=True, text=True, timeout=300)

    def lightbox(self, *arguments: object):
        environment = self.environment | {"LIGHTBOX_MODELS_DIRECTORY": str(self.models), "LIGHTBOX_MODEL": "xrv-nih"}
        command = [self.program, *arguments]
        return subprocess.run(
            list(map(str, command)), env=environment, cwd=self.folder, capture_output=True, text=True, timeout=300)

    def test_1_the_package_is_in_order_and_gives_what_the_network_gives(self):
        verified = self.lightbox("models", "verify")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        expected = json.loads((self.models / "xrv-nih/golden/expected.json").read_text())
        # A square picture of the network's own size, so that no resize stands between.
        grey = np.random.default_rng(1).integers(0, 256, (224, 224)).astype(np.uint8)
        Image.fromarray(grey).save(self.folder / "square.png")
        (self.folder / "one.csv").write_text("file,labels,patient,view,age,sex\nsquare.png,No Finding,a,PA,50,M\n")
        told = self.lightbox("evaluate", "--images", ".", "--labels", "one.csv", "--logits", "one.jsonl", "--json")
        self.assertEqual(told.returncode, 0, told.stderr)
        through = json.loads((self.folder / "one.jsonl").read_text())["logits"]
        with torch.no_grad():
            own = self.made(torch.from_numpy(grey.astype(np.float32))[None, None] / 255 * 2048 - 1024)[0, :14].numpy()
        np.testing.assert_allclose(through[:14], own, rtol=1e-3, atol=1e-3 * np.abs(own).max())
        self.assertEqual(len(through), len(expected["files"][0]["logits"]))

    def test_2_unmeasured_it_checks_the_picture_and_says_nothing_more(self):
        told = json.loads(self.lightbox("analyze", sample_film(), "--age", 54, "--json").stdout)
        self.assertEqual(told["state"], "completed")
        self.assertEqual(told["result"]["findings"], [])
        self.assertIn("No finding of this model has been measured", told["result"]["scope"]["statement"])

    def test_2_its_gate_is_the_default_models(self):
        Image.fromarray((np.indices((400, 500)).sum(0) % 256).astype(np.uint8)).save(self.folder / "pattern.png")
        refused = self.lightbox("analyze", "pattern.png")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("refused", refused.stderr)

    def test_3_measured_it_shows_what_is_good_enough(self):
        rng = np.random.default_rng(2)
        names = [f"{number}.png" for number in range(60)]
        for name in names:
            picture = np.kron(rng.integers(0, 256, (28, 28)), np.ones((8, 8))).astype(np.uint8)
            Image.fromarray(picture).save(self.folder / name)
        rows = [f"{name},,p{number // 2},PA,50,F" for number, name in enumerate(names)]
        header = "file,labels,patient,view,age,sex"
        (self.folder / "labels.csv").write_text("\n".join([header, *rows]).replace(",,", ",No Finding,") + "\n")
        arguments = ("evaluate", "--images", ".", "--labels", "labels.csv", "--logits", "logits.jsonl")
        self.assertEqual(self.lightbox(*arguments).returncode, 0)
        logits = {entry["file"]: entry["logits"] for entry in map(json.loads, open(self.folder / "logits.jsonl"))}
        # Labels that follow effusion's logit, and others that have nothing to do with mass's.
        middle = np.median([values[7] for values in logits.values()])
        rows = []
        for number, name in enumerate(names):
            labels = ["Effusion"] * int(logits[name][7] > middle) + ["Mass"] * (number % 2)
            rows.append(f"{name},{'|'.join(labels) or 'No Finding'},p{number},PA,50,F")
        (self.folder / "labels.csv").write_text("\n".join([header, *rows]) + "\n")
        measured = self.tool(
            "measure.py", "--package", self.models / "xrv-nih", "--labels", "labels.csv", "--logits", "logits.jsonl",
            "--dataset", "made up")
        self.assertEqual(measured.returncode, 0, measured.stderr)
        heads = {head["id"]: head for head in json.loads((self.models / "xrv-nih/manifest.json").read_text())["heads"]}
        self.assertTrue(heads["effusion"]["shown"])
        self.assertEqual(heads["effusion"]["measured"]["auc"], 1.0)
        self.assertIn("under 0.70", heads["mass"]["whyNotShown"])
        self.assertIn("has not been measured", heads["edema"]["whyNotShown"])
        told = json.loads(self.lightbox("analyze", sample_film(), "--age", 54, "--json").stdout)
        self.assertEqual([finding["id"] for finding in told["result"]["findings"]], ["effusion"])
        not_checked = told["result"]["notChecked"]
        self.assertIn("Lung nodules and masses (not accurate enough)", not_checked)
        self.assertNotIn("Fluid around the lung (effusion) (not accurate enough)", not_checked)

    def test_a_state_dict_will_do(self):
        torch.save(self.made.state_dict(), self.folder / "state.pt")
        loaded = network.load(self.folder / "state.pt", 18)
        for name, value in self.made.state_dict().items():
            torch.testing.assert_close(loaded.state_dict()[name], value)

    def test_what_is_no_such_network_is_refused_and_nothing_is_written(self):
        torch.save(torch.nn.Linear(2, 2).state_dict(), self.folder / "other.pt")
        (self.folder / "text.pt").write_text("hello")
        torch.save(Harmful(), self.folder / "harmful.pt")
        with (self.folder / "harmful-plain.pt").open("wb") as file:
            pickle.dump(Harmful(), file)
        for name in ("other.pt", "text.pt", "harmful.pt", "harmful-plain.pt", "nothing.pt"):
            with self.subTest(name):
                result = self.tool("convert.py", "--checkpoint", name, "--out", "models/bad")
                self.assertEqual(result.returncode, 65, result.stderr)
                self.assertIn(name, result.stderr)
                self.assertFalse((self.models / "bad").exists())
                self.assertFalse((self.folder / "harm").exists())


if __name__ == "__main__":
    unittest.main()
