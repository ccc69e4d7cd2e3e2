"""What consents are called, and their messages: the ask with a link that answers, and the answer to the asker."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from core.db import db
from core.i18n import dm, named, span, t
from notify.message_states.delivery_states import left
from notify.models import Message
from people import queries as people
from people.accounts import queries as account_queries
from people.models import DutyKind
from people.notification_rules import reading
from roster.consents.models import Consent
from roster.models import Shift

TOPIC = "consent"
"""Of the messages in the outbox."""


def what(consent: Consent) -> str:
    """Return what the person is asked for, in a sentence without a full stop."""
    shift = db.session.get(Shift, consent.shift_id) if consent.shift_id is not None else None
    unit = consent.unit if consent.unit is not None else people.unit_by_id(consent.unit_id)
    if shift is None:
        return _("được gọi đích danh khi có sự cố ở %(unit)s", unit=unit.name)
    kind = db.session.scalar(select(DutyKind).where(DutyKind.code == shift.duty))
    return _(
        "trực %(duty)s ở %(unit)s, %(span)s",
        duty=named(kind) if kind else shift.duty,
        unit=unit.name,
        span=span(shift.starts_at, shift.ends_at),
    )


def ask(consent: Consent, receiver_id: int, token: str, *, now: datetime) -> None:
    """Ask the person, or a manager of theirs; answered by one tap, or on the page of asks."""
    receiver = people.person_by_id(receiver_id)
    with force_locale(_language(receiver_id)):
        link = f"{current_app.config['PUBLIC_URL']}/a/{token}"
        until = _("%(time)s ngày %(day)s", time=t(consent.expires_at), day=dm(consent.expires_at))
        if receiver_id == consent.person_id:
            subject = _("Chờ đồng chí đồng ý: %(what)s", what=what(consent))
        else:
            subject = _("Chờ đồng ý cho %(name)s: %(what)s", name=consent.person.full_name, what=what(consent))
        body = _(
            "%(subject)s. Người đề nghị: %(by)s. Trả lời trước %(until)s, sau đó coi như không: %(link)s",
            subject=subject,
            by=consent.asked_by_name,
            until=until,
            link=link,
        )
    reading.write(
        receiver, topic=TOPIC, key=f"consent/{consent.id}/ask/{receiver_id}", subject=subject, body=body, now=now
    )


def has_left(consent_id: int) -> bool:
    """Whether the ask has left to anybody."""
    mine = Message.topic == TOPIC, Message.idempotency_key.startswith(f"consent/{consent_id}/ask/")
    return db.session.scalar(select(Message.id).where(*mine, left()).limit(1)) is not None


def addresses_of_ask(consent_id: int, receiver_id: int) -> set[str]:
    """Return where the ask with the receiver's link went."""
    mine = Message.topic == TOPIC, Message.idempotency_key.startswith(f"consent/{consent_id}/ask/{receiver_id}")
    return set(db.session.scalars(select(Message.address).where(*mine, Message.person_id == receiver_id)))


def tell_asker(consent: Consent, *, now: datetime) -> None:
    """Tell the asker, when that was a person."""
    if consent.asked_by_person_id is None:
        return
    asker = people.person_by_id(consent.asked_by_person_id)
    with force_locale(_language(asker.id)):
        name = consent.person.full_name
        if consent.state == "given":
            subject = _("%(name)s: đã đồng ý", name=name)
        else:
            subject = _("%(name)s: không đồng ý", name=name)
        body = _("%(subject)s %(what)s (%(by)s trả lời).", subject=subject, what=what(consent), by=consent.answered_by)
    reading.write(asker, topic=TOPIC, key=f"consent/{consent.id}/answer", subject=subject, body=body, now=now)


def _language(person_id: int) -> str:
    user = account_queries.user_of_person(person_id)
    return user.locale if user is not None else "vi"
