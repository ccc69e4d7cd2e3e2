"""The diary of a shift is signed by who leaves and then by who comes: from the first signature on it is as it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import force_locale

from core import audit, clock, i18n
from core.actor import SYSTEM, Actor
from core.db import transaction
from core.errors import Conflict, Invalid
from core.security import throttle
from incidents.diary import rows, services
from incidents.diary.models import DiarySheet
from incidents.diary.services import DiarySpan
from people.access import guard
from people.accounts import own_account, queries as accounts
from people.models import Unit
from people.sign_in import pins
from roster.models import Duty

BEFORE = timedelta(minutes=30)
"""So long before the end of a shift its diary may be signed; what happens afterwards stands behind it."""


def leaves(unit: Unit, span: DiarySpan, actor: Actor) -> bool:
    """Whether the actor served that shift and is relieved at its end: who serves beyond it, or left before, is not."""
    return any(row.ends_at == span.ends_at for row in _own(unit, span, actor))


def comes(unit: Unit, span: DiarySpan, actor: Actor) -> bool:
    """Whether the actor serves after it."""
    return bool(_own(unit, DiarySpan(span.ends_at, span.ends_at + timedelta(minutes=1)), actor))


def _own(unit: Unit, span: DiarySpan, actor: Actor) -> list[Duty]:
    """The actor's duty within the span."""
    found = (row for _kind, duties in services.duties(unit, span) for row in duties)
    return [row for row in found if actor.person_id is not None and row.person_id == actor.person_id]


def may_sign(unit: Unit, span: DiarySpan, sheet: DiarySheet | None, actor: Actor, *, now: datetime) -> bool:
    """Whether the page offers a signature: the first to who leaves, the second to who comes, both to who dispatches."""
    if actor.user_id is None or now < span.ends_at - BEFORE or (sheet is not None and sheet.received_at is not None):
        return False
    if sheet is not None and sheet.signed_by_id == actor.user_id:
        return False
    side = leaves(unit, span, actor) if sheet is None else comes(unit, span, actor)
    return side or bool(guard.allowed(actor, "incident.dispatch", unit.id, now=now))


def sign(unit: Unit, span: DiarySpan, *, secret: str, actor: Actor, now: datetime) -> DiarySheet:
    """Sign it, by who leaves. ``secret``: the actor's PIN, or password where there is none. Twice by the same it stays
    as it is.

    Raises Conflict ``diary.not_yours``, ``diary.not_yet``, ``diary.whole_day``, ``diary.signed``; Forbidden; Invalid
    ``secret``; Throttled.
    """
    _ensure_may(unit, leaves(unit, span, actor), actor, now)
    if now < span.ends_at - BEFORE:
        raise Conflict("diary.not_yet", state={}, at=i18n.dt(span.ends_at - BEFORE))
    day = clock.local_date(span.starts_at)
    if span == services.whole_day(day) and services.shifts_on(unit, day):
        raise Conflict("diary.whole_day", state={})
    _ensure_it_is_them(actor, secret, now)
    with transaction() as session:
        throttle.hold(_key(unit, span))
        sheet = services.sheet_of(unit.id, span)
        if sheet is not None:
            if sheet.signed_by_id == actor.user_id:
                return sheet
            raise Conflict("diary.signed", state=state_of(sheet), name=sheet.signed_by, at=i18n.dt(sheet.signed_at))
        with force_locale("vi"):  # an official form; of what only few may see it says that there was something
            content = rows.as_content(services.pages(unit, span, actor=SYSTEM, now=now))
        sheet = DiarySheet(unit_id=unit.id, starts_at=span.starts_at, ends_at=span.ends_at, content=content)
        sheet.content_hash, sheet.signed_at = rows.digest(content), now
        sheet.signed_by, sheet.signed_by_id = actor.name, actor.user_id
        session.add(sheet)
        session.flush()
        audit.record(actor, "diary.sign", "unit", unit.id, now=now, sheet=sheet.id, hash=sheet.content_hash)
        return sheet


def receive(unit: Unit, span: DiarySpan, *, secret: str, actor: Actor, now: datetime) -> DiarySheet:
    """Receive it, by who comes, and not by who signed it. Twice by the same it stays as it is.

    Raises Conflict ``diary.not_yours``, ``diary.unsigned``, ``diary.own``, ``diary.received``; Forbidden; Invalid
    ``secret``; Throttled.
    """
    _ensure_may(unit, comes(unit, span, actor), actor, now)
    _ensure_it_is_them(actor, secret, now)
    with transaction() as session:
        throttle.hold(_key(unit, span))
        sheet = services.sheet_of(unit.id, span)
        if sheet is None:
            raise Conflict("diary.unsigned", state={})
        session.refresh(sheet)
        if sheet.signed_by_id == actor.user_id:
            raise Conflict("diary.own", state=state_of(sheet))
        if sheet.received_at is not None:
            if sheet.received_by_id == actor.user_id:
                return sheet
            at = i18n.dt(sheet.received_at)
            raise Conflict("diary.received", state=state_of(sheet), name=sheet.received_by, at=at)
        sheet.received_at, sheet.received_by, sheet.received_by_id = now, actor.name, actor.user_id
        audit.record(actor, "diary.receive", "unit", unit.id, now=now, sheet=sheet.id)
        return sheet


def state_of(sheet: DiarySheet) -> dict[str, object]:
    return {
        "signed_by": sheet.signed_by,
        "signed_at": sheet.signed_at.isoformat(),
        "received_by": sheet.received_by or None,
        "received_at": sheet.received_at.isoformat() if sheet.received_at else None,
    }


def asks_pin(actor: Actor) -> bool:
    """Whether the actor signs by PIN, as at a shared desk; else by password."""
    return actor.user_id is not None and accounts.pin_of(actor.user_id) is not None


def _key(unit: Unit, span: DiarySpan) -> str:
    return throttle.key_of("diary", str(unit.id), span.starts_at.isoformat(), span.ends_at.isoformat())


def _ensure_may(unit: Unit, side: bool, actor: Actor, now: datetime) -> None:
    guard.ensure(actor, "incident.log", unit.id, now=now)
    if not side and not guard.allowed(actor, "incident.dispatch", unit.id, now=now):
        raise Conflict("diary.not_yours", state={})


def _ensure_it_is_them(actor: Actor, secret: str, now: datetime) -> None:
    """Outside the transaction that signs: tries count also when nothing is signed."""
    if actor.user_id is None:
        raise Invalid("diary.secret", field="secret")
    user = accounts.user_by_id(actor.user_id)
    if not asks_pin(actor):
        own_account.ensure_it_is_them(user, secret, field="secret", now=now)
    elif not pins.matches(user, secret, name=user.login, place=f"diary/{user.id}", now=now):
        raise Invalid("diary.secret", field="secret")
