"""What an absence does to shifts that are published already: a package above knows, and says so when one is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.actor import Actor
from people.models import Person


@dataclass(frozen=True)
class Affected:
    """A published shift to come of the absent person. ``covers``: codes of who could take it, best first."""

    shift: int
    seat: int
    unit: str
    duty: str
    starts_at: datetime
    ends_at: datetime
    covers: tuple[str, ...] = ()
    searched: bool = False
    """False: none was looked for (of the first few shifts it is, for whoever may arrange them), or none was found."""


class Source(Protocol):
    def __call__(
        self, person: Person, from_on: date, to_on: date, *, covers: bool, actor: Actor, now: datetime
    ) -> Sequence[Affected]: ...


class _Hooks:
    source: Source | None = None


def set_source(source: Source) -> None:
    _Hooks.source = source


def affected(
    person: Person, from_on: date, to_on: date, *, covers: bool, actor: Actor, now: datetime
) -> Sequence[Affected]:
    """By time; with ``covers`` it may think for a second or two, outside any transaction."""
    source = _Hooks.source
    return source(person, from_on, to_on, covers=covers, actor=actor, now=now) if source is not None else ()
