"""Pages of roster: campaigns and the grid. Shifts, solving, publishing and settings have rooms of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, clock
from core.actor import Actor
from core.text import fold
from core.web import back
from people import queries as people
from people.access import guard
from people.form_values import units_within
from people.models import Person, Unit
from roster.blueprint import bp, kinds
from roster.by_month import reading as by_month
from roster.by_unit import views as by_unit
from roster.call_outs import queries as call_outs, words as call_out_words
from roster.campaigns import approval, queries as campaign_queries, rights, services as campaign_services, stages
from roster.campaigns.models import Campaign
from roster.confirmations import queries as confirmations
from roster.crews import board, queries as crews
from roster.draft import grid, page_head, shown_days
from roster.draft.steps import Steps, steps_of
from roster.fairness import closing
from roster.hands import duty_rows, hidden_days
from roster.lists import queries as lists
from roster.patterns import offering
from roster.publishing import sheet
from roster.solving import holding

VIEWS = ("people", "duties", "crews", "month", "days")


@bp.get("/")
@guard.requires("campaign.read")
def campaigns() -> ResponseReturnValue:
    """Every campaign, the newest Tết first."""
    now = clock.now()
    may_create = bool(units_within(guard.current_actor(), "campaign.write", now))
    listed = page_head.all_campaigns(now=now)
    return render_template(
        "roster/campaigns/campaigns.html", listed=listed, may_create=may_create, has_units=bool(people.units())
    )


@bp.post("/campaigns/<int:campaign_id>/delete")
@guard.requires("campaign.write")
def delete_campaign(campaign_id: int) -> ResponseReturnValue:
    name = campaign_queries.get_campaign(campaign_id).name
    campaign_services.delete_campaign(campaign_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for("roster.campaigns"), _("Đã xóa đợt trực %(name)s.", name=name))


@bp.get("/campaigns/<int:campaign_id>")
@guard.requires("roster.read")
def campaign(campaign_id: int) -> ResponseReturnValue:
    """The grid; ``view`` people, duties, crews, month or days, ``source`` draft or published, filters ``duty``,
    ``unit``, of a month also ``whose``; ``view`` units, or of many people nothing: units × days (``roster.by_unit``).
    """
    campaign = campaign_queries.get_campaign(campaign_id)
    if by_unit.opens(campaign, request.args):
        return by_unit.page(campaign, clock.now())
    facts = shown(campaign, request.args, clock.now())
    if (hidden := facts["columns"]).address != ",".join(request.args.getlist("hide")):
        return _hiding(campaign_id, hidden)
    units, find = grid.units_in(campaign, facts["grid"].taken, facts["unit"]), request.args.get("find", "").strip()
    missed = find if find and not facts["person"] and facts["grid"].found is None else ""
    if facts["view"] == "month" and find and not missed:
        return redirect(url_for("roster.campaign", campaign_id=campaign_id, **_of_person(facts)))
    if missed and (unit := _unit_called(missed, units)):
        return redirect(url_for("roster.campaign", campaign_id=campaign_id, **_narrowed_to(unit)))
    return render_template("roster/campaigns/campaign.html", units=units, **with_agenda(facts), missed=missed)


def _unit_called(words: str, units: Sequence[Unit]) -> Unit | None:
    """By its code or some of its name; those that begin so before the others. Marks alone name nobody."""
    wanted = fold(words)
    if not wanted:
        return None
    hits = [each for each in units if wanted == fold(each.code) or wanted in fold(each.name)]
    return min(hits, key=lambda each: (wanted != fold(each.code), not fold(each.name).startswith(wanted)), default=None)


def _narrowed_to(unit: Unit) -> dict[str, Any]:
    return _kept("view", "duty", "source", "mode", "hide", "on") | {"unit": unit.code}


def _of_person(facts: dict[str, Any]) -> dict[str, Any]:
    """The month of whoever was looked for, or is looked at already."""
    found = facts["grid"].found
    person = facts["person"] or next(row.person for row in facts["grid"].rows if row.person.id == found)
    return _kept("view", "duty", "unit", "source", "mode", "hide", "on") | {"whose": person.code}


def _hiding(campaign_id: int, hidden: hidden_days.Columns) -> ResponseReturnValue:
    """What is asked for, with the days by their dates: what holds of them may change, they stay hidden. Each answer to
    an edit has the columns that this address names."""
    if hidden.hidden.wrong:
        what = hidden.hidden.wrong
        flash(
            _(
                "Không hiểu “%(what)s” trong phần ngày ẩn của địa chỉ, nên bỏ qua: ghi ngày như 2020-01-25 hoặc"
                " 2020-01-17..2020-01-20.",
                what=what,
            ),
            "info",
        )
    if hidden.hidden.everything:
        flash(_("Như thế thì mọi ngày đều ẩn, nên không ẩn ngày nào."), "info")
    kept = _kept("view", "duty", "unit", "source", "mode", "on", "page", "find", "whose")
    return redirect(url_for("roster.campaign", campaign_id=campaign_id, **kept, hide=hidden.address or None))


def _kept(*names: str) -> dict[str, Any]:
    return {name: request.args[name] for name in names if request.args.get(name)}


def shown(campaign: Campaign, asked: Any, now: datetime) -> dict[str, Any]:
    """All that the campaign page and its fragments need, by what the query string asks; but ``with_agenda``."""
    actor = guard.current_actor()
    mine = rights.reach(actor, "campaign.write", campaign, now=now)
    may_write = mine != set() and campaign.state != "closed"
    source = rights.source(actor, campaign, asked.get("source"), now=now)
    every = kinds()
    duty = asked.get("duty") if asked.get("duty") in every else None
    unit = people.find_unit(asked.get("unit", "")) if asked.get("unit") else None
    unit_id = unit.id if unit else None
    view = asked.get("view") if asked.get("view") in VIEWS else "people"
    mode = "read" if asked.get("mode") == "read" else ""
    person, seen, page = _looked_at(asked) if view == "month" else None, holding.stamp(), arguments.number("page", 1)
    find = person.code if person else asked.get("find") or ""
    found = grid.load(campaign.id, now=now, source=source, duty=duty, unit_id=unit_id, page=page, find=find)
    used = {shift.duty for shift in found.taken.problem.shifts}
    return {
        "campaign": campaign,
        "grid": found,
        "kinds": every,
        "used": [each for each in every.values() if each.code in used],
        "unit": unit,
        "view": view,
        **_rows(view, found, duty, unit_id, page, now),
        "person": person,
        "asked": {"duty": duty or "", "unit": unit.code if unit else "", "source": source, "mode": mode},
        "now": now,
        "edit": may_write and source == "draft" and mode != "read",
        "version": version_of(campaign, found.taken.draft_version, seen),
        "may_write": may_write,
        "whole": mine is None,
        **_days(found),
        "run": page_head.last_run(campaign.id),
        "held": holding.of_draft(found.taken, seen=seen) if source == "draft" else None,
        "called": _called(campaign, duty, unit_id, now),
        "called_words": call_out_words,
        "changed": page_head.changed_shifts(campaign, found) if may_see_draft(campaign) else 0,
        "seat_of": _seat_of(found) if may_write else {},
        **_steps(campaign, found, actor, may_write=may_write),
        **_ways_in(campaign, found, unit, now, may_write=may_write, whole=mine is None),
        **_where_it_stands(campaign, actor, now),
    }


def version_of(campaign: Campaign, draft: int, stamp: str | None) -> str:
    """Of the draft, of what is published, and of what both are judged by (``holding.stamp``, from before they were
    read): each makes an open grid old. Whoever falls ill is no longer sure to serve."""
    return f"{draft}.{campaign.revision}.{(stamp or '')[:8]}"


def _looked_at(asked: Any) -> Person | None:
    """Whose month it is, unless the filter that is sent with it names somebody else, or nobody any more."""
    person = people.find_person(asked["whose"]) if asked.get("whose") else None
    return person if person and asked.get("find", person.full_name).strip() == person.full_name else None


def _days(found: grid.Grid) -> dict[str, Any]:
    """Which days a list shows at once, and which have a column."""
    hidden = hidden_days.asked(request.args.getlist("hide"), found.days, lambda day: day.on not in found.troubled)
    return {
        "dates": shown_days.window(found.days, [each.seats for each in found.cover], arguments.day("on")),
        "columns": hidden_days.columns(found.days, hidden),
    }


def with_agenda(facts: dict[str, Any], only: Collection[date] | None = None) -> dict[str, Any]:
    """With the list of days that phones show (``only`` some of them), or the month: of a page, not of the rows that an
    edit sends."""
    unit, duty = facts["unit"], facts["asked"]["duty"] or None
    if facts["view"] == "month":
        asked = by_month.Asked(duty, unit.id if unit else None, facts["person"], arguments.day("on"))
        return {**facts, "month": by_month.month(facts["grid"], asked, order=list(kinds()), now=facts["now"])}
    days = [day for day in facts["dates"].days if only is None or day.on in only]
    return {**facts, "sheet": sheet.of_grid(facts["grid"], duty=duty, unit_id=unit.id if unit else None, days=days)}


def _rows(
    view: str, found: grid.Grid, duty: str | None, unit_id: int | None, page: int, now: datetime
) -> dict[str, Any]:
    """What the rows of the other grids need: who is in which crew, shifts, crews."""
    if view == "duties":
        order = list(kinds())
        return {"shifts": duty_rows.table(found, duty=duty, unit_id=unit_id, order=order, page=page, now=now)}
    if view == "crews":
        return {"crews": board.rows(found, unit_id)}
    return {"crew_of": crews.names_of_people([row.person.id for row in found.rows]) if view == "people" else {}}


def _steps(campaign: Campaign, found: grid.Grid, actor: Actor, *, may_write: bool) -> dict[str, Any]:
    steps = steps_of(campaign, found.taken, actor=actor) if may_write else Steps()
    return {"steps": steps, "undo": steps.undo, "redo": steps.redo}


def _ways_in(
    campaign: Campaign, found: grid.Grid, unit: Unit | None, now: datetime, *, may_write: bool, whole: bool
) -> dict[str, Any]:
    """Where a draft may come from, besides the grid: a pattern for a small unit, lists that units send."""
    mine = rights.reach(guard.current_actor(), "campaign.solve", campaign, now=now)
    return {
        "may_solve_range": bool(found.shifts) and mine != set(),
        "by_pattern": offering.small_unit(found.taken.problem, unit.code if unit else "") if may_write else "",
        "collecting": lists.standing(campaign.id, now=now) if may_write and whole else None,
    }


def _seat_of(found: grid.Grid) -> dict[tuple[int, int], int]:
    """(shift id, person id) → seat: what the grid's script names when it asks for an edit."""
    cells, seats = found.taken.cells, found.taken.seats
    shown = {chip.shift.id for row in found.rows for cell in row.cells for chip in cell.chips}
    sitting = ((shift, seat) for shift in shown for seat in seats.get(shift, ()) if seat in cells)
    return {(shift, cells[seat].person_id): seat for shift, seat in sitting}


def _where_it_stands(campaign: Campaign, actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        "rings": guard.reach(actor, "duty.confirm", now=now) != set(),
        "answered": confirmations.counted(campaign.id, now=now) if campaign.revision else None,
        "over": closing.is_over(campaign, now),
        "stage": stages.of(campaign.state, campaign.revision, waits=approval.waits(campaign)),
        "stages": stages.shown(needs_approval=campaign.needs_approval),
    }


def _called(campaign: Campaign, duty: str | None, unit_id: int | None, now: datetime) -> call_outs.CalledOut | None:
    """Who was called out while serving at home: for those who plan the campaign."""
    if not guard.can("campaign.write", campaign.unit_id):
        return None
    return call_outs.split(call_outs.of_campaign(campaign.id, now=now, duty=duty, unit_id=unit_id), now)


def may_see_draft(campaign: Campaign) -> bool:
    return rights.sees_draft(guard.current_actor(), campaign, now=clock.now())
