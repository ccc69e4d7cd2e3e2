"""What an edit of the draft would do and break: worked out from a snapshot, before anything is locked. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.errors import Conflict, NotFound
from core.form_values import fitting
from people import queries as people
from people.models import Person
from planning.outcome import Violation
from planning.problem import Assignment, Pin
from planning.score.check import violations_for
from planning.score.unchecked import unchecked_with
from planning.seating import seated
from roster.campaigns.lifecycle import NOT_FOR_THE_GATE
from roster.campaigns.models import Campaign
from roster.snapshot import snapshot
from roster.snapshot.sitting import Cell
from roster.snapshot.snapshot import Snapshot
from roster.words import violations as wording
from roster.words.names import Names, names_of

LONGEST_REASON = 500
Unchecked = tuple[tuple[str, tuple[str, ...]], ...]
"""Codes of people and of the rules that could not be checked of them."""


def fitting_reason(typed: str) -> str:
    """Why a rule may be broken, as it was typed. Raises Invalid when that is too long."""
    return fitting(typed, LONGEST_REASON, "reason", _("Lý do"))


@dataclass(frozen=True)
class Edited:
    """A shift after an edit: codes of the people in order of seat, and what they now break (hard and soft).

    ``unchecked``: whose overtime nobody could check, with the codes of the rules.
    """

    shift_id: int
    campaign_id: int
    draft_version: int
    people: tuple[str, ...]
    pinned: tuple[str, ...]
    violations: tuple[Violation, ...]
    words: Names
    unchecked: Unchecked = ()

    @property
    def verdict(self) -> dict[str, Any]:
        """What is broken and what could not be checked, for the API."""
        return {
            "violations": wording.listed(self.violations, self.words),
            "unchecked": unchecked_facts(self.unchecked),
        }


@dataclass(frozen=True)
class Edit:
    """Exactly the people with these codes on a shift; or, with ``leaves``, that one's place taken by ``comes``.

    ``pin``: the engine will not move them. With ``keeps_pins`` it is said of those who come: a decision about one of
    them is none about the colleagues who stay, and these are pinned or not as before.
    """

    shift_id: int
    codes: Sequence[str] = ()
    pin: bool = True
    leaves: str = ""
    comes: str = ""
    keeps_pins: bool = False
    was: Sequence[str] | None = None
    """Codes of those whom the editor saw on it: what others changed elsewhere in the campaign is no obstacle."""


@dataclass(frozen=True)
class Step:
    """One edit as it will be written: the cells of its shift before and after."""

    edit: Edit
    codes: list[str]
    before: Mapping[int, Cell]
    seats: tuple[int, ...]
    target: Mapping[int, Cell]
    edited: Edited


@dataclass(frozen=True)
class Planned:
    draft_version: int
    steps: Sequence[Step]


def plan(campaign: Campaign, edits: Sequence[Edit], reason: str | None, *, now: datetime) -> Planned:
    coming = [person.id for edit in edits for person in _named(edit)]
    before = snapshot.take(campaign.id, now=now, also=coming)
    version, steps, names = before.draft_version, list[Step](), names_of(before.problem)
    for edit in edits:
        steps.append(_step(campaign, before, edit, reason, names))
        before = _changed(before, edit.shift_id, steps[-1].target)
    return Planned(version, steps)


def _named(edit: Edit) -> list[Person]:
    """Whom an edit brings. Raises NotFound."""
    return [people.person_by_code(code) for code in dict.fromkeys([edit.comes] if edit.comes else edit.codes)]


def _step(campaign: Campaign, before: Snapshot, edit: Edit, reason: str | None, names: Names) -> Step:
    shift_id = edit.shift_id
    if not before.seats.get(shift_id):  # without seats: it went while it was read (PostgreSQL)
        raise NotFound("shift.unknown", id=shift_id)
    _refuse_changed(before, edit)
    wanted, codes = _wanted(before, edit)
    _refuse_past(shift_id, before)
    seats = before.seats[shift_id]
    if len(wanted) > len(seats):
        raise Conflict("shift.too_many", required=len(seats), given=len(wanted))
    after = _with(before, shift_id, wanted)
    found = _judge(before, after, shift_id)
    newcomers = set(wanted) - set(_on(before, shift_id).values())
    refused = [each for each in found if needs_reason(each) and each.staff_id in newcomers]
    unknown = unchecked_of(before, after, wanted)
    if refused and reason is None:
        state = _state(campaign, before, shift_id, refused, names) | {"unchecked": unchecked_facts(unknown)}
        raise Conflict("shift.breaks_rules", state=state)
    broken = {each.staff_id for each in found if needs_reason(each)} if reason else set()
    target = _target(before, after, edit, reason, broken)
    sitting = {seat: before.cells[seat] for seat in seats if seat in before.cells}
    edited = edited_of(campaign, before, shift_id, target, found, names)
    return Step(edit, codes, sitting, seats, target, replace(edited, unchecked=unknown))


def _refuse_changed(before: Snapshot, edit: Edit) -> None:
    known = {person.id: person.code for person in before.problem.staff}
    on = [known[person_id] for person_id in _on(before, edit.shift_id).values()]
    if edit.was is not None and sorted(edit.was) != sorted(on):
        raise Conflict("draft.changed", state={"draft_version": before.draft_version, "people": on})


def unchecked_facts(found: Unchecked) -> list[dict[str, Any]]:
    return [{"person": code, "rules": list(rules)} for code, rules in found]


def unchecked_of(before: Snapshot, after: Sequence[Assignment], staff_ids: Sequence[int]) -> Unchecked:
    """Of the people on the shift."""
    people, shift_of = before.problem.person, before.problem.shift_of
    found = []
    for staff_id in staff_ids:
        own = [shift_of[each.shift_id] for each in after if each.staff_id == staff_id]
        if rules := unchecked_with(before.problem, people[staff_id], own):
            found.append((people[staff_id].code, rules))
    return tuple(found)


def _wanted(before: Snapshot, edit: Edit) -> tuple[list[int], list[str]]:
    """Ids and codes of the people who shall be on the shift."""
    if not edit.comes:
        return [person.id for person in _named(edit)], list(edit.codes)
    known = {person.id: person.code for person in before.problem.staff}
    codes = [known[person_id] for person_id in _on(before, edit.shift_id).values()]
    if edit.leaves not in codes:
        raise Conflict("shift.not_on_it", person=people.person_by_code(edit.leaves).full_name)
    codes = [edit.comes if code == edit.leaves else code for code in codes]
    ids = {code: person_id for person_id, code in known.items()}
    return [ids[code] for code in dict.fromkeys(codes)], codes


def _changed(before: Snapshot, shift_id: int, target: Mapping[int, Cell]) -> Snapshot:
    """The draft once that is written."""
    seats = set(before.seats[shift_id])
    cells = {seat: cell for seat, cell in before.cells.items() if seat not in seats} | dict(target)
    others = [pin for pin in before.problem.pins if pin.shift_id != shift_id]
    pins = [*others, *(Pin(shift_id, cell.person_id) for cell in target.values() if cell.pinned)]
    ordered = sorted(pins, key=lambda pin: (pin.shift_id, pin.staff_id))
    return replace(before, cells=cells, problem=before.problem.pinned(ordered))


def _refuse_past(shift_id: int, before: Snapshot) -> None:
    if shift_id in before.fixed:
        raise Conflict("shift.past", state={"ends_at": before.problem.shift_of[shift_id].end})


def _on(taken: Snapshot, shift_id: int) -> dict[int, int]:
    """Seat id → person id."""
    return {seat: taken.cells[seat].person_id for seat in taken.seats[shift_id] if seat in taken.cells}


def _with(before: Snapshot, shift_id: int, wanted: Sequence[int]) -> list[Assignment]:
    others = [each for each in before.assignments if each.shift_id != shift_id]
    return others + [Assignment(shift_id, person) for person in wanted]


def _judge(before: Snapshot, after: Sequence[Assignment], shift_id: int) -> list[Violation]:
    """What the shift and its people break after the edit; taking a pinned person off is the manager's own will."""
    staff = [each.staff_id for each in after if each.shift_id == shift_id]
    found = violations_for(before.problem, after, shift_ids=[shift_id], staff_ids=staff)
    return [each for each in found if each.rule not in ("pins.kept", "fairness.load")]


