"""The facts of an event in the words of the feed's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import gettext as _

from core import clock, i18n, text
from core.calendar import lunar
from roster.feeds import ical
from roster.feeds.facts import Colleague, EventFacts
from roster.feeds.sequence_numbers import EventMark
from roster.words.labels import FORMS

COLOURS = {"ld": "purple", "dh": "steelblue", "uc": "chocolate", "ht": "seagreen"}
"""The colour of a duty kind on the pages → the nearest name that calendars know (CSS, RFC 7986)."""
OTHER = "slategray"


def event(fact: EventFacts, mark: EventMark, *, site: str, busy: bool) -> bytes:
    """The event in the language in force."""
    return ical.event(
        ical.FeedEvent(
            uid=f"{fact.uid}@{site}",
            sequence=mark.sequence,
            stamp=mark.stamp,
            starts_at=fact.starts_at,
            ends_at=fact.ends_at,
            summary=_summary(fact),
            location=_joined(", ", fact.unit, fact.address),
            description=_description(fact),
            category=fact.kind,
            colour=COLOURS.get(fact.colour, OTHER),
            status="CANCELLED" if fact.cancelled else "CONFIRMED",
            busy=busy,
        )
    )


def _summary(fact: EventFacts) -> str:
    drill, who = _("DIỄN TẬP") if fact.drill else "", fact.who.name if fact.who else ""
    said = _joined(" · ", drill, fact.kind, fact.template, who)
    return _("Đã hủy: %(summary)s", summary=said) if fact.cancelled else said


def _joined(by: str, *parts: str) -> str:
    return by.join(part for part in parts if part)


def _description(fact: EventFacts) -> str:
    lines = [lunar_days(fact.starts_at, fact.ends_at), str(FORMS.get(fact.form, fact.form))]
    if fact.who and fact.who.phone:
        lines.append(_("Điện thoại: %(phone)s", phone=fact.who.phone))
    if fact.beside:
        lines.append(_("Cùng ca: %(names)s", names=_names(fact.beside)))
    if fact.before:
        lines.append(_("Nhận ca từ: %(names)s", names=_names(fact.before)))
    if fact.after:
        lines.append(_("Giao ca cho: %(names)s", names=_names(fact.after)))
    if fact.desk:
        phone = text.format_phone(fact.desk)
        lines.append(
            _("Điện thoại trực: %(phone)s", phone=phone)
            if fact.is_desk
            else _("Điện thoại đơn vị: %(phone)s", phone=phone)
        )
    lines.append(_("Đợt trực: %(name)s", name=fact.campaign))
    if fact.drill:
        lines.append(_("Diễn tập theo lịch đã ban hành, không phải ca trực thật."))
    return "\n".join(lines)


def _names(found: Iterable[Colleague]) -> str:
    return ", ".join(f"{each.name} ({each.phone})" if each.phone else each.name for each in found)


def lunar_days(starts_at: datetime, ends_at: datetime) -> str:
    """The lunar day of the start; also the last one when a shift crosses into Mùng 1 Tết."""
    first, last = clock.local_date(starts_at), clock.local_date(ends_at - timedelta(microseconds=1))
    day, until = lunar.to_lunar(first), lunar.to_lunar(last)
    said = lunar.long_name(day, i18n.locale())
    if until.year == day.year:
        return said
    return _("%(day)s, sang %(new)s", day=said, new=lunar.long_name(until, i18n.locale()))
