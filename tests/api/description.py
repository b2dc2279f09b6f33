"""server/openapi.yaml, and what the server answers held against it.

`hold` is called with every answer that a test's client gets, so that the description is true: an address, a method, a status,
a media type, a header or a field that it doesn't know fails the test that met it.
"""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

PATH = Path(__file__).resolve().parents[2] / "server/openapi.yaml"
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")

# What any answer may carry: of HTTP itself, of the strictness of browsers, of the limits.
EVERYWHERE = {
    "date", "server", "connection", "keep-alive", "content-length", "transfer-encoding", "content-type", "cache-control", "vary",
    "content-encoding", "x-accel-buffering", "content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options",
    "cross-origin-opener-policy", "cross-origin-resource-policy", "cross-origin-embedder-policy", "permissions-policy",
    "x-permitted-cross-domain-policies", "origin-agent-cluster", "access-control-allow-origin", "access-control-allow-credentials",
    "access-control-expose-headers",
    "strict-transport-security", "x-request-id", "ratelimit", "ratelimit-policy", "allow", "alt-svc", "traceparent",
    # Whatever was answered first is answered again.
    "idempotent-replayed",
    # tus says these in its answers to OPTIONS and in its refusals.
    "tus-resumable", "tus-version", "tus-extension", "tus-max-size", "tus-checksum-algorithm", "upload-offset", "retry-after",
}


class Untrue(AssertionError):
    """An answer that isn't as server/openapi.yaml describes it."""


@cache
def document() -> dict:
    return yaml.safe_load(PATH.read_text(encoding="utf-8"))


def resolved(node: dict) -> dict:
    """The part itself where only a reference to it stands."""
    while "$ref" in node:
        target = document()
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node


def operations():
    """Each (method, path, operation, parameters) of the document; parameters with those of the path."""
    for path, item in document()["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                parameters = [resolved(one) for one in item.get("parameters", []) + operation.get("parameters", [])]
                yield method.upper(), path, operation, parameters


@cache
def templates() -> list[tuple[re.Pattern, str]]:
    """Patterns of the paths, those with the fewest parameters first: `/uploads/tus` before `/uploads/{upload}`."""
    paths = sorted(document()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}"))), path) for path in paths]


def template(path: str) -> str | None:
    """The path of the document that a request's target belongs to."""
    bare = path.split("?", 1)[0]
    return next((name for pattern, name in templates() if pattern.fullmatch(bare)), None)


FORMATS = FormatChecker(formats=("uuid",))


@FORMATS.checks("date-time", raises=ValueError)
def _is_time(value) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value) and datetime.fromisoformat(value))


@cache
def validator(pointer: str) -> Draft202012Validator:
    """For the schema at a JSON pointer into the document."""
    registry = Registry().with_resource("urn:openapi", Resource(contents=document(), specification=DRAFT202012))
    return Draft202012Validator({"$ref": f"urn:openapi#{pointer}"}, registry=registry, format_checker=FORMATS)


def escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def pointer_of(node: dict, otherwise: str) -> str:
    return node["$ref"].removeprefix("#") if "$ref" in node else otherwise


def hold(method: str, target: str, answer) -> None:
    """Raises `Untrue` unless the answer is one that the document tells of."""

    def untrue(why: str) -> Untrue:
        return Untrue(f"{method} {target} -> {answer.status} is not as server/openapi.yaml says: {why}")

    kind = answer.headers.get("content-type", "").split(";")[0]
    if "x-request-id" not in answer.headers:
        # What is turned away before it is a request: too slow, too large, no HTTP, or one connection too many.
        if answer.status not in (400, 408, 431, 503) or answer.headers.get("connection") != "close":
            raise untrue("it has no X-Request-Id")
        if kind != "application/problem+json":
            raise untrue(f"an error is {kind}")
        return check(answer, "/components/schemas/Problem", untrue)
    path = template(target)
    item = document()["paths"].get(path, {})
    operation = item.get(method.lower()) or (item.get("get") if method == "HEAD" else None)
    if operation is None:
        # The page itself, and what isn't there.
        if answer.status >= 400 and method != "HEAD":
            if kind != "application/problem+json":
                raise untrue(f"an error is {kind}")
            check(answer, "/components/schemas/Problem", untrue)
        elif target.startswith("/api/") and (method, answer.status) != ("OPTIONS", 204):
            raise untrue("there is no such operation")
        return
    response = operation["responses"].get(str(answer.status))
    if response is None and answer.status == 421:
        # A name that the server doesn't answer to, whatever is asked for.
        return check(answer, "/components/schemas/Problem", untrue)
    if response is None:
        raise untrue(f"only {', '.join(operation['responses'])} are described; the body is {answer.body[:200]!r}")
    own = pointer_of(response, f"/paths/{escaped(path)}/{'get' if method == 'HEAD' and 'head' not in item else method.lower()}/responses/{answer.status}")
    response = resolved(response)
    for name in answer.headers:
        described = {header.lower() for header in response.get("headers", {})}
        if name not in EVERYWHERE and name not in described:
            raise untrue(f"the header {name} isn't described")
    # A part of a document is no document.
    if method == "HEAD" or answer.status in (206, 304):
        return
    content = response.get("content", {})
    if not content:
        if answer.body:
            raise untrue("it has a body")
        return
    if kind not in content:
        raise untrue(f"its media type is {kind}, not {' or '.join(content)}")
    if kind.endswith("json"):
        check(answer, f"{own}/content/{escaped(kind)}/schema", untrue)


def check(answer, pointer: str, untrue) -> None:
    for error in validator(pointer).iter_errors(json.loads(answer.body)):
        raise untrue(f"at {error.json_path}: {error.message[:300]}")
