"""Holds the names of metrics in the sources against docs/metrics.md."""

import re
from pathlib import Path

ROW = re.compile(r"^\| `([a-z_]+)` \| (\w+) \| [^|]+ \| ([^|]*)\|", re.MULTILINE)
USE = re.compile(r'label:\s*"(lightbox_[a-z_]+)"')


def documented(document: str) -> dict[str, set[str]]:
    """The metrics of the table, and the names of their labels."""
    return {name: set(re.findall(r"`(\w+)`:", labels)) for name, _, labels in ROW.findall(document)}


def uses(root: Path) -> list[tuple[str, set[str], str]]:
    """Each metric that a source counts, with the names of its labels and the file."""
    found = []
    for file in sorted((root / "server/Sources").rglob("*.swift")):
        source = file.read_text(encoding="utf-8")
        for match in USE.finditer(source):
            # The dimensions stand in the same call: up to the parenthesis that closes it.
            depth, end = 1, match.end()
            while depth and end < len(source):
                depth += {"(": 1, ")": -1}.get(source[end], 0)
                end += 1
            call = source[match.end() : end]
            labels = set(re.findall(r'\(\s*"(\w+)"\s*,', call))
            if "dimensions: dimensions" in call:
                labels = None
            found.append((match[1], labels, str(file.relative_to(root))))
    return found


def differences(document: str, root: Path) -> list[str]:
    listed = documented(document)
    found, seen = [], set()
    for name, labels, file in uses(root):
        seen.add(name)
        if name not in listed:
            found.append(f"{file} counts {name}, which docs/metrics.md doesn't list")
        elif labels is not None and labels != listed[name]:
            found.append(f"{file} counts {name} with {sorted(labels)}, docs/metrics.md says {sorted(listed[name])}")
    own = {name for name in listed if name.startswith("lightbox_")} - {"lightbox_metrics_dropped_series_total"}
    return found + [f"docs/metrics.md lists {name}, which nothing counts" for name in sorted(own - seen)]
