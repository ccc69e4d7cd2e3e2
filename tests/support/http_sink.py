"""A real HTTP server that stands for gateways of SMS and calls, webhooks and push services, and can misbehave.

``sink.script`` says what to answer next, first to last; when it is empty, everything is accepted:

- ``"503 busy"``: that status and text. ``"200 {...}"``: that text as the answer.
- ``"drop"``: cut the line instead of answering. ``"take, drop"``: keep the request, then cut the line.
- ``"hang"``: say nothing until the sink is closed or the other side leaves.
- ``"redirect http://…"``: 302 to there.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.smtp_sink import wait_until


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))


@dataclass
class HttpSink:
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    """What was taken."""
    script: list[str] = field(default_factory=list)
    answer: str = '200 {"id": "{n}"}'
    """When the script is empty; {n} counts what was taken, {body} repeats what came."""
    connections: int = 0
    hanging: int = 0
    _closing: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, count: int, *, seconds: float = 120) -> list[Asked]:
        """What was taken once there is ``count`` of it; fails when it does not come."""
        wait_until(lambda: len(self.asked) >= count, seconds=seconds, what=f"{count} requests")
        return self.asked

    def _next(self, asked: Asked) -> str:
        with self._lock:
            word = self.script.pop(0) if self.script else self.answer
            if word == "take, drop" or word[:1] == "2":
                self.asked.append(asked)
            return word.replace("{n}", str(len(self.asked))).replace("{body}", asked.body.decode("utf-8", "replace"))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sink: HttpSink

    def setup(self) -> None:
        super().setup()
        self.sink.connections += 1

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        word = self.sink._next(Asked(self.command, self.path, headers, body, time.monotonic()))
        if word == "hang":
            self.sink.hanging += 1
            self.sink._closing.wait(60)
        if word in ("hang", "drop", "take, drop"):
            self.close_connection = True
            return
        place = word.removeprefix("redirect ") if word.startswith("redirect ") else ""
        status, _space, text = ("302", "", "") if place else word.partition(" ")
        self.send_response(int(status))
        if place:
            self.send_header("Location", place)
        content = text.encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _any  # noqa: N815 (http.server's names)

    def log_message(self, *_words: Any) -> None:
        """Quiet."""


@contextmanager
def http_sink(port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[HttpSink]:
    """Serve on loopback (``port``: the same as before, to come back after an outage), given ``tls`` behind it."""
    sink = HttpSink()
    handler = type("Handler", (_Handler,), {"sink": sink})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    sink.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        sink._closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
