"""Whoever is noted as having stood in, or is so no more, is told by what they read: these are their hours."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from flask_babel import gettext as _

from core.actor import Actor
from core.i18n import dt, named, span
from people import queries as people
from people.links import letters
from people.models import Person
from roster.models import Duty

Verb = Literal["noted", "withdrawn"]


def tell(who: Person, duty: Duty, verb: Verb, from_at: datetime, *, actor: Actor, now: datetime) -> None:
    """Tell them in the caller's transaction; nothing where nothing reaches them: their own hours say it."""
    letters.inform(
        who,
        lambda url: _words(duty, verb, from_at, actor, url=url),
        topic=f"stand_in/{duty.id}",
        key=f"stand_in/{duty.id}/{who.id}/{verb}/{now.isoformat()}",
        now=now,
    )


def _words(duty: Duty, verb: Verb, from_at: datetime, actor: Actor, *, url: str) -> tuple[str, str]:
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
