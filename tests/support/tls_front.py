"""The application over TLS, with an authority of its own: some clients refuse to speak without."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import trustme
from flask import Flask
from werkzeug.serving import make_server


@dataclass(frozen=True)
class Front:
    url: str
    trusting: ssl.SSLContext
    """For clients: trusts this front's authority and no other."""


@contextmanager
def tls_front(app: Flask) -> Iterator[Front]:
    authority = trustme.CA()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(serving)
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(trusting)
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=serving)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Front(f"https://localhost:{server.server_port}", trusting)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
