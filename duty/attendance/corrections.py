"""A manager corrects when somebody came, left or was ready, with a reason. What stood there before is in the audit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from core import audit, i18n
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from duty.attendance import services
from people.access import guard
from roster.models import Duty
from roster.presence import moments, queries
from roster.presence.models import NoShow, Presence

KINDS = ("check_in", "check_out", "ready")


def correct(duty_id: int, kind: str, at: datetime, reason: str, *, actor: Actor, now: datetime) -> Duty:
    """``at`` (aware): when it really was; also of a shift that is over, on site of one that never asked.

    Raises NotFound; Forbidden; Conflict ``presence.not_asked``, ``not_here``; Invalid ``presence.reason``,
    ``note_long``, ``to_come``, ``outside``, ``left_first``.
    """
    with transaction():
        duty, word, said = _opened(duty_id, kind, reason, actor, now=now)
        if at > now:
            raise Invalid("presence.to_come", field="at")
        _ensure_fits(duty, kind, at, word)
        was = getattr(word, kind)
        _note(actor, duty, kind, was, reason=said, now=now)
        services.put(duty, kind, at, said, actor=actor, now=now)
        return duty


def withdraw(duty_id: int, kind: str, reason: str, *, actor: Actor, now: datetime) -> Duty:
    """It was not so: nothing is known of it any more, and who is missing then is looked for anew.

    Raises as ``correct``; Conflict ``presence.unknown`` when nothing stands there.
    """
    with transaction():
        duty, word, said = _opened(duty_id, kind, reason, actor, now=now)
        was = getattr(word, kind)
        if was is None:
            raise Conflict("presence.unknown")
        _note(actor, duty, kind, was, reason=said, now=now)
        gone = ("check_in", "check_out") if kind == "check_in" else (kind,)
        db.session.execute(delete(Presence).where(Presence.duty_id == duty.id, Presence.kind.in_(gone)))
        services.judge_anew(duty)
        if kind == "check_in":
            db.session.execute(delete(NoShow).where(NoShow.duty_id == duty.id, NoShow.ended_as == "arrived"))
        db.session.expire_all()
        return duty


def _opened(duty_id: int, kind: str, reason: str, actor: Actor, *, now: datetime) -> tuple[Duty, queries.Word, str]:
    duty = db.session.get(Duty, duty_id)
    if duty is None or duty.cancelled_at is not None:
        raise NotFound("presence.changed")
    guard.ensure(actor, "duty.correct", duty.unit_id, now=now)
    wanted = "ready" if kind == "ready" else "check_in"
    if kind not in KINDS or (queries.asked_of(duty, queries.asking()) != wanted and not _was_on_site(duty, kind, now)):
        raise Conflict("presence.not_asked")
    said = services.tidy(reason)
    if not said:
        raise Invalid("presence.reason", field="note")
    services.one_at_a_time(duty.person_id)
    return duty, queries.words_of([duty]).get(duty.id, queries.Word()), said


def _was_on_site(duty: Duty, kind: str, now: datetime) -> bool:
    """Hours are reckoned of all who served on site, whether their kind of duty asks them to check in or not: that
    somebody who was not awaited came all the same is noted here."""
    return kind != "ready" and duty.form == "onsite" and duty.ends_at <= now


def _ensure_fits(duty: Duty, kind: str, at: datetime, word: queries.Word) -> None:
    first, last = _window(duty, kind)
    if not first <= at <= last:
        raise Invalid("presence.outside", field="at", first=i18n.dt(first), last=i18n.dt(last))
    if kind == "check_out" and word.check_in is None:
        raise Conflict("presence.not_here")
    if kind == "check_out" and word.check_in is not None and at < word.check_in.at:
        raise Invalid("presence.left_first", field="at", first=i18n.dt(word.check_in.at))
    if kind == "check_in" and word.check_out is not None and at > word.check_out.at:
        raise Invalid("presence.outside", field="at", first=i18n.dt(first), last=i18n.dt(word.check_out.at))


def _window(duty: Duty, kind: str) -> tuple[datetime, datetime]:
    """The first and last moment that can be said, both included."""
    if kind == "check_out":
        return duty.starts_at - moments.EARLIEST, duty.ends_at + moments.LEAVES_WITHIN
    begins = moments.EARLIEST if kind == "check_in" else moments.READY_FROM
    return duty.starts_at - begins, duty.ends_at - timedelta(minutes=1)


def _note(actor: Actor, duty: Duty, kind: str, was: Presence | None, *, reason: str, now: datetime) -> None:
    before = {"was": was.at.isoformat(), "was_by": was.said_by} if was is not None else {}
    audit.record(
        actor,
        "duty.presence_corrected",
        "seat",
        duty.seat_id,
        now=now,
        person=duty.person_id,
        kind=kind,
        reason=reason,
        **before,
    )
