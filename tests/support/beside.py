"""Somebody who comes while the transaction of another is still open."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from core.db import transaction
from core.errors import Conflict

HEAD_START = 0.5
"""Seconds that the second one gets before the first commits: enough to pass a lock that is not there."""


def beside(app: Flask, first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Run ``second`` while the transaction of ``first`` is still open; answers what it said."""
    said: list[Any] = []

    def work() -> None:
        with app.app_context():
            try:
                said.append(second())
            except Conflict as conflict:
                said.append(conflict.code)

    with transaction():
        first()
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(HEAD_START)
    thread.join()
    return said
