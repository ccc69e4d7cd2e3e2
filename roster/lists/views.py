"""Thu lịch trực: units are asked for their lists of a campaign; these are seen, returned and merged here. GET shows."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import clock
from core.calendar import dates
from core.errors import Conflict, Invalid, by_field
from core.web import back, secret_page
from people.access import guard
from roster.blueprint import bp
from roster.campaigns import queries as campaigns, rights
from roster.campaigns.models import Campaign
from roster.lists import filling, links, queries, services as lists, words
from roster.lists.filling import FilledList
from roster.lists.models import UnitList
from roster.sheets.words import shift_names


@bp.get("/campaigns/<int:campaign_id>/lists")
@guard.requires("campaign.write")
def unit_lists(campaign_id: int) -> ResponseReturnValue:
    """Show where the list of each unit stands; who plans the whole campaign opens the collection here."""
    return _page(campaigns.get_campaign(campaign_id))


@bp.post("/campaigns/<int:campaign_id>/lists")
@guard.requires("campaign.write")
def collect_lists(campaign_id: int) -> ResponseReturnValue:
    """``due``, ``message``, ``units`` (codes); where none is ticked, all that have shifts where ``all`` is 1."""
    campaign, form = campaigns.get_campaign(campaign_id), request.form
    ticked = set(form.getlist("units"))
    everybody = form.get("all") == "1" and not ticked  # who ticks units means those: a message is not taken back
    wanted = {unit.id for unit in queries.wanting(campaign) if everybody or unit.code in ticked}
    try:
        _found, told = lists.collect(
            campaign_id,
            units=wanted,
            due_at=dates.moment(form.get("due", "")),
            message=form.get("message", ""),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except Invalid as fault:
        return _page(campaign, fault)
    return back(_here(campaign_id), _told(told))


def _told(told: lists.SentLinks) -> str:
    asked = ngettext(
        "Đã mở thu lịch trực; gửi đường dẫn cho %(num)s người.",
        "Đã mở thu lịch trực; gửi đường dẫn cho %(num)s người.",
        told.asked,
    )
    moved = ngettext("Gửi hạn mới cho %(num)s người còn nợ.", "Gửi hạn mới cho %(num)s người còn nợ.", told.moved)
    said = [words for words, n in ((asked, told.asked), (moved, told.moved)) if n]
    return " ".join(said) or _("Đã lưu; không có ai phải báo thêm.")


@bp.post("/campaigns/<int:campaign_id>/lists/close")
@guard.requires("campaign.write")
def close_lists(campaign_id: int) -> ResponseReturnValue:
    lists.close(campaign_id, actor=guard.current_actor(), now=clock.now())
    return back(_here(campaign_id), _("Đã đóng thu lịch trực: các đường dẫn không gửi được nữa."))


@bp.get("/campaigns/<int:campaign_id>/lists/<int:list_id>")
@guard.requires("campaign.write")
def unit_list(campaign_id: int, list_id: int) -> ResponseReturnValue:
    """Return what the unit sent beside the draft as it is, and what it would break."""
    return _list(campaign_id, list_id)


@bp.post("/campaigns/<int:campaign_id>/lists/<int:list_id>")
@guard.requires("campaign.write")
def answer_list(campaign_id: int, list_id: int) -> ResponseReturnValue:
    """``act``: return (``remark``), merge (``sent``, ``reason``), show the link, a new link, end the link."""
    form, now, actor = request.form, clock.now(), guard.current_actor()
    act, here = form.get("act"), url_for(".unit_list", campaign_id=campaign_id, list_id=list_id)
    asked = queries.get(campaign_id, list_id)
    rights.ensure(actor, "campaign.write", asked.collection.campaign, {asked.unit_id}, now=now)
    try:
        if act == "return":
            row = lists.send_back(campaign_id, list_id, form.get("remark", ""), actor=actor, now=now)
            return back(_here(campaign_id), _("Đã trả lại danh sách của %(unit)s.", unit=row.unit.name))
        if act == "merge":
            return _merge(campaign_id, list_id)
        if act == "show":
            url = links.shown(campaign_id, list_id, actor=actor, now=now)
            return _list(campaign_id, list_id, url=url)
        if act == "open":
            return redirect(links.shown(campaign_id, list_id, actor=actor, now=now), code=303)
        if act == "renew":
            links.renew(campaign_id, list_id, actor=actor, now=now)
            return back(here, _("Đã làm đường dẫn mới và gửi cho đơn vị; đường dẫn cũ không dùng được nữa."))
        if act == "end":
            links.end(campaign_id, list_id, actor=actor, now=now)
            return back(here, _("Đã thu hồi đường dẫn."))
    except (Conflict, Invalid) as fault:
        return _list(campaign_id, list_id, fault)
    return redirect(here, code=303)


def _merge(campaign_id: int, list_id: int) -> ResponseReturnValue:
    form = request.form
    row = queries.get(campaign_id, list_id)
    done = lists.merge(
        campaign_id,
        list_id,
        sent_at=form.get("sent", ""),
        reason=form.get("reason", ""),
        actor=guard.current_actor(),
        now=clock.now(),
    )
    if done is None:
        return back(_here(campaign_id), _("Dự thảo đã đúng như danh sách của %(unit)s.", unit=row.unit.name))
    said = _("Đã ghép danh sách của %(unit)s vào dự thảo; “Hoàn tác” lấy lại được.", unit=row.unit.name)
    return back(_here(campaign_id), said)


def _page(campaign: Campaign, fault: Invalid | None = None) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    rights.ensure(actor, "campaign.write", campaign, (), now=now)
    mine = rights.reach(actor, "campaign.write", campaign, now=now)
    collection = queries.collection_for(campaign.id)
    every = queries.lists(collection) if collection else []
    rows = [row for row in every if mine is None or row.unit_id in mine]
    asked = {row.unit_id for row in every}
    wanting = queries.wanting(campaign)
    page = render_template(
        "roster/lists/lists.html",
        campaign=campaign,
        collection=collection,
        rows=rows,
        receivers=queries.receivers([row.unit for row in rows]),
        filled=queries.filled(collection) if collection else {},
        seats=queries.seats(campaign.id),
        standing=queries.standing(campaign.id, now=now),
        rest=[unit for unit in wanting if unit.id not in asked],
        whole=mine is None,
        words=words,
        fault=fault,
        wrong=by_field(fault),
        typed=request.form,
    )
    return page, fault.http_status if fault else 200


def _list(
    campaign_id: int, list_id: int, fault: Conflict | Invalid | None = None, *, url: str = ""
) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    row: UnitList = queries.get(campaign_id, list_id)
    campaign = row.collection.campaign
    rights.ensure(actor, "campaign.write", campaign, {row.unit_id}, now=now)
    against = filling.ground(row, now=now)
    days = filling.days(row, against, FilledList({each.seat_id: each.person_id for each in row.picks}))
    wanted = lists.edits(row, against) if row.state == "sent" else []
    broken, law, refused = lists.breaches(campaign, wanted, now=now)
    page = render_template(
        "roster/lists/list.html",
        campaign=campaign,
        row=row,
        differing=[(day.on, each) for day in days for each in day.differing],
        same=[(day.on, each) for day in days for each in day.shifts if not each.differs],
        person=against.taken.problem.person,
        changes=len(wanted),
        broken=broken,
        law=law,
        refused=refused,
        whole=rights.reach(actor, "campaign.write", campaign, now=now) is None,
        names=shift_names(against),
        words=words,
        url=url,
        fault=fault,
        wrong=by_field(fault),
        typed=request.form,
    )
    return secret_page(page, fault.http_status if fault else 200)


def _here(campaign_id: int) -> str:
    return url_for("roster.unit_lists", campaign_id=campaign_id)
