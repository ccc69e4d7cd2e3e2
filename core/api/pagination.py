"""Keyset pagination: a page never skips or repeats a row because another was written meanwhile.

A cursor is opaque: the key of the last row shown, signed together with the list and the filters that it was given out
for, so that only cursors of our own making reach the database, and each only its own list.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import current_app, has_request_context, request
from sqlalchemy import ColumnElement, Row, Select, and_, or_
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression

from core.db import db
from core.errors import NotFound

NOT_FILTERS = frozenset({"cursor", "limit"})
"""What a client may change from page to page."""


def paginate(
    statement: Select[Any], keys: Sequence[Any], *, limit: int = 100, cursor: str | None = None
) -> tuple[list[Any], str | None]:
    """Rows of one page and the cursor of the next (``None`` on the last page).

    ``keys`` are never-null columns, together unique, ``.desc()`` where the order falls, e.g.
    ``[Incident.created_at.desc(), Incident.id.desc()]``; they replace the statement's own order. A statement that
    selects one entity or column yields it bare, otherwise rows, followed by their keys.
    Raises ``NotFound("cursor.unknown")``.
    """
    width = len(statement.column_descriptions)
    rows, following = cut(db.session.execute(page(statement, keys, limit=limit, cursor=cursor)).all(), width, limit)
    return [row[0] if width == 1 else row for row in rows], following


def page(statement: Select[Any], keys: Sequence[Any], *, limit: int, cursor: str | None = None) -> Select[Any]:
    """Return what is asked for one page, for ``cut``: one row more than it shows, each followed by its keys."""
    columns = [_column(key) for key in keys]
    if cursor:
        statement = statement.where(_after(keys, decode(cursor, len(columns))))
    labelled = [column.label(f"key_{index}") for index, column in enumerate(columns)]
    return statement.order_by(None).order_by(*keys).add_columns(*labelled).limit(limit + 1)


def cut(rows: Sequence[Row[Any]], width: int, limit: int) -> tuple[Sequence[Row[Any]], str | None]:
    """The rows that are shown (``width``: how many columns they had before their keys), and the next page's cursor."""
    return rows[:limit], encode(list(rows[limit - 1][width:])) if len(rows) > limit else None


def _column(key: Any) -> ColumnElement[Any]:
    return key.element if isinstance(key, UnaryExpression) else key


def _after(keys: Sequence[Any], values: list[Any]) -> ColumnElement[bool]:
    """``(a, b) > (x, y)`` written out, because directions may differ and SQLite compares no mixed tuples."""
    choices = []
    for index, key in enumerate(keys):
        column = _column(key)
        beyond = column < values[index] if _falls(key) else column > values[index]
        choices.append(and_(*(_column(k) == v for k, v in zip(keys[:index], values, strict=False)), beyond))
    # Said once more of the first key alone: of what only "or" says neither database makes the start of its index.
    first, falls = _column(keys[0]), _falls(keys[0])
    return and_(first <= values[0] if falls else first >= values[0], or_(*choices))


def _falls(key: Any) -> bool:
    return isinstance(key, UnaryExpression) and key.modifier is operators.desc_op


def encode(values: list[Any]) -> str:
    """An opaque cursor for the key ``values`` (numbers, texts, dates, aware times)."""
    text = json.dumps([_tagged(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    payload = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{payload}.{_seal(payload)}"


def decode(cursor: str, width: int) -> list[Any]:
    """The key inside a cursor of ours; anything else raises ``NotFound("cursor.unknown")``."""
    payload, _, seal = cursor.rpartition(".")
    if not payload or not hmac.compare_digest(seal.encode(), _seal(payload).encode()):
        raise NotFound("cursor.unknown", field="cursor")
    text = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    values = [_untagged(value) for value in json.loads(text)]
    if len(values) != width:  # a cursor of another list
        raise NotFound("cursor.unknown", field="cursor")
    return values


def _seal(payload: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    sealed = f"cursor\x1f{_list()}\x1f{payload}"
    return hmac.new(secret, sealed.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]


def _list() -> str:
    """Return which list is asked for: its address and filters, whatever their order."""
    if not has_request_context():
        return ""
    filters = [(name, value) for name, value in request.args.items(multi=True) if name not in NOT_FILTERS]
    return f"{request.path}?{urlencode(sorted(filters), errors='replace')}"


def _tagged(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return value


def _untagged(value: Any) -> Any:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"]) if "at" in value else date.fromisoformat(value["on"])
    return value
