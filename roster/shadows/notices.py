"""Whoever is put beside somebody, moved with them or taken off again is told by what they read, with the address of
their own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from flask_babel import gettext as _

from core.i18n import lunar_long, named, span, weekday
from people import queries as people
from people.links import letters
from people.models import Person
from roster.models import Duty

Verb = Literal["begins", "moves", "ends"]


@dataclass(frozen=True)
class About:
    """A seat at its hours (aware UTC): code of the kind, names of unit and holder."""

    kind: str
    unit: str
    holder: str
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def from_duty(cls, duty: Duty) -> Self:
        return cls(duty.duty, duty.unit.name, duty.person.full_name, duty.starts_at, duty.ends_at)


def tell(who: Person, about: About, shadow_id: int, verb: Verb, *, mark: str = "", now: datetime) -> None:
    """Tell them in the caller's transaction; nothing where nothing reaches them: their page and the list say it.

    ``mark``: which time it is, of what may happen to one shadow more than once.
    """
    letters.inform(
        who,
        lambda url: _words(about, url, verb),
        topic=f"shadow/{shadow_id}",
        key=f"shadow/{shadow_id}/{verb}{mark}",
        now=now,
    )


def _words(about: About, url: str, verb: Verb) -> tuple[str, str]:
    kind = next((named(each) for each in people.duty_kinds() if each.code == about.kind), about.kind)
    what = _("%(duty)s, %(span)s", duty=kind, span=span(about.starts_at, about.ends_at))
    subject = {
        "begins": _("Kèm trực: %(what)s", what=what),
        "moves": _("Kèm trực đổi giờ: %(what)s", what=what),
        "ends": _("Thôi kèm trực: %(what)s", what=what),
    }[verb]
    said = {
        "subject": subject,
        "when": f"{weekday(about.starts_at)} {lunar_long(about.starts_at)}",
        "unit": about.unit,
        "name": about.holder,
        "url": url,
    }
    if verb == "ends":
        return subject, _("%(subject)s (%(when)s), %(unit)s. Xem: %(url)s", **said)
    return subject, _(
        "%(subject)s (%(when)s), %(unit)s, cùng %(name)s. Đồng chí đi cùng để quen việc, không thay người trực và "
        "không bị gọi khi có sự cố. Xem: %(url)s",
        **said,
    )
