"""An edit of the draft: who shall sit on which seats, and what comes of it. ``edit_plan`` judges it, ``services``
writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.form_values import fitting
from planning.outcome import Violation
from roster.campaigns.models import Campaign
from roster.models import Seat, Shift
from roster.snapshot.sitting import DraftCell
from roster.words import violations as wording
from roster.words.names import RosterNames

LONGEST_REASON = 500
Unchecked = tuple[tuple[str, tuple[str, ...]], ...]
"""Codes of people and of the rules that could not be checked of them."""


@dataclass(frozen=True)
class SeatEdit:
    """Who shall sit on a seat (code; ``None``: nobody), and who sat there when it was looked at. ``pin``: the engine
    will not move them."""

    seat: int
    person: str | None
    was: str | None
    pin: bool = True


@dataclass(frozen=True)
class TriedEdits:
    """What edits would break if they were written. ``violations``: as ``seats.break_rules`` lists them; ``law``: one of
    them is the law's; ``fault``: why they cannot be written for any reason."""

    violations: tuple[Mapping[str, Any], ...] = ()
    law: bool = False
    fault: Conflict | None = None

    def listed(self) -> tuple[Mapping[str, Any], ...]:
        """Return the violations; raises the fault."""
        if self.fault is not None:
            raise self.fault
        return self.violations


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
    words: RosterNames
    unchecked: Unchecked = ()

    @property
    def verdict(self) -> dict[str, Any]:
        """What is broken and what could not be checked, for the API."""
        return {
            "violations": wording.listed(self.violations, self.words),
            "unchecked": unchecked_facts(self.unchecked),
        }


@dataclass(frozen=True)
class ShiftEditPlan:
    """What one shift becomes: its cells before and after, by seat. ``unit_id``: whose it is."""

    shift_id: int
    unit_id: int
    before: Mapping[int, DraftCell]
    seats: tuple[int, ...]
    target: Mapping[int, DraftCell]
    edited: Edited


@dataclass(frozen=True)
class Planned:
    """What edits would do to the draft of that version, a step for each shift that they name.

    ``unit_ids``: whose seats these are; no shift changes its unit while the plan holds.
    """

    draft_version: int
    steps: Sequence[ShiftEditPlan]
    unit_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class SeatsEdited:
    """``edit`` is its id in the log; ``None`` where nothing was to be changed. ``since``: the draft before."""

    edit: int | None
    steps: Sequence[ShiftEditPlan]
    edited: Sequence[Edited]
    draft_version: int
    since: int


def fitting_reason(typed: str) -> str:
    """Return why a rule may be broken, as it was typed. Raises Invalid when that is too long."""
    return fitting(typed, LONGEST_REASON, "reason", _("Lý do"))


def refuse_same_seat(edits: Sequence[SeatEdit]) -> None:
    """Raise Invalid where a seat is named twice: which of the two is meant?"""
    seats = [each.seat for each in edits]
    if len(set(seats)) < len(seats):
        raise Invalid("edits.same_seat", field="edits")


def units_of(campaign: Campaign, edits: Sequence[SeatEdit]) -> set[int]:
    """Return the ids of the units whose seats these are. Raises NotFound."""
    wanted = {each.seat for each in edits}
    rows = select(Seat.id, Shift.unit_id).join(Shift, Seat.shift_id == Shift.id)
    found = dict(db.session.execute(rows.where(Seat.id.in_(wanted), Shift.campaign_id == campaign.id)).tuples().all())
    if unknown := sorted(wanted - found.keys()):
        raise NotFound("seat.unknown", id=unknown[0])
    return set(found.values())


def unchecked_facts(found: Unchecked) -> list[dict[str, Any]]:
    return [{"person": code, "rules": list(rules)} for code, rules in found]


def seat_facts(done: SeatsEdited) -> list[dict[str, Any]]:
    """Return which seats changed hands or pins, for the API."""
    found = []
    for step in done.steps:
        code_of = dict(zip((cell.person_id for cell in step.target.values()), step.edited.people, strict=True))
        for seat in step.seats:
            was, becomes = step.before.get(seat), step.target.get(seat)
            if was != becomes:
                who = code_of[becomes.person_id] if becomes else None
                pinned = becomes is not None and becomes.pinned
                found.append({"seat": seat, "shift": step.shift_id, "person": who, "pinned": pinned})
    return found