def needs_reason(violation: Violation) -> bool:
    return violation.hard and violation.rule not in NOT_FOR_THE_GATE


def _target(
    before: Snapshot, after: Sequence[Assignment], edit: Edit, reason: str | None, broken: set[int | None]
) -> dict[int, Cell]:
    sitting = _on(before, edit.shift_id)
    wanted = [each.staff_id for each in after if each.shift_id == edit.shift_id]
    was = {before.cells[seat].person_id: before.cells[seat] for seat in sitting}
    target = {}
    for seat, person in seated(before.seats[edit.shift_id], sitting, wanted).items():
        old = was.get(person)
        pinned = old.pinned if old is not None and edit.keeps_pins else edit.pin
        target[seat] = Cell(person, pinned, reason if person in broken else old.reason if old is not None else None)
    return target


def _state(
    campaign: Campaign, before: Snapshot, shift_id: int, refused: Sequence[Violation], names: Names
) -> dict[str, Any]:
    codes = {person.id: person.code for person in before.problem.staff}
    return {
        "draft_version": campaign.draft_version,
        "people": [codes[person] for person in _on(before, shift_id).values()],
        "violations": wording.listed(refused, names),
    }


def edited_of(
    campaign: Campaign,
    before: Snapshot,
    shift_id: int,
    target: Mapping[int, Cell],
    found: Sequence[Violation],
    names: Names,
) -> Edited:
    codes = {person.id: person.code for person in before.problem.staff}
    ordered = [target[seat] for seat in before.seats[shift_id] if seat in target]
    return Edited(
        shift_id=shift_id,
        campaign_id=campaign.id,
        draft_version=campaign.draft_version,
        people=tuple(codes[cell.person_id] for cell in ordered),
        pinned=tuple(codes[cell.person_id] for cell in ordered if cell.pinned),
        violations=tuple(found),
        words=names,
    )
