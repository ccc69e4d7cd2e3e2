"""Reading for the editor: who sits on a shift, who else could, and what each choice would break or cost."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.db import db
from people import queries as people
from people.models import Person
from planning.coverage import people_needed
from planning.explain import Candidate, candidates_for
from planning.fairness_ledger import ledger
from planning.problem import Assignment
from planning.score.check import violations_for
from planning.score.unchecked import unchecked_with
from roster.campaigns.models import Campaign
from roster.consents import queries as consent_queries
from roster.coverage import unsure
from roster.coverage.doubt import Doubt
from roster.coverage.proving import obligatory_kinds
from roster.draft.findings import DraftFinding, findings
from roster.models import Duty, Shift
from roster.snapshot import snapshot
from roster.words import labels, reasons as words, sentences
from roster.words.names import RosterNames, names_of

SHOWN = 40
"""People offered at once; beyond that the list helps nobody."""


@dataclass(frozen=True)
class SeatedPerson:
    person: Person
    pinned: bool
    reason: str
    source: str
    waits: str = ""
    """asked, refused or expired: put there from outside, and not agreed yet."""


@dataclass(frozen=True)
class EligiblePerson:
    """Somebody who could take the shift. ``breaks`` says in words which hard rules that would break."""

    person: Person
    load: int
    breaks: tuple[str, ...]
    notes: tuple[str, ...]
    """Soft rules that it would touch: wishes, a second day of the peak; and what could not be checked."""
    cost: str
    parts: tuple[str, ...]
    """What it would cost in words (in place of the one who sits there alone), and that cost by rule."""


@dataclass(frozen=True)
class Editor:
    seated: tuple[SeatedPerson, ...]
    empty: int
    choices: tuple[EligiblePerson, ...]
    more: int
    findings: tuple[DraftFinding, ...]
    served: bool
    draft_version: int
    unchecked: tuple[str, ...] = ()
    """Names of those on it whose overtime nobody could check."""
    doubts: Mapping[int, Doubt] = field(default_factory=dict)
    """By the id of those on it who may not come."""


@dataclass(frozen=True)
class ShiftOption:
    """A shift of somebody's day: theirs, or one that they could take."""

    shift: Shift
    mine: bool
    empty: int
    seated: tuple[Person, ...]
    breaks: tuple[str, ...]
    unchecked: bool
    """Whether the person's overtime could not be checked, were they on it."""


def load(shift: Shift, *, now: datetime) -> Editor:
    """All about one shift of the draft."""
    taken = snapshot.take(shift.campaign_id, now=now)
    names = names_of(taken.problem)
    on = seated_people(shift, consent_queries.states_of(shift.campaign_id, now=now))
    ranked, own = _ranked(taken, shift, on)
    rows = people.people_by_ids({each.staff_id for each in ranked[:SHOWN]})
    loads = {line.staff_id: line.load for line in ledger(taken.problem, taken.assignments)}
    sitting = [each.person.id for each in on]
    found = violations_for(taken.problem, taken.assignments, shift_ids=[shift.id], staff_ids=sitting)
    unknown = _unchecked_on(taken, shift.id, [*sitting, *(each.staff_id for each in ranked[:SHOWN])])
    told = [each for each in found if each.rule not in ("fairness.load", "pins.kept")]
    return Editor(
        seated=on,
        empty=len(shift.seats) - len(on),
        choices=tuple(
            _choice(one, rows[one.staff_id], loads[one.staff_id], own, names=names, unknown=one.staff_id in unknown)
            for one in ranked[:SHOWN]
        ),
        more=max(0, len(ranked) - SHOWN),
        findings=tuple(findings(told, names, taken)),
        served=shift.id in taken.fixed,
        draft_version=taken.draft_version,
        unchecked=tuple(each.person.full_name for each in on if each.person.id in unknown),
        doubts=_doubts_on(taken, shift.id, now),
    )


def published(shift: Shift, *, now: datetime) -> Editor:
    """Return what the last revision says of a shift, for those who only read."""
    duties = db.session.scalars(select(Duty).filter_by(shift_id=shift.id, cancelled_at=None).order_by(Duty.seat_id))
    on = tuple(SeatedPerson(duty.person, False, "", "") for duty in duties)
    needed = people_needed(shift.headcount, obligatory=shift.duty in obligatory_kinds())
    doubts = {who: each.doubt for who, each in unsure.unsure_on_shift(shift.id, now=now).items()}
    return Editor(
        seated=on,
        empty=max(0, needed - len(on)),
        choices=(),
        more=0,
        findings=(),
        served=False,
        draft_version=0,
        doubts=doubts,
    )


