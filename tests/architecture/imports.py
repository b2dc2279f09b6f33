"""Reads the `import` lines of every Swift target and the table in docs/architecture.md.

The table stands under the heading "## Who may import whom" and has two columns, module and what it may import,
with the names in backticks and commas between them. A row whose first cell is "System modules" (no backticks)
names the modules that every target may import.
"""

import re
from pathlib import Path

HEADING = "## Who may import whom"
SYSTEM_ROW = "system modules"

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*"
    r"(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?([A-Za-z_]\w*)",
    re.MULTILINE,
)
NOT_CODE = re.compile(r'"""[\s\S]*?"""|/\*[\s\S]*?\*/|//[^\n]*')


def imports_of(source: str) -> set[str]:
    """The modules that one Swift file imports."""
    return set(IMPORT.findall(NOT_CODE.sub("", source)))


def imports_of_targets(root: Path) -> dict[str, dict[str, set[str]]]:
    """For every target with Swift files in it: module -> the files that import it."""
    targets: dict[str, dict[str, set[str]]] = {}
    for sources in (root / "engine/Sources", root / "server/Sources"):
        for file in sorted(sources.glob("*/**/*.swift")):
            target = targets.setdefault(file.relative_to(sources).parts[0], {})
            for module in imports_of(file.read_text(encoding="utf-8")):
                target.setdefault(module, set()).add(str(file.relative_to(root)))
    return targets


def table_of(document: str) -> tuple[dict[str, set[str]], set[str]]:
    """The rows of the table, and the system modules. Raises ValueError for a document without the table."""
    if HEADING not in document:
        raise ValueError(f"docs/architecture.md has no heading '{HEADING}'")
    section = document.split(HEADING, 1)[1].split("\n## ", 1)[0]
    rows: dict[str, set[str]] = {}
    system: set[str] = set()
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.lstrip().startswith("|") or len(cells) < 2 or set(cells[0]) <= set(":- "):
            continue
        allowed = set(re.findall(r"`([^`]+)`", cells[1]))
        names = re.findall(r"`([^`]+)`", cells[0])
        if cells[0].strip("*_ ").lower() == SYSTEM_ROW:
            system |= allowed
        for name in names:
            if name in rows:
                raise ValueError(f"the table in docs/architecture.md names `{name}` twice")
            rows[name] = allowed
    if not rows:
        raise ValueError("the table in docs/architecture.md has no rows")
    return rows, system


def violations(targets: dict[str, dict[str, set[str]]], rows: dict[str, set[str]], system: set[str]) -> list[str]:
    """What the sources and the table disagree about, one sentence each."""
    found = []
    for target, modules in sorted(targets.items()):
        if target not in rows:
            found.append(f"{target} has no row in the table")
            continue
        for module, files in sorted(modules.items()):
            if module not in rows[target] | system:
                found.append(f"{target} must not import {module}: {', '.join(sorted(files))}")
    for target in sorted(set(rows) - set(targets)):
        found.append(f"the table names {target}, which is no target")
    return found
