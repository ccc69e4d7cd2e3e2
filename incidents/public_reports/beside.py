"""What else a scan of the sheet may be for, as packages above say: shown on the page that it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Link = Callable[[str], tuple[str, str]]
"""The token of the sheet → (address, words)."""
_links: list[Link] = []


def show(links: Iterable[Link]) -> None:
    """These and no others, in this order."""
    _links[:] = links


def of(token: str) -> list[tuple[str, str]]:
    return [link(token) for link in _links]
