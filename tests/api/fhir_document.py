"""Checks of a FHIR R4 document by fhir.resources, which we did not write, and what it doesn't check.

Its models are those of R4B (4.3.0). R4B changed only medication definitions, evidence, subscriptions and the like:
every resource that our documents hold is the same as in R4 (4.0.1), see https://hl7.org/fhir/R4B/history.html.
"""

import base64
import hashlib
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from fhir.resources.R4B.bundle import Bundle
from fhir_core.fhirabstractmodel import FHIRAbstractModel

KINDS = {
    "Composition", "Patient", "QuestionnaireResponse", "ImagingStudy", "Observation", "DiagnosticReport", "Device",
    "Provenance",
}
SECTIONS = ["55115-0", "11329-0", "55111-9", "18834-2", "59776-5", "19005-8", "18783-1"]
# The document, its sections, the lists of the history, a person's reading; age, smoking and pregnancy as told.
LOINC = {
    "18748-4", *SECTIONS, "10160-0", "48765-2", "11348-0", "18782-3", "30525-0", "72166-2", "82810-3",
}
SYSTEMS = re.compile(
    r"http://loinc\.org|http://radlex\.org|http://unitsofmeasure\.org|http://terminology\.hl7\.org/CodeSystem/[\w-]+"
    r"|http://dicom\.nema\.org/resources/ontology/DCM|urn:lightbox:[\w:-]+|urn:ietf:rfc:3986|urn:dicom:uid"
    r"|urn:iso-astm:E1762-95:2013"
)
# R4's own patterns, https://hl7.org/fhir/R4/datatypes.html; fhir.resources is less strict with some.
STRING = re.compile(r"[ \r\n\t\S]+")
# The elements that a narrative may have and that ours have, https://hl7.org/fhir/R4/narrative.html.
XHTML = {"div", "p", "b", "h3", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "br"}


def problems(document: bytes) -> list[str]:
    """All that is wrong with a document; empty where it is right."""
    value = json.loads(document, parse_float=Decimal)
    try:
        bundle = Bundle.model_validate_json(document)
    except ValueError as error:
        return [f"not valid: {error}"]
    again = json.loads(bundle.model_dump_json(), parse_float=Decimal)
    found = [f"round trip: {difference}" for difference in differences(value, again)]
    kinds = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in value["entry"]}
    found += bindings(bundle, kinds, "Bundle")
    return found + list(structure(value)) + list(references(value)) + list(codes(value)) + list(texts(value))


def differences(one, other, path="Bundle") -> Iterator[str]:
    if type(one) is not type(other):
        yield f"{path}: {one!r} became {other!r}"
    elif isinstance(one, dict):
        for name in one.keys() | other.keys():
            if name not in one or name not in other:
                yield f"{path}.{name}: only {'read' if name in one else 'written'}"
            else:
                yield from differences(one[name], other[name], f"{path}.{name}")
    elif isinstance(one, list):
        if len(one) != len(other):
            yield f"{path}: {len(one)} became {len(other)}"
        for number, pair in enumerate(zip(one, other)):
            yield from differences(*pair, f"{path}[{number}]")
    elif one != other:
        yield f"{path}: {one!r} became {other!r}"


