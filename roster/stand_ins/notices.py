"""Whoever is noted as having stood in, or is so no more, is told by what they read: these are their hours."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from flask_babel import force_locale, gettext as _

from core.actor import Actor
from core.i18n import dt, named, span
from notify import outbox
from people import queries as people
from people.accounts import queries as accounts
from people.links import services as links
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.rules import to_know
from roster.models import Duty

Verb = Literal["noted", "withdrawn"]


def tell(who: Person, duty: Duty, verb: Verb, from_at: datetime, *, actor: Actor, now: datetime) -> None:
    """In the caller's transaction; nothing where nothing reaches them: their own hours say it."""
    way = to_know(ladders.ladders_of([who.id])[who.id])
    if way is None:
        return
    own = links.drafted({who.id: way}, now=now)
    with force_locale(accounts.locales_of([who.id]).get(who.id, "vi")):
        subject, body = _words(duty, verb, from_at, actor, own.urls[who.id])
    links.add(own)
    letter = outbox.composed(
        outbox.Carriers(),
        topic=f"stand_in/{duty.id}",
        key=f"stand_in/{duty.id}/{who.id}/{verb}/{now.isoformat()}",
        channel=way.channel,
        address=way.address,
        recipient=who.full_name,
        subject=subject,
        body=body,
        now=now,
        local_only=who.is_demo,
        person_id=who.id,
    )
    outbox.add([letter])


def _words(duty: Duty, verb: Verb, from_at: datetime, actor: Actor, url: str) -> tuple[str, str]:
    kind = next((named(each) for each in people.duty_kinds() if each.code == duty.duty), duty.duty)
    said = {
        "name": duty.person.full_name,
        "what": _("%(duty)s, %(span)s", duty=kind, span=span(duty.starts_at, duty.ends_at)),
        "unit": duty.unit.name,
        "from": dt(from_at),
        "by": actor.name,
        "url": url,
    }
    if verb == "withdrawn":
        subject = _("Bỏ ghi trực thay: %(what)s", what=said["what"])
        return subject, _(
            "%(by)s đã bỏ ghi đồng chí trực thay %(name)s: %(what)s, %(unit)s. Giờ đó không tính cho đồng chí nữa; "
            "nếu đồng chí có trực thì báo lại. Xem: %(url)s",
            **said,
        )
    subject = _("Ghi trực thay: %(what)s", what=said["what"])
    return subject, _(
        "%(by)s ghi đồng chí trực thay %(name)s từ %(from)s: %(what)s, %(unit)s. Giờ này tính cho đồng chí; nếu không "
        "đúng thì báo lại. Xem: %(url)s",
        **said,
    )
