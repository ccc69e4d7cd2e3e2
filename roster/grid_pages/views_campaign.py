"""Pages of roster: campaigns and the grid. Shifts, solving, publishing and settings have rooms of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.text import fold
from core.web import back
from people import queries as people
from people.access import guard
from people.form_values import units_within
from people.models import Unit
from roster.blueprint import bp
from roster.by_unit import views as by_unit
from roster.campaigns import queries as campaign_queries, rights, services as campaign_services
from roster.campaigns.models import Campaign
from roster.draft import grid, page_head
from roster.grid_pages.campaign_page import CampaignPage, campaign_page
from roster.hands import hidden_days


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
    page = campaign_page(campaign, request.args, actor=guard.current_actor(), now=clock.now())
    look, loaded = page.part.look, page.part.grid
    if (hidden := page.part.days.columns).address != ",".join(request.args.getlist("hide")):
        return _hiding(campaign_id, hidden)
    units, find = grid.units_in(campaign, loaded.taken, look.unit_id), look.find.strip()
    missed = find if find and not look.person and loaded.found is None else ""
    if look.view == "month" and find and not missed:
        return redirect(url_for("roster.campaign", campaign_id=campaign_id, **_person_month(page)))
    if missed and (unit := _unit_called(missed, units)):
        return redirect(url_for("roster.campaign", campaign_id=campaign_id, **_narrowed_to(unit)))
    return render_template("roster/campaigns/campaign.html", units=units, **page.facts_with_agenda(), missed=missed)


def _unit_called(words: str, units: Sequence[Unit]) -> Unit | None:
    """By its code or some of its name; those that begin so before the others. Marks alone name nobody."""
    wanted = fold(words)
    if not wanted:
        return None
    hits = [each for each in units if wanted == fold(each.code) or wanted in fold(each.name)]
    return min(hits, key=lambda each: (wanted != fold(each.code), not fold(each.name).startswith(wanted)), default=None)


def _narrowed_to(unit: Unit) -> dict[str, Any]:
    return _kept("view", "duty", "source", "mode", "hide", "on") | {"unit": unit.code}


def _person_month(page: CampaignPage) -> dict[str, Any]:
    """The month of whoever was looked for, or is looked at already."""
    looked_at, found = page.part.look.person, page.part.grid
    person = looked_at or next(row.person for row in found.rows if row.person.id == found.found)
    return _kept("view", "duty", "unit", "source", "mode", "hide", "on") | {"whose": person.code}


def _hiding(campaign_id: int, hidden: hidden_days.Columns) -> ResponseReturnValue:
    """Return what is asked for, with the days by their dates: what holds of them may change, they stay hidden. Each
    answer to an edit has the columns that this address names."""
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


def may_see_draft(campaign: Campaign) -> bool:
    return rights.sees_draft(guard.current_actor(), campaign, now=clock.now())
