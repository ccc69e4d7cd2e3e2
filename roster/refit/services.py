"""Do knowingly what was shown: a break that is decided anew, or another demand, and what both change in campaigns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from core import audit, prepared
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from people import queries as people
from people.access.guard import ensure, refuse_unless
from roster.campaigns.models import Campaign
from roster.campaigns.queries import locked_campaign, require
from roster.campaigns.rights import ensure as ensure_in
from roster.days.holiday_sets import holiday_set
from roster.refit import of_break, of_demand, writing
from roster.refit.deciding import BreakChoice, BreakDecision, decide, write_days
from roster.refit.of_break import BreakEffect
from roster.refit.of_demand import Cell
from roster.refit.seats import Refit


def save_break(
    asked: BreakChoice,
    *,
    stamp: str | None,
    follows: bool = False,
    takes_people: bool = False,
    actor: Actor,
    now: datetime,
) -> BreakEffect:
    """The break of a year, the classes of its days, and what that changes in campaigns; all of it or nothing.

    ``stamp``: of the effect that was looked at; Conflict ``refit.moved`` where it is another by now, and where there is
    something to be looked at and nobody did. What is published stays; the draft of each campaign is marked.
    """

    def write(found: BreakEffect) -> None:
        row = holiday_set(asked.year)
        write_days(row, found.decision)
        row.starts_on, row.ends_on, row.status = asked.starts_on, asked.ends_on, asked.status
        row.source = asked.source.strip()
        audit.record(actor, "holiday.break", "holiday_set", asked.year, now=now, **_told(found))

    chosen = ChosenRefit(stamp, follows=follows, takes_people=takes_people)
    return follow(partial(decide, asked), write, chosen, actor=actor, now=now)


@dataclass(frozen=True)
class ChosenRefit:
    """``stamp``: of what was looked at; ``follows``, ``takes_people``: as ``BreakEffect`` has them."""

    stamp: str | None
    follows: bool = False
    takes_people: bool = False


def follow(
    deciding: Callable[[], BreakDecision],
    write: Callable[[BreakEffect], None],
    chosen: ChosenRefit,
    *,
    actor: Actor,
    now: datetime,
) -> BreakEffect:
    """Return what a decision changes in campaigns, if it is what was looked at; then ``write`` does the days
    themselves.

    It is worked out before anything is locked, and anew when a day, the demand or a draft has moved by then. Raises
    Forbidden, Conflict ``refit.moved``.
    """

    def look() -> BreakEffect:
        refuse_unless(actor, "holiday.write", None, now=now)
        return of_break.effect(
            deciding(), follows=chosen.follows, takes_people=chosen.takes_people, actor=actor, now=now
        )

    def act(found: BreakEffect) -> BreakEffect:
        ensure(actor, "holiday.write", None, now=now)
        _held(found, of_break.concerned(found.decision))
        _refuse_unseen(found, chosen.stamp)
        for each in found.campaigns:
            writing.values(each.values)
            writing.follow(each.campaign, each.refit, "break", each.seats, actor=actor, now=now)
        write(found)
        return found

    return prepared.write(("holiday.follow", chosen), look, act)


def _refuse_unseen(found: BreakEffect | of_demand.DemandEffect, stamp: str | None) -> None:
    """Once nothing can move any more: what was read while somebody wrote may be half of before, half of after."""
    if found.campaigns and stamp != found.stamp:
        raise Conflict("refit.moved", state={"stamp": found.stamp, "campaigns": len(found.campaigns)})


def _held(found: BreakEffect | of_demand.DemandEffect, today: Collection[Campaign]) -> None:
    """Keep other writers from what is touched of the campaigns that there are ``today``. Raises Stale where these, or a
    draft, are not those that were looked at: one was made, closed or deleted meanwhile."""
    if {each.id for each in today} != found.open:
        raise prepared.Stale
    for campaign_id, version in sorted(found.seen.items()):
        campaign = locked_campaign(campaign_id)
        if campaign.draft_version != version or campaign.state == "closed":
            raise prepared.Stale


def _told(found: BreakEffect) -> dict[str, object]:
    asked, was = found.decision.asked, found.decision.was
    return {
        "starts_on": asked.starts_on.isoformat(),
        "ends_on": asked.ends_on.isoformat(),
        "was": [each.isoformat() for each in was],
        "status": asked.status,
        "days": {on.isoformat(): kind for on, kind in found.decision.days.items()},
        "campaigns": [
            {**counted(each.campaign.id, each.refit), "days": len(each.days), "shifts": len(each.values)}
            for each in found.campaigns
        ],
    }


def counted(campaign_id: int, fit: Refit) -> dict[str, int]:
    """Return for the audit the seats that came and went, with how many people, and shifts that ask for something
    else."""
    n = fit.numbers
    return {"id": campaign_id, "added": n.added, "removed": n.removed, "people": n.leaving, "asks": n.asks}


def save_demand(
    unit_code: str,
    typed: Mapping[Cell, int],
    *,
    stamp: str | None,
    campaign_ids: Collection[int] = (),
    takes_people: bool = False,
    actor: Actor,
    now: datetime,
) -> of_demand.DemandEffect:
    """The headcounts of a unit, and the seats of those campaigns that shall follow; all of it or nothing.

    ``stamp``: as for ``save_break``. Raises NotFound, Forbidden, Invalid.
    """

    def look() -> of_demand.DemandEffect:
        unit = people.unit_by_code(unit_code)
        refuse_unless(actor, "campaign.write", unit.id, now=now)
        return of_demand.effect(unit, typed, takes_people=takes_people, actor=actor, now=now)

    def act(found: of_demand.DemandEffect) -> of_demand.DemandEffect:
        unit = people.unit_by_code(unit_code)
        ensure(actor, "campaign.write", unit.id, now=now)
        _held(found, of_demand.concerned(unit, now=now) if found.steps else [])
        _refuse_unseen(found, stamp)
        chosen = of_demand.only(found, campaign_ids)
        _write_rows(unit.id, found)
        for one in chosen:
            writing.follow(one.campaign, one.refit, "demand", one.seats, actor=actor, now=now)
        if found.steps:
            told = [[*each.cell, each.was, each.becomes] for each in found.steps]
            facts = {"changes": told, "campaigns": [counted(each.campaign.id, each.refit) for each in chosen]}
            audit.record(actor, "demand.table", "unit", unit.id, now=now, **facts)
        return found

    name = ("demand.table", unit_code, tuple(typed.items()), stamp, tuple(campaign_ids), takes_people)
    return prepared.write(name, look, act)


def _write_rows(unit_id: int, found: of_demand.DemandEffect) -> None:
    rows = {(row.duty, row.template, row.phase): row for row in of_demand.rows_of(unit_id)}
    new = {(row.duty, row.template, row.phase): row for row in found.rows}
    for step in found.steps:
        if step.becomes == 0:
            db.session.delete(rows[step.cell])
        elif step.cell in rows:
            rows[step.cell].headcount = step.becomes
        else:
            db.session.add(new[step.cell])
    db.session.flush()


def looked_again(campaign_id: int, *, actor: Actor, now: datetime) -> None:
    """Somebody has looked at the draft after what it was made from was changed. Raises Forbidden, Conflict (closed)."""
    with transaction():
        campaign = locked_campaign(campaign_id)
        ensure_in(actor, "campaign.write", campaign, {campaign.unit_id}, now=now)
        require(campaign, "edit")
        if campaign.look_again is not None:
            audit.record(actor, "campaign.looked", "campaign", campaign_id, now=now, why=campaign.look_again["why"])
            campaign.look_again = None
