"""The page that makes a campaign: from the demand as it is, or as an earlier Tết was."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar import lunar
from core.errors import DomainError
from core.web import back
from people.access import guard
from people.form_values import units_within
from people.forms import unit_choices
from people.models import Unit
from roster.blueprint import bp
from roster.campaigns import copy_words, queries, services
from roster.campaigns.copying import Copy
from roster.draft import page_head
from roster.forms import CampaignForm
from roster.models import Campaign

MOST_TOLD = 3
"""Names or dates of each thing that was not copied, once it is made."""


@bp.route("/campaigns/new", methods=["GET", "POST"])
@guard.requires("campaign.write")
def new_campaign() -> ResponseReturnValue:
    """``copy_from``: the campaign to do as, 0 for none; ``preview``: say what would be copied, and make nothing."""
    actor, now = guard.current_actor(), clock.now()
    units = units_within(actor, "campaign.write", now)
    form, preview = _form(units, now), None
    if form.validate_on_submit():
        try:
            if "preview" not in request.form:
                made = services.create(_wanted(form), actor=actor, now=now)
                return back(url_for("roster.campaign", campaign_id=made.campaign.id), _done(made))
            preview = services.preview(_wanted(form), actor=actor, now=now)
        except DomainError as error:
            form.take(error)
    year = form.tet_year.data or page_head.coming_tet(now)
    status = 422 if request.method == "POST" and preview is None else 200
    return render_template(
        "roster/campaigns/new.html",
        form=form,
        tet=page_head.tet_facts(year),
        year=year,
        preview=preview,
        said=_said(preview) if preview else [],
    ), status


def _form(units: list[tuple[int, Unit]], now: datetime) -> CampaignForm:
    asked = request.args.get("tet_year", type=int)
    form = CampaignForm(formdata=request.form if request.method == "POST" else None, data=_suggested(asked, units, now))
    form.unit.choices = unit_choices(units)
    models = [each for each in queries.latest_first() if guard.can("campaign.read", each.unit_id)]
    form.copy_from.choices = [(0, _("Theo nhu cầu trực hiện nay")), *((each.id, _name(each)) for each in models)]
    return form


def _name(model: Campaign) -> str:
    return _("Chép từ %(name)s · %(unit)s", name=model.name, unit=model.unit.name)


def _wanted(form: CampaignForm) -> services.Wanted:
    return services.Wanted(
        name=form.name.data or "",
        tet_year=form.tet_year.data or 0,
        unit=form.unit.data,
        starts_on=_day(form.starts_on.data),
        ends_on=_day(form.ends_on.data),
        copy_from=form.copy_from.data or None,
    )


def _day(value: date | None) -> date:
    assert value is not None  # noqa: S101 - the form requires it
    return value


def _said(copy: Copy) -> list[str]:
    return [copy_words.said(each) for each in copy.left_out]


def _done(made: services.Made) -> str:
    """It goes into a cookie, which holds no province's names: all of them stand in the preview."""
    words = _("Đã tạo đợt trực. Bước tiếp theo: xếp lịch.")
    return " ".join([words, *(copy_words.said(each, most=MOST_TOLD) for each in made.left_out)])


def _suggested(year: int | None, units: list[tuple[int, Unit]], now: datetime) -> dict[str, Any]:
    """From eight days before Mùng 1 to fourteen after."""
    year = year if year and 1969 <= year <= 2099 else page_head.coming_tet(now)
    first = lunar.tet(year)
    return {
        "name": _("Tết %(name)s %(year)s", name=lunar.can_chi(year), year=year),
        "tet_year": year,
        "unit": units[0][1].code if units else "",
        "starts_on": first - timedelta(days=8),
        "ends_on": first + timedelta(days=14),
    }
