"""The paper of a unit's list, for whoever plans the campaign: the picture, and the form to type it over beside it."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.db import db
from core.errors import Conflict, Invalid, by_field
from core.web import back, secret_page
from people.access import guard
from roster.blueprint import bp
from roster.campaigns import rights
from roster.lists import filling, papers, queries, typed_over
from roster.lists.filling import FilledList
from roster.lists.models import UnitList
from roster.sheets.words import shift_names


@bp.get("/campaigns/<int:campaign_id>/lists/<int:list_id>/files/<key>")
@guard.requires("campaign.write")
def list_file(campaign_id: int, list_id: int, key: str) -> Response:
    """Send a file to those who may see the list."""
    return papers.shown(papers.one(_row(campaign_id, list_id), key))


@bp.get("/campaigns/<int:campaign_id>/lists/<int:list_id>/type")
@guard.requires("campaign.write")
def type_list(campaign_id: int, list_id: int) -> ResponseReturnValue:
    row = _row(campaign_id, list_id, whole=True)
    return _page(row, FilledList({each.seat_id: each.person_id for each in row.picks}))


@bp.post("/campaigns/<int:campaign_id>/lists/<int:list_id>/type")
@guard.requires("campaign.write")
def save_typed_list(campaign_id: int, list_id: int) -> ResponseReturnValue:
    """What was chosen stays, whatever is refused."""
    now, row = clock.now(), _row(campaign_id, list_id, whole=True)
    filled = filling.chosen(filling.ground(row, now=now), request.form)
    try:
        typed_over.type_over(
            campaign_id, list_id, filled, seen=request.form.get("seen", ""), actor=guard.current_actor(), now=now
        )
    except (Conflict, Invalid) as fault:
        db.session.rollback()
        return _page(_row(campaign_id, list_id, whole=True), filled, fault)
    to = url_for("roster.unit_list", campaign_id=campaign_id, list_id=list_id)
    return back(to, _("Đã nhập %(n)s lượt theo ảnh. Xem lại rồi ghép.", n=len(filled.picks)))


def _row(campaign_id: int, list_id: int, *, whole: bool = False) -> UnitList:
    """Raises NotFound, Forbidden. ``whole``: for who plans the campaign, as merging is."""
    row = queries.get(campaign_id, list_id)
    campaign, actor, now = row.collection.campaign, guard.current_actor(), clock.now()
    if whole:
        guard.ensure(actor, "campaign.write", campaign.unit_id, now=now)
    else:
        rights.ensure(actor, "campaign.write", campaign, {row.unit_id}, now=now)
    return row


def _page(row: UnitList, filled: FilledList, fault: Conflict | Invalid | None = None) -> ResponseReturnValue:
    against = filling.ground(row, now=clock.now())
    wrong = by_field(fault if isinstance(fault, Invalid) else None)
    page = render_template(
        "roster/lists/type.html",
        campaign=row.collection.campaign,
        row=row,
        days=filling.days(row, against, filled, filling.faults_by_seat(wrong)),
        able=filling.able_by_duty(row, against),
        many=filling.MANY,
        person=against.taken.problem.person,
        open=row.collection.is_open and row.state == "sent",
        names=shift_names(against),
        fault=fault,
        wrong=wrong,
    )
    return secret_page(page, fault.http_status if fault else 200)
