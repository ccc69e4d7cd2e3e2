"""The asks of all rooms and packages, found for one person and answered for one person.

A page shows an ask with everything that belongs to it. A telephone has room for one sentence and two answers, so an ask
says itself in one sentence, and what "yes" does in a few words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.actor import Actor
from core.errors import Conflict
from people.links import answering
from people.models import Person

FIRST, SOON, LATER, LAST = range(4)
"""Which of several asks is named first: what rings, what waits for this shift, what others wait for, the rest."""


@dataclass(frozen=True)
class PendingAction:
    """``ref`` names what is asked as it stands: once that has changed, nothing has this ``ref`` any more. Words are in
    the language of whoever they are read for."""

    kind: str
    ref: str
    rank: int
    does: str
    """What "yes" does: "xác nhận 2 ca"."""
    spoken: str
    """The question in full sentences, as it is read aloud."""
    topics: tuple[str, ...] = ()
    """Of the messages in the outbox that ask it."""
    refusable: bool = False
    """Whether "no" is an answer; else silence is."""
    harmless: bool = False
    """Whether ringing back is answer enough: nobody gives or gives up anything by it."""
    restricted: bool = False
    """Whether already that it is asked is for those alone who may see what it is about: nobody else reads of it."""


@dataclass(frozen=True)
class ActionAnswer:
    """``note``: what was said besides, or why not; of what is noted for somebody, how it was heard."""

    yes: bool
    note: str = ""


Read = Callable[[Person, datetime], Sequence[PendingAction]]
"""What this person is asked at this moment (aware)."""


class Take(Protocol):
    """Write the answer of the person, said by ``actor``: themselves, or somebody who notes it for them and may. Raises
    what the service behind it raises."""

    def __call__(
        self, person: Person, ask: PendingAction, said: ActionAnswer, actor: Actor, /, *, now: datetime
    ) -> None: ...


@dataclass(frozen=True)
class ActionSource:
    """The asks of one kind."""

    kind: str
    read: Read
    take: Take


_by_package: dict[str, tuple[ActionSource, ...]] = {}


def offer(package: str, sources: Iterable[ActionSource]) -> None:
    """The sources of ``package``, these and no others."""
    _by_package[package] = tuple(sources)


def waiting_for(person: Person, *, now: datetime) -> list[PendingAction]:
    """Return what waits for this person's answer, what is most urgent first."""
    found = [ask for source in _all() for ask in source.read(person, now)]
    return sorted(found, key=lambda ask: ask.rank)


def find(person: Person, kind: str, ref: str, *, now: datetime) -> PendingAction | None:
    """The ask, while it still waits and is what it was."""
    of_kind = (source for source in _all() if source.kind == kind)
    return next((ask for source in of_kind for ask in source.read(person, now) if ask.ref == ref), None)


def answer(person: Person, kind: str, ref: str, said: ActionAnswer, *, actor: Actor, now: datetime) -> PendingAction:
    """Answer it; what was answered. Raises Conflict ``answer.changed`` when it waits no more or has changed,
    ``answer.yes_only``; and whatever the service behind it raises."""
    ask = find(person, kind, ref, now=now)
    if ask is None:
        raise Conflict("answer.changed", state={"kind": kind})
    if not said.yes and not ask.refusable:
        raise Conflict("answer.yes_only", state={"kind": kind})
    source = next(source for source in _all() if source.kind == kind)
    source.take(person, ask, said, actor, now=now)
    return ask


def actor_of(person: Person, number: str | None = None) -> Actor:
    """Return whoever answers by what was sent to them; ``number``: from where, else any of theirs that rings. Where
    another gave it, it is a slip of that one (``people.contact.givers``)."""
    own = Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)
    return answering.from_number(own, person, number)


def _all() -> Iterable[ActionSource]:
    return (each for sources in _by_package.values() for each in sources)
