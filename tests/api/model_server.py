"""An OpenAI-compatible server that does as it is told, on loopback: for what a real one does only when it breaks."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Script:
    """What the next answers are.

    `pieces` are sent as they stand, each as one token. After them: `ending` is "stop" (whole), "cut" (the connection closes),
    "wait" (silence until `release` is set) or "forever" (the last piece again and again).
    """

    pieces: list[str] = field(default_factory=list)
    ending: str = "stop"
    status: int = 200
    raw: bytes | None = None
    release: threading.Event = field(default_factory=threading.Event)


class ModelServer:
    def __init__(self) -> None:
        self.script = Script()
        self.requests: list[dict] = []
        self.headers: list[dict[str, str]] = []
        # Set as soon as the reader of an answer has gone.
        self.abandoned = threading.Event()
        self.abandoned_at = 0.0
        # Set when the pieces of an answer have been sent.
        self.said = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = b'{"status":"ok","data":[]}'
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(body)
                outer.headers.append({name.lower(): value for name, value in self.headers.items()})
                outer.answer(self, outer.script)
                self.close_connection = True

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"

    def __enter__(self) -> "ModelServer":
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.script.release.set()
        self.http.shutdown()
        self.http.server_close()

    def answer(self, handler: BaseHTTPRequestHandler, script: Script) -> None:
        handler.send_response(script.status)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        try:
            if script.raw is not None:
                handler.wfile.write(script.raw)
                return
            for piece in script.pieces:
                self.say(handler, piece)
            self.said.set()
            match script.ending:
                case "stop":
                    self.say(handler, None)
                    handler.wfile.write(b"data: [DONE]\n\n")
                case "forever":
                    while True:
                        self.say(handler, script.pieces[-1])
                case "wait":
                    # A comment now and then finds out whether anybody is there.
                    while not script.release.wait(0.02):
                        handler.wfile.write(b": waiting\n\n")
                        handler.wfile.flush()
        except OSError:
            self.abandoned_at = time.monotonic()
            self.abandoned.set()

    @staticmethod
    def say(handler: BaseHTTPRequestHandler, piece: str | None) -> None:
        choice = {"index": 0, "delta": {} if piece is None else {"content": piece}, "finish_reason": "stop" if piece is None else None}
        handler.wfile.write(b"data: " + json.dumps({"object": "chat.completion.chunk", "choices": [choice]}).encode() + b"\n\n")
        handler.wfile.flush()
