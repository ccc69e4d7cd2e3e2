"""The question on one's own pages: below that of the shifts, in a card of its own, never to be mistaken for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.errors import Conflict
from duty.on_duty.own_sections import Form, OwnSection
from duty.overtime_consent import asking, law, notices, queries, services
from duty.overtime_consent.queries import ConsentLine
from duty.overtime_consent.services import State
from notify.message_states import delivery_states
from notify.message_states.delivery_states import DeliveryState
from people.models import Person


@dataclass(frozen=True)
class OwnConsents:
    """``waiting`` and ``answered`` by start; ``basis``: what asks for their word."""

    waiting: list[ConsentLine]
    answered: list[ConsentLine]
    basis: str
    manager_heard: DeliveryState | None
    """How far what managers are told of their answers has come."""


def read_own_consents(person: Person, now: datetime) -> OwnConsents | None:
    found = queries.list_for_person(person.id, now=now)
    if not found:
        return None
    waiting = [line for line in found if line.said is None]
    answered = [line for line in found if line.said is not None]
    heard = delivery_states.latest_state(notices.topic(person.id)) if answered else None
    return OwnConsents(waiting, answered, law.basis(found[0].duty.starts_at), heard)


def _agree(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    _answer(person, "agreed", actor, form, now=now)


def _refuse(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    _answer(person, "refused", actor, form, now=now)


def _answer(person: Person, state: State, actor: Actor, form: Form, *, now: datetime) -> None:
    seen = asking.shown(form.get("overtime", ""))
    if seen is None:
        raise Conflict("overtime.changed", state={"asked": None})
    services.answer_own(person.id, state, seen=seen, actor=actor, now=now)


OVERTIME = OwnSection(
    "duty/overtime_consent/_own.html", read_own_consents, {"overtime_agree": _agree, "overtime_refuse": _refuse}
)
