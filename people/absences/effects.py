"""What changes of people do to shifts that are published already: a package above knows, and says so after a save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.actor import Actor
from people.models import Person


@dataclass(frozen=True)
class Affected:
    """A published shift to come that the person is not sure to serve any more. ``covers``: codes of who could take it,
    best first.
    """

    shift: int
    seat: int
    unit: str
    duty: str
    starts_at: datetime
    ends_at: datetime
    covers: tuple[str, ...] = ()
    searched: bool = False
    """False: none was looked for (for the first few shifts covers are sought, if the asker may arrange them), or none
    was found."""
    may_cover: bool = False
    """Whether the asker may arrange one, where none was looked for; known of the first few shifts."""


@dataclass(frozen=True)
class EligibleDuties:
    """What somebody may serve: nothing when they have left, else these duties in this unit and those above it."""

    is_here: bool
    unit_id: int
    duties: frozenset[str]


def standing_of(person: Person) -> EligibleDuties:
    return EligibleDuties(person.active, person.unit_id, frozenset(each.duty for each in person.duties))


class AbsenceEffects(Protocol):
    """Both answer by time; with ``covers`` they may think for a second or two, outside any transaction."""

    def hit_by_absence(
        self, person: Person, from_on: date, to_on: date, *, covers: bool, actor: Actor, now: datetime
    ) -> Sequence[Affected]:
        """Shifts on these days."""

    def hit_by_standing(
        self,
        person: Person,
        was: EligibleDuties,
        standing: EligibleDuties,
        *,
        covers: bool,
        actor: Actor,
        now: datetime,
    ) -> Sequence[Affected]:
        """Shifts that somebody who stands so may not serve, and who stood as they ``was`` might."""

    def kept(self, person_id: int, *, now: datetime) -> int:
        """How many shifts to come somebody holds."""


class _Hooks:
    source: AbsenceEffects | None = None


def set_source(source: AbsenceEffects) -> None:
    _Hooks.source = source


def hit_by_absence(
    person: Person, from_on: date, to_on: date, *, covers: bool, actor: Actor, now: datetime
) -> Sequence[Affected]:
    source = _Hooks.source
    return (
        source.hit_by_absence(person, from_on, to_on, covers=covers, actor=actor, now=now) if source is not None else ()
    )


def hit_by_standing(
    person: Person, was: EligibleDuties, *, covers: bool, actor: Actor, now: datetime
) -> Sequence[Affected]:
    """Return what it does that the person stands as now, saved or about to be, and not as they ``was`` before."""
    source, standing = _Hooks.source, standing_of(person)
    if source is None or standing == was:
        return ()
    return source.hit_by_standing(person, was, standing, covers=covers, actor=actor, now=now)


def kept(person_id: int, *, now: datetime) -> int:
    source = _Hooks.source
    return source.kept(person_id, now=now) if source is not None else 0
