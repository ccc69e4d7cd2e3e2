"""Minutes are accepted by who comes, or not yet and why; what comes later is only added to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, Invalid
from incidents.handovers import acting, moving, notices, queries
from incidents.handovers.content import LONGEST_NOTE, LONGEST_TEXT
from incidents.handovers.models import Handover, HandoverNote
from people import queries as people
from people.access import guard
from people.links import slips
from people.models import Person


def accept(
    handover_id: int,
    *,
    actor: Actor,
    now: datetime,
    seen: Collection[str] | None = None,
    person: str | None = None,
    how: str = "",
) -> Handover:
    """The incoming person takes over the shift and, in the same transaction, its incidents.

    ``seen``: codes of the incidents that were shown as coming along, None when none were shown; others are not taken
    unseen. ``person``: the code of the incoming person, when it is said for them. Again by the same person it stays as
    it is. Raises NotFound; Conflict ``handover.accepted`` (with who and when), ``handover.unsigned``,
    ``handover.not_yours``, ``handover.changed``; Forbidden; Invalid ``how``.
    """
    with transaction() as session:
        row = acting.exclusively(session, handover_id)
        coming = _incoming(row, person, actor)
        if coming is None:
            # Not among those who come: whoever may not speak for others hears no more than that.
            guard.ensure(actor, "incident.dispatch", row.unit_id, now=now)
            raise Conflict("handover.not_yours", state={"incoming": [each.code for each in queries.incoming(row)]})
        said = acting.ensure_said(actor, row.unit_id, coming.id, how, now=now)
        if row.state == "accepted" and row.accepted_by_id == coming.id:
            return row
        acting.ensure_waiting(row)
        along = moving.exclusively(session, row, now)
        if seen is not None and set(seen) != {each.code for each in along}:
            raise Conflict("handover.changed", state={"incidents": [each.code for each in along]})
        row.state, row.accepted_at, row.accepted_by_id = "accepted", now, coming.id
        row.accepted_name, row.accepted_by = coming.full_name, actor.name if said.how else coming.full_name
        row.accepted_via, row.accepted_how = said.via, said.how
        row.moved = moving.move(session, row, along, coming, actor=actor, now=now)
        audit.record(
            actor, "handover.accept", "handover", row.id, now=now, number=row.label, moved=row.moved, via=said.via
        )
        left = queries.held(row.outgoing_id, row.duty, row.unit_id) if row.outgoing_id is not None else []
        notices.tell_accepted(row, [each.code for each in left], now=now)
        return row


def decline(handover_id: int, *, reason: str, actor: Actor, now: datetime, person: str | None = None) -> Handover:
    """It cannot be accepted yet, and why: the outgoing person is told and stays responsible.

    Raises as ``accept``; Invalid ``handover.reason``.
    """
    slips.ensure_none(actor)
    with transaction() as session:
        row = acting.exclusively(session, handover_id)
        coming = _incoming(row, person, actor)
        if coming is None or coming.id != actor.person_id:
            guard.ensure(actor, "incident.dispatch", row.unit_id, now=now)
        if coming is None:
            raise Conflict("handover.not_yours", state={"incoming": [each.code for each in queries.incoming(row)]})
        words = acting.text_of(reason, "reason", LONGEST_NOTE)
        if not words:
            raise Invalid("handover.reason", field="reason")
        acting.ensure_waiting(row)
        own = coming.id == actor.person_id
        who = coming.full_name if own else f"{coming.full_name} ({actor.name} ghi)"
        note = HandoverNote(handover_id=row.id, at=now, who=who, kind="declined", text=words)
        session.add(note)
        session.flush()
        audit.record(actor, "handover.decline", "handover", row.id, now=now, number=row.label, note=note.id)
        notices.tell_declined(row, note, now=now)
        return row


def add_note(handover_id: int, *, text: str, actor: Actor, now: datetime) -> HandoverNote:
    """A correction or an addition: by who left, who came, or who may dispatch. What was signed stays as it is.

    Raises NotFound; Conflict ``handover.unsigned``; Forbidden; Invalid ``text``.
    """
    slips.ensure_none(actor)
    with transaction() as session:
        row = acting.exclusively(session, handover_id)
        theirs = {row.outgoing_id, row.accepted_by_id, *(each.id for each in queries.incoming(row))} - {None}
        if actor.person_id not in theirs:
            guard.ensure(actor, "incident.dispatch", row.unit_id, now=now)
        words = acting.text_of(text, "text", LONGEST_TEXT)
        if not words:
            raise Invalid("handover.note_empty", field="text")
        if row.state == "prepared":
            raise Conflict("handover.unsigned", state=acting.state_of(row))
        note = HandoverNote(handover_id=row.id, at=now, who=actor.name, text=words)
        session.add(note)
        session.flush()
        audit.record(actor, "handover.note", "handover", row.id, now=now, number=row.label, note=note.id)
        session.expire(row, ["notes"])
        return note


def _incoming(row: Handover, person: str | None, actor: Actor) -> Person | None:
    """Whom ``actor`` speaks for, if they are among those who may accept; those who did are so still."""
    if person is not None:
        meant: int | None = people.person_by_code(person).id
    else:
        meant = actor.person_id
    if meant is not None and meant == row.accepted_by_id:
        return people.person_by_id(meant)
    return next((each for each in queries.incoming(row) if each.id == meant), None)
