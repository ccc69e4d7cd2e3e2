"""Sign the draft, read what was signed, print, take away as a file, subscribe."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from sqlalchemy import select

from core import arguments, clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.web import back
from notify import prices
from people.access import guard
from people.notification_rules import leaving, words as reach_words
from roster.blueprint import bp, kinds
from roster.campaigns import approval, queries as campaigns, rights
from roster.campaigns.models import Campaign
from roster.coverage import covered, edges, lines as covered_lines
from roster.draft import grid, judging, page_head, shown_days
from roster.feeds import services as subscriptions
from roster.feeds.facts import Subject
from roster.grid_pages.views_campaign import may_see_draft
from roster.publishing import export, print_sheet, revisions, services as publishing, sheet, signed
from roster.publishing.terms import PublishTerms
from roster.reachability import report
from roster.revisions.scan_links import scan_addresses
from roster.shadows import queries as shadows
from roster.snapshot import snapshot
from roster.solving import proof_validity
from roster.sources.models import HolidaySet

MIMETYPES = {
    "ics": "text/calendar; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@bp.get("/campaigns/<int:campaign_id>/publish")
@guard.requires("campaign.publish")
def publish(campaign_id: int) -> ResponseReturnValue:
    """The proof, what blocks, and who will be told; nothing happens yet."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    guard.ensure(guard.current_actor(), "campaign.publish", campaign.unit_id, now=now)
    return _publish_page(campaign)


