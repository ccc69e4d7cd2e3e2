"""What a revision says for good: the list in words, its proof and its hash, as they are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import select, update

from core.calendar.moments import rfc3339
from core.db import db, to_json
from people import queries as people
from people.models import Person
from roster import models
from roster.campaigns.models import Campaign
from roster.coverage import covered, edges
from roster.draft.judging import JudgedDraft, gap_facts
from roster.models import Duty, Revision
from roster.publishing import duty_rows
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.words import violations as wording


class SeatHolding(Protocol):
    """Says who has a seat: a duty, or a cell of the draft."""

    @property
    def person_id(self) -> int: ...


def hash_of(campaign: Campaign, rows: list[Any], number: int | None = None) -> str:
    """Return the hash of the content of the campaign's revision, or of its revision ``number`` to be."""
    return hashlib.sha256(to_json([campaign.id, number or campaign.revision, rows]).encode()).hexdigest()


def proof_facts(taken: Snapshot, judged: JudgedDraft) -> dict[str, Any]:
    """The coverage proof as it is kept: what was checked, what is open, from when to when obligatory kinds have shifts
    and who answers around them, and which breaches were answered for."""
    proof = judged.proof
    overridden = [each for each in judged.violations if each.hard and each.rule != "coverage.headcount"]
    reasons = {cell.person_id: cell.reason for cell in taken.cells.values() if cell.reason}
    listed = wording.listed(overridden, judged.names)
    for facts, each in zip(listed, overridden, strict=True):
        facts["reason"] = reasons.get(each.staff_id or 0)
    return {
        "from": rfc3339(proof.checked[0]) if proof.checked else None,
        "to": rfc3339(proof.checked[1]) if proof.checked else None,
        "seats": proof.seats,
        "filled": proof.filled,
        "reachable": proof.reachable,
        "complete": proof.is_complete,
        "gaps": [gap_facts(gap) for gap in proof.gaps],
        "kinds": [covered.extent_facts(each) for each in judged.stand.extents],
        "around": [covered.answered_facts(each) for each in edges.answers(judged.stand, taken.campaign_id)],
        "overridden": listed,
        "unchecked": judged.unchecked,
    }


def content(campaign: Campaign, taken: Snapshot, now_on: Mapping[int, SeatHolding] | None = None) -> list[Any]:
    """Everything that the list says, in words, so that it can be read when units and people have changed.

    ``now_on``: seat → who has it; without it what is published now.
    """
    now_on = duty_rows.current(campaign.id) if now_on is None else now_on
    rows = people.people_by_ids({each.person_id for each in now_on.values()})
    return [
        shift_content(shift, taken.seats[shift.id], now_on, rows)
        for shift in snapshot.shift_rows(campaign.id, seats=False)
    ]


def amended(last: Sequence[Mapping[str, Any]], taken: Snapshot, shifts: Sequence[models.Shift]) -> list[Any]:
    """The whole list as it was signed last, with these shifts as they are published now; one that has no seat any more
    (all of it was given away in parts) is not on it."""
    seats = [seat for shift in shifts for seat in taken.seats[shift.id]]
    wanted = select(Duty).where(Duty.seat_id.in_(seats), Duty.cancelled_at.is_(None))
    now_on = {row.seat_id: row for row in db.session.scalars(wanted)}
    rows = people.people_by_ids({duty.person_id for duty in now_on.values()})
    fresh = {shift.id: shift_content(shift, taken.seats[shift.id], now_on, rows) for shift in shifts}
    kept = [fresh.pop(each["shift"], each) for each in last]
    return [each for each in (*kept, *fresh.values()) if taken.seats.get(each["shift"], True)]


def hold(revision: Revision) -> None:
    """Keep with the shifts how many the revision was published with: what is counted of it is counted by that, and not
    by what the draft asks for since. In the caller's transaction."""
    asked = {each["shift"]: each["required"] for each in revision.content}
    kept = select(models.Shift.id, models.Shift.published_for).where(models.Shift.campaign_id == revision.campaign_id)
    there = dict(db.session.execute(kept).tuples().all())
    changed = [{"id": each, "published_for": asked.get(each)} for each, had in there.items() if had != asked.get(each)]
    if changed:
        db.session.execute(update(models.Shift), changed)


def shift_content(
    shift: models.Shift, seats: Sequence[int], now_on: Mapping[int, SeatHolding], rows: Mapping[int, Person]
) -> dict[str, Any]:
    """``required``: the headcount that the shift asks for, which is the smaller one where the campaign was made to ask
    for less (``lessening``). It may be 0 for an obligatory kind: readers take ``coverage.people_needed`` of it.
    """
    return {
        "shift": shift.id,
        "duty": shift.duty,
        "unit": shift.unit.code,
        "unit_name": shift.unit.name,
        "name": shift.template,
        "form": shift.form,
        "starts_at": rfc3339(shift.starts_at),
        "ends_at": rfc3339(shift.ends_at),
        "phase": shift.phase,
        "required": shift.headcount,
        "people": _listed_people(seats, now_on, rows),
        **({"legal_ground": shift.legal_ground} if shift.legal_ground else {}),
    }


def _listed_people(
    seats: Sequence[int], now_on: Mapping[int, SeatHolding], rows: Mapping[int, Person]
) -> list[dict[str, Any]]:
    found = []
    for seat in seats:
        if seat in now_on:
            row = rows[now_on[seat].person_id]
            found.append({"seat": seat, "code": row.code, "name": row.full_name, "position": row.position})
    return found
