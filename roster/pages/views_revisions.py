"""Revisions on pages: any two compared, the last one withdrawn, their number and signed paper."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, text
from core.calendar import dates
from core.db import db
from core.errors import Conflict, Invalid, by_field
from core.files import answers, content as reading
from core.web import back
from people.access import guard
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.grid_pages.views_campaign import may_see_draft
from roster.publishing import signed
from roster.revisions import numbering, queries, withdrawing
from roster.revisions.difference import ChangedPerson, Difference
from roster.revisions.queries import Side
from roster.revisions.scan_links import scan_addresses

SHOWN = 200
"""Changed shifts, and people, listed at once."""


@bp.get("/campaigns/<int:campaign_id>/difference")
@guard.requires("roster.read")
def difference(campaign_id: int) -> ResponseReturnValue:
    """Who loses and gets what from ``?from=`` to ``?to=``: numbers of revisions, 0 for nothing, or draft."""
    campaign = campaigns.get_campaign(campaign_id)
    may_draft, numbers = may_see_draft(campaign), queries.numbers(campaign_id)
    old, new = _sides(campaign, may_draft=may_draft)
    compared = queries.compared(campaign, old, new, now=clock.now())
    return render_template(
        "roster/revisions/difference.html",
        campaign=campaign,
        compared=compared,
        people=_by_name(compared.found),
        moves=compared.found.moves,
        kinds=kinds(),
        sides=[*(["draft"] if may_draft else []), *numbers, 0],
        shown=SHOWN,
    )


@bp.get("/campaigns/<int:campaign_id>/revisions/<int:number>/diff")
@guard.requires("roster.read")
def revision_diff(campaign_id: int, number: int) -> ResponseReturnValue:
    """The address that older messages and bookmarks have."""
    old = request.args.get("from", str(max(number - 1, 0)))
    sides: dict[str, Any] = {"to": number, "from": old}
    return redirect(url_for(".difference", campaign_id=campaign_id, **sides))


@bp.get("/campaigns/<int:campaign_id>/withdraw")
@guard.requires("campaign.publish")
def withdraw(campaign_id: int) -> ResponseReturnValue:
    """Return what would go back, and who would be told; nothing happens yet."""
    return _withdraw_page(campaigns.get_campaign(campaign_id))


@bp.post("/campaigns/<int:campaign_id>/withdraw")
@guard.requires("campaign.publish")
def withdraw_now(campaign_id: int) -> ResponseReturnValue:
    """``revision``: the one that was shown, ``reason``."""
    form = request.form
    try:
        made = withdrawing.withdraw(
            campaign_id,
            reason=form.get("reason", ""),
            revision=form.get("revision", type=int),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except (Conflict, Invalid) as fault:
        return _withdraw_page(campaigns.get_campaign(campaign_id), fault)
    words = _("Đã thu hồi bản số %(old)s. Bản số %(n)s có hiệu lực từ lúc này.", old=made.withdraws, n=made.number)
    return back(url_for("roster.revision", campaign_id=campaign_id, number=made.number), words)


@bp.post("/campaigns/<int:campaign_id>/revisions/<int:number>/paper")
@guard.requires("campaign.publish")
def enter_paper(campaign_id: int, number: int) -> ResponseReturnValue:
    """``document_number`` and ``signed_on`` of the signed paper, as far as they are known."""
    form = request.form
    typed = form.get("signed_on", "").strip()
    on = dates.day(typed)
    try:
        if typed and on is None:
            raise Invalid("paper.date", field="signed_on")
        numbering.enter(
            campaign_id,
            number,
            document_number=form.get("document_number", ""),
            signed_on=on,
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except (Conflict, Invalid) as fault:
        db.session.rollback()
        return _paper_page(campaign_id, number, fault)
    return back(url_for("roster.revision", campaign_id=campaign_id, number=number), _("Đã ghi số và ngày ký."))


@bp.post("/campaigns/<int:campaign_id>/revisions/<int:number>/scans")
@guard.requires("campaign.publish")
def attach_paper(campaign_id: int, number: int) -> ResponseReturnValue:
    """The signed paper: a photo or a PDF, in the field ``file``."""
    actor, now = guard.current_actor(), clock.now()
    guard.ensure(actor, "campaign.publish", campaigns.get_campaign(campaign_id).unit_id, now=now)
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid("attachment.missing", field="file")
        file = reading.read_file(sent.stream.read(reading.MOST_BYTES + 1), sent.filename)
        signed.attach(campaign_id, number, file, actor=actor, now=now)
    except (Conflict, Invalid) as fault:
        db.session.rollback()
        return _paper_page(campaign_id, number, fault)
    return back(url_for("roster.revision", campaign_id=campaign_id, number=number) + "#signed", _("Đã lưu bản ký."))


@bp.get("/campaigns/<int:campaign_id>/revisions/<int:number>/scans/<int:scan_id>")
@guard.requires("roster.read")
def signed_paper(campaign_id: int, number: int, scan_id: int) -> Response:
    """Send it as it came."""
    scan = signed.one(campaign_id, number, scan_id, actor=guard.current_actor(), now=clock.now())
    return answers.download(scan.content, scan.media_type, scan.name)


@bp.get("/campaigns/<int:campaign_id>/revisions/<int:number>/paper")
@guard.requires("campaign.publish")
def paper(campaign_id: int, number: int) -> ResponseReturnValue:
    """The form for it."""
    return _paper_page(campaign_id, number)


def _paper_page(campaign_id: int, number: int, fault: Conflict | Invalid | None = None) -> ResponseReturnValue:
    campaign = campaigns.get_campaign(campaign_id)
    guard.ensure(guard.current_actor(), "campaign.publish", campaign.unit_id, now=clock.now())
    row = campaigns.revision(campaign_id, number)
    if row.kind == "supplement" and fault is None:
        raise Conflict("paper.none")
    wrong = by_field(fault)
    scans = signed.list_scans(row)
    page = render_template(
        "roster/revisions/paper.html",
        campaign=campaign,
        revision=row,
        fault=fault,
        wrong=wrong,
        typed=request.form,
        longest=numbering.LONGEST_NUMBER,
        scans=scans,
        scan_addresses=scan_addresses(campaign, row, scans),
        accept=reading.ACCEPTED,
        most=reading.MOST_BYTES // 1024 // 1024,
    )
    return page, fault.http_status if fault else 200


def _withdraw_page(campaign: Campaign, fault: Conflict | Invalid | None = None) -> ResponseReturnValue:
    now = clock.now()
    guard.ensure(guard.current_actor(), "campaign.publish", campaign.unit_id, now=now)
    try:
        plan = withdrawing.planned(campaign, now=now)
    except Conflict as refused:
        plan, fault = None, fault or refused
    page = render_template(
        "roster/revisions/withdraw.html",
        campaign=campaign,
        plan=plan,
        people=_by_name(withdrawing.preview(campaign, plan)) if plan else [],
        fault=fault,
        wrong=fault.message() if isinstance(fault, Invalid) else "",
        typed=request.form,
        kinds=kinds(),
        shown=SHOWN,
    )
    return page, fault.http_status if fault else 200


def _by_name(found: Difference) -> list[ChangedPerson]:
    return sorted(found.people, key=lambda each: (text.name_sort_key(each.who.name), each.who.code))


def _sides(campaign: Campaign, *, may_draft: bool) -> tuple[Side, Side]:
    """What cannot be read, or may not be seen, counts as not given: then the last change that there was."""
    new = _side("to", campaign.revision or ("draft" if may_draft else 0), may_draft=may_draft)
    before = max(new - 1, 0) if isinstance(new, int) else campaign.revision
    return _side("from", before, may_draft=may_draft), new


def _side(name: str, default: Side, *, may_draft: bool) -> Side:
    try:
        found = queries.side_of(request.args.get(name, ""), field=name)
    except Invalid:
        return default
    return found if found != "draft" or may_draft else default
