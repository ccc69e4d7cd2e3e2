"""Units × days held against what else speaks of the same seats: the grid of each unit, and the proof of coverage."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy import select

from core import clock
from core.db import db
from planning.coverage import DOUBTS
from roster.by_unit import reading
from roster.by_unit.cells import UnitCell
from roster.campaigns.models import Campaign
from roster.campaigns.rights import Shown
from roster.coverage import proving
from roster.draft import grid, page_head
from roster.sources.models import HolidaySet

SOURCES: tuple[Shown, ...] = ("draft", "published")


def read_by_unit(campaign: Campaign, source: Shown, now: datetime) -> reading.ByUnit:
    tet = db.session.scalar(select(HolidaySet).filter_by(year=campaign.tet_year))
    return reading.read_by_unit(campaign, source, tet, drafts=True, now=now)


def assert_agrees(campaign: Campaign, source: Shown, now: datetime) -> reading.ByUnit:
    found = read_by_unit(campaign, source, now)
    assert_as_proven(campaign, source, found, now)
    for node in found.root.walk():
        if node.unit is None or node.kind == "own" or node.unit.id == campaign.unit_id:
            continue
        shown = grid.load(campaign.id, now=now, source=source, unit_id=node.unit.id)
        unknown = [sum(leaf.cells[n].seats * leaf.unlisted for leaf in node.leaves()) for n in range(len(found.days))]
        said = [
            (cell.seats, cell.missing + extra, cell.unsure) for cell, extra in zip(node.cells, unknown, strict=True)
        ]
        assert said == [(each.seats, each.missing, each.unsure) for each in shown.cover], node.key
    assert found.changed == page_head.changed_shifts(campaign, grid.load(campaign.id, now=now, source=source))
    return found


def assert_as_proven(campaign: Campaign, source: Shown, found: reading.ByUnit, now: datetime) -> None:
    """Everybody of these worlds has a telephone, so a place lacks nobody, or somebody who is sure."""
    asked = proving.prove_draft(campaign.id) if source == "draft" else proving.prove_published(campaign.id)
    places = proving.stand(campaign, asked, now=now).places
    lacking = Counter(
        (each.unit, clock.local_date(each.starts_at), "empty" if each.lacks == "empty" else "unsure")
        for each in places
        if each.lacks == "empty" or each.lacks in DOUBTS.values()
    )
    said = Counter[tuple[str, date, str]]()
    for leaf in found.leaves:
        for day, cell in zip(found.days, leaf.cells, strict=True):
            assert leaf.unit is not None
            said[leaf.unit.code, day.on, "empty"] += cell.missing + cell.seats * leaf.unlisted
            said[leaf.unit.code, day.on, "unsure"] += cell.unsure
    assert +said == lacking


def at(found: reading.ByUnit, code: str) -> list[UnitCell]:
    return next(list(node.cells) for node in found.root.walk() if node.unit and node.unit.code == code)
