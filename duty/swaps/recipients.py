"""Who hears of it when a seat changes hands, and by which channel: what tells them asks here, and pages beforehand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.actor import Actor
from core.calendar.dates import VN
from core.calendar.waking_hours import awake
from duty.swaps import rights
from duty.swaps.lines.line import SwapLine
from duty.voice_prompts import services as voice_prompts
from people import queries as people
from people.accounts import queries as accounts
from people.links import letters
from people.models import Person, User
from people.notification_rules import leaving, reading
from people.notification_rules.leaving import Way
from people.notification_rules.rules import Rung
from roster.approvals import queries as approvals
from roster.covers import notices as covers

CALLED = timedelta(hours=6)
"""So soon before the start people are rung besides, where a gateway reads calls aloud."""
NEAR = timedelta(hours=24)
"""So soon before the start an ask goes where calls begin, not where mail is read some time."""


@dataclass(frozen=True)
class ChangeRecipient:
    """``channel``: "" where no words leave to them now and somebody has to ring; ``way``: why. ``rung``: by an
    automatic call besides."""

    person: Person
    channel: str
    way: Way
    rung: bool = False


def asked(persons: Collection[Person], starts_at: datetime, *, is_own: bool, now: datetime) -> list[ChangeRecipient]:
    """Return those who would be asked now for what begins then. ``is_own``: by the holder, who is well."""
    ids = [each.id for each in persons]
    rungs, rings = letters.ways(ids, soon=is_near(starts_at, now)), rung(ids, starts_at, is_own=is_own, now=now)
    return [replace(each, rung=each.person.id in rings) for each in _hear(persons, rungs)]


def is_near(starts_at: datetime, now: datetime) -> bool:
    return starts_at - now <= NEAR


def rung(person_ids: Collection[int], starts_at: datetime, *, is_own: bool, now: datetime) -> set[int]:
    """Who is rung about a shift that begins in a few hours; at night only where somebody is asked for who cannot
    come."""
    asleep = is_own and awake(now, VN) != now
    if starts_at - now > CALLED or asleep:
        return set()
    return set(voice_prompts.may_ring(person_ids))


def hearers_of_line(line: SwapLine, taker: Person, *, actor: Actor, now: datetime) -> list[ChangeRecipient]:
    """Once the seat moves: who gives and who takes, by the revision; who said yes in vain; the managers."""
    moved = [line.swap.person, taker]
    if line.chained is not None:
        moved = [line.swap.person, taker, line.chained.taker.person]
    others = [each.person for each in line.accepted if each.person_id not in {person.id for person in moved}]
    read = [*moved, *(person for _user, person in managers(line, "moved", actor))]
    return once([*hearers_of_revision(read), *asked(others, line.starts_at, is_own=True, now=now)])


def managers(line: SwapLine, why: str, actor: Actor) -> list[tuple[User, Person]]:
    """``why``: as ``notices.tell_managers``. Of a seat that moved those of its unit, whichever ask it was part of; of
    what waits for a decision the nearest who may decide about every seat; else whose shift it is about."""
    units = line.unit_ids
    if why == "accepted" and len(units) > 1:
        above = [people.ancestor_ids(each) for each in units]
        units = [next((each for each in above[0] if all(each in other for other in above)), units[0])]
    elif why != "moved":
        units = units[:1]
    found = {user.id: (user, person) for unit_id in units for user, person in covers.managers(unit_id, actor)}
    if why == "accepted" and rights.is_bound(line.shift.campaign):
        found |= _approvers(line, actor)
    return list(found.values())


def _approvers(line: SwapLine, actor: Actor) -> dict[int, tuple[User, Person]]:
    """Return those with an account: they decide on the page."""
    persons = [each for each in approvals.approvers(line.shift.campaign) if each.id != actor.person_id]
    users = [(accounts.user_of_person(each.id), each) for each in persons]
    return {user.id: (user, person) for user, person in users if user is not None and user.active}


def hearers_of_revision(persons: Collection[Person]) -> list[ChangeRecipient]:
    """Return who hears of a revision by what they read: one that gives them a shift or takes one from them, and what
    managers are told."""
    return _hear(persons, reading.ways([each.id for each in persons]))


def _hear(persons: Collection[Person], rungs: Mapping[int, Rung | None]) -> list[ChangeRecipient]:
    ways = leaving.ways(rungs)
    return [ChangeRecipient(each, _channel(rungs[each.id], ways[each.id]), ways[each.id]) for each in persons]


def _channel(rung: Rung | None, way: Way) -> str:
    return rung.channel if rung is not None and way == "leaves" else ""


def once(found: Iterable[ChangeRecipient]) -> list[ChangeRecipient]:
    """Each person once."""
    rows = dict[int, ChangeRecipient]()
    for each in found:
        rows.setdefault(each.person.id, each)
    return list(rows.values())
