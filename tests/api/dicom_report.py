"""Reads the DICOM objects of reports with programs that no one here wrote: pydicom, highdicom, dcmtk and, where it is
installed, dciodvfy of dicom3tools.

By itself: `dicom_report.py FOLDER` reads every `*.pdf.dcm` and `*.sr.dcm` in a folder; `report.pdf` beside them is the
PDF that went in.
"""

import io
import logging
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import highdicom
import pydicom
from pydicom.sr.codedict import codes

ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
OWN = "99LIGHTBOX"
# What dcmtk 3.6.7 says of every report in UTF-8: a limit of its own, not a fault of the file.
UTF8_UNCHECKED = "W: The VR checker does not support this Specific Character Set: ISO_IR 192\n"
TOO_LONG = re.compile(r"\[1\] = <(.*)> - Length invalid for this VR = \d+, expected <= (\d+)$")
INVALID_VALUES = "Error - Dicom dataset contains invalid data values for Value Representations"


class Unreadable(AssertionError):
    """A reader had something to say."""


def _quiet(run):
    """What `run` returns; no reader may warn on the way."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setLevel(logging.WARNING)
    loggers = [logging.getLogger(name) for name in ("pydicom", "highdicom")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = run()
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    if log.getvalue():
        raise Unreadable(log.getvalue())
    return result


def _tool(*command: str) -> str:
    """What a program prints. It must end well and have nothing to say about the file."""
    ended = subprocess.run(command, capture_output=True, timeout=60)
    said = ended.stderr.decode(errors="replace").replace(UTF8_UNCHECKED, "")
    if ended.returncode != 0 or "E: " in said or "W: " in said or "Error" in said:
        raise Unreadable(f"{command[0]}: {ended.returncode}\n{said}")
    return ended.stdout.decode(errors="replace")


def _validate(path: Path) -> None:
    """No error by the object's definition; a word about what is unusual is no error."""
    if not shutil.which("dciodvfy"):
        return
    ended = subprocess.run(["dciodvfy", str(path)], capture_output=True, timeout=60)
    said = ended.stderr.decode(errors="replace") + ended.stdout.decode(errors="replace")
    errors = [line for line in said.splitlines() if line.startswith("Error")]
    # It counts the bytes of a text, where the standard (PS3.5, table 6.2-1) counts characters.
    counted = [line for line in errors if (found := TOO_LONG.search(line)) and len(found[1]) <= int(found[2])]
    if counted:
        errors = [line for line in errors if line not in counted and line != INVALID_VALUES]
    elif ended.returncode != 0:
        errors.append(f"it ended with {ended.returncode}")
    if errors:
        raise Unreadable("dciodvfy: " + "\n".join(errors))


def _read(document: bytes, sop_class: str) -> pydicom.Dataset:
    """The data set, every element of it looked at."""

    def read() -> pydicom.Dataset:
        pydicom.config.settings.reading_validation_mode = pydicom.config.RAISE
        data_set = pydicom.dcmread(io.BytesIO(document))
        data_set.walk(lambda _, element: element.value)
        return data_set

    data_set = _quiet(read)
    assert data_set.SOPClassUID == data_set.file_meta.MediaStorageSOPClassUID == sop_class
    assert data_set.SOPInstanceUID == data_set.file_meta.MediaStorageSOPInstanceUID
    assert data_set.file_meta.TransferSyntaxUID == pydicom.uid.ExplicitVRLittleEndian
    assert data_set.SpecificCharacterSet == "ISO_IR 192"
    assert data_set.VerificationFlag == "UNVERIFIED"
    assert data_set[0x0099, 0x0010].value == "LIGHTBOX" and data_set[0x0099, 0x1001].VR == "UT"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.dcm"
        path.write_bytes(document)
        _tool("dcmdump", "+L", str(path))
        if sop_class == COMPREHENSIVE_SR:
            assert "126000" in _tool("dsrdump", "+Pc", "+Pl", str(path))
        _validate(path)
    return data_set


def encapsulated(document: bytes, pdf: bytes) -> pydicom.Dataset:
    """An encapsulated PDF, from which the PDF comes out as it went in."""
    data_set = _read(document, ENCAPSULATED_PDF)
    assert data_set.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert data_set.EncapsulatedDocument[: data_set.EncapsulatedDocumentLength] == pdf
    concept = data_set.ConceptNameCodeSequence[0]
    assert (concept.CodeValue, concept.CodingSchemeDesignator) == ("18748-4", "LN")
    return data_set


def structured(document: bytes) -> tuple[pydicom.Dataset, list]:
    """A structured report by TID 1500, and its groups of measurements as highdicom reads them."""
    data_set = _read(document, COMPREHENSIVE_SR)
    report = _quiet(lambda: highdicom.sr.srread(io.BytesIO(document)))
    assert isinstance(report, highdicom.sr.ComprehensiveSR)
    content = report.content
    assert isinstance(content, highdicom.sr.MeasurementReport)
    observers = _quiet(content.get_observer_contexts)
    device = observers[0].observer_identifying_attributes
    assert observers[0].observer_type == codes.DCM.Device and len(observers) == 1
    assert device.manufacturer_name == "Lightbox" and device.uid.startswith("2.25.")
    scheme = data_set.CodingSchemeIdentificationSequence[0]
    assert scheme.CodingSchemeDesignator == OWN and scheme.CodingSchemeUID.startswith("2.25.")
    groups = _quiet(content.get_image_measurement_groups)
    for group in groups:
        assert group.finding_type is not None and group.finding_type.scheme_designator == OWN
        measured = {str(item.name.value): item for item in group.get_measurements()}
        marked = {str(item.name.value): item for item in group.get_qualitative_evaluations()}["marked"].value
        probability, threshold = measured["probability"].value, measured["threshold"].value
        assert 0 <= probability <= 1
        assert (probability >= threshold) == (str(marked.value) == "yes")
    assert "SCT" not in _schemes(data_set) and "SRT" not in _schemes(data_set)
    return data_set, groups


def _schemes(data_set: pydicom.Dataset) -> set[str]:
    found: set[str] = set()
    for element in data_set.iterall():
        if element.keyword == "CodingSchemeDesignator":
            found.add(element.value)
    return found


def texts(data_set: pydicom.Dataset, concept: str) -> list[str]:
    """The texts under one of our own concepts, in order."""
    found = []
    for item in data_set.get("ContentSequence", []):
        name = item.get("ConceptNameCodeSequence")
        if name and name[0].get("CodeValue") == concept and item.ValueType == "TEXT":
            found.append(item.TextValue)
        found += texts(item, concept)
    return found


def main() -> None:
    folder = Path(sys.argv[1])
    files = sorted(folder.glob("*.dcm"))
    pdf = (folder / "report.pdf").read_bytes()
    for file in files:
        document = file.read_bytes()
        if file.name.endswith(".sr.dcm"):
            _, groups = structured(document)
            print(f"{file.name}: {len(document)} bytes, {len(groups)} findings")
        else:
            encapsulated(document, pdf)
            print(f"{file.name}: {len(document)} bytes")
    if not files:
        sys.exit("no files")


if __name__ == "__main__":
    main()
