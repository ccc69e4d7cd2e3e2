"""PURE what becomes of shifts and seats when something else is asked for: added, taken away, kept and why.

A shift is known by unit, kind, name and hours. What was changed in the campaign itself (a smaller demand, a shift that
was parted) is somebody's own word and stays; so does what was published. Seats that hold people go only knowingly.
What a published shift is to whoever serves it (on site or at home, in place of work, on what ground) stays, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Key = tuple[int, str, str, datetime, datetime]
"""Unit id, kind of duty, name, start, end."""
Columns = Mapping[str, Any]
"""Of a shift as the demand asks for it: ``ASKED``, ``WORTH``, ``unit_id``, ``duty``, ``template``, ``starts_at`` and
``ends_at`` (aware, UTC)."""
ASKED = ("headcount", "wanted", "skills", "form", "replaces_work", "legal_ground")
"""What a demand says of a shift besides its hours."""
FIXED_ONCE_PUBLISHED = ("form", "replaces_work", "legal_ground")
"""What a duty takes over of its shift when it is published, and somebody was told."""
STILL_CHANGEABLE = tuple(name for name in ASKED if name not in FIXED_ONCE_PUBLISHED)
"""Of these a signed shift says what its demand says, unless somebody changed it."""
WORTH = ("points", "points_by")
"""What follows from the form and the hours."""
Why = Literal["held", "published", "signed", "own", "gone"]
"""Why it stays as it is: people sit there, it was published, it says what was published, it was changed in the
campaign, it is not there so."""


@dataclass(frozen=True)
class RefitSeat:
    """A seat as it is."""

    id: int
    position: int
    person_id: int | None = None
    pinned: bool = False
    published: bool = False


@dataclass(frozen=True)
class CurrentShift:
    """A shift as it is."""

    id: int
    key: Key
    asked: Columns
    """``ASKED`` and ``WORTH`` of it."""
    seats: tuple[RefitSeat, ...]


@dataclass(frozen=True)
class KeptAsIs:
    """One reason why a part of the change is not carried out. ``seats``: how many stay as they are, all of a shift that
    was changed in the campaign, else those beyond what is asked; ``people``: ids of those who would lose theirs."""

    key: Key
    why: Why
    seats: int
    people: tuple[int, ...] = ()
    columns: Columns = field(default_factory=dict)
    """Of a signed one: those that stay, as they are."""


@dataclass(frozen=True)
class ShiftChange:
    """A shift that asks for something else: ``columns`` to set, ``more`` seats, those that ``go``."""

    shift: CurrentShift
    columns: Columns
    more: int = 0
    go: tuple[RefitSeat, ...] = ()

    @property
    def otherwise(self) -> dict[str, tuple[Any, Any]]:
        """What is asked otherwise, before and after, but numbers that its seats tell."""
        told = ("headcount", "wanted") if self.more or self.go else ()
        return {name: (self.shift.asked[name], value) for name, value in self.columns.items() if name not in told}


@dataclass(frozen=True)
class RefitNumbers:
    """Seats: ``added``, ``removed`` with ``leaving`` people on them, ``kept`` as they are (``KeptAsIs``), of which
    ``held`` only for the people on them. ``asks``: shifts that ask for something else than other seats."""

    added: int
    removed: int
    leaving: int
    kept: int
    held: int
    asks: int


@dataclass(frozen=True)
class Refit:
    """``new``: columns of shifts; ``changed``; ``dropped``: shifts with all their seats."""

    new: tuple[Columns, ...] = ()
    changed: tuple[ShiftChange, ...] = ()
    dropped: tuple[CurrentShift, ...] = ()
    kept: tuple[KeptAsIs, ...] = ()

    @property
    def added(self) -> int:
        return sum(number(each) for each in self.new) + sum(each.more for each in self.changed)

    @property
    def removed(self) -> tuple[tuple[CurrentShift, RefitSeat], ...]:
        gone = [(each, seat) for each in self.dropped for seat in each.seats]
        return (*gone, *((each.shift, seat) for each in self.changed for seat in each.go))

    @property
    def otherwise(self) -> tuple[ShiftChange, ...]:
        """Shifts that stay and ask for something else than another number of seats."""
        return tuple(each for each in self.changed if each.otherwise)

    @property
    def numbers(self) -> RefitNumbers:
        """What pages, calls, commands and the audit tell."""
        gone = [seat.person_id for _shift, seat in self.removed]
        return RefitNumbers(
            added=self.added,
            removed=len(gone),
            leaving=sum(person is not None for person in gone),
            kept=sum(each.seats for each in self.kept),
            held=sum(each.seats for each in self.kept if each.why == "held"),
            asks=len(self.otherwise),
        )

    @property
    def is_nothing(self) -> bool:
        return not (self.new or self.changed or self.dropped)


def key_of(columns: Columns) -> Key:
    return (
        columns["unit_id"],
        columns["duty"],
        columns["template"],
        columns["starts_at"],
        columns["ends_at"],
    )


def number(columns: Columns) -> int:
    """How many seats a shift has that is asked for so."""
    headcount: int = columns["headcount"]
    return max(headcount, columns["wanted"] or 0)


def refit(
    there: Iterable[CurrentShift], was: Iterable[Columns], becomes: Iterable[Columns], *, takes_people: bool
) -> Refit:
    """Return what the change from one demand to another does to shifts. ``takes_people``: seats that hold somebody go,
    too."""
    by_key = {each.key: each for each in there}
    before, after = ({key_of(each): each for each in some} for some in (was, becomes))
    new, changed, dropped, kept = list[Columns](), list[ShiftChange](), list[CurrentShift](), list[KeptAsIs]()
    for key in sorted({*before, *after}, key=lambda each: (each[3], each)):
        shift, asked = by_key.get(key), after.get(key)
        if key in before and asked is not None and _same(before[key], asked):
            continue
        if shift is None:
            if key not in before and asked is not None:
                new.append(asked)
            else:
                kept.append(KeptAsIs(key, "gone", 0))
        elif key in before and not _same(before[key], shift.asked, STILL_CHANGEABLE if _is_published(shift) else ASKED):
            kept.append(KeptAsIs(key, "own", len(shift.seats)))
        else:
            one = _fitted(shift, asked, takes_people=takes_people)
            dropped += [shift] if one is None else []
            changed += [one] if one is not None and _is_change(one) else []
            kept += [*_staying(shift, asked, one), *_signed(shift, asked)] if one is not None else []
    return Refit(tuple(new), tuple(changed), tuple(dropped), tuple(kept))


def _same(one: Columns, other: Columns, names: Iterable[str] = ASKED) -> bool:
    return all(one[name] == other[name] for name in names)


def _fitted(shift: CurrentShift, asked: Columns | None, *, takes_people: bool) -> ShiftChange | None:
    """None: it goes as a whole."""
    wanted = number(asked) if asked is not None else 0
    stay = [each for each in shift.seats if _stays(each, takes_people=takes_people)]
    left = max(wanted, len(stay))
    if left == 0:
        return None
    loose = sorted((each for each in shift.seats if each not in stay), key=_first_to_go)
    go = tuple(loose[: max(0, len(shift.seats) - left)])
    if asked is not None and left == wanted:
        return ShiftChange(shift, _columns(shift, asked), max(0, wanted - len(shift.seats)), go)
    # What stays beyond what is asked is wanted, not needed: no gap where it empties, and a skill is asked of no more
    # people than are needed.
    most = min(shift.asked["headcount"], left)
    skills = {skill: min(n, most) for skill, n in shift.asked["skills"].items()}
    needed = {"headcount": most, "wanted": None if most == left else left, "skills": skills}
    return ShiftChange(shift, {name: value for name, value in needed.items() if value != shift.asked[name]}, 0, go)


def _columns(shift: CurrentShift, asked: Columns) -> Columns:
    firm = FIXED_ONCE_PUBLISHED if _is_published(shift) else ()
    columns = {name: asked[name] for name in ASKED if name not in firm and asked[name] != shift.asked[name]}
    return columns | {name: asked[name] for name in WORTH} if "form" in columns else columns


def _is_published(shift: CurrentShift) -> bool:
    return any(each.published for each in shift.seats)


def _signed(shift: CurrentShift, asked: Columns | None) -> list[KeptAsIs]:
    if asked is None or not _is_published(shift):
        return []
    columns = {name: shift.asked[name] for name in FIXED_ONCE_PUBLISHED if asked[name] != shift.asked[name]}
    return [KeptAsIs(shift.key, "signed", 0, columns=columns)] if columns else []


def _stays(seat: RefitSeat, *, takes_people: bool) -> bool:
    return seat.published or (seat.person_id is not None and not takes_people)


def _first_to_go(seat: RefitSeat) -> tuple[bool, bool, int]:
    """Empty ones, then those whose people are not pinned; of these the last."""
    return seat.person_id is not None, seat.pinned, -seat.position


def _is_change(change: ShiftChange) -> bool:
    return bool(change.columns or change.more or change.go)


def _staying(shift: CurrentShift, asked: Columns | None, one: ShiftChange) -> list[KeptAsIs]:
    beyond = len(shift.seats) + one.more - len(one.go) - (number(asked) if asked is not None else 0)
    if beyond <= 0:
        return []
    signed = min(beyond, sum(each.published for each in shift.seats))
    found = [KeptAsIs(shift.key, "published", signed)] if signed else []
    sitting = sorted((each for each in shift.seats if each.person_id and not each.published), key=_first_to_go)
    people = tuple(each.person_id for each in sitting[: beyond - signed] if each.person_id)
    return [*found, KeptAsIs(shift.key, "held", beyond - signed, people)] if beyond > signed else found
