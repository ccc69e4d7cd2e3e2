"""The listening socket: bound by the program that keeps the web servers running, so that it outlives each of them."""

from __future__ import annotations

import os
import socket

VARIABLE = "WEB_FD"
"""Names the socket that a web server inherits."""


def bound(host: str, port: int) -> socket.socket:
    """A socket on that place, not yet listening. Raises OSError when it is taken."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made


def inherited_or_bound(host: str, port: int) -> socket.socket:
    """The socket that this process was started with, else one of its own."""
    inherited = os.environ.pop(VARIABLE, "")
    return socket.socket(fileno=int(inherited)) if inherited.isdecimal() else bound(host, port)
