"""Turns a DenseNet of TorchXRayVision into a model package.

    convert.py --checkpoint FILE.pt --weights all --gate models/chest-xray --out models/xrv-all

The checkpoint is yours to get, under its own licence: a release of TorchXRayVision (a pickled network, of which only
weights are read), or a state dict.

The network has no gate of its own, so it is joined in one graph with the gate, orientation, polarity and view heads of
--gate. No finding is shown before `measure.py` has measured it on labelled pictures; until then the package only checks
the picture.

Source: Cohen et al., "TorchXRayVision: A library of chest X-ray datasets and models", MIDL 2022.
"""

import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, compose, helper, numpy_helper
from PIL import Image

from network import load, targets

TRAINING = Path(__file__).resolve().parents[2] / "models/chest-xray/training"
sys.path.insert(0, str(TRAINING))

import heads as words  # noqa: E402
from common import compiled, resize, to_grey  # noqa: E402

SIZE = 224
UNMEASURED = "It has not been measured here. tools/torchxrayvision/measure.py does that on labelled pictures."


class Exported(torch.nn.Module):
    """Grey 0..255 to logits, before any sigmoid, and class activation maps."""

    def __init__(self, network: torch.nn.Module, keep: list[int]) -> None:
        super().__init__()
        self.features = network.features
        weight, bias = network.classifier.weight.detach()[keep], network.classifier.bias.detach()[keep]
        self.head = torch.nn.Linear(weight.shape[1], len(keep))
        self.head.load_state_dict({"weight": weight, "bias": bias})
        self.maps = torch.nn.Conv2d(weight.shape[1], len(keep), 1, bias=False)
        self.maps.load_state_dict({"weight": weight[:, :, None, None]})

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        # As torchxrayvision.datasets.normalize: black is -1024, white is 1024.
        features = torch.relu(self.features(image * (2048 / 255) - 1024))
        return self.head(features.mean((2, 3))), self.maps(features)


def identifier(label: str) -> str:
    return label.lower().replace("_", "-").replace(" ", "-")


def joined(findings: onnx.ModelProto, gate: onnx.ModelProto, side: int, columns: list[int]) -> onnx.ModelProto:
    """One graph that gives the logits of the findings, then those columns of the gate's."""
    gate = compose.add_prefix(gate, "gate_")
    for model in (findings, gate):
        model.ir_version = max(findings.ir_version, gate.ir_version)
    whole = compose.merge_models(
        compose.add_prefix(findings, "find_"), gate, io_map=[],
        outputs=["find_logits", "find_activation", "gate_logits"])
    graph = whole.graph
    shared = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 1, SIZE, SIZE])
    constants = {"sizes": np.array([side, side], np.int64), "columns": np.array(columns, np.int64)}
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    before = [
        helper.make_node("Identity", ["image"], ["find_image"]),
        helper.make_node("Shape", ["image"], ["shape"], end=2),
        helper.make_node("Concat", ["shape", "sizes"], ["target"], axis=0),
        helper.make_node(
            "Resize", ["image", "", "", "target"], ["gate_image"], mode="linear",
            coordinate_transformation_mode="half_pixel"),
    ]
    after = [
        helper.make_node("Gather", ["gate_logits", "columns"], ["gate_kept"], axis=1),
        helper.make_node("Concat", ["find_logits", "gate_kept"], ["logits"], axis=1),
        helper.make_node("Identity", ["find_activation"], ["activation"]),
    ]
    nodes = [*before, *graph.node, *after]
    del graph.node[:], graph.input[:], graph.output[:]
    graph.node.extend(nodes)
    graph.input.append(shared)
    graph.output.extend([
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", "heads"]),
        helper.make_tensor_value_info("activation", TensorProto.FLOAT, ["n", "maps", "rows", "columns"])])
    onnx.checker.check_model(whole, full_check=True)
    return whole


