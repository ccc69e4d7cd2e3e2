"""A shift taken up from somebody: who may take it, with which shifts it may be exchanged, and why all others may not.

Reads only; one small answer, so that nothing has to be asked while it is carried from cell to cell.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l

from core.errors import Conflict, NotFound
from planning.explain import candidates_for
from planning.explain.eligible import pool
from planning.explain.what_if import Rows, compare, ordered, together
from planning.explain.who_else import Candidate
from planning.outcome import Violation
from planning.problem import Shift, Staff
from planning.restriction import around
from roster.campaigns.models import Campaign
from roster.hands.fairness_preview import FairnessPreview
from roster.hands.typed import is_able
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.words import labels, sentences
from roster.words.names import RosterNames, names_of
from roster.words.why_not import reason

WORDS = {
    "eligibility.duty": _l("nghề"),
    "eligibility.unit": _l("đơn vị"),
    "eligibility.place": _l("nơi"),
    "absence.away": _l("vắng"),
    "protected.no_night": _l("đêm"),
    "overlap.shifts": _l("trùng"),
    "work.ordinary": _l("việc"),
    "pairs.apart": _l("cặp"),
    "pairs.together": _l("cặp"),
    "coverage.skills": _l("tay nghề"),
}
GROUPS = {
    "rest": _l("nghỉ"),
    "hours": _l("giờ"),
    "limits": _l("trần"),
    "runs": _l("liền"),
    "nights": _l("đêm"),
    "weekends": _l("trần"),
    "sequence": _l("nối"),
}
"""Why somebody may not take a shift, in one word that fits a cell; by rule, else by the kind of rule."""
SWAPS = 200
"""Exchanges that are judged, the nearest in time first."""


@dataclass(frozen=True)
class MoveTarget:
    """Somebody of the grid: may they take the shift, else why not. ``spread``: of the duty, then."""

    person_id: int
    code: str
    name: str
    word: str = ""
    says: str = ""
    law: bool = False
    wish: bool = False
    spread: int = 0

    @property
    def may(self) -> bool:
        return not self.word


@dataclass(frozen=True)
class SwapTarget:
    """A shift of somebody else that may be exchanged for it."""

    seat: int
    person_id: int
    code: str
    name: str
    shift: Shift
    spread: int


@dataclass(frozen=True)
class DraggedShift:
    """What is in the hand."""

    seat: int
    shift: Shift
    code: str
    name: str
    pinned: bool
    spread: int
    takers: tuple[MoveTarget, ...]
    swaps: tuple[SwapTarget, ...]

    @property
    def able(self) -> list[MoveTarget]:
        return sorted((each for each in self.takers if each.may), key=lambda each: (each.spread, each.wish, each.name))

    @property
    def reasons(self) -> list[tuple[str, int, str]]:
        """(word, how many, what it means), the most frequent first."""
        unable = [each for each in self.takers if each.word]
        words = dict.fromkeys(each.word for each in unable)
        counted = [(word, [each for each in unable if each.word == word]) for word in words]
        return sorted(((word, len(some), some[0].says) for word, some in counted), key=lambda each: -each[1])


def take_up(
    campaign: Campaign, seat: int, rows: Collection[str], *, units: Collection[str] | None = None, now: datetime
) -> DraggedShift:
    """``rows``: codes of the people whom the grid shows. ``units``: codes of those whose shifts may be exchanged for it
    (``None``: all). Raises NotFound, Conflict ``seats.empty``, ``seats.past``.
    """
    taken = snapshot.take(campaign.id, now=now)
    shift_id = next((each for each, seats in taken.seats.items() if seat in seats), None)
    if shift_id is None:
        raise NotFound("seat.unknown", id=seat)
    if seat not in taken.cells:
        raise Conflict("seats.empty")
    names = names_of(taken.problem)
    if shift_id in taken.fixed:
        raise Conflict("seats.past", state={"shifts": [shift_id]}, shift=names.shift(shift_id))
    held = _Held(taken, FairnessPreview(taken), taken.problem.shift_of[shift_id], taken.cells[seat].person_id)
    person = taken.problem.person[held.holder]
    return DraggedShift(
        seat,
        held.shift,
        person.code,
        person.name,
        taken.cells[seat].pinned,
        held.even.spread(held.shift.duty),
        _takers(held, names, rows),
        tuple(_swaps(held, rows, units)),
    )


@dataclass(frozen=True)
class _Held:
    """The shift in the hand, and the draft that it is taken from."""

    taken: Snapshot
    even: FairnessPreview
    shift: Shift
    holder: int

    @property
    def on_it(self) -> set[int]:
        """Who has this very shift."""
        return {each.staff_id for each in self.taken.assignments if each.shift_id == self.shift.id}


def _takers(held: _Held, names: RosterNames, rows: Collection[str]) -> tuple[MoveTarget, ...]:
    problem, shift, on_it = held.taken.problem, held.shift, held.on_it
    able = candidates_for(problem, held.taken.assignments, shift.id, replacing=held.holder)
    found = {each.staff_id: each for each in able}
    strangers = {each: code for code, ids in pool(problem, shift).strangers.items() for each in ids}
    takers = []
    for person in problem.staff:
        if person.code in rows and person.id != held.holder:
            if person.id in on_it:
                there = str(_("có rồi")), _("đã ở trong ca này")
                takers.append(MoveTarget(person.id, person.code, person.name, *there))
            else:
                stranger = strangers.get(person.id)
                takers.append(_taker(held, person, names, found=found.get(person.id), stranger=stranger))
    return tuple(takers)


def _taker(
    held: _Held, person: Staff, names: RosterNames, *, found: Candidate | None, stranger: str | None
) -> MoveTarget:
    person_id = person.id
    if found is None:
        code = stranger or "eligibility.unit"
        return MoveTarget(person_id, person.code, person.name, word_of(code), reason(code), code in labels.LAW)
    if found.breaks:
        says = " ".join(sentences.sentence(each, names) for each in found.breaks)
        law = any(each.rule in labels.LAW for each in found.breaks)
        return MoveTarget(person_id, person.code, person.name, word_of(found.breaks[0].rule), says, law)
    wish = any(each.rule == "wishes.off" for each in found.touches)
    after = held.even.spread(held.shift.duty, held.even.change(held.shift, held.holder, person_id))
    return MoveTarget(person_id, person.code, person.name, wish=wish, spread=after)


def word_of(code: str) -> str:
    """Why not, in one word."""
    return str(WORDS.get(code) or GROUPS.get(code.partition(".")[0]) or _("luật"))


def _swaps(held: _Held, rows: Collection[str], units: Collection[str] | None) -> list[SwapTarget]:
    """Seats of others that both may exchange without breaking a rule, the nearest in time first."""
    taken, shift, holder = held.taken, held.shift, held.holder
    problem, there = taken.problem, held.on_it
    shown = {staff.id for staff in problem.staff if staff.code in rows and is_able(staff, shift)}
    mine = {each.shift_id for each in taken.assignments if each.staff_id == holder}
    seats = [
        (seat, problem.shift_of[each], taken.cells[seat].person_id)
        for each, of_shift in taken.seats.items()
        if each not in mine and each not in taken.fixed and is_able(problem.person[holder], problem.shift_of[each])
        if units is None or problem.shift_of[each].unit in units
        for seat in of_shift
        if seat in taken.cells and taken.cells[seat].person_id in shown - there
    ]
    near = sorted(seats, key=lambda each: (abs(each[1].start - shift.start), each[0]))[:SWAPS]
    people = {holder, *(person for _seat, _shift, person in near)}
    part = around(problem, people, [shift.id, *(other.id for _seat, other, _person in near)], taken.assignments)
    judged = Rows(*part)
    return [
        _swap(held, seat, other, problem.person[person])
        for seat, other, person in near
        if not _breaks(judged, shift, holder, other, person=person)
    ]


def _swap(held: _Held, seat: int, other: Shift, person: Staff) -> SwapTarget:
    even, shift, holder = held.even, held.shift, held.holder
    changes = dict(even.change(shift, holder, person.id)) if other.duty == shift.duty else {}
    back = even.change(other, person.id, holder) if changes else {}
    both = {each: changes.get(each, 0) + back.get(each, 0) for each in {*changes, *back}}
    return SwapTarget(seat, person.id, person.code, person.name, other, even.spread(shift.duty, both))


def _breaks(rows: Rows, shift: Shift, holder: int, other: Shift, *, person: int) -> Sequence[Violation]:
    own = {holder: (shift, other), person: (other, shift)}
    changes = []
    for who, (gives, gets) in own.items():
        now = rows.own(who)
        after = ordered([*(each for each in now if each.id != gives.id), gets])
        changes.append(compare(_seen(rows, who, now), _seen(rows, who, after)))
    passed = rows.passing(shift, holder, person), rows.passing(other, person, holder)
    return together(*changes, *passed).breaks


def _seen(rows: Rows, who: int, shifts: Sequence[Shift]) -> list[Violation]:
    return [each for each in rows.violations(who, shifts) if each.rule != "pins.kept"]


def plain(held: DraggedShift) -> Mapping[str, object]:
    """Return it for the script: by code of person the word and the sentence, or how the spread changes; and seats to
    exchange."""
    swaps = {each.seat: {"person": each.code, "d": round((each.spread - held.spread) / 100)} for each in held.swaps}
    return {
        "seat": held.seat,
        "person": held.code,
        "pinned": held.pinned,
        "rows": {
            each.code: {"w": each.word, "s": each.says, "l": each.law}
            if each.word
            else {"d": round((each.spread - held.spread) / 100), "o": each.wish}
            for each in held.takers
        },
        "swaps": swaps,
    }