def bindings(model: FHIRAbstractModel, kinds: dict[str, str], path: str) -> Iterator[str]:
    """Codes and kinds of referenced resources that an element may not have; the models know them, but don't check."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        extra = field.json_schema_extra or {}
        # A list that ends with + goes on in the specification.
        allowed = extra.get("enum_values") or ["+"]
        targets = extra.get("enum_reference_types") or ["Resource"]
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and "+" not in allowed and one not in allowed:
                yield f"{path}.{name}: {one!r} is none of {allowed}"
            if isinstance(one, FHIRAbstractModel):
                kind = kinds.get(getattr(one, "reference", None))
                if kind and kind not in targets and "Resource" not in targets:
                    yield f"{path}.{name}: a {kind}, which is none of {targets}"
                yield from bindings(one, kinds, f"{path}.{name}")


def walk(value, path="") -> Iterator[tuple[str, object]]:
    yield path, value
    if isinstance(value, dict):
        for name, member in value.items():
            yield from walk(member, f"{path}.{name}")
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from walk(member, f"{path}[{number}]")


def structure(bundle: dict) -> Iterator[str]:
    """What the page on documents wants, https://hl7.org/fhir/R4/documents.html, and the invariants of the sections."""
    if bundle["type"] != "document" or not bundle["identifier"]["value"] or not bundle["timestamp"]:
        yield "not a document with an identifier and a time"
    resources = [entry["resource"] for entry in bundle["entry"]]
    composition = resources[0]
    if composition["resourceType"] != "Composition":
        yield "the composition doesn't come first"
    if missing := KINDS - {resource["resourceType"] for resource in resources}:
        yield f"without {missing}"
    coded = [section["code"]["coding"][0]["code"] for section in composition["section"] if "code" in section]
    if coded != SECTIONS:
        yield f"sections {coded}"
    for path, section in walk(composition["section"]):
        if isinstance(section, dict) and "title" in section:
            if not section.get("text") and not section.get("entry") and not section.get("section"):
                yield f"cmp-1: {path}"
            if "emptyReason" in section and "entry" in section:
                yield f"cmp-2: {path}"
    for resource in resources:
        name = f"{resource['resourceType']} {resource['id']}"
        if not resource.get("text"):
            yield f"{name} has no narrative"
        if resource["resourceType"] == "Observation":
            values = [key for key in resource if key.startswith("value")]
            if values and "dataAbsentReason" in resource:
                yield f"obs-6: {name}"
            if not values and "dataAbsentReason" not in resource:
                yield f"{name} has neither a value nor a reason"
        if resource["resourceType"] == "DiagnosticReport":
            for form in resource.get("presentedForm", []):
                data = base64.b64decode(form["data"], validate=True)
                if len(data) != form["size"] or hashlib.sha1(data).digest() != base64.b64decode(form["hash"]):
                    yield f"{name}: size or hash of its {form['contentType']}"


def references(bundle: dict) -> Iterator[str]:
    """References that lead nowhere, and resources that nothing leads to."""
    kinds = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    if len(kinds) != len(bundle["entry"]):
        yield "two entries have one name"
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if entry["fullUrl"] != f"urn:uuid:{resource['id']}":
            yield f"{entry['fullUrl']} is {resource['id']}"
        if not re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", entry["fullUrl"]):
            yield f"{entry['fullUrl']} is no UUID"
    led = {value for path, value in walk(bundle) if path.endswith(".reference")}
    for url in led - kinds.keys():
        yield f"{url} leads nowhere"
    for url, kind in kinds.items():
        # A provenance isn't part of what it tells of; the composition is where one begins.
        if url not in led and kind not in ("Composition", "Provenance"):
            yield f"nothing leads to the {kind} {url}"


def codes(bundle: dict) -> Iterator[str]:
    for path, value in walk(bundle):
        if isinstance(value, dict) and "system" in value:
            if not SYSTEMS.fullmatch(value["system"]):
                yield f"{path}: {value['system']} is none of the agreed systems"
            if value["system"] == "http://loinc.org" and value["code"] not in LOINC:
                yield f"{path}: LOINC {value['code']} is none of the agreed codes"
        if isinstance(value, str) and "snomed" in value.lower():
            yield f"{path}: SNOMED CT"


def texts(bundle: dict) -> Iterator[str]:
    for path, value in walk(bundle):
        if value in ("", [], {}):
            yield f"{path} is empty"
        if isinstance(value, str) and not STRING.fullmatch(value):
            yield f"{path}: not a FHIR string"
        if path.endswith(".div"):
            try:
                narrative = ElementTree.fromstring(value)
            except ElementTree.ParseError as error:
                yield f"{path}: {error}"
                continue
            names = {element.tag.removeprefix("{http://www.w3.org/1999/xhtml}") for element in narrative.iter()}
            if not names <= XHTML:
                yield f"{path}: has {names - XHTML}"
            if not "".join(narrative.itertext()).strip():
                yield f"{path}: txt-2, nothing is said"


if __name__ == "__main__":
    wrong = [f"{name}: {problem}" for name in sys.argv[1:] for problem in problems(Path(name).read_bytes())]
    print("\n".join(wrong))
    sys.exit(1 if wrong or len(sys.argv) < 2 else 0)
