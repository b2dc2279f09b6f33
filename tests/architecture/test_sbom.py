"""The bill of materials against docs/licences.md and the lists that installing reads."""

import importlib.util
import json
import re
import unittest
from pathlib import Path

import documents

ROOT = Path(__file__).resolve().parents[2]
SPECIFICATION = importlib.util.spec_from_file_location("sbom", ROOT / "scripts/sbom.py")
sbom = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(sbom)

# Modules of the page come as Debian packages, whose rows they share.
ROWS = {"react": "node-react", "react-dom": "node-react-dom", "@types/react": "node-react", "@types/react-dom": "node-react-dom",
        "jsdom": "node-jsdom", "typescript": "node-typescript", "esbuild": "esbuild"}


class Bill(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.document = sbom.document(ROOT)
        cls.components = cls.document["components"]

    def of(self, kind: str) -> dict[str, dict]:
        return {one["name"]: one for one in self.components if one["properties"][0]["value"] == kind}

    def test_everything_in_it_has_its_licence_and_version_in_the_document(self) -> None:
        known = sbom.licences(ROOT)
        for one in self.components:
            with self.subTest(one["name"]):
                row = ROWS.get(one["name"], one["name"])
                self.assertIn(row, known)
                kind = one["properties"][0]["value"]
                if kind in ("swift", "python"):
                    self.assertEqual(one["version"], known[row][0])
                    self.assertEqual(one["licenses"][0]["license"]["name"], known[row][1])

    def test_nothing_is_missing(self) -> None:
        manifest = documents.manifest_packages((ROOT / "server/Package.swift").read_text(encoding="utf-8"))
        self.assertLessEqual(manifest.keys(), self.of("swift").keys())
        for purpose in ("run", "test", "security"):
            self.assertLessEqual(set(documents.listed(ROOT / f"scripts/packages-{purpose}.txt")), self.of("debian").keys())
            wheels = {line.split("==")[0] for line in documents.listed(ROOT / f"scripts/requirements-{purpose}.txt")}
            self.assertLessEqual(wheels, self.of("python").keys())
        self.assertLessEqual({"react", "react-dom"}, self.of("web").keys())

    def test_it_is_well_formed_and_always_the_same(self) -> None:
        self.assertEqual((self.document["bomFormat"], self.document["specVersion"]), ("CycloneDX", "1.6"))
        references = [one["bom-ref"] for one in self.components]
        self.assertEqual(len(references), len(set(references)))
        for one in self.components:
            self.assertRegex(one["purl"], r"^pkg:(swift|deb/debian|pypi|npm)/[^\s]+@.+$")
            self.assertIn(one["scope"], ("required", "excluded"))
        self.assertRegex(self.document["serialNumber"], r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.assertEqual(json.dumps(sbom.document(ROOT)), json.dumps(self.document))
        self.assertTrue(all(re.search(r"\S", one["version"]) for one in self.components))


if __name__ == "__main__":
    unittest.main()
