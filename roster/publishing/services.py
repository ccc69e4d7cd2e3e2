"""Publish the draft: gate and proof, then revision, duties, mails and audit in one short transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select

from core import audit, prepared
from core.actor import Actor
from core.calendar.moments import rfc3339
from core.db import db, to_json
from core.errors import Conflict
from notify import outbox
from people import queries as people
from people.access.guard import ensure, refuse_unless
from people.models import Person
from roster import models
from roster.campaigns.lifecycle import Verdict, gate
from roster.campaigns.services import get_campaign, locked_campaign, require
from roster.consents import services as consents
from roster.coverage import covered, edges, proving
from roster.coverage.proving import Stand
from roster.models import Campaign, Duty, Revision
from roster.planning.coverage import Gap, Proof
from roster.planning.outcome import Violation
from roster.planning.score.check import check
from roster.planning.score.unchecked import by_person
from roster.publishing import notices, publication
from roster.publishing.publication import Changes
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Cell, Snapshot
from roster.words import violations as wording
from roster.words.names import Names, names_of


class Sits(Protocol):
    """Whoever has a seat: a duty, or a cell of the draft."""

    @property
    def person_id(self) -> int: ...


@dataclass(frozen=True)
class Readiness:
    """What publishing now would meet: coverage, breaches, what of both blocks, and whom nobody could check."""

    proof: Proof
    violations: tuple[Violation, ...]
    verdict: Verdict
    names: Names
    stand: Stand
    unchecked: list[dict[str, Any]]


def readiness(campaign_id: int, *, now: datetime, accept_gaps: str | None = None) -> Readiness:
    """Judge the draft as :func:`publish` would. Writes nothing."""
    taken = consents.without_waiting(snapshot.take(campaign_id, now=now))
    return judge(get_campaign(campaign_id), taken, accept_gaps, now=now)


@dataclass(frozen=True)
class _Prepared:
    """A revision ready to be written, made of the draft and the revision that it names."""

    unit_id: int
    seen: tuple[int, int]
    changes: Changes
    revision: Mapping[str, Any]
    messages: Sequence[Mapping[str, Any]]
    gaps: int


def publish(
    campaign_id: int,
    *,
    note: str = "",
    accept_gaps: str | None = None,
    draft_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Revision:
    """Make the draft the roster that everybody reads, as revision + 1.

    ``draft_version``: the draft that whoever signs has read; Conflict ``draft.changed`` when it has moved since.

    Raises Conflict with ``gaps`` and ``violations`` when the gate stays shut, when nothing has changed since the last
    revision, or in a state that forbids it; NotFound, Forbidden.
    """

    def prepare() -> _Prepared:
        campaign = get_campaign(campaign_id)
        refuse_unless(actor, "campaign.publish", campaign.unit_id, now=now)
        _refuse_moved(campaign, draft_version)
        require(campaign, "publish")
        return _prepare(campaign, note, accept_gaps, actor=actor, now=now)

    def act(plan: _Prepared) -> Revision:
        campaign = locked_campaign(campaign_id)
        ensure(actor, "campaign.publish", campaign.unit_id, now=now)
        _refuse_moved(campaign, draft_version)
        state = require(campaign, "publish")
        if (campaign.draft_version, campaign.revision) != plan.seen:
            raise prepared.Stale
        revision = Revision(**plan.revision)
        publication.put(plan.changes, revision.number, now=now)
        campaign.revision, campaign.state = revision.number, state
        db.session.add(revision)
        db.session.flush()
        outbox.add(plan.messages)
        audit.record(
            actor,
            "campaign.publish",
            "campaign",
            campaign_id,
            now=now,
            revision=revision.number,
            hash=revision.content_hash,
            accept_gaps=revision.accept_gaps,
            gaps=plan.gaps,
        )
        return revision

    return prepared.write(("campaign.publish", campaign_id), prepare, act)


def _refuse_moved(campaign: Campaign, draft_version: int | None) -> None:
    if draft_version is not None and draft_version != campaign.draft_version:
        raise Conflict("draft.changed", state={"draft_version": campaign.draft_version})


def _prepare(campaign: Campaign, note: str, accept_gaps: str | None, *, actor: Actor, now: datetime) -> _Prepared:
    draft = snapshot.take(campaign.id, now=now)
    seated = publication.reseated(draft, now=now)
    taken = consents.without_waiting(seated)
    judged = judge(campaign, taken, accept_gaps, now=now)
    refuse(campaign, judged)
    number = campaign.revision + 1
    found = publication.changes(draft, seated, taken, now=now)
    rows = content(campaign, taken, found.now_on)
    _refuse_the_same(campaign, rows)
    revision = {
        "campaign_id": campaign.id,
        "number": number,
        "published_at": now,
        "published_by": actor.name,
        "note": note.strip(),
        "accept_gaps": (accept_gaps or "").strip() or None,
        "proof": proof_facts(taken, judged),
        "content": rows,
        "content_hash": hash_of(campaign, rows, number),
    }
    told = notices.Told(found.coming, found.gained, found.lost, found.on)
    messages = notices.composed(campaign, number, found.told, told, now=now)
    seen = (draft.draft_version, campaign.revision)
    return _Prepared(campaign.unit_id, seen, found, revision, messages, len(judged.proof.gaps))


def _refuse_the_same(campaign: Campaign, rows: list[Any]) -> None:
    """A second click must not make a second revision that says nothing new."""
    wanted = select(Revision.content).where(Revision.campaign_id == campaign.id, Revision.number == campaign.revision)
    if db.session.scalar(wanted) == rows:
        raise Conflict("publish.nothing_changed", state={"revision": campaign.revision}, revision=campaign.revision)


def gap_facts(gap: Gap) -> dict[str, Any]:
    """A gap as the API and stored proofs show it."""
    return {
        "kind": gap.kind,
        "unit": gap.unit,
        "duty": gap.duty,
        "starts_at": rfc3339(gap.starts_at),
        "ends_at": rfc3339(gap.ends_at),
        "minutes": gap.minutes,
        "blocks": gap.blocks,
        "shifts": list(gap.shift_ids),
        "people": list(gap.people),
    }


def judge(campaign: Campaign, taken: Snapshot, accept_gaps: str | None, *, now: datetime) -> Readiness:
    stand = proving.stand(campaign, proving.of_snapshot(taken), now=now, answered=taken.excused)
    proof = replace(stand.proof, gaps=_gaps(stand, taken))
    found = check(taken.problem, taken.assignments)
    shown = tuple(each for each in found if each.rule not in ("fairness.load", "pins.kept"))
    current = tuple(each for each in shown if not set(each.shift_ids) <= taken.fixed)
    verdict = gate(proof.gaps, current, excused=taken.excused, accept_gaps=accept_gaps)
    names = names_of(taken.problem)
    unknown = by_person(taken.problem, taken.assignments).items()
    unchecked = sorted((names.people[staff_id][0], list(codes)) for staff_id, codes in unknown)
    unchecked_rows = [{"person": code, "rules": codes} for code, codes in unchecked]
    return Readiness(proof, shown, verdict, names, replace(stand, proof=proof), unchecked_rows)


def _gaps(stand: Stand, taken: Snapshot) -> tuple[Gap, ...]:
    """The gaps of a draft; those that somebody has answered for already do not block.

    Shifts that were served are over, and whoever was seated although recorded absent has the reason of that seat: it is
    not asked for twice. The gap is said all the same.
    """
    codes = {person.id: person.code for person in taken.problem.staff}
    excused = {(shift, codes[person]) for shift, person in taken.excused}
    asking = {(place.shift_id, place.person) for place in stand.places if place.doubt == "absent"} - excused
    return tuple(
        replace(gap, blocks=False) if gap.shift_ids and _is_answered(gap, asking, taken.fixed) else gap
        for gap in stand.proof.gaps
    )


def _is_answered(gap: Gap, asking: Collection[tuple[int, str | None]], over: Collection[int]) -> bool:
    given = gap.kind == "at_risk" and not any(shift in gap.shift_ids and who in gap.people for shift, who in asking)
    return given or all(shift in over for shift in gap.shift_ids)


def refuse(campaign: Campaign, judged: Readiness) -> None:
    if judged.verdict.may_publish:
        return
    state = {
        "revision": campaign.revision,
        "gaps": [gap_facts(gap) for gap in judged.verdict.gaps],
        "violations": wording.listed(judged.verdict.violations, judged.names),
        "unchecked": judged.unchecked,
    }
    raise Conflict(
        "publish.blocked", state=state, gaps=len(judged.verdict.gaps), violations=len(judged.verdict.violations)
    )


def current_duties(campaign_id: int) -> dict[int, Duty]:
    rows = db.session.scalars(select(Duty).where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None)))
    return {row.seat_id: row for row in rows}


def write_seat(
    shift: models.Shift, seat: int, cell: Cell | None, rows: Mapping[int, Duty], number: int, *, now: datetime
) -> frozenset[int]:
    """Answers the people who lost or got the seat; empty when it stays as it was."""
    wanted = cell.person_id if cell else None
    leaving = [row for row in rows.values() if row.cancelled_at is None and row.person_id != wanted]
    for row in leaving:
        row.cancelled_at, row.sequence, row.changed_at = now, number, now
    changed = {row.person_id for row in leaving}
    if wanted is not None and (wanted not in rows or rows[wanted].cancelled_at is not None):
        _seat_person(shift, seat, wanted, rows.get(wanted), number, now=now)
        changed.add(wanted)
    return frozenset(changed)


def _seat_person(
    shift: models.Shift, seat: int, person_id: int, row: Duty | None, number: int, *, now: datetime
) -> None:
    if row is None:
        row = Duty(
            seat_id=seat,
            shift_id=shift.id,
            campaign_id=shift.campaign_id,
            unit_id=shift.unit_id,
            person_id=person_id,
            duty=shift.duty,
            template=shift.template,
            form=shift.form,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
        )
        db.session.add(row)
    row.sequence, row.changed_at, row.cancelled_at = number, now, None


def hash_of(campaign: Campaign, rows: list[Any], number: int | None = None) -> str:
    """Of the content of the campaign's revision, or of its revision ``number`` to be."""
    return hashlib.sha256(to_json([campaign.id, number or campaign.revision, rows]).encode()).hexdigest()


def proof_facts(taken: Snapshot, judged: Readiness) -> dict[str, Any]:
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


def content(campaign: Campaign, taken: Snapshot, now_on: Mapping[int, Sits] | None = None) -> list[Any]:
    """Everything that the list says, in words, so that it can be read when units and people have changed.

    ``now_on``: seat → who has it; without it what is published now.
    """
    now_on = current_duties(campaign.id) if now_on is None else now_on
    rows = people.people_by_ids({each.person_id for each in now_on.values()})
    return [
        content_of(shift, listed_people(taken.seats[shift.id], now_on, rows))
        for shift in snapshot.shift_rows(campaign.id, seats=False)
    ]


def content_of(shift: models.Shift, listed: list[dict[str, Any]]) -> dict[str, Any]:
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
        "people": listed,
        **({"legal_ground": shift.legal_ground} if shift.legal_ground else {}),
    }


def listed_people(seats: Sequence[int], now_on: Mapping[int, Sits], rows: Mapping[int, Person]) -> list[dict[str, Any]]:
    found = []
    for seat in seats:
        if seat in now_on:
            row = rows[now_on[seat].person_id]
            found.append({"seat": seat, "code": row.code, "name": row.full_name, "position": row.position})
    return found
