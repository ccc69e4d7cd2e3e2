"""PURE who of a crew takes which seat of its shift: as many as can, each of a kind that they serve in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from roster.patterns.dealing import Judge, SeatToDeal, Why

NOT_THEIRS = ("eligibility.duty", "eligibility.unit")
"""Of several seats that somebody may not take, the reason is another where there is one."""


@dataclass(frozen=True)
class Member:
    """``duties``: codes of what they serve in the crew; empty: all that they may."""

    person: int
    duties: frozenset[str] = frozenset()

    def serves(self, duty: str) -> bool:
        return not self.duties or duty in self.duties


@dataclass(frozen=True)
class CrewTurn:
    """A crew's shift of a day. ``members`` in the order in which they are seated; ``places``: what is free of it;
    ``there``: who of them sits on it already and stays."""

    crew: int
    on: date
    template: str
    members: tuple[Member, ...]
    places: tuple[SeatToDeal, ...]
    there: frozenset[int] = frozenset()


@dataclass(frozen=True)
class FilledTurn:
    """``passed``: who cannot, and why; ``spare``: who could, but all is taken; ``empty``: seats that are left."""

    turn: CrewTurn
    seated: tuple[tuple[SeatToDeal, int], ...]
    passed: tuple[tuple[int, Why], ...]
    spare: tuple[int, ...]

    @property
    def empty(self) -> tuple[SeatToDeal, ...]:
        taken = {place.seat for place, _person in self.seated}
        return tuple(each for each in self.turn.places if each.seat not in taken)

    @property
    def serving(self) -> frozenset[int]:
        return self.turn.there | {person for _place, person in self.seated}


def filled(turn: CrewTurn, judge: Judge) -> FilledTurn:
    """The seats that most members can take together; those who come first are seated before others."""
    coming = [each for each in turn.members if each.person not in turn.there]
    options, passed = dict[int, list[SeatToDeal]](), dict[int, Why]()
    spare = []
    for each in coming:
        own = [place for place in turn.places if each.serves(place.duty)]
        why = {place.seat: judge.hinders(place, each.person) for place in own}
        options[each.person] = [place for place in own if not why[place.seat]]
        if own and not options[each.person]:
            passed[each.person] = _told([why[place.seat] for place in own])
    matched = _matched(options)
    seated = []
    for each in coming:
        place = matched.get(each.person)
        if place is None:
            if options[each.person] or (each.person not in passed and _is_concerned(each, turn)):
                spare.append(each.person)
        elif later := judge.hinders(place, each.person):  # what a colleague's seat changed: pairs, skills
            passed[each.person] = later
        else:
            judge.take(place, each.person)
            seated.append((place, each.person))
    in_order = tuple((each.person, passed[each.person]) for each in coming if each.person in passed)
    return FilledTurn(turn, tuple(seated), in_order, tuple(spare))


def _is_concerned(member: Member, turn: CrewTurn) -> bool:
    """Whether nothing but that all is taken keeps them off: a crew without one free seat has nobody who is passed."""
    return not turn.places and not member.duties


def _told(whys: Sequence[Why]) -> Why:
    return next((each for each in whys if not set(each) <= set(NOT_THEIRS)), whys[0])


def _matched(options: Mapping[int, Sequence[SeatToDeal]]) -> dict[int, SeatToDeal]:
    """Person → seat, as many people as possible; whoever has one keeps some seat while others are found theirs."""
    holder = dict[int, int]()
    place_of = {place.seat: place for places in options.values() for place in places}

    def seat(person: int, tried: set[int]) -> bool:
        for place in options[person]:
            if place.seat in tried:
                continue
            tried.add(place.seat)
            if place.seat not in holder or seat(holder[place.seat], tried):
                holder[place.seat] = person
                return True
        return False

    for person in options:
        seat(person, set())
    return {person: place_of[number] for number, person in holder.items()}
