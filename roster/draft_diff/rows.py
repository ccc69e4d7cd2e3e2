"""What publishing the draft would change, one row a person, with what hangs together, and what of it the reader may
publish. Reads only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from operator import attrgetter

from core.actor import Actor
from people import queries as people
from people.access import guard
from people.models import Person, Unit
from people.notification_rules import leaving, reading
from planning import change_bundles
from planning.change_bundles import SeatMove
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.models import Shift
from roster.publishing import parts
from roster.publishing.notice_words import NoticeTurn
from roster.publishing.parts import PartBaseline


@dataclass(frozen=True)
class DiffRow:
    """What changes for somebody. ``bundle``: the number of what hangs together; ``shifts`` and ``nights``: of the
    campaign once all of it is published; ``minutes``: how many more than now. ``channel``: by what they are told;
    empty: by hand.
    """

    person: Person
    lost: tuple[NoticeTurn, ...]
    gained: tuple[NoticeTurn, ...]
    shifts: int
    nights: int
    minutes: int
    channel: str
    bundle: int

    @property
    def changes(self) -> int:
        return len(self.lost) + len(self.gained)


@dataclass(frozen=True)
class Bundle:
    """Moves that are published together or not at all. ``others``: the unit of a shift in it that is not the reader's
    to publish; ``far``: it is theirs only today and tomorrow, and some of it is later."""

    moves: tuple[SeatMove, ...]
    others: Unit | None = None
    far: bool = False

    @property
    def is_offered(self) -> bool:
        return self.others is None and not self.far


@dataclass(frozen=True)
class DiffTable:
    rows: tuple[DiffRow, ...]
    bundles: Mapping[int, Bundle]

    def offered(self) -> list[DiffRow]:
        return [row for row in self.rows if self.bundles[row.bundle].is_offered]

    def with_all(self, codes: Collection[str]) -> list[DiffRow]:
        """The rows of these people and those that hang together with them."""
        numbers = {row.bundle for row in self.rows if row.person.code in codes}
        return [row for row in self.rows if row.bundle in numbers]

    def mates(self, row: DiffRow) -> list[str]:
        """Names of those who hang together with the person of ``row``."""
        return [name for who, name in self._names[row.bundle] if who != row.person.id]

    @cached_property
    def _names(self) -> Mapping[int, list[tuple[int, str]]]:
        found = defaultdict[int, list[tuple[int, str]]](list)
        for row in self.rows:
            found[row.bundle].append((row.person.id, row.person.full_name))
        return found


@dataclass(frozen=True)
class Cost:
    """What telling some rows takes: messages by channel, and the names of those whom somebody has to ring."""

    messages: Mapping[str, int]
    by_hand: tuple[str, ...]


def cost_of(rows: Iterable[DiffRow]) -> Cost:
    told = list(rows)
    messages = Counter(row.channel for row in told if row.channel)
    return Cost(messages, tuple(row.person.full_name for row in told if not row.channel))


def may_open(actor: Actor, campaign: Campaign, *, now: datetime) -> bool:
    """Whether there is any part that the actor could publish, now or after an edit."""
    if rights.reach(actor, "campaign.publish", campaign, now=now) != set():
        return True
    units = {shift.unit_id for shift in parts.rows_of_the_day(campaign.id, now)}
    return any(guard.allowed(actor, "roster.amend", unit_id, now=now) for unit_id in units)


def table(stands: PartBaseline, *, actor: Actor, now: datetime) -> DiffTable:
    """Return the table by name, those together that hang together. Who may not publish the whole sees what concerns
    shifts of theirs."""
    moves = parts.moves(stands)
    shifts = {row.id: row for row in parts.shift_rows({move.shift for move in moves})}
    reader = _DiffReader(actor, stands.campaign, now)
    bundles = {
        number: reader.bundle(group, shifts)
        for number, group in enumerate(change_bundles.groups(moves), 1)
        if any(reader.publishes(shifts[move.shift]) for move in group)
    }
    return DiffTable(_rows(stands, bundles, shifts), bundles)


class _DiffReader:
    """What of a campaign somebody may publish; each right is asked once for each unit."""

    def __init__(self, actor: Actor, campaign: Campaign, now: datetime) -> None:
        self._actor, self._now = actor, now
        self._own = rights.reach(actor, "campaign.publish", campaign, now=now)
        self._lent = dict[int, bool]()

    def publishes(self, shift: Shift) -> bool:
        return self._has(shift) or (self._amends(shift) and parts.is_of_the_day(shift, self._now))

    def bundle(self, moves: Sequence[SeatMove], shifts: Mapping[int, Shift]) -> Bundle:
        concerned = [shifts[move.shift] for move in moves]
        other = next((each.unit for each in concerned if not (self._has(each) or self._amends(each))), None)
        return Bundle(tuple(moves), other, far=not all(self.publishes(each) for each in concerned))

    def _has(self, shift: Shift) -> bool:
        return self._own is None or shift.unit_id in self._own

    def _amends(self, shift: Shift) -> bool:
        if shift.unit_id not in self._lent:
            may = guard.allowed(self._actor, "roster.amend", shift.unit_id, now=self._now)
            self._lent[shift.unit_id] = bool(may)
        return self._lent[shift.unit_id]


def _rows(stands: PartBaseline, bundles: Mapping[int, Bundle], shifts: Mapping[int, Shift]) -> tuple[DiffRow, ...]:
    lost, gained = defaultdict[int, list[NoticeTurn]](list), defaultdict[int, list[NoticeTurn]](list)
    number_of = dict[int, int]()
    for number, bundle in bundles.items():
        for move in bundle.moves:
            number_of |= dict.fromkeys(move.people, number)
            if move.out is not None:
                lost[move.out].append(NoticeTurn(shifts[move.shift]))
            if move.came is not None:
                gained[move.came].append(NoticeTurn(shifts[move.shift]))
    after, rungs = _after(stands, bundles.values()), reading.ways(number_of)
    ways = leaving.ways(rungs)
    found = []
    for person in people.people_by_ids(number_of).values():
        rung, mine = rungs[person.id], after[person.id]
        found.append(
            DiffRow(
                person=person,
                lost=tuple(lost[person.id]),
                gained=tuple(gained[person.id]),
                shifts=len(mine),
                nights=sum(stands.taken.problem.shift_of[shift].night for shift in mine),
                minutes=_minutes(gained[person.id]) - _minutes(lost[person.id]),
                channel=rung.channel if rung and ways[person.id] in ("leaves", "waits") else "",
                bundle=number_of[person.id],
            )
        )
    first = dict[int, str]()
    for row in sorted(found, key=lambda row: row.person.sort_key, reverse=True):
        first[row.bundle] = row.person.sort_key
    name = attrgetter("person.sort_key", "person.code")
    return tuple(sorted(found, key=lambda row: (first[row.bundle], row.bundle, *name(row))))


def _after(stands: PartBaseline, bundles: Iterable[Bundle]) -> Mapping[int, list[int]]:
    """Person id → the shifts that they have once all of it is published."""
    holders: dict[int, int | None] = dict(stands.published)
    holders |= {move.seat: move.came for bundle in bundles for move in bundle.moves}
    found = defaultdict[int, list[int]](list)
    for shift, seats in stands.taken.seats.items():
        for seat in seats:
            who = holders.get(seat)
            if who is not None:
                found[who].append(shift)
    return found


def _minutes(mine: Iterable[NoticeTurn]) -> int:
    return sum((each.turn.ends_at - each.turn.starts_at) // timedelta(minutes=1) for each in mine)
