"""A client of the API that speaks plain HTTP, and pictures that are made here."""

import http.client
import json
import re
import struct
import sys
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/journeys"), str(ROOT / "tests/support")]

import description  # noqa: E402
from server import Server, free_port, sample_film  # noqa: E402, F401  (used by the tests)

CONSENT = {"consent": {"version": "2026-11", "accepted": True}}
FINAL = {"completed", "refused", "failed", "cancelled"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        return self.json().get("code") if "problem+json" in self.headers.get("content-type", "") else None


@dataclass
class Client:
    """One browser: it keeps the cookie of its session."""

    server: Server
    cookie: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body=None, headers: dict[str, str] | None = None, timeout=60) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=timeout)
        try:
            connection.request(method, path, body, self.fields(headers))
            answer = self.read(connection.getresponse())
            description.hold(method, path, answer)
            return answer
        finally:
            connection.close()

    def fields(self, headers: dict[str, str] | None = None) -> dict[str, str]:
        fields = {**self.extra, **(headers or {})}
        if self.cookie:
            fields["Cookie"] = self.cookie
        return fields

    def read(self, response: http.client.HTTPResponse) -> Answer:
        headers = {name.lower(): value for name, value in response.getheaders()}
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].split(";")[0]
        return Answer(response.status, headers, response.read())

    def api(self, method: str, path: str, value=None, **arguments) -> Answer:
        headers = {"Content-Type": "application/json"} if value is not None else {}
        return self.ask(method, "/api/v1" + path, None if value is None else json.dumps(value), headers, **arguments)

    def begin(self) -> "Client":
        answer = self.api("POST", "/session", CONSENT)
        assert answer.status == 201, answer
        return self

    def upload(self, picture: bytes, content_type="application/octet-stream", **headers: str) -> Answer:
        return self.ask("POST", "/api/v1/uploads", picture, {"Content-Type": content_type, **headers})

    def analyse(self, upload_id: str) -> dict:
        """The person of the sample film was born in 1940, and the tests tell another age: that is confirmed."""
        answer = self.api("POST", "/analyses", {"uploadId": upload_id, "confirmedDifferences": ["birth-date"]})
        assert answer.status == 202, answer
        return answer.json()

    def analyse_all_the_same(self, upload_id: str) -> dict:
        """Like `analyse`; whatever differs between history and file, it confirms that it is the right picture."""
        answer = self.api("POST", "/analyses", {"uploadId": upload_id})
        if answer.status == 409:
            differences = [re.search("“(.*)”", fault["detail"])[1] for fault in answer.json()["errors"]]
            answer = self.api("POST", "/analyses", {"uploadId": upload_id, "confirmedDifferences": differences})
        assert answer.status == 202, answer
        return answer.json()

    def events(self, analysis_id: str, after: int | None = None):
        """The server-sent events until the stream ends, as (id, data)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        connection.request("GET", f"/api/v1/analyses/{analysis_id}/events", headers=self.fields(headers))
        response = connection.getresponse()
        try:
            if response.status == 204:
                return
            assert response.status == 200, response.read()
            number = None
            for line in response:
                text = line.decode().rstrip("\n")
                if text.startswith("id: "):
                    number = int(text[4:])
                elif text.startswith("data: "):
                    yield number, json.loads(text[6:])
        finally:
            connection.close()

    def reported(self, analysis_id: str, audience="clinician") -> dict:
        """A report, once it is ready: at once, or where the machine is slow after a while."""
        answer = self.api("POST", "/reports", {"analysisId": analysis_id, "audience": audience})
        assert answer.status in (201, 202), answer
        report = answer.json()
        while report["state"] == "making":
            time.sleep(0.02)
            report = self.api("GET", f"/reports/{report['id']}").json()
        assert report["state"] == "ready", report
        return report

    def finished(self, analysis_id: str) -> dict:
        """The analysis, once it has ended."""
        for _ in self.events(analysis_id):
            pass
        analysis = self.api("GET", f"/analyses/{analysis_id}").json()
        assert analysis["state"] in FINAL, analysis
        return analysis


def png(width: int, height: int, pixels: bytes | None = None, declared: tuple[int, int] | None = None) -> bytes:
    """A grey PNG; a gradient if no pixels are given. `declared` writes another size into the header."""
    rows = pixels or bytes((x * 255 // width + y) % 256 for y in range(height) for x in range(width))
    raw = b"".join(b"\0" + rows[y * width : (y + 1) * width] for y in range(height))
    size = declared or (width, height)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def dicom(width: int, height: int, pixels: bytes, **header: str) -> bytes:
    """An 8-bit MONOCHROME2 picture in explicit VR little endian; `header` by keyword, for example PatientSex="F"."""
    known = {
        "StudyDate": (0x0008, 0x0020, "DA"), "Modality": (0x0008, 0x0060, "CS"), "PatientName": (0x0010, 0x0010, "PN"),
        "PatientBirthDate": (0x0010, 0x0030, "DA"), "PatientSex": (0x0010, 0x0040, "CS"), "PatientAge": (0x0010, 0x1010, "AS"),
    }

    def element(group: int, number: int, kind: str, value: bytes) -> bytes:
        value += b"" if len(value) % 2 == 0 else (b"\0" if kind in ("UI", "OB") else b" ")
        long = kind in ("OB", "OW")
        return struct.pack("<HH2s", group, number, kind.encode()) + struct.pack("<HI" if long else "<H", *((0, len(value)) if long else (len(value),))) + value

    uid = b"1.2.826.0.1.3680043.8.498.1"
    values = {known[name]: text.encode() for name, text in {"Modality": "DX", **header}.items()}
    short = {"samples": (0x0028, 0x0002, 1), "rows": (0x0028, 0x0010, height), "columns": (0x0028, 0x0011, width),
             "allocated": (0x0028, 0x0100, 8), "stored": (0x0028, 0x0101, 8), "high": (0x0028, 0x0102, 7), "sign": (0x0028, 0x0103, 0)}
    elements = {(group, number, "US"): struct.pack("<H", value) for group, number, value in short.values()}
    elements |= {(0x0008, 0x0016, "UI"): b"1.2.840.10008.5.1.4.1.1.1.1", (0x0008, 0x0018, "UI"): uid, (0x0028, 0x0004, "CS"): b"MONOCHROME2"}
    body = b"".join(element(*key, value) for key, value in sorted({**elements, **values}.items()))
    body += element(0x7FE0, 0x0010, "OB", pixels)
    meta = element(0x0002, 0x0002, "UI", b"1.2.840.10008.5.1.4.1.1.1.1") + element(0x0002, 0x0003, "UI", uid)
    meta += element(0x0002, 0x0010, "UI", b"1.2.840.10008.1.2.1")
    return b"\0" * 128 + b"DICM" + element(0x0002, 0x0000, "UL", struct.pack("<I", len(meta))) + meta + body


def form(parts: list[tuple[str, bytes]], boundary="frontier") -> tuple[bytes, str]:
    """A multipart body: pairs of content disposition parameters and content."""
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {parameters}\r\n\r\n".encode() + content + b"\r\n"
        for parameters, content in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
