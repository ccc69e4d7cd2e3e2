"""What is published of a campaign, as papers tell it: never the draft, always which revision it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.db import db
from core.errors import Conflict
from core.text import format_phone
from people import queries as people
from people.models import DutyKind, Unit
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.draft import shown_days
from roster.draft.shown_days import GridDay
from roster.models import Revision
from roster.resolver import numbers
from roster.sources.models import HolidaySet

Row = Mapping[str, Any]
"""A shift, as ``Revision.content`` has it."""


@dataclass(frozen=True)
class Published:
    """``rows``: its shifts, of one unit and what is below it where that was asked."""

    campaign: Campaign
    revision: Revision
    unit: Unit
    rows: tuple[Row, ...]
    days: tuple[GridDay, ...]
    kinds: Mapping[str, DutyKind]
    tet: HolidaySet | None

    @property
    def codes(self) -> list[str]:
        """Return the codes of people who serve in it."""
        return list(dict.fromkeys(who["code"] for row in self.rows for who in row["people"]))

    @property
    def units(self) -> list[str]:
        """Codes of units with shifts in it."""
        return list(dict.fromkeys(row["unit"] for row in self.rows))


def revision_of(campaign: Campaign) -> Revision:
    """The latest. Raises Conflict ``documents.nothing``."""
    if campaign.revision == 0:
        raise Conflict("documents.nothing", why=_("lịch trực chưa ban hành."))
    if campaign.state == "draft":
        raise Conflict("documents.nothing", why=_("lịch trực đã thu hồi, chưa ban hành lại."))
    return campaigns.revision(campaign.id, campaign.revision)


def read_published(campaign: Campaign, unit_code: str = "", *, now: datetime) -> Published:
    """``unit_code``: that unit and all below it; empty: the whole campaign.

    Raises NotFound ``unit.unknown``; Conflict ``documents.nothing``.
    """
    revision = revision_of(campaign)
    unit = people.unit_by_code(unit_code) if unit_code else campaign.unit
    rows = revision.content if unit.id == campaign.unit_id else _within(revision.content, unit)
    if not rows:
        raise Conflict("documents.nothing", why=_("%(unit)s không có ca nào trong lịch này.", unit=unit.name))
    tet = db.session.scalar(select(HolidaySet).filter_by(year=campaign.tet_year))
    return Published(
        campaign=campaign,
        revision=revision,
        unit=unit,
        rows=tuple(rows),
        days=shown_days.days_of(campaign, now=now),
        kinds={kind.code: kind for kind in people.duty_kinds()},
        tet=tet,
    )


def _within(content: Sequence[Row], unit: Unit) -> list[Row]:
    codes = {each.code for each in people.units(people.subtree_ids(unit.id))}
    return [row for row in content if row["unit"] in codes]


def units_above(campaign: Campaign, codes: Collection[str]) -> list[Unit]:
    """Units of the campaign that have one of these units (codes) in them, as they are called now, by code; the
    campaign's own first. A unit whose code is gone stands for itself in the whole alone."""
    known = people.unit_ids()
    above = people.ancestors_of({known[code] for code in codes if code in known})
    within = {each for line in above.values() for each in _up_to(line, campaign.unit_id)}
    found = people.units(within | {campaign.unit_id})
    return sorted(found, key=lambda each: (each.id != campaign.unit_id, each.code))


def _up_to(line: Sequence[int], top: int) -> Sequence[int]:
    return line[: line.index(top) + 1] if top in line else ()


def desk_phones(told: Published) -> Mapping[str, Mapping[str, str]]:
    """Code of a unit → kind of duty → the number of the desk: what may hang on a wall, never a person's."""
    known = people.unit_ids()
    wanted = sorted({(row["unit"], row["duty"]) for row in told.rows if row["unit"] in known})
    found = numbers.to_ring_each((known[unit], duty) for unit, duty in wanted)
    phones: dict[str, dict[str, str]] = {}
    for unit, duty in wanted:
        number = found[known[unit], duty].phone
        if number:
            phones.setdefault(unit, {})[duty] = format_phone(number)
    return phones
