"""Fits the layer that tells what a question asks for, and measures it.

    train.py --model MODEL.onnx --tokenizer tokenizer.json [--held-out FILE.tsv] [--report FILE.md] [--write]

Reads server/Tests/AssistantTests/Data/examples.tsv. What is printed comes from five-fold cross-validation in which
questions that say nearly the same are in one fold; a table that was written by somebody else is only measured, with
--held-out. --report writes its confusion matrix, or without
--held-out that of the cross-validation. --write replaces server/Sources/Assistant/IntentLayer+Weights.swift and the
golden numbers that its test reads.
"""

import argparse
import base64
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_predict
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
INTENTS = ROOT / "server/Sources/Assistant/Intent.swift"
WEIGHTS = ROOT / "server/Sources/Assistant/IntentLayer+Weights.swift"
EXAMPLES = ROOT / "server/Tests/AssistantTests/Data/examples.tsv"
GOLDEN = ROOT / "server/Tests/AssistantTests/Data/intent-layer-golden.json"
# As SentenceEncoder.longest.
LONGEST = 128
# From this cosine on two questions say nearly the same.
LIKE = 0.9
# Where the layer says one of these, the person gets no answer that was meant for another question.
NO_ANSWER = ("off-topic", "unclear")
GOLDEN_QUESTIONS = (
    "What is a pleural effusion?",
    "can i stop my blood thinner",
    "Who can see my picture?",
)


@dataclass
class Table:
    intents: np.ndarray
    questions: list[str]
    vectors: np.ndarray


class Encoder:
    """As engine/Sources/Inference/SentenceEncoder.swift: 128 tokens at most, the mean over all, unit length."""

    def __init__(self, model: str, tokenizer: str) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(model, options)
        self.tokenizer = Tokenizer.from_file(tokenizer)
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)

    def encode(self, text: str) -> np.ndarray:
        ids = np.array([self.tokenizer.encode(text).ids])
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        vector = self.session.run(None, inputs)[0][0].sum(0)
        return vector / np.linalg.norm(vector)

    def read(self, path: Path, names: list[str]) -> Table:
        rows = [line.split("\t") for line in path.read_text().splitlines() if line and not line.startswith("#")]
        rows = [row for row in rows if row[0] != "intent"]
        if faults := [row for row in rows if len(row) != 2 or row[0] not in names]:
            raise SystemExit(f"{path.name}: {len(faults)} rows aren't an intent and a question, first {faults[0]}")
        questions = [question for _, question in rows]
        vectors = np.array([self.encode(question) for question in questions], dtype=np.float64)
        return Table(np.array([names.index(intent) for intent, _ in rows]), questions, vectors)


def names_of_intents() -> list[str]:
    cases = re.findall(r'^    case (\w+)(?: = "([^"]+)")?$', INTENTS.read_text(), re.MULTILINE)
    return [raw or case for case, raw in cases]


def classifier(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=2000, class_weight="balanced")


def likenesses(table: Table) -> np.ndarray:
    """A number for each row, the same for rows of an intent that say nearly the same (cosine from LIKE on)."""
    groups = np.arange(len(table.intents))
    alike = (table.vectors @ table.vectors.T >= LIKE) & (table.intents[:, None] == table.intents)
    for row in range(len(groups)):
        for other in np.flatnonzero(alike[row, :row]):
            groups[groups == groups[row]] = groups[other]
    return groups


def cross_validated(table: Table, strength: float, groups: np.ndarray | None = None) -> np.ndarray:
    """Probabilities of each row by a layer that hasn't seen it nor, where groups are given, one of its group."""
    splitter = StratifiedKFold if groups is None else StratifiedGroupKFold
    folds = splitter(5, shuffle=True, random_state=6)
    return cross_val_predict(
        classifier(strength), table.vectors, table.intents, groups=groups, cv=folds, method="predict_proba"
    )


