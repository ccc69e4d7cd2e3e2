"""Error pages, drawn once of each kind: a walk through all doors is after statuses, not after a thousand pages.

The first page of a kind (who asks, status, code) is drawn, and looked at by ``IsolatedClient``; those that follow are a
line of text with the same status.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from flask_login import current_user

from core import web

Kind = tuple[Any, ...]


@contextmanager
def refusals_once(drawn: set[Kind]) -> Iterator[None]:
    """``drawn`` keeps the kinds that have had their page."""
    draw = web.error_page

    def error_page(status: int, detail: str = "", code: str = "", **more: Any) -> tuple[str, int]:
        kind = (current_user.get_id(), status, code)
        if kind in drawn:
            return f"{status} {code} {detail}", status
        page = draw(status, detail, code, **more)
        drawn.add(kind)
        return page

    with mock.patch.object(web, "error_page", error_page):
        yield
