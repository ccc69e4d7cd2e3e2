"""What the sheet behind the counter is for, as packages above say; a sheet of before shows it beside its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Link = Callable[[str], tuple[str, str]]
"""The token of the counter's sheet → (address, words)."""
Page = Callable[[], tuple[str, str]]
_links: list[Link] = []
_pages: list[Page] = []


def show(links: Iterable[Link], pages: Iterable[Page] = ()) -> None:
    """These and no others, in this order. ``pages``: for those who manage sheets, (address, words) each."""
    _links[:] = links
    _pages[:] = pages


def of(token: str) -> list[tuple[str, str]]:
    return [link(token) for link in _links]


def pages() -> list[tuple[str, str]]:
    return [page() for page in _pages]
