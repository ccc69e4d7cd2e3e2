"""/roster/campaigns/<id>/sheet: a sheet is sent, looked at, put right, taken into the draft; and the grid as a sheet.

GET shows. Choices are kept with the sheet when they are sent, so that whatever is refused afterwards loses nothing.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import clock
from core.errors import Conflict, Invalid, NotFound
from core.form_values import fitting
from core.text import shortened
from core.web import back
from people.access import guard
from people.imports import drawn as drawing
from people.imports.drawn import DrawnSheet
from roster.blueprint import bp
from roster.campaigns import queries as campaigns, rights
from roster.campaigns.models import Campaign
from roster.draft.edits import fitting_reason
from roster.publishing import export as exports
from roster.sheets import codes, export, forms, kept, preview, reading, services as sheets
from roster.sheets.kept import KeptSheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_PASTE, LONGEST_NAME = 2_000_000, 120
"""Characters of cells, and of a file's name."""


@bp.get("/campaigns/<int:campaign_id>/sheet")
@guard.requires("campaign.write")
def sheet(campaign_id: int) -> ResponseReturnValue:
    """Send a file, or paste cells; or fetch the grid to fill in."""
    return _form(campaigns.get_campaign(campaign_id))


@bp.post("/campaigns/<int:campaign_id>/sheet")
@guard.requires("campaign.write")
def send_sheet(campaign_id: int) -> ResponseReturnValue:
    """``file``, or ``cells`` as they were copied."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    reading.reach(actor, campaign, now=now)
    try:
        name, found = _sent()
    except (Conflict, Invalid) as error:
        return _form(campaign, error)
    token = kept.keep(
        _data_dir(), campaign_id, name, found, choices=forms.first_choices(found[0].title), owner=actor.ref, now=now
    )
    return redirect(url_for(".sheet_preview", campaign_id=campaign_id, token=token), code=303)


@bp.get("/campaigns/<int:campaign_id>/sheet/<token>")
@guard.requires("campaign.write")
def sheet_preview(campaign_id: int, token: str) -> ResponseReturnValue:
    """How it was read, what does not fit, and what would change; judged against the draft as it is now."""
    campaign = campaigns.get_campaign(campaign_id)
    try:
        found = _kept(campaign_id, token)
    except NotFound as error:
        return _form(campaign, error)
    return _preview(campaign, found)


@bp.post("/campaigns/<int:campaign_id>/sheet/<token>")
@guard.requires("campaign.write")
def sheet_chosen(campaign_id: int, token: str) -> ResponseReturnValue:
    """``act``: read again with what was chosen; leave the cells that break a rule out, or take them in again; take it
    all into the draft; drop it."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    here = url_for(".sheet_preview", campaign_id=campaign_id, token=token)
    try:
        found = _kept(campaign_id, token)
    except NotFound as error:
        return _form(campaign, error)
    act = request.form.get("act", "read")
    if act == "drop":
        kept.discard(_data_dir(), token)
        return back(url_for(".sheet", campaign_id=campaign_id), _("Đã bỏ bảng đã gửi; dự thảo giữ nguyên."))
    looked = sheets.look(campaign, found.sheets, found.choices, actor=actor, now=now)
    choices = forms.chosen(request.form, found.choices, looked, [each.title for each in found.sheets])
    if act == "whole":
        choices = replace(choices, left=frozenset())
    elif act == "leave":
        again = sheets.look(campaign, found.sheets, choices, actor=actor, now=now)
        cells = {at for breach in sheets.judge(again, now=now).breaches for at in breach.cells}
        choices = replace(choices, left=choices.left | cells)
    try:
        fitting_reason(choices.reason)
    except Invalid as error:
        return _preview(campaign, replace(found, choices=choices), error)
    kept.choose(_data_dir(), token, choices, owner=actor.ref, now=now)
    if act != "take":
        return redirect(here, code=303)
    if replace(choices, reason="") != replace(found.choices, reason=""):
        return back(here, _("Đã đọc lại theo các lựa chọn vừa đổi. Xem rồi bấm ghi lần nữa."), "info")
    return _take(campaign, replace(found, choices=choices))


@bp.get("/campaigns/<int:campaign_id>/sheet.xlsx")
@guard.requires("roster.read")
def sheet_file(campaign_id: int) -> ResponseReturnValue:
    """The grid as a workbook, ``source`` draft or published; who took it is written down: it names people."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    source = rights.source(actor, campaign, request.args.get("source"), now=now)
    units = rights.reach(actor, "campaign.write", campaign, now=now) if source == "draft" else None
    if source == "published" and not campaign.revision:
        raise Conflict("campaign.unpublished", state={"state": campaign.state})
    body = export.render(campaign, source, units=units, now=now)
    exports.note(campaign_id, f"grid-{source}", actor=actor, now=now)
    answer = Response(body, content_type=XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename=phan-cong-{campaign_id}.xlsx"
    return answer


def _take(campaign: Campaign, found: KeptSheet) -> ResponseReturnValue:
    try:
        done = sheets.take(
            campaign.id,
            found.name,
            found.sheets,
            found.choices,
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except (Conflict, Invalid) as error:
        return _preview(campaign, found, error)
    kept.discard(_data_dir(), found.token)
    seats = sum(each.before.get(seat) != each.target.get(seat) for each in done.steps for seat in each.seats)
    words = ngettext(
        "Đã ghi %(num)s lượt vào dự thảo, thành một lần sửa: “Hoàn tác” lấy lại được cả.",
        "Đã ghi %(num)s lượt vào dự thảo, thành một lần sửa: “Hoàn tác” lấy lại được cả.",
        seats,
    )
    return back(url_for(".campaign", campaign_id=campaign.id, view="people", source="draft"), words)


def _sent() -> tuple[str, list[DrawnSheet]]:
    given = request.files.get("file")
    if given is not None and given.filename:
        return shortened(given.filename, LONGEST_NAME), drawing.file(given.filename, given.read())
    typed = request.form.get("cells", "")
    if not typed.strip():
        raise Conflict("sheet.no_file")
    return _("các ô đã dán"), drawing.pasted(fitting(typed, LONGEST_PASTE, "cells", _("Các ô đã dán")))


def _form(campaign: Campaign, fault: Conflict | Invalid | NotFound | None = None) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    units = reading.reach(actor, campaign, now=now)
    against = reading.ground(campaign, units=units, now=now)
    page = render_template(
        "roster/sheets/upload.html",
        campaign=campaign,
        fault=fault,
        typed=request.form,
        legend=preview.legend(against),
    )
    return page, fault.http_status if fault else 200


def _preview(campaign: Campaign, found: KeptSheet, fault: Conflict | Invalid | None = None) -> ResponseReturnValue:
    now = clock.now()
    looked = sheets.look(campaign, found.sheets, found.choices, actor=guard.current_actor(), now=now)
    judged = sheets.judge(looked, now=now)
    page = render_template(
        "roster/sheets/preview.html",
        campaign=campaign,
        kept=found,
        looked=looked,
        judged=judged,
        shown=preview.build_preview(looked, judged, [each.title for each in found.sheets]),
        offered=codes.offered(looked.ground.pairs),
        fault=fault,
        closed=campaign.state == "closed",
    )
    return page, fault.http_status if fault else 200


def _kept(campaign_id: int, token: str) -> KeptSheet:
    return kept.find(_data_dir(), campaign_id, token, owner=guard.current_actor().ref, now=clock.now())


def _data_dir() -> Path:
    return Path(current_app.config["DATA_DIR"])
