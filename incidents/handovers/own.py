"""Bàn giao ca on one's own pages: what I write when I leave, and what waits for me when I come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.actor import Actor
from core.errors import Invalid, Unavailable
from core.form_values import whole_number
from duty.on_duty.own_sections import Form, OwnSection
from incidents.handovers import acceptance, content, moving, places, queries, services
from incidents.handovers.content import ChecklistItem, TypedMinutes
from incidents.handovers.models import Handover
from incidents.handovers.queries import HandoverTurn
from incidents.record.models import Incident
from people.accounts import queries as accounts
from people.models import Person
from roster.resolver import resolver


@dataclass(frozen=True)
class HandoverCard:
    """Signed minutes that wait for somebody: ``moving`` are the incidents that come along now."""

    row: Handover
    moving: Sequence[Incident]
    open: Sequence[content.OpenIncident]
    """As they were signed, those that come along."""
    summary: content.Summary
    desk_name: str = ""
    desk_phone: str = ""
    desk_person: int | None = None
    """Who else can be asked: operations on duty, or its desk; never who leaves, nor the reader."""


@dataclass(frozen=True)
class OutgoingMinutes:
    """Minutes that I write: ``items`` as far as they are filled in."""

    turn: HandoverTurn
    items: Sequence[ChecklistItem]
    notes: str
    undone: str
    asks_pin: bool


@dataclass(frozen=True)
class OwnHandovers:
    to_accept: Sequence[HandoverCard]
    to_write: Sequence[OutgoingMinutes]
    awaited: Sequence[HandoverTurn]
    """Where I come, and who leaves has not signed."""
    done: Sequence[Handover]
    """Accepted lately: one may add to it."""

    @staticmethod
    def moment(written: str) -> datetime:
        """Return it as minutes write it (ISO)."""
        return datetime.fromisoformat(written)

    @staticmethod
    def typed(form: Form) -> TypedMinutes:
        """Return what was sent and could not be kept."""
        return typed(form)


def read_own_handovers(person: Person, now: datetime) -> OwnHandovers | None:
    cards = [card_of(each, person.id, now) for each in queries.awaiting(person.id, now=now)]
    turns = queries.to_write(person.id, now=now)
    user = accounts.user_of_person(person.id) if turns else None
    asks_pin = user is not None and accounts.pin_of(user.id) is not None
    awaited, done = queries.unsigned(person.id, now=now), queries.accepted(person.id, now=now)
    if not (cards or turns or awaited or done):
        return None
    return OwnHandovers(cards, [leaving(each, asks_pin) for each in turns], awaited, done)


def card_of(row: Handover, reader: int | None, now: datetime) -> HandoverCard:
    """Return it as ``reader`` (person id, None for nobody in particular) sees it."""
    coming = moving.movable(row, now)
    codes = {each.code for each in coming}
    signed = moving.shown([each for each in content.incidents_of(row.content) if each.code in codes])
    return _with_desk(HandoverCard(row, coming, signed, content.summed_up(content.items_of(row.content))), reader, now)


def _with_desk(card: HandoverCard, reader: int | None, now: datetime) -> HandoverCard:
    try:
        found = resolver.who_is_on(card.row.unit_id, "operations", now)
    except Unavailable:
        return card
    shown = {reader, card.row.outgoing_id, card.row.accepted_by_id}
    for each in found.people:
        if each.phone and each.away_until is None and each.person_id not in shown:
            return replace(card, desk_name=each.name, desk_phone=each.phone, desk_person=each.person_id)
    return replace(card, desk_phone=found.desk_phone) if found.is_desk else card


def leaving(turn: HandoverTurn, asks_pin: bool = False) -> OutgoingMinutes:
    """Return it with what is written already, else the place's empty list."""
    if turn.row is None:
        items = [ChecklistItem(each) for each in places.items_for(turn.duty.unit)]
        return OutgoingMinutes(turn, items, "", "", asks_pin)
    kept = content.typed_of(turn.row.content)
    items = content.items_of(turn.row.content) or [ChecklistItem(each) for each in places.items_for(turn.duty.unit)]
    return OutgoingMinutes(turn, items, kept.notes, kept.undone, asks_pin)


def typed(form: Form) -> TypedMinutes:
    """Return what a form says: ``what-1``, ``state-1``, ``note-1`` and so on without a gap; ``notes``, ``undone``."""
    items: list[ChecklistItem] = []
    while f"what-{len(items) + 1}" in form and len(items) <= content.MOST_ITEMS:
        number = len(items) + 1
        items.append(ChecklistItem(*(form.get(f"{name}-{number}", "") for name in ("what", "state", "note"))))
    return TypedMinutes(tuple(items), form.get("notes", ""), form.get("undone", ""))


def _number(form: Form, name: str) -> int:
    found = whole_number(form.get(name))
    if found is None:
        raise Invalid("handover.unknown", field=name)
    return found


def _keep(_person: Person, actor: Actor, form: Form, now: datetime) -> None:
    services.prepare(_number(form, "seat"), typed(form), actor=actor, now=now)


def _sign(_person: Person, actor: Actor, form: Form, now: datetime) -> None:
    seat, pin = _number(form, "seat"), form.get("pin", "")
    services.write_and_sign(seat, typed(form), actor=actor, now=now, pin=pin)


def _accept(_person: Person, actor: Actor, form: Form, now: datetime) -> None:
    acceptance.accept(_number(form, "handover"), seen=form.getlist("incident"), actor=actor, now=now)


def _decline(_person: Person, actor: Actor, form: Form, now: datetime) -> None:
    acceptance.decline(_number(form, "handover"), reason=form.get("reason", ""), actor=actor, now=now)


def _note(_person: Person, actor: Actor, form: Form, now: datetime) -> None:
    acceptance.add_note(_number(form, "handover"), text=form.get("text", ""), actor=actor, now=now)


SECTION = OwnSection(
    "incidents/handovers/own.html",
    read_own_handovers,
    {
        "handover_keep": _keep,
        "handover_sign": _sign,
        "handover_accept": _accept,
        "handover_decline": _decline,
        "handover_note": _note,
    },
    is_ask=True,
)
