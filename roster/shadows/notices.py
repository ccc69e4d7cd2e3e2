"""Whoever is put beside somebody, or taken off again, is told by what they read, with the address of their own page."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale, gettext as _

from core.i18n import lunar_long, named, span, weekday
from notify import outbox
from people import queries as people
from people.accounts import queries as accounts
from people.links import services as links
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.rules import to_know
from roster.models import Duty


def tell(who: Person, duty: Duty, shadow_id: int, *, begins: bool, now: datetime) -> None:
    """In the caller's transaction; nothing where nothing reaches them: their page and the list say it."""
    way = to_know(ladders.ladders_of([who.id])[who.id])
    if way is None:
        return
    own = links.drafted({who.id: way}, now=now)
    with force_locale(accounts.locales_of([who.id]).get(who.id, "vi")):
        subject, body = _words(duty, own.urls[who.id], begins=begins)
    links.add(own)
    letter = outbox.composed(
        outbox.Carriers(),
        topic=f"shadow/{shadow_id}",
        key=f"shadow/{shadow_id}/{'begins' if begins else 'ends'}/{way.channel}",
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


def _words(duty: Duty, url: str, *, begins: bool) -> tuple[str, str]:
    kind = next((named(each) for each in people.duty_kinds() if each.code == duty.duty), duty.duty)
    what = _("%(duty)s, %(span)s", duty=kind, span=span(duty.starts_at, duty.ends_at))
    subject = _("Kèm trực: %(what)s", what=what) if begins else _("Thôi kèm trực: %(what)s", what=what)
    said = {
        "subject": subject,
        "when": f"{weekday(duty.starts_at)} {lunar_long(duty.starts_at)}",
        "unit": duty.unit.name,
        "name": duty.person.full_name,
        "url": url,
    }
    if not begins:
        return subject, _("%(subject)s (%(when)s), %(unit)s. Xem: %(url)s", **said)
    return subject, _(
        "%(subject)s (%(when)s), %(unit)s, cùng %(name)s. Đồng chí đi cùng để quen việc, không thay người trực và "
        "không bị gọi khi có sự cố. Xem: %(url)s",
        **said,
    )
