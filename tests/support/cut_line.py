"""A line between browser and server that can be cut."""

from __future__ import annotations

import socket
from typing import Any


class Line:
    """Between browser and server. ``cut``: nothing goes through. ``closed``: nothing to these addresses. ``swallow``:
    POSTs are carried out, and their answers are lost.

    The browser's own offline mode leaves out service workers, so what they ask is cut here, at the socket.
    """

    def __init__(self, app: Any) -> None:
        self.app, self.cut, self.swallow, self.lost = app, False, False, 0
        self.closed: tuple[str, ...] = ()

    def __call__(self, environ: Any, start: Any) -> Any:
        if self.cut or environ["PATH_INFO"].startswith(self.closed):
            return self._drop(environ, start)
        if not self.swallow or environ["REQUEST_METHOD"] != "POST":
            return self.app(environ, start)
        for _part in self.app(environ, lambda *_head: lambda _data: None):
            pass
        self.lost += 1
        return self._drop(environ, start)

    def _drop(self, environ: Any, start: Any) -> Any:
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        start("200 OK", [])
        return []

    def gone(self, page: Any) -> None:
        self.cut = True
        page.context.set_offline(True)

    def back(self, page: Any) -> None:
        self.cut = False
        page.context.set_offline(False)
