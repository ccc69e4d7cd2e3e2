"""A report drawn from data: the sentences and figures of each section, with those of the Tết before beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from compliance.reports.sections import OF_KIND, ReportSection
from compliance.reports.told import refs
from compliance.reports.told.parts import Figure, ReportPart, ReportScope
from core.actor import SYSTEM
from core.calendar import lunar
from core.db import db
from incidents.catalogue import queries as catalogue
from incidents.figures import queries as figures
from incidents.figures.queries import Period
from incidents.record.models import Incident
from people import queries as people
from people.models import Unit
from roster.campaigns.models import Campaign
from roster.days import phases


def ground(
    kind: str, unit: Unit, since: date, until: date, *, now: datetime, about: Incident | None = None
) -> ReportScope:
    """Counts restricted incidents as well: reports are read by those alone who may close incidents there."""
    phase = phases.phase_on(people.ancestor_ids(unit.id), since) if since == until else None
    logged = figures.incidents(unit, Period(since, until), actor=SYSTEM, now=now)
    return ReportScope(
        kind,
        unit,
        people.subtree_ids(unit.id),
        since,
        until,
        about.phase if about is not None else phase,
        [each for each in logged if each.created_at <= now],
        {each.code: each for each in catalogue.all_categories()},
        now,
        about,
    )


def draw(on: ReportScope) -> list[dict[str, Any]]:
    """Return them as ``Report.sections`` keeps them; nothing of them is written by a person yet."""
    earlier = before(on)
    found = [(section, _told(section, on)) for section in OF_KIND[on.kind]]
    former = _values(earlier) if earlier is not None else {}
    return [
        {
            "code": section.code,
            "title": section.title,
            "lines": [*part.lines, *_compared(section, on, earlier), *map(_no_data, part.missing)],
            "text": None,
            "figures": [_kept(each, former) for each in part.figures],
        }
        for section, part in found
    ]


def before(on: ReportScope) -> ReportScope | None:
    """The same of the Tết before, when it was planned here: the whole campaign, or the day as far from Mùng 1."""
    above = people.ancestor_ids(on.unit.id)
    year = phases.tet_year_on(on.unit.id, on.since)
    if year is None or on.kind == "adhoc":
        return None
    former = db.session.scalar(
        select(Campaign)
        .where(Campaign.unit_id.in_(above), Campaign.tet_year == year - 1, Campaign.revision > 0)
        .order_by(Campaign.starts_on, Campaign.id)
        .limit(1)
    )
    if former is None:
        return None
    since, until = former.starts_on, former.ends_on
    if on.one_day:
        since = until = lunar.tet(year - 1) + (on.since - lunar.tet(year))
        if not former.starts_on <= since <= former.ends_on:
            return None
    return ground(on.kind, on.unit, since, until, now=on.now)


def _told(section: ReportSection, on: ReportScope) -> ReportPart:
    parts = [tell(on) for tell in section.tellers]
    return ReportPart(
        tuple(line for part in parts for line in part.lines),
        tuple(figure for part in parts for figure in part.figures),
        tuple(what for part in parts for what in part.missing),
    )


def _values(earlier: ReportScope) -> dict[str, int]:
    told = (each for section in OF_KIND[earlier.kind] for each in _told(section, earlier).figures)
    return {each.code: each.value for each in told if not each.of_now}


def _compared(section: ReportSection, on: ReportScope, earlier: ReportScope | None) -> Sequence[str]:
    """Said where incidents are told of; elsewhere the figures stand side by side."""
    if section.code != "incidents":
        return ()
    if earlier is None:
        return ("Hệ thống chưa có số liệu của dịp Tết trước để so sánh.",)
    same = f"ngày {earlier.since:%d/%m/%Y}" if on.one_day else f"{earlier.since:%d/%m/%Y}–{earlier.until:%d/%m/%Y}"
    return (f"Cùng kỳ Tết trước ({same}): {len(earlier.incidents)} sự cố.",)


def _no_data(what: str) -> str:
    return f"Chưa có nguồn dữ liệu trong hệ thống về {what}."


def _kept(each: Figure, former: dict[str, int]) -> dict[str, Any]:
    return {
        "code": each.code,
        "label": each.label,
        "value": each.value,
        "before": former.get(each.code),
        "refs": refs.packed(each.refs),
    }