class Measured:
    def __init__(self, table: Table, probabilities: np.ndarray, columns: np.ndarray, names: list[str]) -> None:
        self.table, self.names = table, names
        order = np.argsort(-probabilities, axis=1)
        self.said = columns[order[:, 0]]
        self.second = columns[order[:, 1]]
        self.probability = probabilities.max(1)
        self.right = self.said == table.intents
        self.right_by_two = self.right | (self.second == table.intents)
        meant = np.searchsorted(columns, table.intents)
        self.loss = float(-np.log(np.maximum(probabilities[np.arange(len(meant)), meant], 1e-12)).mean())
        self.harmless = np.isin(self.said, [names.index(name) for name in NO_ANSWER])

    def confusions(self) -> list[tuple[tuple[str, str], int]]:
        wrong = ~self.right
        pairs = zip(self.table.intents[wrong], self.said[wrong])
        return Counter((self.names[meant], self.names[said]) for meant, said in pairs).most_common()

    def recalls(self) -> list[tuple[str, int, int, int, int]]:
        """Name, examples, right ones, right within two, questions of others that were taken for it."""
        rows = []
        for index, name in enumerate(self.names):
            mine = self.table.intents == index
            taken = (self.said == index) & ~mine
            if mine.any() or taken.any():
                found, found_by_two = self.right[mine].sum(), self.right_by_two[mine].sum()
                rows.append((name, int(mine.sum()), int(found), int(found_by_two), int(taken.sum())))
        return rows

    def trade_off(self, limit: float) -> dict[str, float]:
        """What share stays above the limit: of right ones, of wrong ones that say something, and of off-topic ones."""
        stays = self.probability >= limit
        outside = np.isin(self.table.intents, [self.names.index(name) for name in NO_ANSWER])
        answered = stays & ~self.harmless
        return {
            "right kept": (stays & self.right).sum() / max(1, self.right.sum()),
            "wrong answered": (answered & ~self.right).sum() / max(1, (~self.right).sum()),
            "wrong of all answered": (answered & ~self.right).sum() / max(1, answered.sum()),
            "outside answered": (answered & outside).sum() / max(1, outside.sum()),
        }

    def summary(self) -> str:
        return (
            f"{len(self.right)} questions: top-1 {self.right.mean():.3f} ({self.right.sum()}), "
            f"top-2 {self.right_by_two.mean():.3f} ({self.right_by_two.sum()})"
        )


def markdown(title: str, measured: Measured, least: float) -> str:
    lines = [f"# {title}", "", measured.summary() + ".", ""]
    for limit in sorted({0.0, least}):
        shares = ", ".join(f"{name} {share:.3f}" for name, share in measured.trade_off(limit).items())
        lines.append(f"From a probability of {limit:.2f} on: {shares}.")
    lines += ["", "## What is taken for what", "", "| meant | said | questions |", "| --- | --- | ---: |"]
    lines += [f"| {meant} | {said} | {count} |" for (meant, said), count in measured.confusions()]
    lines += ["", "## By intent", "", "| intent | questions | right | right within two | others taken for it |"]
    lines += ["| --- | ---: | ---: | ---: | ---: |"]
    lines += [f"| {' | '.join(str(value) for value in row)} |" for row in measured.recalls()]
    return "\n".join(lines) + "\n"


def least_probability(measured: Measured) -> float:
    """The highest hundredth at which 95 % of what the layer gets right still stays."""
    limits = [step / 100 for step in range(1, 100)]
    return max([limit for limit in limits if measured.trade_off(limit)["right kept"] >= 0.95], default=0.01)


def simplest(tried: dict[float, Measured]) -> float:
    """The smallest C within one standard error of the best: less sure of itself on words that no table has."""
    best = max(measured.right.mean() for measured in tried.values())
    error = (best * (1 - best) / len(next(iter(tried.values())).right)) ** 0.5
    return min(strength for strength, measured in tried.items() if measured.right.mean() >= best - error)


def quantised(layer: LogisticRegression) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    scales = np.abs(layer.coef_).max(1) / 127
    return np.rint(layer.coef_ / scales[:, None]).astype(np.int8), scales.astype(np.float32), layer.intercept_


