"""Holds what the documents say against what the code has."""

import json
import re
from pathlib import Path

SOURCE_PATH = re.compile(r"`((?:[\w.@+-]+/)+[\w.@+-]+\.(?:swift|tsx?|c|cpp|h|css|sh|py|md|json|yaml|sql))`")
PLACED_SYMBOL = re.compile(r"`([A-Za-z_][\w.]*)(?:\([^`]*\))?` (?:in |\()`([^`\s]+/[^`\s]+)`")
SWIFT_DECLARATION = (
    r"\b(?:func|struct|class|actor|enum|protocol|extension|typealias|case|var|let|macro"
    r"|function|interface|type|const|table)\s+`?{0}\b"
)


# docs/one-request.md


def misplaced_symbols(document: str, root: Path) -> list[str]:
    """What docs/one-request.md names and the code does not have.

    A symbol is written with its file beside it: `ReceiveUpload.run` in `server/Sources/Workflows/ReceiveUpload.swift`,
    or `ReceiveUpload` (`server/...`). Each part of a dotted name must be declared in that file.
    """
    found = []
    for path in sorted(set(SOURCE_PATH.findall(document))):
        if not (root / path).is_file():
            found.append(f"{path} does not exist")
    placed = PLACED_SYMBOL.findall(document)
    if not placed:
        found.append("no symbol is named with its file beside it")
    for symbol, path in placed:
        file = root / path
        if not file.is_file():
            if not SOURCE_PATH.fullmatch(f"`{path}`"):
                found.append(f"{path} does not exist")
            continue
        source = file.read_text(encoding="utf-8")
        for name in symbol.split("."):
            if not declares(source, name, file.suffix):
                found.append(f"{path} declares no {name} ({symbol})")
    return found


def declares(source: str, name: str, suffix: str) -> bool:
    """Whether the source of a file with this suffix declares the name."""
    if name == "init":
        return re.search(r"\binit\b", source) is not None
    if re.search(SWIFT_DECLARATION.replace("{0}", re.escape(name)), source):
        return True
    # In Swift, `case a, b` declares b too. In C, a function's name stands before its parameters.
    if suffix == ".swift":
        return re.search(rf"\bcase\s+[^\n:]*\b{re.escape(name)}\b", source) is not None
    return suffix in (".c", ".cpp", ".h") and re.search(rf"\b{re.escape(name)}\s*\(", source) is not None


# docs/errors.md


def documented_codes(document: str) -> list[str]:
    """The error codes that have a heading: `### payload-too-large`, with or without backticks."""
    headings = re.findall(r"^#{2,4}\s+`?([a-z][a-z0-9-]*)`?\s*$", document, re.MULTILINE)
    return headings


def swift_codes(source: str) -> list[str]:
    """The raw values of `enum ProblemCode` in WebAPI/Problem.swift."""
    start = re.search(r"\benum ProblemCode\b[^{]*\{", source)
    if not start:
        return []
    codes = []
    depth = 1
    for line in source[start.end():].splitlines():
        # Only the cases of the enum itself: those of its switches stand deeper.
        if depth == 1 and (case := re.match(r"\s*case\s+(.*)", line)):
            for name, raw in re.findall(r"`?(\w+)`?(?:\s*=\s*\"([^\"]+)\")?\s*(?:,|$|//)", case[1]):
                codes.append(raw or name)
        depth += line.count("{") - line.count("}")
        if depth <= 0:
            break
    return codes


def web_codes(source: str) -> list[str]:
    """The keys of the web app's table from code to sentence in web/src/shared/problems.ts.

    The table is the object literal that maps each code, quoted or bare, to a string or an object.
    """
    return [
        quoted or bare
        for quoted, bare in re.findall(
            r"^ {2,4}(?:[\"']([a-z][a-z0-9-]*)[\"']|([a-z]+)):\s*(?=[{\"'`\[(]|$)", source, re.MULTILINE
        )
    ]


def differences(lists: dict[str, list[str]]) -> list[str]:
    """What one list has and another lacks, and what a list has twice."""
    found = []
    everything = set().union(*lists.values())
    for place, codes in lists.items():
        for code in sorted(everything - set(codes)):
            found.append(f"{place} lacks {code}")
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            found.append(f"{place} has {code} twice")
    return found


# docs/licences.md


def manifest_packages(manifest: str) -> dict[str, str]:
    """The packages that a Package.swift names by address: name -> version."""
    pattern = r"\.package\(\s*url:\s*\"([^\"]+)\",\s*(?:exact:|from:|\.upToNextMinor\(from:)\s*\"([^\"]+)\""
    return {
        address.rstrip("/").rsplit("/", 1)[1].removesuffix(".git"): version
        for address, version in re.findall(pattern, manifest)
    }


def resolved_packages(root: Path) -> dict[str, str]:
    """The packages that SwiftPM resolved, those that others need too; empty before the first build."""
    packages: dict[str, str] = {}
    for file in root.glob(".build-*/server/workspace-state.json"):
        for dependency in json.loads(file.read_text(encoding="utf-8"))["object"]["dependencies"]:
            version = dependency["state"].get("checkoutState", {}).get("version")
            if version:
                location = dependency["packageRef"]["location"]
                packages[location.rstrip("/").rsplit("/", 1)[1].removesuffix(".git")] = version
    return packages


def listed(file: Path) -> list[str]:
    """The lines of a list without its comments."""
    lines = (line.split("#", 1)[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def unlicensed(document: str, root: Path) -> list[str]:
    """The dependencies that docs/licences.md does not list, or lists with another version."""
    rows = [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        for line in document.splitlines()
        if line.lstrip().startswith("|")
    ]
    versions = {row[0]: row[1] for row in rows if len(row) >= 4}
    wanted: dict[str, str] = {}
    for package in ("engine", "server"):
        wanted |= manifest_packages((root / package / "Package.swift").read_text(encoding="utf-8"))
    wanted |= resolved_packages(root)
    for purpose in ("run", "test", "security"):
        wanted |= dict(line.split("==") for line in listed(root / f"scripts/requirements-{purpose}.txt"))
    found = [
        f"{name} {version} is not listed" if name not in versions else f"{name} is listed as {versions[name]}, not {version}"
        for name, version in sorted(wanted.items())
        if versions.get(name) != version
    ]
    for purpose in ("run", "test", "security"):
        for name in listed(root / f"scripts/packages-{purpose}.txt"):
            if name not in versions:
                found.append(f"the Debian package {name} is not listed")
    return found