@bp.post("/campaigns/<int:campaign_id>/publish")
@guard.requires("campaign.publish")
def publish_now(campaign_id: int) -> ResponseReturnValue:
    form = request.form
    try:
        revision = publishing.publish(
            campaign_id,
            PublishTerms(
                form.get("note", ""),
                accept_gaps=form.get("accept_gaps") or None,
                tell="silent" not in form,
                tell_reason=form.get("tell_reason", ""),
            ),
            draft_version=form.get("version", type=int),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except (Conflict, Invalid) as error:
        return _publish_page(campaigns.get_campaign(campaign_id), error)
    words = _("Đã ban hành bản số %(n)s. Lịch của mọi người đổi theo ngay.", n=revision.number)
    held = 0 if revision.tell_reason else revisions.unreached(revision)
    if held:
        words += " " + ngettext("Chưa báo được %(num)s người.", "Chưa báo được %(num)s người.", held)
    to = url_for("roster.revision", campaign_id=campaign_id, number=revision.number)
    return back(to, words, "warn" if held else "ok")


def _publish_page(campaign: Campaign, error: Conflict | Invalid | None = None) -> ResponseReturnValue:
    now = clock.now()
    seen = proof_validity.stamp()
    draft = snapshot.take(campaign.id, now=now)
    judged = judging.judge_draft(draft, now=now)
    answered = edges.answers(judged.stand, campaign.id)
    loaded = grid.build_grid(draft, judged, now=now)
    told = revisions.concerned(campaign, now=now)
    asked = approval.latest(campaign.id) if campaign.needs_approval else None
    budget = Counter(one.channel for one in told if one.way in ("leaves", "waits"))
    page = render_template(
        "roster/publishing/publish.html",
        campaign=campaign,
        judged=judged,
        grid=loaded,
        error=error,
        kinds=kinds(),
        told=told,
        by_machine=leaving.counted(one.way for one in told),
        budget=budget,
        cost=prices.cost(budget),
        typed=request.form or {"accept_gaps": asked.accept_gaps} if asked else request.form,
        asked=asked,
        gaps=covered_lines.gaps(judged.proof.gaps),
        reach_lines=covered_lines.lines_for_stand(judged.stand, answered),
        words=reach_words,
        lacking=report.unreachable_in_draft(campaign.id, now=now),
        changed=page_head.is_changed(campaign, loaded),
        held=proof_validity.proof_of_draft(draft, seen=seen),
    )
    return page, error.http_status if error else 200


@bp.get("/campaigns/<int:campaign_id>/revisions")
@guard.requires("roster.read")
def revision_list(campaign_id: int) -> ResponseReturnValue:
    campaign = campaigns.get_campaign(campaign_id)
    return render_template("roster/publishing/revisions.html", campaign=campaign, listed=revisions.all_of(campaign_id))


@bp.get("/campaigns/<int:campaign_id>/revisions/<int:number>")
@guard.requires("roster.read")
def revision(campaign_id: int, number: int) -> ResponseReturnValue:
    """Return what was signed, with its proof; of the one in force also what is true of it now."""
    facts = _revision(campaign_id, number)
    holds = number == facts["campaign"].revision and facts["campaign"].state != "draft"
    current = covered.covered_time(facts["campaign"], now=clock.now()) if holds else None
    gaps = covered_lines.gaps(current.stand.proof.gaps) if current else []
    of_now = covered_lines.lines_for_stand(current.stand, current.answered) if current else None
    lines = covered_lines.lines_for_proof(facts["revision"].proof) if of_now is None else of_now
    may = guard.can("campaign.publish", facts["campaign"].unit_id)
    dates, facts["sheet"], earlier = sheet.page_of(facts["sheet"], arguments.day("on"))
    scans = signed.list_scans(facts["revision"])
    return render_template(
        "roster/publishing/revision.html",
        **facts,
        current=current,
        is_current=holds,
        gaps=gaps,
        reach_lines=lines,
        words=reach_words,
        heard=revisions.heard(facts["revision"]) if may else None,
        dates=dates,
        earlier=earlier,
        scans=scans,
        scan_addresses=scan_addresses(facts["campaign"], facts["revision"], scans),
    )


@bp.get("/campaigns/<int:campaign_id>/print")
@guard.requires("roster.read")
def print_view(campaign_id: int) -> ResponseReturnValue:
    """The list as it hangs on the wall: the latest revision, ``?revision=N``, or the draft, marked as such."""
    campaign = campaigns.get_campaign(campaign_id)
    number = arguments.number("revision", campaign.revision)
    if number and (request.args.get("source") != "draft" or not may_see_draft(campaign)):
        return _print_page(**_revision(campaign_id, number))
    rights.ensure_sees_draft(guard.current_actor(), campaign, now=clock.now())
    loaded = grid.load(campaign_id, now=clock.now())
    days = sheet.sheet_of_grid(loaded)
    return _print_page(
        **_sheet_facts(campaign, days, loaded.tet),
        revision=None,
        phones=False,
        may_phones=False,
        unchecked=len(loaded.unchecked),
    )


def _print_page(**facts: Any) -> str:
    campaign, revision = facts["campaign"], facts["revision"]
    # Who stands beside whom is of now: what was signed once says nothing of it.
    is_latest = revision is not None and revision.number == campaign.revision
    beside = shadows.names_by_shift(campaign.id) if is_latest else {}
    made = print_sheet.names_on_sheet(facts["sheet"], facts["duties"], campaign.unit.code, beside)
    shown = {"listed": made.listed, "names": made.names, "fit": made.fit, "beside": beside}
    return render_template("roster/publishing/print.html", **facts, **shown)


def _revision(campaign_id: int, number: int) -> dict[str, Any]:
    campaign, found = campaigns.get_campaign(campaign_id), revisions.get(campaign_id, number)
    tet = db.session.scalar(select(HolidaySet).filter_by(year=campaign.tet_year))
    days = shown_days.days_of(campaign, now=clock.now())
    may = guard.can("person.contact", campaign.unit_id)
    phones = may and request.args.get("phones") == "1"
    if phones:
        export.note(campaign_id, "phones", actor=guard.current_actor(), now=clock.now())
        campaign, found = campaigns.get_campaign(campaign_id), revisions.get(campaign_id, number)
    shown = sheet.sheet_of_revision(found, days, phones=phones)
    facts = {"revision": found, "phones": phones, "may_phones": may, "unchecked": len(found.proof.get("unchecked", ()))}
    return {**_sheet_facts(campaign, shown, tet), **facts}


def _sheet_facts(campaign: Campaign, days: tuple[sheet.DaySheet, ...], tet: HolidaySet | None) -> dict[str, Any]:
    every = kinds()
    return {
        "campaign": campaign,
        "sheet": days,
        "tet": tet,
        "kinds": every,
        "grounds": sheet.grounds_of(days),
        "duties": sheet.duties_of(days, every),
        "now": clock.now(),
    }


@bp.get("/campaigns/<int:campaign_id>/export/<form>")
@guard.requires("roster.read")
def download(campaign_id: int, form: str) -> ResponseReturnValue:
    """The published roster as a file; who took it is written down, because it names people and phones."""
    if form not in export.FORMATS:
        raise NotFound("not_found", what=_("dạng tệp này"))
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    guard.ensure(actor, "person.contact", campaign.unit_id, now=now)
    body = export.render(campaign_id, form)
    export.note(campaign_id, form, actor=actor, now=now)
    answer = Response(body, content_type=MIMETYPES[form])
    name = f"lich-truc-{campaign_id}-ban-{campaigns.get_campaign(campaign_id).revision}.{form}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@bp.post("/campaigns/<int:campaign_id>/subscribe")
@guard.requires("feed.create")
def subscribe(campaign_id: int) -> ResponseReturnValue:
    """A calendar address for the whole campaign; the owner reads it again under "Ca của tôi"."""
    actor, now = guard.current_actor(), clock.now()
    feed = subscriptions.subscribe(Subject("campaign", campaign_id=campaign_id), actor=actor, now=now)
    return back(url_for("me.feed", feed_id=feed.id), _("Đã tạo địa chỉ lịch của cả đợt trực."))
