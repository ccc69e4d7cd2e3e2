"""Work patterns: the ordinary weekly hours that on-site duty may not overlap, editable by the enterprise."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, FieldError, Invalid
from core.i18n import d, written
from people import queries, validation
from people.access.guard import ensure
from people.models import WorkPattern
from planning.problem import NormalHours
from planning.rules.law import NORMAL_HOURS
from planning.time.normal_hours import DAY_OF_TEN, beyond_law
from roster.days import day_classes
from roster.days.points_table import revalue

BY_ROSTER = "shift"
"""The pattern of people who work by the roster alone; it has no hours of its own."""
MOST_SPANS = 4
_SPAN = re.compile(r"([01]?\d|2[0-3])[:hH]([0-5]\d)?\s*[-–—]\s*([01]?\d|2[0-3]|24)[:hH]([0-5]\d)?")
_NORMAL = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\s*:\s*(\d{1,2}(?:[.,]\d{1,2})?)\s*;\s*(\d{1,2}(?:[.,]\d{1,2})?)")
MOST_A_DAY, MOST_A_WEEK = 12 * 60, 60 * 60
Spans = list[list[str]]
Normal = list[dict[str, Any]]


def patterns() -> Sequence[WorkPattern]:
    return queries.work_patterns()


def parsed(text: str) -> Spans:
    """``07:30-11:30, 13:00-17:00`` as spans of one day, in order; nothing for a blank. ValueError."""
    found = []
    for part in (each.strip() for each in re.split(r"[,;\n]", text)):
        match = _SPAN.fullmatch(part) if part else None
        if part and match is None:
            raise ValueError(part)
        if match:
            since_hour, since_minute, until_hour, until_minute = match.groups(default="00")
            found.append([f"{int(since_hour):02d}:{since_minute}", f"{int(until_hour):02d}:{until_minute}"])
    return checked(found)


def checked(spans: Sequence[Sequence[str]]) -> Spans:
    """The spans in order. ValueError when one ends before it starts, two overlap, or there are more than four."""
    found = sorted([since, until] for since, until in spans)
    ends = [until for _since, until in found[:-1]]
    overlap = any(until > since for until, (since, _until) in zip(ends, found[1:], strict=True))
    if len(found) > MOST_SPANS or overlap or any(since >= until or until > "23:59" for since, until in found):
        raise ValueError(spans)
    return found


def shown(spans: Sequence[Sequence[str]]) -> str:
    """Spans as people write them, one a line: ``07:30–11:30``."""
    return "\n".join(f"{since}–{until}" for since, until in spans)


def parsed_normal(text: str) -> Normal:
    """``01/01/2026: 8; 48`` (from when: hours a day; a week), a line each; no line: the law. ValueError."""
    found: dict[str, dict[str, Any]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _NORMAL.fullmatch(line)
        if match is None:
            raise ValueError(line)
        day, month, year = (int(part) for part in match.groups()[:3])
        since = date(year, month, day).isoformat()
        hours = [round(60 * float(part.replace(",", "."))) for part in match.groups()[3:]]
        if since in found or not (0 < hours[0] <= MOST_A_DAY and hours[0] <= hours[1] <= MOST_A_WEEK):
            raise ValueError(line)
        found[since] = {"since": since, "day": hours[0], "week": hours[1]}
    return [found[since] for since in sorted(found)]


def shown_normal(row: WorkPattern) -> str:
    """Return what the enterprise chose, as people write it: 8,5 (English 8.5)."""
    return "\n".join(
        f"{date.fromisoformat(each['since']):%d/%m/%Y}: {_hours_of(each['day'])}; {_hours_of(each['week'])}"
        for each in row.normal_hours
    )


def _hours_of(minutes: int) -> str:
    return written(f"{minutes / 60:g}")


def warnings(row: WorkPattern) -> list[str]:
    """Return which of the norms that the enterprise chose are above the law's, with the article; nothing is refused for
    it."""
    return [words for each in day_classes.chosen_hours(row) if (words := _above(each))]


def _above(each: NormalHours) -> str:
    law = beyond_law(each)
    if law is None:
        return ""
    over, day = [], {"n": _hours_of(each.day), "most": _hours_of(law.day), "ten": _hours_of(DAY_OF_TEN)}
    if each.day > law.day == DAY_OF_TEN:
        over.append(_("%(n)s giờ một ngày, luật cho tới %(most)s", **day))
    elif each.day > law.day:
        over.append(_("%(n)s giờ một ngày, luật cho tới %(most)s (%(ten)s nếu giờ được quy định theo tuần)", **day))
    if each.week > law.week:
        over.append(_("%(n)s giờ một tuần, luật cho tới %(most)s", n=_hours_of(each.week), most=_hours_of(law.week)))
    basis = next(norm.basis for norm in NORMAL_HOURS if norm.holds(each.since))
    return _("Từ %(since)s: %(over)s. %(basis)s.", since=d(each.since), over="; ".join(over), basis=basis)


def save_pattern(
    code: str,
    *,
    name_vi: str,
    name_en: str = "",
    hours: Mapping[str, Sequence[Sequence[str]]],
    normal: Normal | None = None,
    actor: Actor,
    now: datetime,
) -> tuple[WorkPattern, bool]:
    """Create or change the pattern ``code``; ``hours`` by weekday "0" (Monday) to "6". Answers it and whether new.

    ``normal``: what the enterprise chose as normal hours (None: as it is, empty: as the law says). Shifts of never
    published campaigns are valued anew, because the class of a day follows the pattern. Raises Invalid
    (``hours.<weekday>``, ``name_vi``, ``code``), Conflict for hours of the pattern "shift", Forbidden.
    """
    with transaction() as session:
        ensure(actor, "dutykind.write", None, now=now)
        tidy = _hours(hours)
        row = session.get(WorkPattern, validation.code(code))
        is_new = row is None
        if code == BY_ROSTER and tidy:
            raise Conflict("pattern.by_roster", field="hours")
        row = row or WorkPattern(code=validation.code(code), hours={})
        row.name_vi = validation.one_line(name_vi, "name_vi")
        row.name_en = validation.one_line(name_en or name_vi, "name_en")
        changed = row.hours != tidy
        row.hours = tidy
        if normal is not None:
            row.normal_hours = normal
        session.add(row)
        session.flush()
        revalued = revalue() if changed else 0
        audit.record(
            actor,
            "pattern.save",
            "work_pattern",
            row.code,
            now=now,
            hours=tidy,
            shifts=revalued,
            normal_hours=row.normal_hours,
        )
        return row, is_new


def _hours(given: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, Any]:
    found, faults = {}, []
    for day, spans in sorted(given.items()):
        try:
            tidy = checked(spans)
        except ValueError:
            faults.append(FieldError(f"hours.{day}", "pattern.hours"))
            continue
        if tidy:
            found[day] = tidy
    if faults:
        raise Invalid("pattern.hours", errors=faults)
    return found