def probabilities_by(rows: np.ndarray, scales: np.ndarray, biases: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    sums = vectors @ (rows * scales[:, None].astype(np.float64)).T + biases
    powers = np.exp(sums - sums.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def write_weights(layer: LogisticRegression, names: list[str], least: float, encoder: Encoder) -> None:
    rows, scales, biases = quantised(layer)
    text = base64.b64encode(rows.tobytes()).decode()

    def listed(values: list[str]) -> str:
        lines, line = [], ""
        for value in values:
            if len(line) + len(value) > 105:
                lines.append(line.rstrip())
                line = ""
            line += f"{value}, "
        return "\n        ".join([*lines, line.rstrip()])

    trained = [names[index] for index in layer.classes_]
    encoded = "\n        ".join(text[index : index + 108] for index in range(0, len(text), 108))
    WEIGHTS.write_text(
        "extension IntentLayer {\n"
        "    // Written by tools/assistant/train.py.\n"
        "    /// Below this probability a question counts as unclear.\n"
        f"    public static let leastProbability: Float = {least:g}\n"
        "    /// Raw values of the intents, in the order of the rows.\n"
        f"    static let names: [String] = [\n        {listed([json.dumps(name) for name in trained])}\n    ]\n"
        f"    static let biases: [Float] = [\n        {listed([f'{value:.6g}' for value in biases])}\n    ]\n"
        "    /// What one step of a row's numbers is worth.\n"
        f"    static let scales: [Float] = [\n        {listed([f'{value:.6g}' for value in scales])}\n    ]\n"
        "    /// Signed bytes in Base64, one row of 384 an intent.\n"
        f'    static let encodedRows = """\n        {encoded}\n        """\n'
        "}\n"
    )
    vectors = np.array([encoder.encode(question) for question in GOLDEN_QUESTIONS], dtype=np.float64)
    cases = [
        {
            "question": question,
            "embedding": [round(float(number), 7) for number in vector],
            "probabilities": {name: round(float(number), 6) for name, number in zip(trained, probabilities)},
        }
        for question, vector, probabilities in zip(
            GOLDEN_QUESTIONS, vectors, probabilities_by(rows, scales, biases, vectors)
        )
    ]
    GOLDEN.write_text(json.dumps(cases, separators=(",", ":")).replace("},{", "},\n{") + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--strength", type=float, nargs="+", default=[3, 10, 30, 100], help="values of C to try")
    parser.add_argument("--wrong", action="store_true", help="prints each question that cross-validation gets wrong")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    encoder = Encoder(arguments.model, arguments.tokenizer)
    names = names_of_intents()
    table = encoder.read(EXAMPLES, names)
    columns = np.unique(table.intents)

    groups = likenesses(table)
    print(f"{len(np.unique(groups))} groups of {len(groups)} questions (cosine from {LIKE}); a group is in one fold")
    tried = {}
    for strength in arguments.strength:
        tried[strength] = Measured(table, cross_validated(table, strength, groups), columns, names)
        print(f"C {strength:g}: {tried[strength].summary()}, log loss {tried[strength].loss:.3f}")
    best = simplest(tried)
    measured = tried[best]
    print(f"with folds that don't: {Measured(table, cross_validated(table, best), columns, names).summary()}")
    least = least_probability(measured)
    print(f"\nC {best:g} is taken. What stays from a probability on:")
    for limit in sorted({0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, least}):
        shares = ", ".join(f"{name} {share:.3f}" for name, share in measured.trade_off(limit).items())
        print(f"  {limit:.2f}: {shares}{'   <- leastProbability' if limit == least else ''}")
    print("\nTaken for another (meant -> said):")
    for (meant, said), count in measured.confusions()[:40]:
        print(f"  {count} {meant} -> {said}")
    print("\nRecall by intent, lowest first (right of questions; others taken for it):")
    for name, count, right, _, taken in sorted(measured.recalls(), key=lambda row: row[2] / max(1, row[1])):
        print(f"  {right / max(1, count):.2f} {name} ({right} of {count}; {taken})")
    if arguments.wrong:
        print("\nWrong:")
        for row in np.flatnonzero(~measured.right):
            print(f"  {names[table.intents[row]]} -> {names[measured.said[row]]} "
                  f"({measured.probability[row]:.2f}): {table.questions[row]}")

    layer = classifier(best).fit(table.vectors, table.intents)
    title = "Cross-validation of the example questions"
    if arguments.held_out:
        held_out = encoder.read(arguments.held_out, names)
        probabilities = probabilities_by(*quantised(layer), held_out.vectors)
        measured = Measured(held_out, probabilities, layer.classes_, names)
        title = f"The layer on {arguments.held_out.name}"
        print(f"\n{title}: {measured.summary()}")
        for (meant, said), count in measured.confusions():
            print(f"  {count} {meant} -> {said}")
    if arguments.report:
        arguments.report.write_text(markdown(title, measured, least))
    if arguments.write:
        write_weights(layer, names, least, encoder)


if __name__ == "__main__":
    main()
