"""PURE from when to when an obligatory kind has shifts, and which minutes that are checked lie before and after.

Those minutes are no gap: the demand begins and ends where it does. Somebody answers in them all the same, so they are
said with who that is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from planning.coverage import Place, Span


@dataclass(frozen=True)
class Edge:
    """Minutes that are checked before a kind's first shift in a unit, or after its last."""

    unit: str
    duty: str
    span: Span
    is_before: bool


@dataclass(frozen=True)
class Extent:
    """``span``: from the first shift of a kind in a unit to the end of its last; ``edges``: what lies around it."""

    unit: str
    duty: str
    span: Span
    edges: tuple[Edge, ...]


def extents(places: Iterable[Place], *, obligatory: Collection[str]) -> list[Extent]:
    """Return the extent of every obligatory kind in every unit that has shifts of it.

    They are looked at over the span that all kinds together have, the one that a proof says it has checked: the night
    before the first change of shift asks for nobody, the morning into which the last night reaches does.
    """
    spans = defaultdict[tuple[str, str], list[Span]](list)
    for place in places:
        spans[place.unit, place.duty].append((place.starts_at, place.ends_at))
    whole = [span for found in spans.values() for span in found]
    if not whole:
        return []
    checked = _hull(whole)
    return [
        _extent(unit, duty, _hull(found), checked)
        for (unit, duty), found in sorted(spans.items())
        if duty in obligatory
    ]


def _extent(unit: str, duty: str, span: Span, checked: Span) -> Extent:
    before, after = (checked[0], span[0]), (span[1], checked[1])
    edges = (Edge(unit, duty, before, True), Edge(unit, duty, after, False))
    return Extent(unit, duty, span, tuple(edge for edge in edges if edge.span[0] < edge.span[1]))


def _hull(spans: Collection[Span]) -> Span:
    return min(start for start, _ in spans), max(end for _, end in spans)
