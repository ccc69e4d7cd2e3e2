"""Ring people about their shifts: what a voice gateway reads, and the secret by which it reports the key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import delete, or_, select

from core import audit
from core.actor import Actor
from core.calendar.dates import VN
from core.calendar.waking_hours import awake
from core.db import db, transaction
from core.security import tokens
from duty.pending_actions import registry as pending_actions
from duty.voice_prompts import words
from duty.voice_prompts.models import SpokenAsk
from notify import outbox
from people.access import guard
from people.accounts import queries as accounts
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.rules import Rung
from roster.confirmations import listing, services as confirmations
from roster.models import Duty

LIVES = timedelta(hours=12)
"""So long a call may be answered: gateways try again, and none rings at night."""


def may_ring(person_ids: Collection[int]) -> dict[int, Rung]:
    """Person id → the way by which an automatic call reaches them; only of those who have one."""
    found = {who: _voice(rungs) for who, rungs in ladders.ladders_of(person_ids).items()}
    return {who: rung for who, rung in found.items() if rung is not None}


def is_possible() -> bool:
    """Whether any gateway reads calls aloud."""
    return "voice" in ladders.carried()


def ring_to_confirm(campaign_id: int, *, actor: Actor, now: datetime) -> int:
    """Ring everybody of the campaign who has not answered for a shift that begins within three days, in the units that
    the actor answers for; answers how many. Nobody is rung twice in an hour, or between half past nine in the evening
    and half past six. Raises Forbidden when there is no such unit."""
    units = guard.reach(actor, "duty.confirm", now=now)
    if units == set():
        guard.ensure(actor, "duty.confirm", None, now=now)
    duties = listing.to_ring(campaign_id, units, now=now)
    by_person = dict[int, list[Duty]]()
    for duty in duties:
        by_person.setdefault(duty.person_id, []).append(duty)
    ways, rung = may_ring(set(by_person) - _rung_lately(now)), 0
    with transaction():
        for person_id, way in sorted(ways.items()):
            rung += _ring_to_confirm(by_person[person_id], way, now)
        audit.record(actor, "confirmation.ring", "campaign", campaign_id, now=now, people=rung)
    return rung


def ring_about_swap(
    person: Person, swap_id: int, said: tuple[str, str], *, topic: str, key: str, now: datetime
) -> bool:
    """Ring somebody about an ask to take a shift that begins soon; False when no call reaches them. ``said``: with keys
    and without, in their language. In the caller's transaction."""
    way = may_ring([person.id]).get(person.id)
    if way is None:
        return False
    return _put(person, _Prompt("swap", topic, key, {}, swap_id), said, way, at=now, now=now)


def ring(person: Person, kind: str, ref: str, *, topic: str, key: str, now: datetime) -> bool:
    """Ring somebody about an ask of ``duty.pending_actions`` that is read aloud and one key answers, at once: whoever
    calls this knows that it may wake. False when it waits no more, no call reaches them, or ``key`` was rung before. In
    the caller's transaction."""
    way = may_ring([person.id]).get(person.id)
    if way is None:
        return False
    with force_locale(_locale(person)):
        ask = pending_actions.find(person, kind, ref, now=now)
        if ask is None:
            return False
        said = words.ask(ask)
    return _put(person, _Prompt("ask", topic, key, {"kind": kind, "ref": ref}), said, way, at=now, now=now)


def key_link(person: Person, kind: str, ref: str, *, now: datetime) -> str:
    """Return where the key that is pressed in a call put by somebody else is to be reported. In the caller's
    transaction."""
    token = tokens.new_short_token()
    _keep(token, person, "ask", {"kind": kind, "ref": ref}, swap_id=None, at=now, now=now)
    return _link(token)


def forget_old(now: datetime) -> None:
    """Housekeeping."""
    with transaction():
        db.session.execute(delete(SpokenAsk).where(SpokenAsk.expires_at < now - LIVES))


def _ring_to_confirm(duties: Sequence[Duty], way: Rung, now: datetime) -> bool:
    person = duties[0].person
    with force_locale(_locale(person)):
        said = words.confirm(duties)
    seen = {str(duty.id): duty.sequence for duty in duties}
    about = confirmations.call_topic(person.id)
    key, at = f"{about}/{now:%Y%m%d%H%M}", awake(now, VN)
    return _put(person, _Prompt("confirm", about, key, seen), said, way, at=at, now=now)


def _rung_lately(now: datetime) -> set[int]:
    """Ids of people who were rung to confirm within the hour, or will be when the night is over."""
    lately = or_(SpokenAsk.made_at > now - timedelta(hours=1), SpokenAsk.expires_at > now + LIVES)
    return set(db.session.scalars(select(SpokenAsk.person_id).where(SpokenAsk.kind == "confirm", lately)))


@dataclass(frozen=True)
class _Prompt:
    """What a call asks; ``seen``: what its answer is about, as it was when it was put."""

    kind: str
    topic: str
    key: str
    seen: dict[str, Any]
    swap_id: int | None = None


def _put(person: Person, prompt: _Prompt, said: tuple[str, str], way: Rung, *, at: datetime, now: datetime) -> bool:
    """Ring the person at ``at``; False when the same call was put before."""
    token = tokens.new_short_token()
    link = _link(token)
    made = outbox.enqueue(
        topic=prompt.topic,
        key=prompt.key,
        channel=way.channel,
        address=way.address,
        recipient=person.full_name,
        subject=_("Gọi tự động"),
        body=said[0],
        link=link,
        facts={"spoken": said[1]},
        delay=at - now,
        now=now,
        local_only=person.is_demo,
        person_id=person.id,
    )
    if made.link != link:
        return False
    _keep(token, person, prompt.kind, prompt.seen, swap_id=prompt.swap_id, at=at, now=now)
    return True


def _keep(
    token: str, person: Person, kind: str, seen: dict[str, Any], *, swap_id: int | None, at: datetime, now: datetime
) -> None:
    row = SpokenAsk(
        digest=tokens.digest(token), person_id=person.id, kind=kind, swap_id=swap_id, seen=seen, made_at=now
    )
    row.expires_at = at + LIVES
    db.session.add(row)
    db.session.flush()


def _link(token: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}/v/r/{token}"


def _voice(rungs: Sequence[Rung]) -> Rung | None:
    return next((rung for rung in rungs if rung.channel == "voice"), None)


def _locale(person: Person) -> str:
    return accounts.locales_of([person.id]).get(person.id, "vi")
