"""Measures a package's findings on labelled pictures and writes what came out into its manifest.

    lightbox evaluate --model NAME --images DIR --labels LABELS.csv --logits LOGITS.jsonl
    measure.py --package models/NAME --labels LABELS.csv --logits LOGITS.jsonl --dataset "what the pictures are"

LABELS.csv has the columns file,labels,patient,view,age,sex, labels separated by "|". Calibration (Platt), threshold
(sensitivity 0.90) and figures come from the same pictures, as for the default model; a finding is shown from an AUC of
0.70 on, with at least 20 pictures that have it. Labels that the list never uses are left unmeasured.
"""

import argparse
import csv
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

TRAINING = Path(__file__).resolve().parents[2] / "models/chest-xray/training"
sys.path.insert(0, str(TRAINING))

import heads as words  # noqa: E402
from measures import auc_ci, cross_ece, platt, rates, reliability, sigmoid, threshold_for, why_not_shown  # noqa: E402

SENSITIVITY = 0.90


def identifier(label: str) -> str:
    return label.strip().lower().replace("_", "-").replace(" ", "-")


def measure(head: dict, logits: np.ndarray, truth: np.ndarray, patients: np.ndarray, dataset: str) -> None:
    """Fills in a head's calibration, threshold, figures, and whether it is shown."""
    positives = int(truth.sum())
    measured = {"dataset": dataset, "images": len(truth), "patients": len(set(patients)), "positives": positives}
    head["measured"] = measured
    if 0 < positives < len(truth):
        scale, bias = platt(logits, truth)
        probabilities = sigmoid(scale * logits + bias)
        threshold = threshold_for(probabilities, truth, SENSITIVITY)
        low, high = auc_ci(logits, truth, patients)
        sensitivity, specificity = rates(probabilities, truth, threshold)
        measured |= {
            "auc": round(float(roc_auc_score(truth, logits)), 3), "aucLow": low, "aucHigh": high,
            "sensitivity": sensitivity, "specificity": specificity,
            "ece": round(cross_ece(logits, truth, patients), 4),
            "groups": [
                {"upTo": group["upTo"], "images": group["n"], "positives": group["positives"]}
                for group in reliability(probabilities, truth)]}
        head |= {
            "calibration": {"scale": scale, "bias": bias}, "threshold": threshold,
            "thresholdRule": f"sensitivity {SENSITIVITY:.2f} on the pictures it was measured on"}
    head["whyNotShown"] = why_not_shown(positives, measured.get("auc", 0), measured.get("aucLow", 0))
    head["shown"] = head["whyNotShown"] is None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--logits", type=Path, required=True)
    parser.add_argument("--dataset", required=True)
    arguments = parser.parse_args()
    path = arguments.package / "manifest.json"
    manifest = json.loads(path.read_text())
    logits = {entry["file"]: entry["logits"] for entry in map(json.loads, arguments.logits.read_text().splitlines())}
    with arguments.labels.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] in logits]
    if not rows:
        parser.exit(65, "measure.py: none of the labelled pictures is among the logits\n")
    labels = [{identifier(label) for label in row["labels"].split("|")} for row in rows]
    known = set().union(*labels)
    scores = np.array([logits[row["file"]] for row in rows])
    patients = np.array([row["patient"] or row["file"] for row in rows])
    # A finding speaks for adults only; a list without ages is taken as one of adults.
    adults = np.array([not row["age"] or float(row["age"]) >= 18 for row in rows])
    for head in manifest["heads"]:
        if head["purpose"] == "finding" and head["id"] in known:
            truth = np.array([float(head["id"] in found) for found in labels])[adults]
            measure(head, scores[adults, head["indices"][0]], truth, patients[adults], arguments.dataset)
            measured = head["measured"]
            print(f"{head['id']:28} {measured['positives']:6} of {measured['images']:6}  AUC {measured.get('auc', '–')}  "
                  f"{'shown' if head['shown'] else head['whyNotShown']}")
    unsure = [head["id"] for head in manifest["heads"] if head["purpose"] == "finding" and not head["shown"]]
    manifest["notChecked"] = words.not_checked(unsure)
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
