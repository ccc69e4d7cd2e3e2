"""What papers of the desk are about: incidents, hand-overs, pages of the diary. Who may see them sees their papers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from core import i18n
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from incidents.diary import services as diary
from incidents.diary.services import DiarySpan
from incidents.handovers import queries as handovers
from incidents.handovers.models import Handover
from incidents.papers import since
from incidents.record import naming, queries
from incidents.record.models import Incident
from people import queries as people
from people.access import guard
from people.models import Unit

_PAGE = re.compile(r"(?P<unit>.+)@(?P<day>\d{4}-\d\d-\d\d)(?:@(?P<shift>\d\d:\d\d-\d\d:\d\d))?")
"""Unit, day and, of a shift, its hours: "BDA@2027-02-05@22:00-06:00"."""
LARGEST = 2_147_483_647


def key_of(about: str) -> str:
    return about.partition(":")[2]


# Incidents


def incident(about: str, actor: Actor, now: datetime) -> tuple[str, int]:
    found = queries.readable(key_of(about), actor, now)
    return f"{found.code} · {naming.inside(found)}", found.unit_id


def incidents_seen(abouts: Iterable[str], actor: Actor, now: datetime) -> set[str]:
    codes = {key_of(each): each for each in abouts}
    seen = queries.board(told=select(Incident.code), actor=actor, now=now).where(Incident.code.in_(codes))
    within = guard.reach(actor, "incident.read", now=now)
    if within is not None:
        seen = seen.where(Incident.unit_id.in_(within))
    return {codes[code] for code in db.session.scalars(seen)}


def incident_played(about: str) -> bool:
    """Whether the incident is of an exercise."""
    return queries.by_code(key_of(about)).rehearsal_id is not None


def incident_page(about: str) -> str:
    return url_for("incidents.detail", code=key_of(about))


# Hand-overs


def handover_of(about: str, actor: Actor, now: datetime) -> Handover:
    """The minutes, if the actor may read them. Raises ``NotFound``, ``Forbidden``."""
    row = handovers.by_id(_id(about))
    guard.ensure(actor, "incident.read", row.unit_id, now=now)
    return row


def handover(about: str, actor: Actor, now: datetime) -> tuple[str, int]:
    row = handover_of(about, actor, now)
    return _("Biên bản bàn giao số %(number)s", number=row.label), row.unit_id


def handovers_seen(abouts: Iterable[str], actor: Actor, now: datetime) -> set[str]:
    ids = {_id(each, 0): each for each in abouts}
    mine = handovers.listed(guard.reach(actor, "incident.read", now=now))
    rows = {row.id: row for row in db.session.scalars(mine.where(Handover.id.in_(ids)))}
    return {ids[found] for found in since.minutes_without(rows, actor, now)}


def handover_page(about: str) -> str:
    return url_for("incidents.handover_page", handover_id=_id(about))


def _id(about: str, otherwise: int | None = None) -> int:
    """As we write it: under another name ("007") the minutes would have other documents."""
    key = key_of(about)
    if key.isascii() and key.isdecimal() and len(key) <= 10 and int(key) <= LARGEST and key == str(int(key)):
        return int(key)
    if otherwise is None:
        raise NotFound("handover.unknown")
    return otherwise


# The diary


@dataclass(frozen=True)
class DayOrShift:
    """``shift``: empty for the whole day."""

    unit_code: str
    day: date
    shift: str


def page_of(about: str) -> DayOrShift:
    """Raises ``NotFound``."""
    found = _PAGE.fullmatch(key_of(about))
    if found is not None:
        try:
            return DayOrShift(found["unit"], date.fromisoformat(found["day"]), found["shift"] or "")
        except ValueError:
            pass
    raise NotFound("papers.diary_unknown")


def diary_reference(unit_code: str, day: date, shift: str = "") -> str:
    """The reference of a page of the diary; ``shift``: the key of its span."""
    return f"diary:{unit_code}@{day.isoformat()}" + (f"@{shift}" if shift else "")


def diary_of(about: str, actor: Actor, now: datetime) -> tuple[Unit, DiarySpan]:
    """Raises ``NotFound``, ``Forbidden``."""
    page = page_of(about)
    unit = people.unit_by_code(page.unit_code)
    guard.ensure(actor, "incident.read", unit.id, now=now)
    return unit, diary.span_of(unit, page.day, page.shift)


def diary_named(about: str, actor: Actor, now: datetime) -> tuple[str, int]:
    unit, span = diary_of(about, actor, now)
    hours = i18n.span(span.starts_at, span.ends_at) if page_of(about).shift else i18n.d(span.starts_at)
    return _("Nhật ký trực %(hours)s, %(unit)s", hours=hours, unit=unit.name), unit.id


def diaries_seen(abouts: Iterable[str], actor: Actor, now: datetime) -> set[str]:
    known, within = people.unit_ids(), guard.reach(actor, "incident.read", now=now)
    pages: dict[str, tuple[int, date]] = {}
    for each in abouts:
        try:
            page = page_of(each)
        except NotFound:
            continue
        unit_id = known.get(page.unit_code)
        if unit_id is not None and (within is None or unit_id in within):
            pages[each] = unit_id, page.day
    return since.pages_without(pages, actor, now)


def diary_page(about: str) -> str:
    page = page_of(about)
    return url_for("incidents.diary_page", unit_code=page.unit_code, day=page.day.isoformat(), shift=page.shift or None)
