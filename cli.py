"""The flask commands; a thin face on services (names: contract, "Command line")."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register every command group."""
