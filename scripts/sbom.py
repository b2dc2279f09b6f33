#!/usr/bin/env python3
"""Writes what Lightbox is made of as CycloneDX 1.6: Swift packages, Debian packages, wheels, modules of the page.

    scripts/sbom.py > sbom.cdx.json

Names and versions come from the lists that installing reads; licences from docs/licences.md, against which a test holds this.
What only builds or tests take has the scope "excluded". No time and no random number is in it: the same sources give the same file.
"""

import json
import re
import subprocess
import sys
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/architecture"))

import documents  # noqa: E402

# Of packages-run.txt: what builds the program and is no part of it.
BUILDS = {"git", "pkg-config", "g++", "python3-venv", "nodejs", "esbuild", "node-typescript"}


def licences(root: Path) -> dict[str, tuple[str, str]]:
    """Version and licence of each row of docs/licences.md, by name."""
    rows = [[cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
            for line in (root / "docs/licences.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return {row[0]: (row[1], row[2]) for row in rows if len(row) >= 4}


def swift(root: Path) -> dict[str, tuple[str, str]]:
    """Each Swift package: version and address. Those that SwiftPM resolved, else those that the manifest names."""
    resolved = root / "server/Package.resolved"
    if resolved.is_file():
        pins = json.loads(resolved.read_text(encoding="utf-8"))["pins"]
        found = {pin["location"]: pin["state"]["version"] for pin in pins}
    else:
        manifest = (root / "server/Package.swift").read_text(encoding="utf-8")
        found = dict(re.findall(r'\.package\(\s*url:\s*"([^"]+)",\s*exact:\s*"([^"]+)"', manifest))
    return {address.rstrip("/").rsplit("/", 1)[1].removesuffix(".git"): (version, address) for address, version in found.items()}


def installed(name: str) -> str | None:
    """The version of a Debian package, where this is Debian and it is there."""
    try:
        answer = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return answer.stdout.strip() or None


def components(root: Path) -> list[dict]:
    known = licences(root)
    made = []

    def add(kind: str, name: str, version: str, purl: str, excluded: bool) -> None:
        licence = known.get(name, ("", ""))[1]
        made.append({
            "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "scope": "excluded" if excluded else "required",
            **({"licenses": [{"license": {"name": licence}}]} if licence else {}),
            "properties": [{"name": "lightbox:kind", "value": kind}],
        })

    for name, (version, address) in swift(root).items():
        add("swift", name, version, f"pkg:swift/{address.removeprefix('https://').removesuffix('.git')}@{version}", False)
    seen = set()
    for purpose in ("run", "test", "security"):
        for name in documents.listed(root / f"scripts/packages-{purpose}.txt"):
            version = installed(name) or known.get(name, ("", ""))[0]
            add("debian", name, version, f"pkg:deb/debian/{name}@{version}", purpose != "run" or name in BUILDS)
        for line in documents.listed(root / f"scripts/requirements-{purpose}.txt"):
            name, version = line.split("==")
            if name not in seen:
                seen.add(name)
                add("python", name, version, f"pkg:pypi/{name.lower().replace('_', '-')}@{version}", purpose != "run")
    page = json.loads((root / "web/package.json").read_text(encoding="utf-8"))
    for group in ("dependencies", "devDependencies"):
        for name, version in page.get(group, {}).items():
            add("web", name, version, f"pkg:npm/{name.replace('@', '%40', 1)}@{version}", group != "dependencies")
    return sorted(made, key=lambda one: (one["properties"][0]["value"], one["name"]))


def document(root: Path) -> dict:
    parts = components(root)
    version = re.search(r'current = "([^"]+)"', (root / "server/Sources/Workflows/Limits.swift").read_text(encoding="utf-8"))[1]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6",
        # Of what is in it, so that equal lists have equal names.
        "serialNumber": "urn:uuid:" + str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts))), "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": "lightbox", "name": "lightbox", "version": version,
            "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": parts,
        "dependencies": [{"ref": "lightbox", "dependsOn": [one["bom-ref"] for one in parts if one["scope"] == "required"]}],
    }


if __name__ == "__main__":
    json.dump(document(ROOT), sys.stdout, indent=2, ensure_ascii=False)
    print()
