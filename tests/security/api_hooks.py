"""What schemathesis has to know: how to get a session, and how to fill it."""

import http.client
import json
import os
import threading
import urllib.parse

import schemathesis

CONSENT = {"consent": {"version": "2026-11", "accepted": True}}
SAMPLE = "chest-pa"
ADDRESS = urllib.parse.urlsplit(os.environ["LIGHTBOX_ORIGIN"])


def ask(method: str, path: str, value=None, cookie: str | None = None):
    connection = http.client.HTTPConnection(ADDRESS.hostname, ADDRESS.port, timeout=30)
    headers = {"Content-Type": "application/json"} if value is not None else {}
    if cookie:
        headers["Cookie"] = cookie
    connection.request(method, path, None if value is None else json.dumps(value), headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@schemathesis.hook("map_body")
def a_picture_that_is_there(context, body):
    """The name of a picture to try, so that there is something to chain calls on."""
    if isinstance(body, dict) and isinstance(body.get("sampleId"), str):
        return {**body, "sampleId": SAMPLE}
    return body


@schemathesis.auth()
class Session:
    """A cookie that works: calls may erase the session, and then there is a new one."""

    lock = threading.Lock()
    cookie: str | None = None

    def get(self, case, context):
        with Session.lock:
            if Session.cookie is None or ask("GET", "/api/v1/session", cookie=Session.cookie)[0].status != 200:
                response, body = ask("POST", "/api/v1/session", CONSENT)
                if response.status != 201:
                    raise RuntimeError(f"no session: {response.status} {body[:200]!r}")
                Session.cookie = response.headers["Set-Cookie"].split(";")[0]
            return Session.cookie

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Cookie": data}
