"""Fits the layer that raises the urgency of a text by its meaning, and measures it.

    train.py --model MODEL.onnx --tokenizer tokenizer.json [--write]

Reads the tables of sentences beside the tests of Domain. The layer is fitted on the tables `acuity-sentences` and
`acuity-held-out`, and on the questions that people ask the assistant, so that these are told from cries for help;
`acuity-blind` and the assistant's `held-out` are only measured. --write replaces engine/Sources/Domain/Acuity/SentenceMeaning+Weights.swift.
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
QUESTIONS = ROOT / "server/Tests/AssistantTests/Data"
# What a question counts against a sentence of the tables: there are many more of them.
WEIGHT_OF_QUESTION = 0.2
# Asked for somebody else, or telling symptoms: these may be urgent without being named so.
UNCLEAR = ("someone-else", "record-symptoms")
DANGER = ("emergency", "self-harm")
WEIGHTS = ROOT / "engine/Sources/Domain/Acuity/SentenceMeaning+Weights.swift"


def read(name: str) -> tuple[np.ndarray, list[str]]:
    lines = [line.split("\t") for line in (TABLES / f"{name}.tsv").read_text().splitlines()]
    rows = [row for row in lines if len(row) == 2 and row[0] != "level" and not row[0].startswith("#")]
    return np.array([level == "emergency" for level, _ in rows]), [sentence for _, sentence in rows]


def read_questions(name: str) -> tuple[np.ndarray, list[str]]:
    lines = (QUESTIONS / f"{name}.tsv").read_text().splitlines()[1:]
    rows = [row for row in (line.split("\t", 1) for line in lines) if row[0] not in UNCLEAR]
    return np.array([intent in DANGER for intent, _ in rows]), [question for _, question in rows]


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
    options = onnxruntime.SessionOptions()
    # The sums of one thread are the same each time.
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(arguments.model, options)
    tokenizer = Tokenizer.from_file(arguments.tokenizer)

    def table(name: str) -> tuple[np.ndarray, np.ndarray]:
        labels, sentences = read(name)
        return labels, np.array([encode(session, tokenizer, sentence) for sentence in sentences])

    def questions(name: str) -> tuple[np.ndarray, np.ndarray]:
        labels, texts = read_questions(name)
        return labels, np.array([encode(session, tokenizer, text) for text in texts])

    known = [table("acuity-sentences"), table("acuity-held-out"), questions("examples")]
    labels = np.concatenate([labels for labels, _ in known])
    vectors = np.vstack([vectors for _, vectors in known])
    weight = np.repeat([1, 1, WEIGHT_OF_QUESTION], [len(labels) for labels, _ in known])
    layer = LogisticRegression(C=10, max_iter=4000).fit(vectors, labels, sample_weight=weight)
    for name, (danger, unseen) in (("blind", table("acuity-blind")), ("questions", questions("held-out"))):
        probability = layer.predict_proba(unseen)[:, 1]
        print(f"{name}: AUC {roc_auc_score(danger, probability):.3f}")
        for threshold in (0.5, 0.65):
            high = probability >= threshold
            print(f"  from {threshold}: sensitivity {high[danger].mean():.3f} of {danger.sum()}", end=", ")
            print(f"specificity {(~high[~danger]).mean():.3f} of {(~danger).sum()}")
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
