"""What people ask for themselves is answered by somebody: a package above keeps what was asked and what was said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from core.actor import Actor
from people.models import Absence


class Asker(Protocol):
    """Both verbs are called in the transaction that writes."""

    def saved(self, absence: Absence, *, actor: Actor, now: datetime) -> None:
        """It is new, or its kind or note changed."""

    def removing(self, absence: Absence, *, actor: Actor, now: datetime) -> None:
        """Raises Conflict where somebody has agreed to it, whom the actor has to ask first."""

    def unanswered(self, absences: Iterable[Absence]) -> set[int]:
        """Ids of those that their person asked for and that nobody has answered yet."""


class _Hooks:
    asker: Asker | None = None


def set_asker(asker: Asker) -> None:
    _Hooks.asker = asker


def saved(absence: Absence, *, actor: Actor, now: datetime) -> None:
    if _Hooks.asker is not None:
        _Hooks.asker.saved(absence, actor=actor, now=now)


def removing(absence: Absence, *, actor: Actor, now: datetime) -> None:
    if _Hooks.asker is not None:
        _Hooks.asker.removing(absence, actor=actor, now=now)


def unanswered(absences: Iterable[Absence]) -> set[int]:
    return _Hooks.asker.unanswered(absences) if _Hooks.asker is not None else set()
