"""The application behind a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_settings(app: Flask) -> Iterator[None]:
    """Put back what is changed in ``app.config`` inside, also when something fails: ``app`` is that of many tests."""
    settings = dict(app.config)
    try:
        yield
    finally:
        app.config.clear()
        app.config.update(settings)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve ``app`` on loopback with CSRF protection on; yield its base URL (also set as PUBLIC_URL)."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    app.config.update(PUBLIC_URL=url, WTF_CSRF_ENABLED=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
