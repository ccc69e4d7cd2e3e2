"""How people are reached: one reader for all that calls them, warns about them or shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ScalarSelect, exists, func, select

from core.db import db
from notify import outbox
from notify.models import Message
from people.channels import CHANNELS, OF_PHONE
from people.models import ContactMethod, Person
from people.notification_rules import rules as rungs
from people.notification_rules.models import Endpoint, ReachRung
from people.notification_rules.rules import RuleLine, Rung

__all__ = [
    "Rung",
    "LadderRung",
    "carried",
    "has_device",
    "is_reachable",
    "ladder",
    "ladders",
    "ladders_of",
    "reachable_ids",
    "standings",
    "standings_of",
]


@dataclass(frozen=True)
class LadderRung:
    """A rung with the person's wish about it, and whether this installation can carry that channel at all."""

    rung: Rung
    used: bool
    carried: bool

    @property
    def takes_words(self) -> bool:
        """Whether what must be read may be written there: no call, and mail waits for its gateway, as everywhere."""
        return self.rung.channel != "voice" and (self.carried or self.rung.channel == "email")


def ladder(person: Person) -> tuple[Rung, ...]:
    """How ``person`` is called, first to last; empty when there is no way."""
    return ladders([person])[person.id]


def ladders(people: Iterable[Person]) -> dict[int, tuple[Rung, ...]]:
    """The ladder of each of ``people``, by id; a handful of statements however many they are."""
    return ladders_of([person.id for person in people])


def ladders_of(person_ids: Collection[int]) -> dict[int, tuple[Rung, ...]]:
    """The same by ids alone."""
    here = carried()
    return {person_id: rungs.climbed(arranged, here) for person_id, arranged in _arranged(person_ids).items()}


def standings(person: Person) -> tuple[LadderRung, ...]:
    """Every way there is to ``person`` in order, also those not used or not carried here: for pages."""
    return standings_of([person.id])[person.id]


def standings_of(person_ids: Collection[int]) -> dict[int, tuple[LadderRung, ...]]:
    """The same of many by id; a handful of statements however many they are."""
    here = carried()
    return {
        person_id: tuple(LadderRung(rung, used, rung.channel in here) for rung, used in arranged)
        for person_id, arranged in _arranged(person_ids).items()
    }


def reachable_ids(person_ids: Collection[int]) -> set[int]:
    """Return those of ``person_ids`` who have a way to be called that is not known to fail."""
    return {person_id for person_id, found in ladders_of(person_ids).items() if rungs.is_reached(found)}


def is_reachable(person: Person) -> bool:
    return person.id in reachable_ids([person.id])


def carried() -> frozenset[str]:
    """The channels that this installation has a gateway for."""
    return outbox.carried() & set(CHANNELS)


def has_device(channels: Collection[str]) -> bool:
    """Whether anybody active has a device or service of these channels that is not known to fail. The same meaning as
    ``_failing``, asked of the database until one is found."""

    def last(state: str) -> ScalarSelect[int]:
        theirs = Message.channel == Endpoint.channel, Message.address == Endpoint.address, Message.state == state
        return select(func.coalesce(func.max(Message.id), 0)).where(*theirs).correlate(Endpoint).scalar_subquery()

    wanted = exists().where(Endpoint.channel.in_(channels), Endpoint.person_id == Person.id, Person.active)
    return bool(db.session.scalar(select(wanted.where(last("failed_permanent") <= last("sent")))))


def _arranged(person_ids: Collection[int]) -> dict[int, tuple[tuple[Rung, bool], ...]]:
    ways: defaultdict[int, list[Rung]] = defaultdict(list)
    for person_id, rung in _ways(set(person_ids)):
        ways[person_id].append(rung)
    failing = _failing({(rung.channel, rung.address) for found in ways.values() for rung in found})
    lines = _lines(set(person_ids))
    return {
        person_id: rungs.arrange([_marked(rung, failing) for rung in ways[person_id]], lines[person_id])
        for person_id in person_ids
    }


def _ways(person_ids: Collection[int]) -> Iterator[tuple[int, Rung]]:
    """Every channel to every address, in the order in which addresses were given."""
    contacts = (
        select(
            ContactMethod.person_id,
            ContactMethod.id,
            ContactMethod.channel,
            ContactMethod.address,
            ContactMethod.verified_at,
        )
        .where(ContactMethod.person_id.in_(person_ids))
        .order_by(ContactMethod.position, ContactMethod.id)
    )
    for person_id, contact_id, kind, address, verified_at in db.session.execute(contacts):
        for channel in OF_PHONE if kind == "phone" else (kind,):
            delay = rungs.default_delay(channel)
            yield person_id, Rung(channel, address, delay, contact_id, verified_at is not None)
    for each in db.session.scalars(select(Endpoint).where(Endpoint.person_id.in_(person_ids)).order_by(Endpoint.id)):
        delay = rungs.default_delay(each.channel)
        yield (
            each.person_id,
            Rung(each.channel, each.address, delay, None, each.verified_at is not None, each.id, each.name),
        )


def _lines(person_ids: Collection[int]) -> defaultdict[int, list[RuleLine]]:
    found: defaultdict[int, list[RuleLine]] = defaultdict(list)
    wanted = select(ReachRung).where(ReachRung.person_id.in_(person_ids)).order_by(ReachRung.position, ReachRung.id)
    for row in db.session.scalars(wanted):
        delay = timedelta(seconds=row.delay_seconds)
        found[row.person_id].append(RuleLine(row.channel, row.contact_id, row.endpoint_id, delay, row.used))
    return found


def _failing(ways: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those whose last word from the other side was "never": refused for good, and nothing accepted since."""
    refused = _last("failed_permanent")
    suspects = {way: at for way, at in refused.items() if way in ways}
    if not suspects:
        return set()
    accepted = _last("sent", {address for _channel, address in suspects})
    return {way for way, at in suspects.items() if at > accepted.get(way, 0)}


def _last(state: str, addresses: Collection[str] | None = None) -> dict[tuple[str, str], int]:
    """The latest message in ``state`` by (channel, address)."""
    wanted = select(Message.channel, Message.address, func.max(Message.id)).where(Message.state == state)
    if addresses is not None:
        wanted = wanted.where(Message.address.in_(addresses))
    return {(row[0], row[1]): row[2] for row in db.session.execute(wanted.group_by(Message.channel, Message.address))}


def _marked(rung: Rung, failing: Collection[tuple[str, str]]) -> Rung:
    if (rung.channel, rung.address) not in failing:
        return rung
    return Rung(
        rung.channel, rung.address, rung.delay, rung.contact_id, rung.verified, rung.endpoint_id, rung.name, True
    )
