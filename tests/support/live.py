"""The application behind a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def dead_port() -> Iterator[int]:
    """One at which nobody answers, nor will: it is taken and listens to nobody, so that no server of another test can
    come to sit there meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@contextmanager
def own_settings(app: Flask) -> Iterator[None]:
    """Put back what is changed in ``app.config`` inside, also when something fails: ``app`` is that of many tests."""
    settings = dict(app.config)
    try:
        yield
    finally:
        app.config.clear()
        app.config.update(settings)


class _Door:
    """Lets requests in, counts them, and once it is closed waits for the last one: a request that outlives its test
    would keep a connection to the database that the next test has put in that one's place.

    Each profile of a browser asks for thirty files that never change: here ``app`` answers once a process.
    """

    files = dict[tuple[str, ...], tuple[str, list[tuple[str, str]], bytes]]()
    """What ``app`` answered for a file, by the question."""

    def __init__(self, app: Flask) -> None:
        self._app, self._inside, self._closed = app, 0, False
        self._moved = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._moved:
            if self._closed:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return []
            self._inside += 1
        try:
            asked = _file_asked_for(environ)
            if asked is None:
                return self._answer(environ, start_response)
            if asked not in self.files:
                left = list[Any]()
                body = self._answer(environ, lambda status, headers, *_fault: left.append((status, headers)))
                self.files[asked] = (*left[-1], b"".join(body))
            status, headers, content = self.files[asked]
            start_response(status, list(headers))
            return [content]
        finally:
            with self._moved:
                self._inside -= 1
                self._moved.notify_all()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = self._app(environ, start_response)
        try:
            return list(body)  # the server does not close what it was answered when the browser has gone
        finally:
            getattr(body, "close", lambda: None)()

    def close(self) -> None:
        with self._moved:
            self._closed = True
            assert self._moved.wait_for(lambda: self._inside == 0, timeout=120), "a request that never ends"


def _file_asked_for(environ: dict[str, Any]) -> tuple[str, ...] | None:
    """The question, where it is after a whole file at the address that changes with it; None for any other."""
    if environ["REQUEST_METHOD"] != "GET" or not environ["PATH_INFO"].startswith("/static/"):
        return None
    if "v=" not in environ["QUERY_STRING"] or any(name in environ for name in ("HTTP_RANGE", "HTTP_IF_NONE_MATCH")):
        return None
    return environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_ACCEPT_ENCODING", "")


class _KeepsTheLine(WSGIRequestHandler):
    """One connection for what a page asks for, as the product's own server has it: not one for each file. Nor is a
    line written for each of them."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_answered: Any) -> None:
        """Quiet: pytest would keep thirty lines a page."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve ``app`` on loopback with CSRF protection on; yield its base URL (also set as PUBLIC_URL)."""
    door = _Door(app)
    server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=_KeepsTheLine)
    url = f"http://127.0.0.1:{server.server_port}"
    app.config.update(PUBLIC_URL=url, WTF_CSRF_ENABLED=True)
    # It ends as soon as it is told to: each test with a browser would wait for half a second's rest of its own.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        door.close()
