"""The score of Mozilla's HTTP Observatory, by the rules that MDN publishes at
https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring (read in November 2026), for what one server answers.

Each test gives a modifier. They are added to 100; bonuses count only where the penalties left 90 or more.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}


@dataclass
class Site:
    """What the scanner sees: the page by https, the answer by http (None: nobody answers there), every cookie."""

    host: str
    page: dict[str, str]
    html: str
    by_http: tuple[int, dict[str, str]] | None
    cookies: list[str]
    cross_origin: dict[str, str]


def score(site: Site) -> tuple[int, dict[str, int]]:
    modifiers = {
        "content-security-policy": policy(site), "cookies": cookies(site), "cross-origin-resource-sharing": sharing(site),
        "redirection": redirection(site), "referrer-policy": referrer(site), "strict-transport-security": transport(site),
        "subresource-integrity": integrity(site), "x-content-type-options": sniffing(site), "x-frame-options": frames(site),
        "cross-origin-resource-policy": resources(site),
    }
    total = 100 + sum(value for value in modifiers.values() if value < 0)
    if total >= 90:
        total += sum(value for value in modifiers.values() if value > 0)
    return max(0, total), modifiers


def directives(site: Site) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for part in site.page.get("content-security-policy", "").split(";"):
        words = part.lower().split()
        if words:
            if words[0] in found:
                raise ValueError(f"{words[0]} stands there twice")
            found[words[0]] = set(words[1:])
    return found


def policy(site: Site) -> int:
    if "content-security-policy" not in site.page:
        return -25
    try:
        found = directives(site)
    except ValueError:
        return -25
    default = found.get("default-src", {"*"})
    scripts, styles, objects = (found.get(name, default) for name in ("script-src", "style-src", "object-src"))
    unsafe = BROAD | {"'unsafe-inline'", "data:"}
    if scripts & unsafe or objects & BROAD:
        return -20
    passive = {"img-src", "media-src"}
    active = set().union(*(sources for name, sources in found.items() if name not in passive))
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if any(source.startswith(("http:", "ftp:")) for name in passive for source in found.get(name, default)):
        return -10
    if styles & unsafe:
        return 0
    return 10 if default == {"'none'"} and found.get("form-action", set()) <= {"'none'", "'self'"} else 5


def cookies(site: Site) -> int:
    worst = 5 if site.cookies else 0
    for cookie in site.cookies:
        name, *attributes = [part.strip() for part in cookie.split(";")]
        flags = {part.split("=")[0].lower(): part.split("=")[-1].lower() for part in attributes}
        if "secure" not in flags:
            worst = min(worst, -40)
        if "httponly" not in flags:
            worst = min(worst, -30)
        if "samesite" not in flags:
            worst = min(worst, 0)
        elif flags["samesite"] not in ("strict", "lax"):
            worst = min(worst, -20)
        if name.startswith("__Host-") and (flags.get("path") != "/" or "domain" in flags or "secure" not in flags):
            worst = min(worst, -40)  # no rule of the scanner's: browsers would throw such a cookie away
    return worst


def sharing(site: Site) -> int:
    allowed = site.cross_origin.get("access-control-allow-origin")
    credentials = site.cross_origin.get("access-control-allow-credentials") == "true"
    return -50 if allowed not in (None, "*") and credentials else 0


def redirection(site: Site) -> int:
    if site.by_http is None:
        return 0
    status, headers = site.by_http
    location = headers.get("location", "")
    if not 300 <= status < 400 or not location:
        return -20
    if not location.startswith("https://"):
        return -20
    return 0 if re.split("[:/]", location[8:])[0] == site.host else -5


def referrer(site: Site) -> int:
    value = site.page.get("referrer-policy")
    if value is None:
        return 0
    last = value.split(",")[-1].strip().lower()
    return 5 if last in ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin") else -5


def transport(site: Site) -> int:
    value = site.page.get("strict-transport-security")
    if value is None:
        return -20
    age = re.search(r"max-age=(\d+)", value)
    if not age:
        return -20
    return 0 if int(age[1]) >= 15_768_000 else -10


class Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag, attributes):
        if tag == "script":
            self.found.append(dict(attributes))


def integrity(site: Site) -> int:
    scripts = Scripts()
    scripts.feed(site.html)
    worst = 0
    for script in scripts.found:
        source = script.get("src") or ""
        if re.match(r"(https?:)?//", source):
            secure, checked = source.startswith("https:"), bool(script.get("integrity"))
            worst = min(worst, 0 if secure and checked else -5 if secure else -20 if checked else -50)
    return worst


def sniffing(site: Site) -> int:
    return 0 if site.page.get("x-content-type-options", "").lower() == "nosniff" else -5


def frames(site: Site) -> int:
    try:
        ancestors = directives(site).get("frame-ancestors")
    except ValueError:
        ancestors = None
    if ancestors and not ancestors & BROAD:
        return 5
    return 0 if site.page.get("x-frame-options", "").lower() in ("deny", "sameorigin") else -20


def resources(site: Site) -> int:
    value = site.page.get("cross-origin-resource-policy")
    return 0 if value in (None, "same-origin", "same-site") else -20
