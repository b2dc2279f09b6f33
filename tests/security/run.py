"""Tools that others wrote to find holes, run on the real server (`make security`).

Every one talks only to a server that is started here, on 127.0.0.1 and a free port, with a data folder of its own that is removed
at the end; each is bounded in time and in requests. What a tool finds makes this fail; what it can't do here is said.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/journeys"))
from server import Server  # noqa: E402

OUT = ROOT / "test-results/security"
SECONDS = int(os.environ.get("SECONDS_EACH", "600"))
EXAMPLES = os.environ.get("EXAMPLES", "40")
CONSENT = {"consent": {"version": "2026-11", "accepted": True}}


class Skipped(Exception):
    """What can't be tried here, and why."""


def run(name: str, command: list[str], **more) -> tuple[int, str]:
    """Runs a tool with its output in a file, for SECONDS at most."""
    log = OUT / f"{name}.txt"
    environment = {**os.environ, **more.pop("environment", {})}
    with log.open("w") as file:
        try:
            status = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, timeout=SECONDS, env=environment, **more).returncode
        except subprocess.TimeoutExpired:
            status = 124
    return status, log.read_text(errors="replace")


def ask(server: Server, method: str, path: str, value=None, cookie: str | None = None):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Content-Type": "application/json", **({"Cookie": cookie} if cookie else {})}
    connection.request(method, path, None if value is None else json.dumps(value), headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def session(server: Server) -> str:
    response, body = ask(server, "POST", "/api/v1/session", CONSENT)
    if response.status != 201:
        raise RuntimeError(f"no session: {response.status} {body[:200]!r}")
    return response.headers["Set-Cookie"].split(";")[0]


def still_well(server: Server) -> list[str]:
    """What is wrong with the server after all that."""
    found = []
    if server.process.poll() is not None:
        return [f"the server ended with status {server.process.returncode}"]
    if ask(server, "GET", "/health/ready")[0].status != 200:
        found.append("the server isn't ready any more")
    for line in server.log_lines():
        if "raw" in line:
            found.append(f"a line of the log is no JSON: {str(line['raw'])[:200]}")
        elif line.get("code") == "internal":
            found.append(f"an unexpected error: {json.dumps(line)[:400]}")
    return found


def schemathesis() -> list[str]:
    with Server("security-schemathesis", LIGHTBOX_UPLOAD_MAX_BYTES=str(8 << 20)) as server:
        program = Path(sys.executable).parent / "schemathesis"
        status, text = run(
            "schemathesis",
            [str(program), "--config-file", str(ROOT / "tests/security/schemathesis.toml"), "run", str(ROOT / "server/openapi.yaml"), "--url", server.origin,
             "--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", EXAMPLES, "--max-time", str(SECONDS - 20), "--no-color"],
            cwd=OUT, environment={"LIGHTBOX_ORIGIN": server.origin, "SCHEMATHESIS_HOOKS": "api_hooks", "PYTHONPATH": str(ROOT / "tests/security")})
        found = re.findall(r"^ +❌ (ST\d+ .+)$", text, re.MULTILINE)
        tested = re.search(r"(\d+) generated", text)
        print(f"        {tested[1] if tested else 'no'} calls")
        # 124: the time was over before it was through; what it had found by then is in the list.
        if status not in (0, 124) and not found:
            found.append(f"status {status}, see {OUT / 'schemathesis.txt'}")
        if not tested and status != 124:
            found.append("it tried nothing")
        return found + still_well(server)


def tls() -> list[str]:
    sources = (ROOT / "server/Sources/lightbox").glob("Setting*.swift")
    settings = "".join(file.read_text(encoding="utf-8") for file in sources)
    if '"tls.certificate"' not in settings:
        raise Skipped("the server has no TLS of its own: a proxy does it, and is to be tried where it stands")
    if not shutil.which("testssl"):
        raise Skipped("testssl is not installed")
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = Path(folder) / "key.pem", Path(folder) / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", certificate,
             "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
        server = Server("security-tls", LIGHTBOX_TLS_CERTIFICATE=str(certificate), LIGHTBOX_TLS_KEY=str(key), LIGHTBOX_HTTP_SECURE="true")
        # Its readiness is asked for in plain HTTP on the operators' listener.
        public, server.port = server.port, server.operator_port
        with server:
            report = OUT / "testssl.json"
            report.unlink(missing_ok=True)
            run("testssl", ["testssl", "--quiet", "--color", "0", "--warnings", "batch", "--nodns", "none", "--ip", "127.0.0.1", "--severity", "LOW",
                            "--jsonfile", str(report), f"localhost:{public}"])
            if not report.is_file():
                return [f"testssl made no report, see {OUT / 'testssl.txt'}"]
            # A certificate that was made a moment ago by nobody, and a name that nobody else knows.
            ours = ("cert_trust", "cert_chain_of_trust", "cert_revocation", "cert_notAfter", "cert_expirationStatus", "cert_validityPeriod", "OCSP",
                    "DNS_CAA", "cert_CT", "certificate_transparency", "cert_crlDistributionPoints", "overall_grade", "cert_ocspURL", "security_headers")
            findings = [
                f"{one['severity']} {one['id']}: {one['finding']}" for one in json.loads(report.read_text() or "[]")
                if one["severity"] in ("LOW", "MEDIUM", "HIGH", "CRITICAL") and not one["id"].startswith(ours)]
            # Where no cipher is weak the choice is the client's, which knows its own hardware (Mozilla's "intermediate" says so too).
            # A weak one would stand in the list beside it, and then the order counts.
            return [] if all(" cipher_order:" in finding for finding in findings) else findings


def sqlmap() -> list[str]:
    if not shutil.which("sqlmap"):
        raise Skipped("sqlmap is not installed")
    with Server("security-sqlmap") as server, tempfile.TemporaryDirectory() as folder:
        cookie = session(server)
        _, body = ask(server, "POST", "/api/v1/uploads", {"sampleId": "chest-pa"}, cookie)
        upload = json.loads(body)["id"]
        # Where text of a stranger gets to the database: a path, a query, a body, the cookie.
        targets = [
            ("path", f"{server.origin}/api/v1/uploads/{upload}*", None),
            ("query", f"{server.origin}/api/v1/access-log?before=100", None),
            ("width", f"{server.origin}/api/v1/uploads/{upload}/preview?width=320", None),
            ("intake", f"{server.origin}/api/v1/intake", '{"answers":{"reason":"cough*"}}'),
            ("conversation", f"{server.origin}/api/v1/conversations", '{"title":"about*"}'),
            ("analysis", f"{server.origin}/api/v1/analyses", f'{{"uploadId":"{upload}*"}}'),
        ]
        found = []
        for name, address, data in targets:
            # No threads and no dump: it is asked whether there is a way in, not what is inside.
            command = ["sqlmap", "-u", address, "--cookie", cookie, "--batch", "--level", "2", "--risk", "1", "--dbms", "SQLite", "--technique", "BEUT",
                       "--time-sec", "3", "--timeout", "20", "--retries", "1", "--flush-session", "--disable-coloring", "--output-dir", folder,
                       "--ignore-code", "400,401,404,409,422", "--skip", "Host"]
            if data:
                command += ["--data", data, "--method", "PATCH" if name == "intake" else "POST", "--headers", "Content-Type: application/json"]
            status, text = run(f"sqlmap-{name}", command)
            if re.search(r"is vulnerable|identified the following injection point|appears to be .*injectable", text) and "all tested parameters do not appear" not in text:
                found.append(f"{name}: sqlmap says that it can inject, see {OUT / f'sqlmap-{name}.txt'}")
            elif status == 124:
                print(f"        {name}: the time was over; nothing found until then")
            elif "do not appear to be injectable" not in text and "does not seem to be injectable" not in text:
                found.append(f"{name}: sqlmap tried nothing, see {OUT / f'sqlmap-{name}.txt'}")
        return found + still_well(server)


def wapiti() -> list[str]:
    if not shutil.which("wapiti"):
        raise Skipped("wapiti is not installed")
    with Server("security-wapiti") as server, tempfile.TemporaryDirectory() as folder:
        cookie = session(server)
        report = OUT / "wapiti.json"
        report.unlink(missing_ok=True)
        starts = [f"{server.origin}{path}" for path in
                  ("/api/v1/access-log?before=10", "/api/v1/limits", "/api/v1/models", "/docs/errors.md", "/openapi.yaml", "/health/ready")]
        command = ["wapiti", "-u", f"{server.origin}/", "--scope", "folder", "--flush-session", "--no-bugreport", "--max-scan-time", str(max(60, SECONDS - 60) // 60 or 1),
                   "--max-attack-time", "60", "--max-links-per-page", "30", "-d", "3", "-t", "20", "-H", f"Cookie: {cookie}", "-f", "json", "-o", str(report),
                   "-m", "backup,blindsql,cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,ssrf,xss,xxe,htaccess"]
        for start in starts:
            command += ["-s", start]
        status, text = run("wapiti", command, environment={"HOME": folder})
        if not report.is_file():
            return [f"wapiti made no report (status {status}), see {OUT / 'wapiti.txt'}"]
        found = []
        # Only behind https a cookie can be Secure and HSTS means something; this server speaks http on loopback. X-XSS-Protection
        # steered a filter that browsers have removed, and that could itself be turned against a page.
        plain = re.compile(r"Secure flag|Strict-Transport-Security|X-XSS-Protection", re.IGNORECASE)
        for kind, ones in json.loads(report.read_text())["vulnerabilities"].items():
            found += [f"{kind}: {one['method']} {one['path']}: {one['info'][:200]}" for one in ones if not plain.search(one["info"])]
        return found + still_well(server)


def sbom() -> list[str]:
    text = subprocess.run([sys.executable, "-B", ROOT / "scripts/sbom.py"], capture_output=True, text=True, check=True).stdout
    (OUT / "sbom.cdx.json").write_text(text)
    parts = json.loads(text)["components"]
    print(f"        {len(parts)} components, {sum(one['scope'] == 'required' for one in parts)} of them in the product: {OUT / 'sbom.cdx.json'}")
    return [f"{one['name']} has no licence" for one in parts if one["scope"] == "required" and "licenses" not in one and one["properties"][0]["value"] != "web"]


PARTS = {part.__name__: part for part in (sbom, schemathesis, sqlmap, wapiti, tls)}


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        print(f"security: there is no part {unknown[0]}; there are {', '.join(PARTS)}")
        return 64
    OUT.mkdir(parents=True, exist_ok=True)
    passed = failed = skipped = 0
    for name in wanted:
        print(f"security: {name}", flush=True)
        begun = time.monotonic()
        try:
            found = PARTS[name]()
        except Skipped as why:
            print(f"        skipped: {why}", flush=True)
            skipped += 1
            continue
        for one in found:
            print(f"        FOUND {one}")
        print(f"        {'nothing found' if not found else f'{len(found)} found'} in {time.monotonic() - begun:.0f} s", flush=True)
        passed, failed = (passed + 1, failed) if not found else (passed, failed + 1)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
