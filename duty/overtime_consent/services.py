"""Agreeing to overtime, or not: by whoever is on duty, or noted for them by who rang them or has their signature.

A no changes nothing about the duty: it stays theirs, nobody doubts that they come, no cover is looked for. The managers
of the unit are told, because they have to find another way or a ground of the law (docs/decisions/0044).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, insert_into, transaction
from core.errors import Conflict, Invalid
from core.security import throttle
from duty.overtime_consent import notices, queries
from duty.overtime_consent.models import OvertimeConsent
from duty.overtime_consent.queries import OvertimeRequest
from people.access import guard
from people.links import answering, slips
from roster.campaigns import holders
from roster.models import Duty

State = Literal["agreed", "refused"]
How = Literal["phone", "paper"]
LONGEST_NOTE = 500


def answer_own(
    person_id: int, state: State, *, seen: tuple[int, int, int], actor: Actor, now: datetime
) -> OvertimeRequest:
    """The person answers what they were shown (``seen``: duty id, sequence, minutes of overtime).

    Raises Conflict ``overtime.changed`` when it is not what is asked now, ``slip.not_enough``.
    """
    slips.ensure_none(actor)
    with transaction():
        _one_at_a_time(person_id)
        duty = db.session.get(Duty, seen[0])
        if duty is None or duty.person_id != person_id:
            raise Conflict("overtime.changed", state={"asked": None})
        found = _asked(duty, now)
        if found is None or found.version != seen[1:]:
            raise Conflict("overtime.changed", state={"minutes": found.minutes if found else 0})
        _write([found], state, answering.via_of(actor), "", actor=actor, now=now)
        return found


@dataclass(frozen=True)
class GivenAnswer:
    """What somebody else notes of a person's answer: ``note`` says how it was heard, or where the paper is kept."""

    state: State
    note: str
    how: How


def note_for(
    seat_id: int,
    given: GivenAnswer,
    *,
    person: str = "",
    seen: tuple[int, int, int] | None = None,
    actor: Actor,
    now: datetime,
) -> OvertimeRequest:
    """Return what the holder of a published seat said, or signed on paper; ``person``: the code of whom it is noted
    for.

    ``seen``: what they were asked, as in ``answer_own``. Who holds the seat may answer for themselves. Raises NotFound
    ``duty.unknown_seat``; Conflict ``seat.anothers``, ``seat.empty``, ``seat.over``, ``overtime.none``,
    ``overtime.changed``; Forbidden; Invalid ``overtime.how``.
    """
    slips.ensure_none(actor)
    said = _note(given.note)
    with transaction():
        duty = holders.duty_on_seat(seat_id)
        if person:
            holders.ensure_theirs(duty, person, actor)
        holders.ensure_not_over(duty, now=now)
        own = actor.person_id == duty.person_id
        if not own:
            guard.ensure(actor, "duty.confirm", duty.unit_id, now=now, person_id=duty.person_id)
            if not said:
                raise Invalid("overtime.how", field="note")
        _one_at_a_time(duty.person_id)
        found = _asked(duty, now)
        if found is None:
            raise Conflict("overtime.none", state={"minutes": 0})
        if seen is not None and seen != (found.duty_id, *found.version):
            raise Conflict("overtime.changed", state={"minutes": found.minutes})
        via = answering.via_of(actor) if own and given.how == "phone" else given.how
        _write([found], given.state, via, said, actor=actor, now=now)
        return found


def note_signed(
    campaign_id: int, signed: Collection[tuple[int, int, int]], *, note: str, actor: Actor, now: datetime
) -> int:
    """Return those who signed the form of a campaign, by what they signed for (as ``seen`` in ``answer_own``); answers
    how many were noted.

    What has changed since it was printed is left out: they have not signed for that. Raises Forbidden; Invalid
    ``overtime.nothing_chosen``, ``overtime.how``.
    """
    said = _note(note)
    if not signed:
        raise Invalid("overtime.nothing_chosen", field="signed")
    if not said:
        raise Invalid("overtime.how", field="note")
    with transaction():
        wanted = select(Duty.person_id).where(
            Duty.id.in_([each[0] for each in signed]), Duty.campaign_id == campaign_id
        )
        held = db.session.scalars(wanted.distinct()).all()
        for person_id in sorted(held):
            _one_at_a_time(person_id)
        found = [each for each in queries.asks(campaign_id, held, now=now) if (each.duty_id, *each.version) in signed]
        for each in found:
            guard.ensure(actor, "duty.confirm", each.unit_id, now=now, person_id=each.person_id)
        _write(found, "agreed", "paper", said, actor=actor, now=now)
        return len(found)


def _one_at_a_time(person_id: int) -> None:
    """Two answers of one person at once: one after the other, so that the managers hear of each in turn."""
    throttle.hold(throttle.key_of("overtime", str(person_id)))


def _asked(duty: Duty, now: datetime) -> OvertimeRequest | None:
    found = queries.asks(duty.campaign_id, [duty.person_id], now=now)
    return next((each for each in found if each.duty_id == duty.id), None)


def _write(found: Sequence[OvertimeRequest], state: State, via: str, note: str, *, actor: Actor, now: datetime) -> None:
    before = queries.answers(found)
    changed = [each for each in found if not _same(before, each, state, via, note=note)]
    for each in changed:
        row = {
            "duty_id": each.duty_id,
            "sequence": each.sequence,
            "minutes": each.minutes,
            "state": state,
            "via": via,
            "answered_at": now,
            "answered_by": actor.name,
            "note": note,
        }
        again = {name: value for name, value in row.items() if name != "duty_id"}
        written = insert_into(OvertimeConsent).values(row)
        db.session.execute(written.on_conflict_do_update(index_elements=["duty_id"], set_=again))
        facts = {"person": each.person_id, "minutes": each.minutes, "how": via}
        audit.record(actor, f"overtime.{state}", "seat", each.seat_id, now=now, **facts)
    was = {each.duty_id for each in changed if each.duty_id in before and before[each.duty_id].state == "refused"}
    db.session.expire_all()
    told = [each for each in changed if state == "refused" or each.duty_id in was]
    notices.tell_managers(told, state, note, actor=actor, now=now)


def _same(before: Mapping[int, OvertimeConsent], ask: OvertimeRequest, state: str, via: str, *, note: str) -> bool:
    """Said again as it was said; a signature on paper is worth more than a word, so that is written."""
    last = before.get(ask.duty_id)
    return last is not None and (last.state, last.note) == (state, note) and via in (last.via, "page", "link")


def _note(note: str) -> str:
    tidy = " ".join(note.split())
    if len(tidy) > LONGEST_NOTE:
        raise Invalid("overtime.note_long", field="note", limit=LONGEST_NOTE)
    return tidy