def seated_people(shift: Shift, waits: Mapping[tuple[int, int], str] | None = None) -> tuple[SeatedPerson, ...]:
    """Who sits there in the draft, by seat."""
    return tuple(
        SeatedPerson(
            seat.draft.person,
            seat.draft.pinned,
            seat.draft.override_reason or "",
            seat.draft.source,
            (waits or {}).get((shift.id, seat.draft.person_id), ""),
        )
        for seat in shift.seats
        if seat.draft
    )


def seated_codes(shift: Shift) -> list[str]:
    return [each.person.code for each in seated_people(shift)]


def day_of(
    campaign: Campaign, person: Person, on: date, *, units: Collection[int] | None = None, now: datetime
) -> tuple[ShiftOption, ...]:
    """The shifts of ``on`` that the person has or may take, theirs first, then those with an empty seat; of these units
    (ids; ``None``: of all)."""
    taken = snapshot.take(campaign.id, now=now, also=[person.id])
    names = names_of(taken.problem)
    staff = taken.problem.person[person.id]
    options = []
    of_units = () if units is None else (Shift.unit_id.in_(units),)
    for row in snapshot.shift_rows(campaign.id, Shift.local_on == on, *of_units):
        mine = Assignment(row.id, person.id) in taken.assignments
        able = row.duty in staff.duties and row.unit.code in staff.eligible_units
        if mine or able:
            on_it = tuple(each.person for each in seated_people(row))
            breaks = () if mine else _would_break(taken, row.id, person.id, names)
            unknown = bool(_unchecked_on(taken, row.id, [person.id]))
            options.append(ShiftOption(row, mine, len(row.seats) - len(on_it), on_it, breaks, unknown))
    return tuple(sorted(options, key=lambda one: (not one.mine, one.empty <= 0, len(one.breaks), one.shift.starts_at)))


def _would_break(taken: snapshot.Snapshot, shift_id: int, person_id: int, names: RosterNames) -> tuple[str, ...]:
    found = candidates_for(taken.problem, taken.assignments, shift_id, among=[person_id])
    return tuple(sentences.sentence(one, names) for each in found for one in each.breaks)


def _ranked(
    taken: snapshot.Snapshot, shift: Shift, on: Sequence[SeatedPerson]
) -> tuple[list[Candidate], Mapping[str, int]]:
    """Who could take the shift; where only one sits there and no seat is empty, against what that one costs."""
    alone = on[0].person.id if len(on) == 1 == len(shift.seats) else None
    found = candidates_for(taken.problem, taken.assignments, shift.id, replacing=alone)
    own = next((each.costs for each in found if each.staff_id == alone), {})
    return [each for each in found if each.staff_id != alone], own


def _unchecked_on(taken: snapshot.Snapshot, shift_id: int, staff_ids: Sequence[int]) -> set[int]:
    """Return those of these people whose overtime nobody could check, were they on the shift."""
    problem, held = taken.problem, {staff_id: {shift_id} for staff_id in staff_ids}
    for each in taken.assignments:
        if each.staff_id in held:
            held[each.staff_id].add(each.shift_id)
    return {
        staff_id
        for staff_id, on in held.items()
        if unchecked_with(problem, problem.person[staff_id], [problem.shift_of[each] for each in on])
    }


def _doubts_on(taken: snapshot.Snapshot, shift_id: int, now: datetime) -> dict[int, Doubt]:
    """Return the doubts about those who sit there in the draft, published or not."""
    here = [each for each in taken.assignments if each.shift_id == shift_id]
    return {who: doubt for (_shift, who), doubt in unsure.among(taken, here, now=now).items()}


def _choice(
    each: Candidate, person: Person, load: int, own: Mapping[str, int], *, names: RosterNames, unknown: bool
) -> EligiblePerson:
    breaks = tuple(sentences.sentence(one, names) for one in each.breaks)
    notes = tuple(labels.rule(code) for code in dict.fromkeys(one.rule for one in each.touches))
    notes += (_("giờ làm thêm chưa kiểm tra được"),) if unknown else ()
    costs = {code: each.costs.get(code, 0) - own.get(code, 0) for code in {*each.costs, *own}}
    told = tuple(words.parts({code: cost for code, cost in costs.items() if cost}))
    return EligiblePerson(person, load, breaks, notes, words.cost(sum(costs.values())), told)
