"""PURE who answers, by which rule. Rows come in as plain facts, nearest unit first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

Rule = Literal["assigned", "substitute", "standing_chain", "catch_all"]


@dataclass(frozen=True)
class DutyPerson:
    """Someone to call. ``starts_at``/``until`` (aware UTC) are None for people of a chain."""

    person_id: int
    code: str
    name: str
    position: str
    phone: str
    email: str
    starts_at: datetime | None = None
    until: datetime | None = None
    seat_id: int | None = None
    away_until: datetime | None = None
    """Recorded absent at the moment asked about (of the next people: when their shift begins), and back then."""
    at_risk: bool = False
    """Recorded absent for some minute of the shift: nobody can say that it is covered."""
    absence: tuple[datetime, datetime] | None = None
    """From when to when, where somebody is at risk."""


@dataclass(frozen=True)
class DutySpan:
    """One published (or rehearsed) duty: ``person`` serves ``duty`` of ``unit_id`` over [starts_at, ends_at)."""

    unit_id: int
    starts_at: datetime
    ends_at: datetime
    person: DutyPerson

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True)
class OnDuty:
    """The answer for one duty kind: never without people. ``unit_id`` is the unit whose duty answered."""

    duty: str
    unit_id: int
    rule: Rule
    people: tuple[DutyPerson, ...]
    next: tuple[DutyPerson, ...] = ()
    desk_phone: str = ""
    """The number to ring for the unit that was asked about (``roster.resolver.numbers``), whichever unit's duty
    answers.
    """
    is_desk: bool = False
    """Whether that is a duty desk's, and not just an office's telephone."""

    @property
    def is_assigned(self) -> bool:
        """Whether somebody was rostered; a step that resolves otherwise counts as empty."""
        return self.rule in ("assigned", "substitute")

    @property
    def until(self) -> datetime | None:
        """The first moment at which one of the people leaves."""
        ends = [person.until for person in self.people if person.until]
        return min(ends) if ends else None


@dataclass(frozen=True)
class Chains:
    """Who stands behind the roster: the unit's standing chain, then the catch-all."""

    standing: Sequence[DutyPerson] = field(default_factory=tuple)
    catch_all: Sequence[DutyPerson] = field(default_factory=tuple)


def resolve(
    duty: str, units: Sequence[int], spans: Iterable[DutySpan], chains: Chains, *, at: datetime
) -> OnDuty | None:
    """Who serves ``duty`` at ``at`` for the first of ``units`` (itself, then its ancestors).

    The nearest unit with somebody on duty answers; else the standing chain; else the catch-all; ``None`` only when
    those are empty too (the enterprise has no active person).
    """
    listed = list(spans)
    for unit_id in units:
        serving = [span for span in listed if span.unit_id == unit_id and span.covers(at)]
        if serving:
            return OnDuty(duty, unit_id, "assigned", _people(serving), upcoming(unit_id, listed, at))
    following = next((found for unit_id in units if (found := upcoming(unit_id, listed, at))), ())
    if chains.standing:
        return OnDuty(duty, units[0], "standing_chain", tuple(chains.standing), following)
    if chains.catch_all:
        return OnDuty(duty, units[0], "catch_all", tuple(chains.catch_all), following)
    return None


def upcoming(unit_id: int, spans: Iterable[DutySpan], at: datetime) -> tuple[DutyPerson, ...]:
    """The people of the unit's next start after ``at``."""
    later = [span for span in spans if span.unit_id == unit_id and span.starts_at > at]
    first = min((span.starts_at for span in later), default=None)
    return _people([span for span in later if span.starts_at == first])


def shifted(span: DutySpan, by: timedelta) -> DutySpan:
    """The same duty moved in time (a rehearsal plays a roster as if it were now)."""
    moved = replace(span.person, starts_at=span.starts_at + by, until=span.ends_at + by)
    return DutySpan(span.unit_id, span.starts_at + by, span.ends_at + by, moved)


def _people(spans: Sequence[DutySpan]) -> tuple[DutyPerson, ...]:
    """Each person once, by seat; people who stay on for the following shift leave at its end."""
    unique: dict[int, DutyPerson] = {}
    for span in sorted(spans, key=lambda span: (span.person.seat_id or 0, span.person.code, span.ends_at)):
        known = unique.get(span.person.person_id)
        if known is None or known.until is None or span.ends_at > known.until:
            unique[span.person.person_id] = span.person
    return tuple(unique.values())
