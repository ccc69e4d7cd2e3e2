"""What somebody could be given on one day, best first, each with what it changes or why it may not be. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from core.i18n import named, t
from people import queries as people
from people.models import DutyKind, Person
from planning.explain.what_if import EditEffect, Rows, together
from planning.outcome import Violation
from planning.problem import Shift
from planning.restriction import around
from roster.campaigns.models import Campaign
from roster.draft.edit_plan import NOT_ABOUT_SEATS
from roster.hands.fairness_preview import FairnessPreview, told
from roster.hands.typed import is_able, spellings
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.words import labels, sentences
from roster.words.names import RosterNames, names_of
from roster.words.why_not import reason


def offers_on_day(
    campaign: Campaign,
    person: Person,
    on: date,
    *,
    seen: Collection[int] = (),
    units: Collection[int] | None = None,
    now: datetime,
) -> list[dict[str, Any]]:
    """Shifts of ``on`` that the person may serve and does not. ``seen``: the seats of theirs whose place it takes."""
    taken = snapshot.take(campaign.id, now=now, also=[person.id])
    problem, kinds = taken.problem, {kind.code: kind for kind in people.duty_kinds()}
    codes = None if units is None else {unit.code for unit in people.units(units)}
    held = {each.shift_id for each in taken.assignments if each.staff_id == person.id}
    staff = problem.person[person.id]
    shifts = [
        shift
        for shift in problem.shifts
        if shift.local_date == on and shift.id not in held and is_able(staff, shift)
        if codes is None or shift.unit in codes
    ]
    part = around(problem, [person.id], [shift.id for shift in shifts], taken.assignments)
    day = _OfferedDay(taken, Rows(*part), FairnessPreview(taken), names_of(problem), kinds)
    leaving = [shift for shift in problem.shifts if set(taken.seats[shift.id]) & set(seen) and shift.id in held]
    found = [_offer(day, shift, person, leaving) for shift in shifts]
    return sorted(found, key=lambda each: (not each["ok"], each["order"], each["time"]))


@dataclass(frozen=True)
class _OfferedDay:
    """What all offers of a day are judged by."""

    taken: Snapshot
    rows: Rows
    even: FairnessPreview
    names: RosterNames
    kinds: Mapping[str, DutyKind]


def _offer(day: _OfferedDay, shift: Shift, person: Person, leaving: Sequence[Shift]) -> dict[str, Any]:
    taken, rows = day.taken, day.rows
    seat, out = seat_for(taken, shift)
    change = together(rows.adding(person.id, shift, without=leaving), rows.passing(shift, out or 0, person.id))
    breaks = [each for each in change.breaks if each.rule not in NOT_ABOUT_SEATS]
    kind = day.kinds.get(shift.duty)
    code_of = {staff.id: staff.code for staff in taken.problem.staff}
    was = code_of[out] if out is not None else None
    past = shift.id in taken.fixed
    freed = [(each, taken.seats[each.id]) for each in leaving]
    vacated = [
        {"seat": each, "person": None, "was": person.code}
        for _shift, seats in freed
        for each in seats
        if each in taken.cells and taken.cells[each].person_id == person.id
    ]
    return {
        "edits": [*vacated, {"seat": seat, "person": person.code, "was": was}],
        "letters": labels.short(shift.template),
        "duty": shift.duty,
        "kind": named(kind) if kind else shift.duty,
        "name": shift.template,
        "night": shift.night,
        "time": f"{t(shift.start)}–{t(shift.end)}",
        "spellings": spellings(shift, kind),
        "order": 0 if out is None else 1,
        "ok": not breaks and not past,
        "law": past or any(each.rule in labels.LAW for each in breaks),
        "says": _("đã qua và đã ban hành")
        if past
        else _says(taken, day.even, breaks, change, shift=shift, person_id=person.id, out=out),
        "why": [sentences.sentence(each, day.names) for each in breaks],
    }


def seat_for(taken: Snapshot, shift: Shift) -> tuple[int, int | None]:
    """An empty seat; else one whose holder is replaced: not a pinned one, where there is another."""
    seats = taken.seats[shift.id]
    empty = next((seat for seat in seats if seat not in taken.cells), None)
    if empty is not None:
        return empty, None
    seat = next((seat for seat in seats if not taken.cells[seat].pinned), seats[0])
    return seat, taken.cells[seat].person_id


def _says(
    taken: Snapshot,
    even: FairnessPreview,
    breaks: Sequence[Violation],
    change: EditEffect,
    *,
    shift: Shift,
    person_id: int,
    out: int | None,
) -> str:
    if breaks:
        return "; ".join(dict.fromkeys(reason(each.rule) for each in breaks))
    what = _("thay %(name)s", name=taken.problem.person[out].name) if out is not None else _("chỗ còn trống")
    parts = [what, told(*even.moved(shift, out, person_id)), *soft(change)]
    return " · ".join(parts)


def soft(change: EditEffect) -> Iterable[str]:
    """Wishes and the like that it touches."""
    return dict.fromkeys(str(labels.rule(each.rule)) for each in change.touches)
