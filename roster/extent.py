"""PURE: from when to when an obligatory kind has shifts, and which minutes of the campaign lie before and after.

Those minutes are no gap: the demand begins and ends where it does. Somebody answers in them all the same, so they are
said with who that is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from roster.coverage import Place, Span


@dataclass(frozen=True)
class Edge:
    """Minutes of the campaign before a kind's first shift in a unit, or after its last."""

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


def extents(places: Iterable[Place], *, obligatory: Collection[str], within: Span) -> list[Extent]:
    """Of every obligatory kind in every unit that has shifts of it.

    ``within`` are the days of the campaign; of them only the span that all kinds together have is looked at, so that
    the night before the first change of shift asks for nobody.
    """
    spans = defaultdict[tuple[str, str], list[Span]](list)
    for place in places:
        spans[place.unit, place.duty].append((place.starts_at, place.ends_at))
    whole = [span for found in spans.values() for span in found]
    if not whole:
        return []
    bounds = max(within[0], _hull(whole)[0]), min(within[1], _hull(whole)[1])
    return [
        _extent(unit, duty, _hull(found), bounds) for (unit, duty), found in sorted(spans.items()) if duty in obligatory
    ]


def _extent(unit: str, duty: str, span: Span, bounds: Span) -> Extent:
    before, after = (bounds[0], min(span[0], bounds[1])), (max(span[1], bounds[0]), bounds[1])
    edges = (Edge(unit, duty, before, True), Edge(unit, duty, after, False))
    return Extent(unit, duty, span, tuple(edge for edge in edges if edge.span[0] < edge.span[1]))


def _hull(spans: Collection[Span]) -> Span:
    return min(start for start, _ in spans), max(end for _, end in spans)
