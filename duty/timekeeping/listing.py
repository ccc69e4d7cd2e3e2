"""The hours of a campaign, some people at a time, with what was closed of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import func, select

from core.db import db
from core.pages import SIZE, ListPage
from duty.timekeeping import books, queries, sums
from duty.timekeeping.models import HoursClosing
from duty.timekeeping.queries import CampaignHours
from people.models import Person
from roster.campaigns.models import Campaign
from roster.presence import serving

State = Literal["open", "closed", "changed"]


@dataclass(frozen=True)
class ClosedMonth:
    """What was closed of one person's month: when, by whom, and whether it has changed since."""

    closing: HoursClosing
    before: sums.Sums
    is_changed: bool


@dataclass(frozen=True)
class TimekeepingRow:
    """``closed``: by the first day of a month, newest closings of the person's unit."""

    hours: CampaignHours
    closed: Mapping[date, ClosedMonth]

    @property
    def state(self) -> State:
        """``closed`` when each month with hours is; ``changed`` when one of them is not as it was closed."""
        if any(each.is_changed for each in self.closed.values()):
            return "changed"
        months = sums.months(self.hours.lines)
        return "closed" if months and all(each in self.closed for each in months) else "open"


def page_of(
    campaign: Campaign,
    units: Collection[int] | None,
    person_id: int | None,
    q: str,
    *,
    page: int,
    now: datetime,
    planned: bool,
) -> ListPage[TimekeepingRow]:
    """Return it by name; of these units (None: all) and of this person."""
    wanted = serving.select_people(campaign.id, units, person_id=person_id, q=q)
    total = db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    pages = max(1, -(-total // SIZE))
    page = max(1, min(page, pages))
    people = db.session.scalars(wanted.limit(SIZE).offset((page - 1) * SIZE)).all()
    return ListPage(rows(campaign, people, now=now, planned=planned), page, pages, total)


def rows(campaign: Campaign, people: Sequence[Person], *, now: datetime, planned: bool = False) -> list[TimekeepingRow]:
    """Return them in the order given."""
    found = queries.hours_for_people(campaign, people, now=now, planned=planned)
    closed = books.newest(campaign.id, {each.unit_id for each in people})
    return [TimekeepingRow(found[each.id], {} if planned else _closed(found[each.id], closed)) for each in people]


def _closed(hours: CampaignHours, closed: Mapping[tuple[int, date], HoursClosing]) -> dict[date, ClosedMonth]:
    found = {}
    for (unit_id, month), closing in sorted(closed.items()):
        if unit_id != hours.person.unit_id:
            continue
        entry = next((each for each in closing.figures if each["person"] == hours.person.id), None)
        before = sums.parse_lines(entry["lines"]) if entry is not None else ()
        changed = before != sums.lines_of_month(hours.lines, month)
        if before or changed:
            found[month] = ClosedMonth(closing, sums.Sums(before), changed)
    return found
