"""Fits the layer that raises the urgency of a text by its meaning, and measures it.

    train.py --model MODEL.onnx --tokenizer tokenizer.json [--write]

Reads the tables of sentences beside the tests of Domain. The layer is fitted on the tables `acuity-sentences` and
`acuity-held-out`; `acuity-blind` is only measured. --write replaces engine/Sources/Domain/Acuity/SentenceMeaning+Weights.swift.
"""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "engine/Tests/DomainTests/Data"
WEIGHTS = ROOT / "engine/Sources/Domain/Acuity/SentenceMeaning+Weights.swift"


def read(name: str) -> tuple[np.ndarray, list[str]]:
    lines = [line.split("\t") for line in (TABLES / f"{name}.tsv").read_text().splitlines()]
    rows = [row for row in lines if len(row) == 2 and row[0] != "level" and not row[0].startswith("#")]
    return np.array([level == "emergency" for level, _ in rows]), [sentence for _, sentence in rows]


def encode(session: onnxruntime.InferenceSession, tokenizer: Tokenizer, sentence: str) -> np.ndarray:
    tokens = tokenizer.encode(sentence)
    ids, mask = np.array([tokens.ids]), np.array([tokens.attention_mask])
    values = session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})[0]
    vector = (values * mask[..., None]).sum(1)[0]
    return vector / np.linalg.norm(vector)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    session = onnxruntime.InferenceSession(arguments.model)
    tokenizer = Tokenizer.from_file(arguments.tokenizer)

    def table(name: str) -> tuple[np.ndarray, np.ndarray]:
        labels, sentences = read(name)
        return labels, np.array([encode(session, tokenizer, sentence) for sentence in sentences])

    known = [table(name) for name in ("acuity-sentences", "acuity-held-out")]
    labels = np.concatenate([labels for labels, _ in known])
    vectors = np.vstack([vectors for _, vectors in known])
    layer = LogisticRegression(C=3, class_weight="balanced", max_iter=3000).fit(vectors, labels)
    blind, blind_vectors = table("acuity-blind")
    probability = layer.predict_proba(blind_vectors)[:, 1]
    print(f"blind: AUC {roc_auc_score(blind, probability):.3f}")
    for threshold in (0.5, 0.7):
        high = probability >= threshold
        print(f"  from {threshold}: sensitivity {high[blind].mean():.3f}, specificity {(~high[~blind]).mean():.3f}")
    if arguments.write:
        numbers = [f"{value:.5g}" for value in layer.coef_[0]]
        rows = [", ".join(numbers[index : index + 10]) for index in range(0, len(numbers), 10)]
        body = ",\n        ".join(rows)
        WEIGHTS.write_text(
            "extension SentenceMeaning {\n"
            "    // Written by tools/acuity/train.py.\n"
            f"    static let bias: Float = {layer.intercept_[0]:.6g}\n"
            f"    static let weights: [Float] = [\n        {body},\n    ]\n}}\n"
        )


if __name__ == "__main__":
    main()