def finding(label: str, index: int) -> dict:
    id_ = identifier(label)
    name, plain, means, code = words.ADULT.get(id_, (label.replace("_", " "), "", "", None))
    return {
        "id": id_, "kind": "binary", "purpose": "finding", "indices": [index], "activationIndex": index, "name": name,
        "plain": plain, "means": means,
        "code": {"system": "http://radlex.org", "code": code, "display": name.lower()} if code else None,
        "calibration": {"scale": 1.0, "bias": 0.0}, "threshold": None, "thresholdRule": None, "shown": False,
        "whyNotShown": UNMEASURED, "scope": {"minAge": 18, "maxAge": None, "views": ["PA", "AP"]}}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_golden(package: Path, gate: Path) -> None:
    """The pictures of the gate's package, with what this one gives for them."""
    (package / "golden").mkdir()
    run = compiled(str(package / "model.onnx"))
    files = []
    for source in sorted(gate.glob("golden/*.png")):
        shutil.copy(source, package / "golden")
        grey = resize(to_grey(Image.open(source)), SIZE)
        logits = run(np.ascontiguousarray(grey, np.float32)[None, None])[0][0]
        files.append({"file": source.name, "logits": [round(float(value), 6) for value in logits]})
    # Logits of an unknown network can be large, and rounding errors with them.
    largest = max(abs(value) for file in files for value in file["logits"])
    expected = {"schema": "lightbox-golden/1", "tolerance": 1e-4 * max(1, largest), "files": files}
    (package / "golden/expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def convert(checkpoint: Path, weights: str, gate: Path, package: Path, licence: str) -> None:
    labels = targets(weights)
    keep = [index for index, label in enumerate(labels) if label]
    network = load(checkpoint, len(labels))
    package.mkdir(parents=True)
    torch.onnx.export(
        Exported(network, keep).eval(), (torch.zeros(2, 1, SIZE, SIZE),), package / "findings.onnx",
        input_names=["image"], output_names=["logits", "activation"], opset_version=17, dynamo=False,
        dynamic_axes={name: {0: "n"} for name in ("image", "logits", "activation")})

    base = json.loads((gate / "manifest.json").read_text())
    kept = [head for head in base["heads"] if head["purpose"] != "finding"]
    columns = [index for head in kept for index in head["indices"]]
    whole = joined(
        onnx.load(package / "findings.onnx"), onnx.load(gate / base["modelFile"]), base["input"]["width"], columns)
    onnx.save(whole, package / "model.onnx")
    (package / "findings.onnx").unlink()

    position = len(keep)
    for head in kept:
        head["indices"] = list(range(position, position + len(head["indices"])))
        position += len(head["indices"])
    findings = [finding(labels[old], new) for new, old in enumerate(keep)]
    taken = dict(base["input"], name="image", width=SIZE, height=SIZE)
    manifest = {
        "schema": base["schema"], "id": package.name, "version": "1.0.0",
        "title": f"TorchXRayVision DenseNet-121 ({weights})", "licence": licence,
        "summary": "A network of TorchXRayVision behind the gate of " + base["title"] + ".",
        "intendedUse": base["intendedUse"], "modelFile": "model.onnx",
        "sha256": digest((package / "model.onnx").read_bytes()),
        "preprocessingSha256": digest(json.dumps(taken, sort_keys=True, separators=(",", ":")).encode()),
        "trainedOn": ["see https://github.com/mlmed/torchxrayvision", *base["trainedOn"]],
        "input": taken, "outputs": base["outputs"], "heads": [*kept, *findings],
        "notChecked": words.not_checked([head["id"] for head in findings])}
    (package / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    (package / "card.md").write_text(
        f"# {manifest['title']}\n\n{manifest['intendedUse']}\n\nConverted from `{checkpoint.name}` "
        f"(SHA-256 `{digest(checkpoint.read_bytes())}`). Licence of the weights: {licence}.\n\nNot measured here yet.\n")
    write_golden(package, gate)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--weights", default="all", help="which of TorchXRayVision's networks it is: all, nih, pc, chex, …")
    parser.add_argument("--gate", type=Path, default=TRAINING.parent, help="the package whose gate stands before it")
    parser.add_argument("--licence", default="as its source states; not stated here")
    parser.add_argument("--out", type=Path, required=True, help="a folder that isn't there yet")
    arguments = parser.parse_args()
    if arguments.out.exists():
        parser.error(f"{arguments.out} is there already")
    try:
        convert(arguments.checkpoint, arguments.weights, arguments.gate, arguments.out, arguments.licence)
    except (ValueError, OSError) as error:
        parser.exit(65, f"convert.py: {error}\n")
    print(f"{arguments.out}: written. Next: lightbox models verify {arguments.out.name}, then measure.py.")


if __name__ == "__main__":
    main()
