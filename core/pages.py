"""PURE one page of a list that is all there already; pages are numbered from 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

SIZE = 50
"""Rows that a phone still scrolls through."""


@dataclass(frozen=True)
class ListPage(Generic[T]):
    """``rows`` of page ``page`` of ``pages`` (at least one); ``total``: rows of all pages."""

    rows: Sequence[T]
    page: int
    pages: int
    total: int


def part(rows: Sequence[T], page: int, *, at: int | None = None, size: int = SIZE) -> ListPage[T]:
    """The page asked for, or the nearest there is; with ``at`` the page on which the row of that place stands."""
    pages = max(1, -(-len(rows) // size))
    page = max(1, min(page if at is None else at // size + 1, pages))
    return ListPage(rows[(page - 1) * size : page * size], page, pages, len(rows))
