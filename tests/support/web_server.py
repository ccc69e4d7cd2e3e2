"""The product's own web server on a socket, in this process, with a gate that holds up what a test says."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from flask import Flask

from core.server import listening_socket
from server import Server
from tests.support.smtp_sink import wait_until

PATIENCE = 60.0
ABORTS = struct.pack("ii", 1, 0)


class Gate:
    """Before the application: requests whose path ``holds`` names wait until it is opened. ``began``: all that came so
    far, in order."""

    def __init__(self, inside: Callable[..., Iterable[bytes]]) -> None:
        self._inside, self._open = inside, threading.Event()
        self.held: tuple[str, ...] = ()
        self.began: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.began.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] in self.held:
            self._open.wait(PATIENCE)
        return self._inside(environ, start)

    def hold(self, *paths: str) -> None:
        self.held = paths

    def open(self) -> None:
        self._open.set()


class Served:
    def __init__(self, server: Server, gate: Gate, port: int, lines: ExitStack) -> None:
        self.server, self.gate, self._port, self._lines = server, gate, port, lines

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> socket.socket:
        """A line on which that has been sent whole."""
        line = self._lines.enter_context(socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE))
        head = {"Host": "desk", "Connection": "close", "Content-Length": str(len(body)), **headers}
        said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in head.items())
        line.sendall(f"{method} {path} HTTP/1.1\r\n{said}\r\n".encode() + body)
        return line

    def waiting(self) -> int:
        """How many are there whole, and wait."""
        with self.server.task_dispatcher._changed:
            return int(self.server.task_dispatcher._line.waiting())

    def until(self, holds: Callable[[], bool]) -> None:
        wait_until(holds, seconds=PATIENCE)

    def fill(self, path: str, count: int, **headers: str) -> list[socket.socket]:
        """So many requests for ``path`` are held at the gate, at work for nobody."""
        self.gate.hold(*self.gate.held, path)
        lines = [self.ask("GET", path, **headers) for _each in range(count)]
        self.until(lambda: self.gate.began.count(path) == count)
        return lines


def answer(line: socket.socket) -> tuple[int, dict[str, str], str]:
    """(status, headers, body) of what is answered; status 0 when the line is closed without an answer."""
    text = b""
    while piece := line.recv(65536):
        text += piece
    if not text:
        return 0, {}, ""
    head, _, body = text.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    return int(first.split()[1]), dict(each.lower().split(": ", 1) for each in rest), body.decode()


def abort(line: socket.socket) -> None:
    """Go away without a good-bye: the other side is told that the line is reset."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORTS)
    line.close()


@contextmanager
def served(app: Flask) -> Iterator[Served]:
    with ExitStack() as ends:
        listening = ends.enter_context(listening_socket.bound("127.0.0.1", 0))
        before = app.wsgi_app
        gate = Gate(before)
        app.wsgi_app = gate
        ends.callback(setattr, app, "wsgi_app", before)
        server = Server(app, listening)
        loop = threading.Thread(target=server.run, daemon=True)
        loop.start()
        ends.callback(loop.join, PATIENCE)
        ends.callback(server.stop)
        lines = ends.enter_context(ExitStack())
        ends.callback(gate.open)
        yield Served(server, gate, listening.getsockname()[1], lines)
