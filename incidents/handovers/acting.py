"""What writing, signing and accepting minutes share: one at a time, said by oneself or noted for somebody, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import i18n
from core.actor import Actor
from core.errors import Conflict, Invalid, NotFound
from core.text import nfc
from incidents.handovers import queries
from incidents.handovers.content import LONGEST_NOTE
from incidents.handovers.models import Handover
from incidents.record import secrecy
from people.access import guard
from people.links import answering, slips


@dataclass(frozen=True)
class SaidHow:
    """How somebody said something: ``via`` as in ``people.links.models.SaidBy``; ``how`` it was heard, if it was."""

    via: str
    how: str


def exclusively(session: Session, handover_id: int) -> Handover:
    """Return it, until commit nobody else's to sign or accept."""
    held = select(Handover.id).where(Handover.id == handover_id).with_for_update()
    if session.scalar(held) is None:
        raise NotFound("handover.unknown")
    row = queries.by_id(handover_id)
    session.refresh(row)
    return row


def ensure_may(actor: Actor, unit_id: int, person_id: int | None, now: datetime) -> None:
    slips.ensure_none(actor)
    if actor.person_id is None or actor.person_id != person_id:
        guard.ensure(actor, "incident.dispatch", unit_id, now=now)


def ensure_said(actor: Actor, unit_id: int, person_id: int | None, how: str, *, now: datetime) -> SaidHow:
    """Somebody says it themselves, or it is noted for them with how it was heard."""
    ensure_may(actor, unit_id, person_id, now)
    if actor.person_id is not None and actor.person_id == person_id:
        return SaidHow(answering.via_of(actor), "")
    words = text_of(how, "how", LONGEST_NOTE)
    if not words:
        raise Invalid("handover.how", field="how")
    return SaidHow("phone", words)


def ensure_unsigned(row: Handover) -> None:
    if row.state != "prepared" and row.signed_at is not None:
        raise Conflict("handover.signed", state=state_of(row), name=row.outgoing_name, at=i18n.dt(row.signed_at))


def ensure_waiting(row: Handover) -> None:
    if row.accepted_at is not None:
        raise Conflict("handover.accepted", state=state_of(row), name=row.accepted_name, at=i18n.dt(row.accepted_at))
    if row.state != "signed":
        raise Conflict("handover.unsigned", state=state_of(row))


def state_of(row: Handover) -> dict[str, object]:
    return {
        "number": row.label,
        "state": row.state,
        "signed_at": row.signed_at.isoformat() if row.signed_at else None,
        "accepted_by": row.accepted_name or None,
        "accepted_at": row.accepted_at.isoformat() if row.accepted_at else None,
    }


def text_of(typed: str, field: str, most: int) -> str:
    words = nfc(typed).strip()
    if len(words) > most:
        raise Invalid("handover.long", field=field, most=most)
    secret = secrecy.found_about_state(words)
    if secret is not None:
        raise Invalid("incident.secret", field=field, words=secret)
    return words
