"""Publish a part: people whose duty the draft changes, chosen one by one or by unit; the rest stays draft."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar.moments import parse_moment
from core.errors import Conflict, Invalid
from core.web import back
from notify import prices
from people import queries as people
from people.access import guard
from people.models import Unit
from people.notification_rules import words as reach_words
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns, rights
from roster.campaigns.models import Campaign
from roster.coverage import edges, lines as covered_lines
from roster.dividing import amendments
from roster.draft_diff import rows
from roster.draft_diff.rows import DiffRow, DiffTable
from roster.publishing import notice_words, parts
from roster.publishing.amending import AmendedPart
from roster.publishing.terms import PublishTerms
from roster.words import violations as wording

MANY = 40
"""Rows beyond which they are folded by unit."""
MOST = 400
"""Rows beyond which only those of one unit are listed; units are still chosen whole."""


@dataclass(frozen=True)
class DiffGroup:
    """The rows of one unit; ``is_listed``: whether they are on the page one by one."""

    unit: Unit
    rows: Sequence[DiffRow]
    is_listed: bool

    @property
    def changes(self) -> int:
        return sum(row.changes for row in self.rows)


@bp.get("/campaigns/<int:campaign_id>/publish/part")
@guard.requires("roster.amend")
def publish_part(campaign_id: int) -> ResponseReturnValue:
    """Return what differs and may be published by the reader; ``pick``: all, or codes to begin with; ``unit``:
    listed."""
    campaign, table = _read_diff(campaign_id)
    picked = request.args.getlist("pick")
    offered = table.offered()
    chosen = offered if "all" in picked else [row for row in table.with_all(picked) if row in offered]
    return _page(campaign, table, chosen)


@bp.post("/campaigns/<int:campaign_id>/publish/part")
@guard.requires("roster.amend")
def publish_part_now(campaign_id: int) -> ResponseReturnValue:
    """``person`` codes, and ``unit`` codes for all people of them. ``do``: look says what it would come to; units takes
    every shift of the reader's own units, and nothing of others that hangs together with it.
    """
    form = request.form
    campaign, table = _read_diff(campaign_id)
    codes = _codes(table)
    actor, now = guard.current_actor(), clock.now()
    own = form.get("do") == "units"
    only = parts.Only(units=tuple(_own_units(campaign))) if own else parts.Only(people=tuple(codes))
    try:
        if not codes and not own:
            raise Invalid("part.nobody", field="person")
        if form.get("do") == "look":
            return _page(campaign, table, table.with_all(codes), part=amendments.look(campaign_id, only, actor, now))
        revision = amendments.publish_only(
            campaign_id,
            only,
            PublishTerms(
                form.get("note", ""),
                accept_gaps=form.get("accept_gaps") or None,
                tell="silent" not in form,
                tell_reason=form.get("tell_reason", ""),
            ),
            shown=_shown(form.getlist("shown")),
            actor=actor,
            now=now,
        )
    except (Conflict, Invalid) as error:
        campaign, table = _read_diff(campaign_id)
        return _page(campaign, table, table.with_all(codes), error)
    words = _("Đã ban hành bản số %(n)s, chỉ gồm phần đã chọn. Phần còn lại vẫn là dự thảo.", n=revision.number)
    return back(url_for("roster.revision", campaign_id=campaign_id, number=revision.number), words)


def _read_diff(campaign_id: int) -> tuple[Campaign, DiffTable]:
    actor, now = guard.current_actor(), clock.now()
    campaign = campaigns.get_campaign(campaign_id)
    if not rows.may_open(actor, campaign, now=now):
        guard.ensure(actor, "campaign.publish", campaign.unit_id, now=now)
    stands = parts.standing(campaign_id, now=now)
    return campaign, rows.table(stands, actor=actor, now=now)


def _refused(campaign: Campaign, table: DiffTable) -> str:
    """Why nothing of the campaign can be published in parts yet, before anybody has chosen; empty: nothing is in the
    way."""
    moves = [move for bundle in table.bundles.values() if bundle.is_offered for move in bundle.moves]
    shifts = parts.shift_rows({move.shift for move in moves})
    try:
        parts.ensure(campaign, shifts, actor=guard.current_actor(), now=clock.now(), use=False)
    except Conflict as conflict:
        return conflict.message()
    return ""


def _own_units(campaign: Campaign) -> list[str]:
    """Codes of the units of the campaign in which the reader publishes as their manager; none for who publishes all."""
    mine = rights.reach(guard.current_actor(), "campaign.publish", campaign, now=clock.now())
    return [unit.code for unit in people.units(mine)] if mine else []


def _codes(table: DiffTable) -> list[str]:
    """Whom the form names, one by one and by unit."""
    units = set(request.form.getlist("unit"))
    of_units = [row.person.code for row in table.offered() if row.person.unit.code in units]
    return list(dict.fromkeys([*request.form.getlist("person"), *of_units]))


def _shown(given: Sequence[str]) -> dict[int, tuple[int | None, int | None]] | None:
    """Seats as the form showed them, ``seat.out.came`` a piece, 0 for nobody; what cannot be read was not shown."""
    if not given:
        return None
    found = {}
    for piece in (each for line in given for each in line.split()):
        seat, _dot, pair = piece.partition(".")
        out, _dot, came = pair.partition(".")
        if seat.isdecimal() and out.isdecimal() and came.isdecimal():
            found[int(seat)] = (int(out) or None, int(came) or None)
    return found


def _page(
    campaign: Campaign,
    table: DiffTable,
    chosen: Sequence[DiffRow],
    error: Conflict | Invalid | None = None,
    *,
    part: AmendedPart | None = None,
) -> ResponseReturnValue:
    state, now = error.state if error else {}, clock.now()
    cost = rows.cost_of(chosen)
    page = render_template(
        "roster/draft_diff/part.html",
        campaign=campaign,
        table=table,
        groups=_groups(table, {row.person.unit.code for row in chosen} if error or part else ()),
        many=len(table.rows) > MANY,
        chosen={row.person.code for row in chosen},
        changes=sum(row.changes for row in chosen),
        cost=cost,
        dong=prices.cost(cost.messages),
        prices=prices.prices(),
        channels=list(dict.fromkeys(row.channel for row in table.rows if row.channel)),
        whole=guard.can("campaign.publish", campaign.unit_id),
        own_units=_own_units(campaign) if table.rows else [],
        kinds=kinds(),
        notice_words=notice_words,
        words=reach_words,
        error=error,
        refused="" if error else _refused(campaign, table),
        gaps=[_moments(each) for each in state.get("gaps", [])],
        broken=[each["text"] for each in state.get("violations", [])],
        part=_facts(part, now) if part else None,
        typed=request.form,
        picked=request.args.getlist("pick"),
    )
    return page, error.http_status if error else 200


def _groups(table: DiffTable, opened: Collection[str]) -> list[DiffGroup]:
    found = dict[str, list[DiffRow]]()
    for row in sorted(table.rows, key=attrgetter("person.unit.name")):
        found.setdefault(row.person.unit.code, []).append(row)
    asked = {*opened, request.args.get("unit", "")}
    few = len(table.rows) <= MOST
    return [DiffGroup(mine[0].person.unit, mine, few or code in asked) for code, mine in found.items()]


def _facts(part: AmendedPart, now: datetime) -> dict[str, Any]:
    """Return what publishing the part would meet."""
    judged = part.judged
    return {
        "gaps": covered_lines.gaps(judged.verdict.gaps),
        "broken": [each["text"] for each in wording.listed(judged.verdict.violations, judged.names)],
        "lines": covered_lines.lines_for_stand(judged.stand, edges.answers(judged.stand, part.campaign_id)),
        "unchecked": judged.unchecked,
        "at": now,
    }


def _moments(gap: dict[str, Any]) -> dict[str, Any]:
    return {**gap, "starts_at": parse_moment(gap["starts_at"]), "ends_at": parse_moment(gap["ends_at"])}
