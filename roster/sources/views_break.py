"""Tết breaks and days off, decided anew: what that changes in campaigns is shown before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar import dates
from core.calendar.holidays import DayClass
from core.errors import Conflict, DomainError, NotFound
from core.i18n import d
from core.web import back
from people.access import guard
from roster.blueprint import bp
from roster.campaigns.queries import get_campaign
from roster.refit import of_break, services, words
from roster.refit.deciding import BreakChoice, decide, decide_day
from roster.refit.of_break import BreakEffect
from roster.sources import setup
from roster.sources.forms import BreakForm, HolidayForm
from roster.sources.views import page_of_holidays


@bp.post("/holidays/<int:year>")
@guard.requires("holiday.write")
def save_break(year: int) -> ResponseReturnValue:
    """Written at once where no campaign is touched; else shown first. ``apply`` with the ``stamp`` of what was shown:
    ``follows``: shifts follow the demand of their new phase; ``takes_people``: seats with people go, too."""
    form, actor, now = BreakForm(), guard.current_actor(), clock.now()
    if not (form.validate_on_submit() and form.starts_on.data and form.ends_on.data):
        return page_of_holidays(form, HolidayForm(formdata=None), year, 422)
    asked = BreakChoice(year, form.starts_on.data, form.ends_on.data, form.status.data, form.source.data or "")
    chosen = {name: name in request.form for name in ("follows", "takes_people")}
    if "looked" not in request.form:
        chosen["follows"] = True
    stamp = request.form.get("stamp", "") if "apply" in request.form else None
    try:
        found = services.save_break(asked, stamp=stamp, **chosen, actor=actor, now=now)
    except Conflict as error:
        if error.code != "refit.moved":
            raise
        shown = of_break.effect(decide(asked), **chosen, actor=actor, now=now)
        return _preview(shown, request.path, _typed(asked), _told(shown), error=error, stamp=stamp)
    except DomainError as error:
        form.take(error)
        return page_of_holidays(form, HolidayForm(formdata=None), year, 422)
    done = _("Đã lưu kỳ nghỉ Tết %(year)s.", year=year)
    return back(url_for("roster.holidays", year=year), " ".join([done, *_followed(found)]))


@bp.post("/holidays/<int:year>/days")
@guard.requires("holiday.write")
def save_holiday(year: int) -> ResponseReturnValue:
    """The class of one date: as for the break, shown first where it changes something in a campaign."""
    form = HolidayForm()
    if not (form.validate_on_submit() and form.on.data):
        return page_of_holidays(BreakForm(formdata=None), form, year, 422)
    fields = {name: form[name].data or "" for name in ("day_class", "name", "status", "source")}
    typed = {"on": form.on.data.isoformat(), **fields}
    to = url_for("roster.save_holiday", year=year)
    try:
        return _day(form.on.data, fields, to, typed, done=_("Đã lưu ngày này."))
    except DomainError as error:
        form.take(error)
        return page_of_holidays(BreakForm(formdata=None), form, year, 422)


@bp.post("/holidays/<int:year>/days/<on>/delete")
@guard.requires("holiday.write")
def delete_holiday(year: int, on: str) -> ResponseReturnValue:
    """The date is an ordinary day or a weekend again: as for the break."""
    day = dates.day(on)
    if day is None:
        raise NotFound("not_found", what=_("ngày này"))
    to = url_for("roster.delete_holiday", year=year, on=on)
    return _day(day, None, to, {}, done=_("Đã bỏ ngày này khỏi danh sách."))


def _day(
    on: date, fields: Mapping[str, str] | None, to: str, typed: Mapping[str, str], *, done: str
) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    stamp = request.form.get("stamp", "") if "apply" in request.form else None
    try:
        found = setup.save_day(on, fields, stamp=stamp, actor=actor, now=now)
    except Conflict as error:
        if error.code != "refit.moved":
            raise
        decision = decide_day(on, cast(DayClass, fields["day_class"]) if fields else None)
        shown = of_break.effect(decision, follows=False, takes_people=False, actor=actor, now=now)
        told = _("Xếp lại loại ngày %(day)s. Chưa ghi gì.", day=d(on))
        return _preview(shown, to, typed, told, error=error, stamp=stamp)
    return back(url_for("roster.holidays", year=on.year), " ".join([done, *_followed(found)]))


def _preview(
    found: BreakEffect, to: str, typed: Mapping[str, str], told: str, *, error: DomainError, stamp: str | None
) -> ResponseReturnValue:
    """Return what it would change; 409 where something else had been shown."""
    page = render_template(
        "roster/refit/break.html",
        found=found,
        year=found.decision.asked.year,
        moves=found.decision.was != found.decision.becomes,
        to=to,
        typed=typed,
        told=told,
        names=words.names_for(each.refit for each in found.campaigns),
        held=sum(each.refit.numbers.held for each in found.campaigns),
        seats=sum(each.seats for each in found.campaigns),
        words=words,
        error=error.message() if stamp is not None else "",
    )
    return page, 409 if stamp is not None else 200


def _typed(asked: BreakChoice) -> dict[str, str]:
    days = {"starts_on": asked.starts_on.isoformat(), "ends_on": asked.ends_on.isoformat()}
    return {**days, "status": asked.status, "source": asked.source}


def _told(found: BreakEffect) -> str:
    becomes, was = found.decision.becomes, found.decision.was
    return _(
        "Nghỉ %(first)s – %(last)s thay cho %(was_first)s – %(was_last)s. Chưa ghi gì.",
        first=d(becomes[0]),
        last=d(becomes[1]),
        was_first=d(was[0]),
        was_last=d(was[1]),
    )


def _followed(found: BreakEffect) -> list[str]:
    if not found.campaigns:
        return []
    said = _(
        "%(n)s đợt trực đã đổi theo: dự thảo cần xem lại, lịch đã ban hành giữ nguyên đến lần ban hành sau.",
        n=len(found.campaigns),
    )
    return [said]


@bp.post("/campaigns/<int:campaign_id>/looked")
@guard.requires("campaign.write")
def looked_again(campaign_id: int) -> ResponseReturnValue:
    """Somebody has had the look that a change of break or demand asked for."""
    services.looked_again(campaign_id, actor=guard.current_actor(), now=clock.now())
    return back(
        url_for("roster.campaign", campaign_id=get_campaign(campaign_id).id), _("Đã ghi: dự thảo đã được xem lại.")
    )
