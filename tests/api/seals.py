"""The seals and codes of reports, made and checked as docs/reports-verify.md says, with libraries that we did not write.

Nothing here shares code with the product: what both agree on is what the document says.
"""

import base64
import hashlib
import json
import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwcrypto import jwk, jws

MARKER = "LIGHTBOX-SEAL-1:"
SEAL = re.compile(rb"LIGHTBOX-SEAL-1:([\w-]+\.[\w-]+\.[\w-]{86}):([\w-]{11})(?= )")


def encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def dump(value) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def public_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"crv": "Ed25519", "kty": "OKP", "x": encode(raw)}


def fingerprint(key: dict[str, str]) -> str:
    return jwk.JWK(**key).thumbprint()


def sums(data: bytes, prime: int) -> tuple[int, int]:
    return sum(data) % prime, sum(place * byte for place, byte in enumerate(data, 1)) % prime


def table(covered: bytes) -> bytes:
    rows = b""
    for start in range(0, len(covered), 1024):
        block = covered[start : start + 1024]
        plain, weighted = sums(block, 65_521)
        rows += hashlib.sha256(block).digest()[:8] + plain.to_bytes(2, "big") + weighted.to_bytes(2, "big")
    return rows


def seal(before: bytes, after: bytes, gap: int, statement: dict, key: Ed25519PrivateKey) -> bytes:
    """The document with a sealed gap of so many bytes between the two parts."""
    covered = before + after
    cover = {"block": 1024, "gap": [len(before), gap], "length": len(covered),
             "sha256": hashlib.sha256(covered).hexdigest(), "table": encode(table(covered))}
    public = public_jwk(key)
    header = {"alg": "EdDSA", "jwk": public, "kid": fingerprint(public), "typ": "lightbox-seal"}
    signed = f"{encode(dump(header))}.{encode(dump({'seal': cover, 'statement': statement}))}"
    form = f"{signed}.{encode(key.sign(signed.encode()))}"
    plain, weighted = sums(form.encode(), 2**31 - 1)
    token = f"{MARKER}{form}:{encode(plain.to_bytes(4, 'big') + weighted.to_bytes(4, 'big'))}".encode()
    assert len(token) + 2 <= gap, len(token)
    return before + token.ljust(gap) + after


def check(document: bytes, key: dict[str, str]) -> dict:
    """The statement of a whole document under this key. Raises what the library raises, or AssertionError."""
    for found in SEAL.finditer(document):
        form = found[1].decode()
        token = jws.JWS()
        token.deserialize(form)
        try:
            token.verify(jwk.JWK(**key))
        except jws.InvalidJWSSignature:
            continue
        payload = json.loads(token.payload)
        start, length = payload["seal"]["gap"]
        if start != found.start():
            continue
        assert document[found.end() : start + length].strip(b" ") == b"", "the padding was changed"
        covered = document[:start] + document[start + length :]
        assert len(covered) == payload["seal"]["length"], "the length was changed"
        assert hashlib.sha256(covered).hexdigest() == payload["seal"]["sha256"], "the document was changed"
        return payload["statement"]
    raise AssertionError("no seal by this key is in its place")


def code(statement: dict, key: Ed25519PrivateKey, created: int) -> str:
    """What the QR code of a report says."""
    payload = {"r": statement["report"], "c": created, "a": statement["audience"], "u": statement["urgency"],
               "m": statement["marked"], "d": encode(hashlib.sha256(dump(statement["sources"])).digest()[:16]),
               "k": fingerprint(public_jwk(key))[:16]}
    signed = f"LBX1.{encode(dump(payload))}"
    return f"{signed}.{encode(key.sign(signed.encode()))}"


def read_codes(picture) -> list[str]:
    """The QR codes in a picture of a page (a PIL image)."""
    import zxingcpp

    return [found.text for found in zxingcpp.read_barcodes(picture)]
