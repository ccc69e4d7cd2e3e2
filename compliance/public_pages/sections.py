"""What stands on the public pages, in order; a room that has something for the public adds its reader here.

A reader answers what it knows of a unit at a moment, in the language in force, and nothing about any person; None: it
has nothing to say, and its section is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from compliance.posting import editions, law, parts
from compliance.posting.words import PARTS
from compliance.public_pages import notices
from compliance.service_hours import words as hours
from core.clock import local_date
from core.i18n import d, locale, long_date, lunar_short, weekday
from people.models import Unit
from roster.resolver import numbers

SUPPORT = "support"


@dataclass(frozen=True)
class PublicText:
    """``lines``: sentences; ``numbered``: a list whose numbers matter; ``rows``: label and value; ``phones``: label and
    digits to ring; ``note``: where it is from."""

    lines: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    phones: tuple[tuple[str, str], ...] = ()
    note: str = ""


Reader = Callable[[Unit, datetime], PublicText | None]


@dataclass(frozen=True)
class PublicSection:
    code: str
    title: Any
    read: Reader


def contact(unit: Unit, now: datetime) -> PublicText | None:
    """Return where it is; its own telephone, not that of anybody who works there."""
    rows = ((_("Địa chỉ"), unit.address),) if unit.address else ()
    own = numbers.plain(unit.phone)
    return PublicText(rows=rows, phones=((_("Điện thoại"), own),) if own else ()) if rows or own else None


def service(unit: Unit, now: datetime) -> PublicText:
    """Return what a person has written for the public about interruptions here or above."""
    open_ones = notices.running(unit.id)
    if not open_ones:
        return PublicText(lines=(_("Không có thông báo gián đoạn dịch vụ."),))
    return PublicText(lines=tuple(notices.said(each, now) for each in open_ones))


def complaints(unit: Unit, now: datetime) -> PublicText:
    """The number at which service is supported, the unit's own or the nearest above; and whose that is."""
    number = numbers.to_ring(unit.id, SUPPORT)
    lines = (_("Khiếu nại tại quầy, hoặc gọi số hỗ trợ khách hàng."),)
    if not number.phone:
        return PublicText(lines=(_("Khiếu nại tại quầy."),))
    return PublicText(lines=lines, phones=((_("Hỗ trợ khách hàng"), number.phone),))


def prohibited(unit: Unit, now: datetime) -> PublicText:
    """The words of the law, and the enterprise's examples as they hang at the counter."""
    edition = _edition(unit, "prohibited", now)
    examples = _lines(edition, "examples") if edition else ()
    note = _("%(act)s, hiệu lực từ %(since)s", act=law.SOURCE.basis, since=d(law.SINCE))
    said = tuple(each[locale()] for each in law.PROHIBITED)
    return PublicText(lines=examples, numbered=said, note=f"{note}.")


def conditions(unit: Unit, now: datetime) -> PublicText | None:
    """Return what hangs beside it, by the headings of the circular; nothing while nobody has written it whole."""
    edition = _edition(unit, "conditions", now)
    if edition is None:
        return None
    rows = ((str(PARTS[part]), "\n".join(_lines(edition, part))) for part in parts.PARTS["conditions"])
    return PublicText(rows=tuple((label, text) for label, text in rows if text))


def opening_hours(unit: Unit, now: datetime) -> PublicText | None:
    """Return the hours by weekday, and those of the days of Tết still to come of which something else was said; None:
    nobody said any."""
    edition = _edition(unit, "hours", now)
    if edition is None:
        return None
    week = ((weekday(day), hours.whole(said)) for day, said in zip(editions.WEEK, edition.week, strict=True) if said)
    coming = ((day, said) for day, said in edition.days if day >= local_date(now))
    special = ((f"{long_date(day)} ({lunar_short(day)})", hours.whole(said)) for day, said in coming)
    rows = (*week, *special)
    return PublicText(rows=rows) if rows else None


def _edition(unit: Unit, what: str, now: datetime) -> editions.Edition | None:
    found = editions.editions_for([unit.id], local_date(now))[unit.id, what]
    return found if found.exists else None


def _lines(edition: editions.Edition, part: str) -> tuple[str, ...]:
    said = edition.texts.get(part, {})
    words = said.get(locale()) or said.get("vi", "")
    return tuple(line.strip() for line in words.splitlines() if line.strip())


POINT = (
    PublicSection("service", _l("Tình trạng dịch vụ"), service),
    PublicSection("hours", _l("Giờ mở cửa"), opening_hours),
    PublicSection("contact", _l("Liên hệ"), contact),
    PublicSection("complaints", _l("Khiếu nại"), complaints),
)
"""/p/<unit>."""
POSTED = (
    PublicSection("prohibited", _l("Vật phẩm, hàng hóa không được gửi"), prohibited),
    PublicSection("conditions", _l("Điều kiện cung ứng dịch vụ"), conditions),
    PublicSection("complaints", _l("Khiếu nại"), complaints),
)
"""/p/<unit>/niem-yet: what hangs at the counter."""


def read_sections(sections: tuple[PublicSection, ...], unit: Unit, now: datetime) -> list[tuple[str, str, PublicText]]:
    """(code, title, what is told) of those that have something to say."""
    found = ((each, each.read(unit, now)) for each in sections)
    return [(each.code, str(each.title), told) for each, told in found if told is not None]


def closed_since(unit: Unit, today: date) -> date | None:
    """The first day on which a closed unit did not serve any more."""
    gone = unit.valid_to
    return date.fromordinal(gone.toordinal() + 1) if gone is not None and gone < today else None
