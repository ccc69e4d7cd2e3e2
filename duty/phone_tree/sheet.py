"""The list on paper: a page for one unit, with everything below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from core import clock
from core.text import format_phone
from duty.phone_tree.book import PhoneBook, PhoneBookDuty, UnitLine
from duty.phone_tree.words import short

DAYS = 3


@dataclass(frozen=True)
class Reached:
    """Somebody with a number; ``phone`` is empty where the reader may not see it or there is none."""

    name: str
    phone: str


@dataclass(frozen=True)
class ListedShift:
    """One shift of one duty of a day: ``starts_at``, ``ends_at`` aware."""

    duty: str
    starts_at: datetime
    ends_at: datetime
    people: tuple[Reached, ...]


@dataclass(frozen=True)
class Branch:
    """One unit, ``depth`` steps below that of the page; ``days``: its own shifts, empty where the unit above serves."""

    unit: UnitLine
    depth: int
    phones: tuple[Reached, ...]
    chain: tuple[Reached, ...]
    days: tuple[tuple[date, tuple[ListedShift, ...]], ...]


def branches(book: PhoneBook) -> list[Branch]:
    """The unit first, then all below it as a tree. Below, only their own chain or leaders are named: the rest stands
    further up."""
    depths: dict[int, int] = {}
    turns: defaultdict[int, list[PhoneBookDuty]] = defaultdict(list)
    for turn in book.turns:
        turns[turn.unit_id].append(turn)
    found = []
    for place, unit in enumerate(book.units[book.top :]):
        depths[unit.id] = depths.get(unit.parent_id or 0, -1) + 1 if place else 0
        whom = book.chain_of(unit.id) if place == 0 else book.chains.get(unit.id) or book.leaders.get(unit.id, ())
        found.append(
            Branch(unit, depths[unit.id], _phones(book, unit), _reached(book, whom), _days(book, turns[unit.id]))
        )
    return found


def _phones(book: PhoneBook, unit: UnitLine) -> tuple[Reached, ...]:
    """Return the phones of the unit: those of its desks by the kind of duty, then its own, which has no name."""
    desks = [(short(kind), book.desks.get((unit.id, kind.code), "")) for kind in book.kinds]
    own = [("", unit.phone)] if unit.phone not in {phone for _name, phone in desks} else []
    return tuple(Reached(name, format_phone(phone)) for name, phone in (*desks, *own) if phone)


def _reached(book: PhoneBook, person_ids: Sequence[int]) -> tuple[Reached, ...]:
    named_so = (book.people[each] for each in person_ids)
    return tuple(Reached(name, format_phone(phone) if phone else "") for name, phone in named_so)


def _days(book: PhoneBook, mine: Sequence[PhoneBookDuty]) -> tuple[tuple[date, tuple[ListedShift, ...]], ...]:
    order = {kind.code: place for place, kind in enumerate(book.kinds)}
    names = {kind.code: short(kind) for kind in book.kinds}

    def shift(turn: PhoneBookDuty) -> tuple[date, int, datetime, datetime]:
        return clock.local_date(turn.starts_at), order[turn.duty], turn.starts_at, turn.ends_at

    days: dict[date, list[ListedShift]] = {}
    for (on, place, begins, ends), some in groupby(sorted(mine, key=shift), key=shift):
        turns = list(some)
        whom = _reached(book, [turn.person_id for turn in turns])
        days.setdefault(on, []).append(ListedShift(names[book.kinds[place].code], begins, ends, whom))
    return tuple((on, tuple(served)) for on, served in days.items())
