"""What has to hang at a point: the text in force for it, and a mark that changes whenever what it says changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from compliance.posting import law, parts
from compliance.posting.models import POSTED, PostingText
from compliance.service_hours import queries as hours
from compliance.service_hours.rules import OpeningHours
from core.calendar import lunar
from core.db import db
from people import reference

WEEK = tuple(date(2024, 1, 1) + timedelta(days=number) for number in range(7))
"""A Monday and the days after it, of which nobody will ever say anything special."""
BEFORE, AFTER = timedelta(days=45), timedelta(days=30)
"""Days around Mùng 1 that a poster of opening hours tells of: as long as the season lasts, the same days."""


@dataclass(frozen=True)
class Edition:
    """``mark`` empty: there is nothing to post yet. ``version`` of the enterprise's text; 0: none was written.

    ``whole``: everything that it needs is written, so that it can be printed.
    """

    what: str
    mark: str = ""
    version: int = 0
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    week: tuple[OpeningHours | None, ...] = ()
    days: tuple[tuple[date, OpeningHours | None], ...] = ()

    @property
    def exists(self) -> bool:
        return bool(self.mark)


def editions_for(unit_ids: Collection[int], today: date) -> dict[tuple[int, str], Edition]:
    """(point, what) → what has to hang there, in a few statements for all."""
    texts = newest(unit_ids)
    # Most points post the same: each text is looked at once.
    made: dict[tuple[str, int | None], Edition] = {}
    found: dict[tuple[int, str], Edition] = {}
    for each in unit_ids:
        for what in POSTED[:-1]:
            row = texts.get((each, what))
            key = what, row.id if row is not None else None
            if key not in made:
                made[key] = _text_edition(what, row)
            found[each, what] = made[key]
    week = hours.hours_by_day(unit_ids, WEEK)
    special = hours.said_days(unit_ids, *season(today))
    days = hours.hours_by_day(unit_ids, sorted({day for said in special.values() for day in said})) if special else {}
    for each in unit_ids:
        said = tuple((day, days[each, day]) for day in special[each])
        found[each, "hours"] = _hours_edition(tuple(week[each, day] for day in WEEK), said)
    return found


def season(today: date) -> tuple[date, date]:
    """First and last day of the Tết that is on, or comes next."""
    tet = lunar.tet(today.year)
    if today > tet + AFTER:
        tet = lunar.tet(today.year + 1)
    return tet - BEFORE, tet + AFTER


def newest(unit_ids: Collection[int]) -> dict[tuple[int, str], PostingText]:
    """(unit, what) → the text in force: the nearest unit's above it, its newest version."""
    above = reference.ancestors_of(frozenset(unit_ids))
    everybody = {each for units in above.values() for each in units}
    last = (
        select(func.max(PostingText.id))
        .where(PostingText.unit_id.in_(everybody))
        .group_by(PostingText.unit_id, PostingText.what)
    )
    own = {
        (row.unit_id, row.what): row for row in db.session.scalars(select(PostingText).where(PostingText.id.in_(last)))
    }
    found = {}
    for each in unit_ids:
        for what in POSTED:
            nearest = next((own[one, what] for one in above[each] if (one, what) in own), None)
            if nearest is not None:
                found[each, what] = nearest
    return found


def _text_edition(what: str, row: PostingText | None) -> Edition:
    texts: Mapping[str, Any] = row.parts if row is not None else {}
    if not parts.is_whole(what, texts):
        return Edition(what, version=row.version if row else 0, texts=texts)
    said = [law.PROHIBITED, texts] if what == "prohibited" else [texts]
    return Edition(what, mark(said), row.version if row else 0, texts)


@lru_cache(maxsize=64)
def _hours_edition(
    week: tuple[OpeningHours | None, ...], days: tuple[tuple[date, OpeningHours | None], ...]
) -> Edition:
    if all(each is None for each in week) and not days:
        return Edition("hours")
    plain = [repr(each) for each in week], [(day.isoformat(), repr(said)) for day, said in days]
    return Edition("hours", mark(plain), week=week, days=days)


def mark(said: Any) -> str:
    content = json.dumps(said, ensure_ascii=False, sort_keys=True, default=dict)
    return hashlib.sha256(content.encode()).hexdigest()[:12]
