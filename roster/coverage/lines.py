"""What pages say of coverage: gaps with names, until when somebody is away, how far each obligatory kind reaches.

Made of what holds now (``lines_for_stand``), or of what a signed proof says (``lines_for_proof``): both look the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.calendar.moments import parse_moment
from core.db import batched, db
from people import queries as people
from people.absences import spans as away
from people.models import Person
from planning.coverage import Gap, Span
from roster.coverage.edges import EdgeAnswer
from roster.coverage.proving import Stand


@dataclass(frozen=True)
class Someone:
    """``until``: when somebody recorded absent is back."""

    name: str
    until: datetime | None = None


@dataclass(frozen=True)
class GapLine:
    gap: Gap
    unit: str
    people: tuple[Someone, ...]


@dataclass(frozen=True)
class OutsideLine:
    """Minutes outside the shifts of a kind. ``units``, ``by``: names; ``away``: names of those recorded absent then."""

    span: Span
    units: tuple[str, ...]
    by: str | None
    rule: str
    people: tuple[str, ...]
    away: frozenset[str] = frozenset()


@dataclass(frozen=True)
class KindLine:
    """An obligatory kind: from its first shift anywhere to the end of its last."""

    duty: str
    span: Span
    around: tuple[OutsideLine, ...]


def gaps(found: Sequence[Gap]) -> list[GapLine]:
    """Return them with the names of the people and units in them."""
    rows = _people_of({code for gap in found for code in gap.people})
    names = _unit_names()
    aways: away.Aways = {}
    if rows:
        first, last = min(gap.starts_at for gap in found), max(gap.ends_at for gap in found)
        aways = away.during({row.id for row in rows.values()}, first, last)
    return [
        GapLine(
            gap,
            names.get(gap.unit, gap.unit),
            tuple(_someone(gap, rows[code], aways) for code in gap.people if code in rows),
        )
        for gap in found
    ]


def lines_for_stand(stand: Stand, answered: Iterable[EdgeAnswer]) -> list[KindLine]:
    around = defaultdict[str, list[OutsideLine]](list)
    names = _unit_names()
    for each in answered:
        absent = frozenset(who.name for who in each.people if who.at_risk)
        units = tuple(names.get(code, code) for code in each.units)
        by = names.get(each.by, each.by) if each.by else None
        around[each.duty].append(
            OutsideLine(each.span, units, by, each.rule, tuple(who.name for who in each.people), absent)
        )
    return _by_kind(((each.duty, each.span) for each in stand.extents), around)


def lines_for_proof(proof: Mapping[str, Any]) -> list[KindLine]:
    """Return what a revision said when it was signed; nothing for one that was signed before this was kept."""
    around = defaultdict[str, list[OutsideLine]](list)
    names = _unit_names()
    for each in proof.get("around", ()):
        units = tuple(names.get(code, code) for code in each["units"])
        by = names.get(each["by"], each["by"]) if each["by"] else None
        who = tuple(person["name"] for person in each["people"])
        around[each["duty"]].append(
            OutsideLine(_span(each["starts_at"], each["ends_at"]), units, by, each["rule"], who)
        )
    return _by_kind(((each["duty"], _span(each["from"], each["to"])) for each in proof.get("kinds", ())), around)


def _by_kind(spans: Iterable[tuple[str, Span]], around: Mapping[str, Sequence[OutsideLine]]) -> list[KindLine]:
    found = defaultdict[str, list[Span]](list)
    for duty, span in spans:
        found[duty].append(span)
    return [
        KindLine(kind.code, _hull(found[kind.code]), tuple(around.get(kind.code, ())))
        for kind in people.duty_kinds()
        if kind.code in found
    ]


def _hull(spans: Sequence[Span]) -> Span:
    return min(start for start, _ in spans), max(end for _, end in spans)


def _span(starts_at: str, ends_at: str) -> Span:
    return parse_moment(starts_at), parse_moment(ends_at)


def _someone(gap: Gap, row: Person, aways: away.Aways) -> Someone:
    mine = aways.get(row.id, ())
    found = away.hit(mine, gap.starts_at, gap.ends_at) if gap.kind == "at_risk" else None
    if found is None:
        return Someone(row.full_name)
    return Someone(row.full_name, away.until(mine, max(found.starts_at, gap.starts_at)))


def _people_of(codes: Iterable[str]) -> dict[str, Person]:
    return {
        row.code: row
        for some in batched(sorted(codes))
        for row in db.session.scalars(select(Person).where(Person.code.in_(some)))
    }


def _unit_names() -> dict[str, str]:
    return {unit.code: unit.name for unit in people.units()}
