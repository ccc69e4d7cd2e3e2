"""PURE is every seat filled by somebody who can be reached, and which minutes does the demand itself leave open?

All times are aware UTC, all intervals half-open; gaps that touch are one gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["empty", "unreachable", "at_risk", "refused", "left", "unlisted", "moved", "open"]
DOUBTS: Mapping[str, Kind] = {
    "absent": "at_risk",
    "refused": "refused",
    "left": "left",
    "unlisted": "unlisted",
    "moved": "moved",
}
"""Why somebody is not sure to serve (``roster.coverage.doubt``) → what the gap is called."""
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Place:
    """One seat over the span of its shift. ``person`` is a code, ``None`` for an empty seat."""

    shift_id: int
    unit: str
    duty: str
    starts_at: datetime
    ends_at: datetime
    person: str | None
    reachable: bool = True
    doubt: str | None = None
    """Why whoever sits there is not sure to serve: a key of ``DOUBTS``."""

    @property
    def lacks(self) -> Kind | None:
        """What the seat lacks to be covered."""
        if self.person is None:
            return "empty"
        if self.doubt is not None:
            return DOUBTS[self.doubt]
        return None if self.reachable else "unreachable"


@dataclass(frozen=True)
class Gap:
    """A span without proven cover. ``empty``: a seat has nobody; who sits there is recorded absent (``at_risk``), has
    ``left``, is not on the list of that duty (``unlisted``) or of another unit (``moved``); ``unreachable``: no way to
    call them; ``open``: the demand asks for nobody. ``blocks``: publishing needs a reason. ``people``: codes.
    """

    kind: Kind
    unit: str
    duty: str
    starts_at: datetime
    ends_at: datetime
    blocks: bool
    shift_ids: tuple[int, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True)
class Proof:
    """The proof that goes with a revision; ``checked`` is the span from the first change of shift to the last."""

    checked: Span | None
    seats: int
    filled: int
    reachable: int
    gaps: tuple[Gap, ...]

    @property
    def is_complete(self) -> bool:
        return not self.gaps


def people_needed(headcount: int, *, obligatory: bool) -> int:
    """How many people a shift needs: of an obligatory kind somebody, even where it was made to ask for nobody."""
    return max(headcount, int(obligatory))


def prove(
    places: Sequence[Place], *, obligatory: Iterable[str], unit: str, above: Mapping[str, Sequence[str]]
) -> Proof:
    """Sweep the seats of a campaign of ``unit``.

    ``above`` gives the units over each unit, nearest first: a unit's open minutes are covered where one of them
    serves that duty, because the resolver then answers with it. A kind in ``obligatory`` without a single shift in
    the campaign is open from the first change of shift to the last.
    """
    must = frozenset(obligatory)
    filled = [place for place in places if place.person is not None and place.doubt is None]
    gaps = [*_seat_gaps(places), *_open_gaps(places, must, above), *_missing_kinds(places, must, unit)]
    checked = (min(p.starts_at for p in places), max(p.ends_at for p in places)) if places else None
    ordered = sorted(gaps, key=lambda gap: (not gap.blocks, gap.starts_at, gap.unit, gap.duty, gap.kind))
    return Proof(checked, len(places), len(filled), sum(place.reachable for place in filled), tuple(ordered))


def union(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch or overlap merged."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def open_spans(covered: Iterable[Span], within: Span) -> list[Span]:
    """Return what ``covered`` leaves open of ``within``."""
    found, at = [], within[0]
    for start, end in union(covered):
        if start > at and at < within[1]:
            found.append((at, min(start, within[1])))
        at = max(at, end)
    if at < within[1]:
        found.append((at, within[1]))
    return found


def _seat_gaps(places: Iterable[Place]) -> list[Gap]:
    lacking: defaultdict[tuple[Kind, str, str], list[Place]] = defaultdict(list)
    for place in places:
        if place.lacks is not None:
            lacking[place.lacks, place.unit, place.duty].append(place)
    return [
        _gap(kind, unit, duty, span, places=[each for each in found if span[0] <= each.starts_at < span[1]])
        for (kind, unit, duty), found in lacking.items()
        for span in union((each.starts_at, each.ends_at) for each in found)
    ]


def _gap(kind: Kind, unit: str, duty: str, span: Span, *, places: Sequence[Place]) -> Gap:
    people = tuple(sorted({place.person for place in places if place.person}))
    return Gap(kind, unit, duty, *span, True, tuple(sorted({place.shift_id for place in places})), people)


def _open_gaps(places: Iterable[Place], must: frozenset[str], above: Mapping[str, Sequence[str]]) -> list[Gap]:
    asked: defaultdict[tuple[str, str], list[Span]] = defaultdict(list)
    for place in places:
        asked[place.unit, place.duty].append((place.starts_at, place.ends_at))
    found = []
    for (unit, duty), own in asked.items():
        covered = [*own, *(span for over in above.get(unit, ()) for span in asked.get((over, duty), ()))]
        within = (min(start for start, _ in own), max(end for _, end in own))
        found += [Gap("open", unit, duty, *span, duty in must) for span in open_spans(covered, within)]
    return found


def _missing_kinds(places: Sequence[Place], must: frozenset[str], unit: str) -> list[Gap]:
    if not places:
        return []
    within = (min(place.starts_at for place in places), max(place.ends_at for place in places))
    return [Gap("open", unit, duty, *within, True) for duty in sorted(must - {place.duty for place in places})]
