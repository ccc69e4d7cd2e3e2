"""Diễn tập: start one, watch its desk, end it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, text
from core.calendar import dates
from core.errors import DomainError, FieldError, Invalid
from core.form_values import whole_number
from core.i18n import d, t
from core.web import back
from duty.on_duty import rehearsals, who_serves
from people import queries as people
from people.access import guard
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.models import Rehearsal

bp = Blueprint("rehearsals", __name__, url_prefix="/roster")
DEFAULTS = {"minutes": "60", "step_seconds": "20"}


@bp.get("/rehearsals/")
@guard.requires("roster.read")
def index() -> ResponseReturnValue:
    """Return what is being played now, what was played lately, and what could be."""
    now = clock.now()
    return render_template(
        "duty/on_duty/rehearsals.html",
        running=rehearsals.running(now=now),
        over=rehearsals.over(now=now),
        campaigns=_open_campaigns(),
        now=now,
    )


def _open_campaigns() -> list[Campaign]:
    return [each for each in rehearsals.playable() if guard.can("rehearsal.run", each.unit_id)]


@bp.get("/campaigns/<int:campaign_id>/rehearse")
@guard.requires("rehearsal.run")
def rehearse(campaign_id: int) -> ResponseReturnValue:
    """The form; ``?at=`` fills in one of the suggested moments."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    guard.ensure(guard.current_actor(), "rehearsal.run", campaign.unit_id, now=now)
    suggested = rehearsals.suggestions(campaign, now=now)
    chosen = dict(suggested).get(request.args.get("at", ""), suggested[0][1] if suggested else now)
    source = "published" if campaign.revision else "draft"
    typed = DEFAULTS | {"play_at": dates.moment_shown(chosen), "source": source}
    return _form(campaign, typed, [], now)


@bp.post("/campaigns/<int:campaign_id>/rehearse")
@guard.requires("rehearsal.run")
def start(campaign_id: int) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    try:
        rehearsal = rehearsals.start(
            campaign_id,
            play_at=_moment(),
            source=request.form.get("source", ""),
            minutes=_number("minutes"),
            step_seconds=_number("step_seconds"),
            now=now,
            actor=actor,
        )
    except DomainError as error:
        campaign = campaigns.get_campaign(campaign_id)
        guard.ensure(actor, "rehearsal.run", campaign.unit_id, now=now)
        faults = error.errors or [FieldError("", error.code, error.params)]
        return _form(campaign, DEFAULTS | request.form.to_dict(), faults, now), error.http_status
    return back(url_for(".desk", rehearsal_id=rehearsal.id), _("Diễn tập đã bắt đầu."))


def _moment() -> datetime:
    """The typed local date and time, as an aware moment."""
    found = dates.moment(request.form.get("play_at", ""))
    if found is None:
        raise Invalid("rehearsal.when", field="play_at")
    return found


def _number(name: str) -> int:
    typed = whole_number(request.form.get(name, "").strip(), digits=5)
    return -1 if typed is None else typed


def _form(campaign: Campaign, typed: dict[str, Any], faults: list[FieldError], now: datetime) -> str:
    return render_template(
        "duty/on_duty/rehearsal_form.html",
        campaign=campaign,
        typed=typed,
        words=moment_words(),
        errors={fault.field: fault.message() for fault in faults},
        window=rehearsals.window(campaign.id),
        suggested=rehearsals.suggestions(campaign, now=now),
        has_draft=rehearsals.has_draft(campaign.id),
        running=next((each for each in rehearsals.running(now=now) if each.campaign_id == campaign.id), None),
    )


def moment_words() -> dict[str, str]:
    """Return what the suggested moments are called."""
    return {
        "mung_1": _("Mùng 1, giờ này"),
        "giao_thua": _("23:30 đêm Giao thừa"),
        "now": _("Đúng lúc này"),
        "first": _("Ca đầu tiên"),
    }


@bp.get("/rehearsals/<int:rehearsal_id>")
@guard.requires("roster.read")
def desk(rehearsal_id: int) -> ResponseReturnValue:
    """The desk as it would be at the played moment; everything on it is marked DIỄN TẬP."""
    rehearsal, now = rehearsals.get(rehearsal_id), clock.now()
    is_running = rehearsals.is_running(rehearsal, now)
    if is_running:
        announce(rehearsal, url="")
    unit = people.unit_by_id(rehearsal.campaign.unit_id)
    report = who_serves.at(unit, now, rehearsal=rehearsal) if is_running else None
    return render_template(
        "duty/on_duty/rehearsal_desk.html",
        rehearsal=rehearsal,
        campaign=rehearsal.campaign,
        is_running=is_running,
        now=now,
        played=rehearsals.played_at(rehearsal, now),
        cards=_cards(rehearsal, report),
        may_end=guard.can("rehearsal.run", rehearsal.campaign.unit_id),
    )


def announce(rehearsal: Rehearsal, url: str | None = None) -> None:
    """Put the banner DIỄN TẬP on the page that is being answered; it leads to the rehearsal's desk."""
    there = url_for("rehearsals.desk", rehearsal_id=rehearsal.id) if url is None else url
    g.rehearsal = {"name": rehearsal.campaign.name, "url": there}


def _cards(rehearsal: Rehearsal, report: who_serves.DutyReport | None) -> list[dict[str, Any]]:
    """Return what ``duty_card`` shows; times are the roster's own, because that is what people compare with the
    list."""
    if report is None:
        return []
    phones = guard.can("person.contact", report.unit.id)

    def shown(at: datetime | None) -> str:
        moment = rehearsals.played_at(rehearsal, at) if at else None
        return f"{t(moment)} {d(moment)}" if moment else ""

    return [
        {
            "kind": kind.code,
            "letter": kind.letter,
            "colour": kind.colour,
            "row": kind,
            "rule": answer.rule,
            "desk_phone": text.format_phone(answer.desk_phone),
            "is_desk": answer.is_desk,
            "unit_id": answer.unit_id,
            "people": [
                {
                    "name": each.name,
                    "position": each.position,
                    "phone": text.format_phone(each.phone) if phones else "",
                    "until": shown(each.until),
                }
                for each in answer.people
            ],
            "next": ", ".join(each.name for each in answer.next),
        }
        for kind, answer in report.answers
    ]


@bp.post("/rehearsals/<int:rehearsal_id>/end")
@guard.requires("rehearsal.run")
def end(rehearsal_id: int) -> ResponseReturnValue:
    rehearsals.end(rehearsal_id, now=clock.now(), actor=guard.current_actor())
    return back(url_for(".desk", rehearsal_id=rehearsal_id), _("Diễn tập đã kết thúc."))
