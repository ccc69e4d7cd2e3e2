"""Units × days: the way in to a campaign of many people. A view of the campaign page, and the part beside its rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core import clock, text
from core.db import db
from core.errors import NotFound
from people import queries as people
from people.access import guard
from people.models import Unit
from roster.blueprint import bp, kinds
from roster.by_unit import beside, queries, reading, rows, words
from roster.by_unit.cells import MARKS, Mark
from roster.by_unit.reading import ByUnit
from roster.by_unit.tree import Node
from roster.campaigns import queries as campaigns, rights
from roster.campaigns.models import Campaign
from roster.draft import page_head
from roster.fairness import closing
from roster.lists import queries as lists
from roster.sources.models import HolidaySet

MANY = 150
"""People from whom on a campaign opens with its units: a page of persons no longer shows where trouble is."""
ASKS_FOR_PEOPLE = ("view", "unit", "duty", "page", "on", "mode")
"""What only the other views know; who asks for it means one of them."""
MOST_FOUND = 20


@dataclass(frozen=True)
class ByUnitFilter:
    """What the address says; ``opened``: None = as it stands by itself; ``at``: the row that is told of beside."""

    opened: frozenset[str] | None
    only: tuple[Mark, ...]
    at: str
    find: str


@dataclass(frozen=True)
class FoundUnits:
    """Units whose name or code has the words: ``keys`` of rows, ``others`` that need nobody in this campaign."""

    keys: tuple[str, ...]
    others: Sequence[Unit]


def opens(campaign: Campaign, asked: Mapping[str, str]) -> bool:
    """Whether the campaign page is shown by unit: asked for, or for want of anything else when there are many."""
    if asked.get("view") == "units":
        return True
    if any(each in asked for each in ASKS_FOR_PEOPLE):
        return False
    return queries.people_in(people.subtree_ids(campaign.unit_id)) > MANY


def page(campaign: Campaign, now: datetime) -> str:
    actor, asked, tet = guard.current_actor(), _asked(), _tet(campaign)
    found = _read_page(campaign, tet, now)
    hit = _find(found, asked.find) if asked.find else FoundUnits((), ())
    root = rows.kept(found.root, asked.only) if asked.only else found.root
    at = _at(root, asked, hit)
    opened = _opened(root, asked, {at.key} if at else set(), hit)
    mine = rights.reach(actor, "campaign.write", campaign, now=now)
    may_write = campaign.state != "closed" and mine != set()
    return render_template(
        "roster/by_unit/units.html",
        campaign=campaign,
        found=found,
        asked=asked,
        source=found.source,
        shown=rows.shown(root, opened),
        toggled=lambda key: sorted(opened ^ {key}) or "",
        hit=hit,
        at=at,
        beside=beside.beside_node(found, at, actor=actor, now=now) if at else None,
        filters=_filters(found),
        counts={mark: sum(each.has(mark) for each in found.leaves) for mark in MARKS},
        words=words,
        kinds=kinds(),
        now=now,
        people=found.people,
        may_write=may_write,
        whole=mine is None,
        collecting=lists.standing(campaign.id, now=now) if may_write and mine is None else None,
        tet=tet,
        run=page_head.last_run(campaign.id),
        over=closing.is_over(campaign, now),
        address=partial(_here, asked),
    )


@bp.get("/campaigns/<int:campaign_id>/units/<key>")
@guard.requires("roster.read")
def unit_beside(campaign_id: int, key: str) -> ResponseReturnValue:
    """Return what stands beside the row ``key``: a part for htmx."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    found = _read_page(campaign, _tet(campaign), now)
    node = rows.find(found.root, key)
    if node is None:
        raise NotFound("unit.unknown", unit=key)
    told = beside.beside_node(found, node, actor=guard.current_actor(), now=now)
    facts = {"campaign": campaign, "found": found, "source": found.source, "beside": told}
    return render_template("roster/by_unit/_beside.html", words=words, kinds=kinds(), now=now, **facts)


def _read_page(campaign: Campaign, tet: HolidaySet | None, now: datetime) -> ByUnit:
    actor = guard.current_actor()
    source = rights.source(actor, campaign, request.args.get("source"), now=now)
    drafts = rights.sees_draft(actor, campaign, now=now)
    return reading.read_by_unit(campaign, source, tet, drafts=drafts, now=now)


def _tet(campaign: Campaign) -> HolidaySet | None:
    return db.session.scalar(select(HolidaySet).filter_by(year=campaign.tet_year))


def _asked() -> ByUnitFilter:
    args = request.args
    opened = frozenset(args.getlist("open")) if "open" in args else None
    typed = args.get("only", "").split(",")
    only = tuple(mark for mark in MARKS if mark in typed)
    return ByUnitFilter(opened, only, args.get("at", ""), args.get("find", "").strip())


def _here(asked: ByUnitFilter, **changes: Any) -> str:
    """The address of this page with something else; what is empty is left out."""
    kept = {
        "source": request.args.get("source"),
        "only": ",".join(asked.only) or None,
        "open": sorted(asked.opened) or "" if asked.opened is not None else None,
        "at": asked.at or None,
    }
    campaign_id = (request.view_args or {})["campaign_id"]
    return url_for("roster.campaign", campaign_id=campaign_id, view="units", **(kept | changes))


def _filters(found: ByUnit) -> dict[Mark, int]:
    """Return what the four counts in the head say: seats, and of lists how many units have none."""
    return {
        "missing": found.root.total.missing,
        "unsure": found.root.total.unsure,
        "waiting": found.root.said.waiting,
        "unlisted": found.root.unlisted,
    }


def _at(root: Node, asked: ByUnitFilter, hit: FoundUnits) -> Node | None:
    """The row that is asked for; what was looked for; else the first, which has the most trouble."""
    known = {each.key: each for child in root.children for each in child.walk()}
    wanted = [*hit.keys[:1], asked.at]
    if asked.find and not hit.keys:
        return None
    first = next(iter(root.children), None)
    return next((known[each] for each in wanted if each in known), first)


def _opened(root: Node, asked: ByUnitFilter, seen: Collection[str], hit: FoundUnits) -> frozenset[str]:
    if asked.only and asked.opened is None:
        return frozenset(each.key for each in root.walk() if each.children)
    opened = rows.opened_first(root) if asked.opened is None else asked.opened
    wanted = {*seen, *hit.keys} if asked.find or asked.at else set(hit.keys)
    return opened.union(*(rows.above(root, each) for each in wanted))


def _find(found: ByUnit, typed: str) -> FoundUnits:
    """By words of the name or the code, in any order, with or without marks; names that begin so come first."""
    asked = text.fold(typed).split()
    matches = select(Unit).order_by(Unit.code)
    for word in asked:
        matches = matches.where(Unit.search_key.contains(word, autoescape=True))
    nodes = [each for each in found.root.walk() if each.unit and each is not found.root]
    rows_of = {each.unit.id: each.key for each in reversed(nodes) if each.unit}  # a branch before its own seats
    of_campaign = {*people.subtree_ids(found.campaign.unit_id), *rows_of}
    hits = [each for each in db.session.scalars(matches) if each.id in of_campaign] if asked else []
    hits.sort(key=lambda each: (not text.fold(each.name).startswith(asked[0]), each.code))
    keys = tuple(rows_of[each.id] for each in hits if each.id in rows_of)
    return FoundUnits(keys[:MOST_FOUND], [each for each in hits if each.id not in rows_of][:MOST_FOUND])
