"""What the sheet behind the counter is for, as packages above say; a sheet of before shows it beside its form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

Link = Callable[[str], tuple[str, str]]
"""The token of the counter's sheet → (address, words)."""
Page = Callable[[], tuple[str, str]]
Counters = Callable[[Collection[int]], Collection[int]]
"""Ids of units → those that have a counter, and so a sheet behind it."""
_counters: list[Counters] = []
_links: list[Link] = []
_pages: list[Page] = []


def show(links: Iterable[Link], pages: Iterable[Page] = (), counters: Counters | None = None) -> None:
    """These and no others, in this order. ``pages``: for those who manage sheets, (address, words) each; ``counters``:
    None when each unit has one."""
    _counters[:] = [counters] if counters else []
    _links[:] = links
    _pages[:] = pages


def hidden_fields(token: str) -> list[tuple[str, str]]:
    return [link(token) for link in _links]


def pages() -> list[tuple[str, str]]:
    return [page() for page in _pages]


def counters(unit_ids: Collection[int]) -> set[int]:
    return set(_counters[0](unit_ids)) if _counters else set(unit_ids)
