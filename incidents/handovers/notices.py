"""What is said to who leaves and who comes: that the minutes of a handover wait, were accepted or are late.

Some are rung, too, and what has lost its sense is taken back: all is written inside the caller's ``transaction``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.db import db
from core.i18n import named, t
from duty.voice_prompts import services as voice_prompts
from incidents.handovers.models import Handover, HandoverNote
from notify import outbox
from notify.models import Message
from people import queries as people
from people.links import letters
from people.models import Person
from roster.models import Duty


def topic(seat_id: int) -> str:
    return f"handover/{seat_id}"


def tell_incoming(row: Handover, coming: Collection[Person], *, now: datetime) -> None:
    """Tell those who come that the signed minutes wait for one of them; whom no text reaches is rung."""

    def words(_person: Person, url: str) -> tuple[str, str]:
        subject = _(
            "Chờ đồng chí nhận ca %(duty)s %(time)s, %(unit)s",
            duty=_duty(row.duty),
            time=t(row.changes_at),
            unit=row.unit.name,
        )
        body = _(
            "%(subject)s. %(name)s đã ký biên bản bàn giao số %(number)s. Xem và nhận: %(url)s",
            subject=subject,
            name=row.outgoing_name,
            number=row.label,
            url=url,
        )
        return subject, body

    about, key = topic(row.seat_id), _signed(row)
    written = letters.write(coming, words, topic=about, key=key, soon=True, now=now)
    _ring([each for each in coming if each.id not in written], row, key, now)


def ask_ref(row: Handover) -> str:
    """Return what minutes are called among the asks that a telephone answers: these, as they were signed."""
    return f"{row.id}.{row.content_hash}"


def _ring(coming: Collection[Person], row: Handover, key: str, now: datetime) -> None:
    """One key accepts what is read aloud."""
    for person in coming:
        about, once = topic(row.seat_id), f"{key}/call/{person.id}"
        voice_prompts.ring(person, "minutes", ask_ref(row), topic=about, key=once, now=now)


def _signed(row: Handover) -> str:
    return f"handover/{row.id}/signed"


def told_incoming(row: Handover) -> set[str]:
    """Return the keys of the messages that say that it waits: one ends on the id of whom it went to."""
    about = select(Message.idempotency_key).where(Message.topic == topic(row.seat_id))
    return {key for key in db.session.scalars(about) if key.startswith(f"{_signed(row)}/")}


def tell_others_who_come(row: Handover, coming: Collection[Person], *, now: datetime) -> None:
    """Tell those who come by a roster that was changed after the signature."""
    told = told_incoming(row)
    news = [each for each in coming if f"{_signed(row)}/{each.id}" not in told]
    if news:
        tell_incoming(row, news, now=now)


def tell_accepted(row: Handover, left: Sequence[str], *, now: datetime) -> None:
    """Tell the outgoing person that they may go; ``left``: codes of incidents that are theirs still. What has not left
    for others who might have accepted has lost its sense."""

    def words(_person: Person, url: str) -> tuple[str, str]:
        subject = _("%(name)s đã nhận ca lúc %(time)s", name=row.accepted_name, time=t(now))
        body = _("%(subject)s, biên bản bàn giao số %(number)s. %(url)s", subject=subject, number=row.label, url=url)
        if left:
            body = _("%(body)s Đồng chí vẫn giữ %(codes)s, không có trong biên bản.", body=body, codes=", ".join(left))
        return subject, body

    outbox.cancel(topic(row.seat_id), now=now)
    _to_outgoing(row, words, "accepted", now)
    _release_others(row, now)


def _release_others(row: Handover, now: datetime) -> None:
    """Who was asked too, heard of it, and need not accept any more."""

    def words(_person: Person, url: str) -> tuple[str, str]:
        subject = _("%(name)s đã nhận ca lúc %(time)s", name=row.accepted_name, time=t(now))
        body = _(
            "%(subject)s, biên bản bàn giao số %(number)s. Đồng chí không phải nhận nữa. %(url)s",
            subject=subject,
            number=row.label,
            url=url,
        )
        return subject, body

    asked = select(Message.person_id).where(
        Message.topic == topic(row.seat_id),
        Message.sent_at.is_not(None),
        Message.idempotency_key.startswith(f"{_signed(row)}/", autoescape=True),
    )
    others = {each for each in db.session.scalars(asked) if each is not None} - {row.accepted_by_id, row.outgoing_id}
    if others:
        told = list(people.people_by_ids(others).values())
        letters.write(told, words, topic=topic(row.seat_id), key=f"handover/{row.id}/released", soon=True, now=now)


def tell_declined(row: Handover, note: HandoverNote, *, now: datetime) -> None:
    """Tell the outgoing person that it is theirs still, and why."""

    def words(_person: Person, url: str) -> tuple[str, str]:
        subject = _("%(name)s chưa nhận được ca", name=note.who)
        body = _(
            "%(subject)s, biên bản số %(number)s: “%(why)s”. Đồng chí vẫn chịu trách nhiệm. Ghi bổ sung: %(url)s",
            subject=subject,
            number=row.label,
            why=note.text,
            url=url,
        )
        return subject, body

    _to_outgoing(row, words, f"declined/{note.id}", now)


def tell_late(duty: Duty, outgoing: Person, coming: Sequence[Person], row: Handover | None, *, now: datetime) -> None:
    """Tell both, once, that the shift has changed and nobody has accepted."""
    signed = row is not None and row.state == "signed"
    at, unit = t(duty.ends_at), duty.unit.name

    def to_who_comes(_person: Person, url: str) -> tuple[str, str]:
        subject = _("Nhắc nhận ca %(time)s, %(unit)s", time=at, unit=unit)
        if signed:
            body = _("%(subject)s: biên bản của %(name)s đang chờ đồng chí. %(url)s", **_said(subject, outgoing, url))
        else:
            body = _("%(subject)s: %(name)s chưa ký biên bản bàn giao. %(url)s", **_said(subject, outgoing, url))
        return subject, body

    def to_who_leaves(_person: Person, url: str) -> tuple[str, str]:
        subject = _("Nhắc bàn giao ca %(time)s, %(unit)s", time=at, unit=unit)
        if signed:
            body = _("%(subject)s: chưa ai nhận, đồng chí vẫn chịu trách nhiệm. %(url)s", subject=subject, url=url)
        else:
            body = _("%(subject)s: đồng chí chưa ký biên bản bàn giao. %(url)s", subject=subject, url=url)
        return subject, body

    about, key = topic(duty.seat_id), f"handover/seat/{duty.seat_id}/{outgoing.id}/late"
    letters.write(coming, to_who_comes, topic=about, key=f"{key}/in", soon=True, now=now)
    if row is not None and signed:
        _ring(coming, row, f"{key}/in", now)
    letters.write([outgoing], to_who_leaves, topic=about, key=f"{key}/out", soon=True, now=now)


def _said(subject: str, outgoing: Person, url: str) -> dict[str, str]:
    return {"subject": subject, "name": outgoing.full_name, "url": url}


def _to_outgoing(row: Handover, words: letters.Words, what: str, now: datetime) -> None:
    if row.outgoing_id is not None:
        person = people.person_by_id(row.outgoing_id)
        key = f"handover/{row.id}/{what}"
        letters.write([person], words, topic=topic(row.seat_id), key=key, soon=True, now=now)


def _duty(code: str) -> str:
    kind = next((each for each in people.duty_kinds() if each.code == code), None)
    return named(kind) if kind else code
