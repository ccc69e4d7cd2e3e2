"""/letter/points/waiting: photos and days that a sheet sent, for those who answer for the points; many at once."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from compliance.blueprint import bp
from compliance.posting import services as posting
from compliance.posting.words import NAMES
from compliance.today import accepting, waiting
from core import arguments, clock, pages
from core.errors import Invalid
from core.form_values import whole_number
from core.web import back
from people import unit_list
from people.access import guard
from people.form_values import units_within

SIZE = 60
"""Photos of a page, and days: what somebody can look through on a phone before they press once."""


@bp.get("/points/waiting")
@guard.requires("point.settle")
def waiting_points() -> ResponseReturnValue:
    """``?show=days``: days by sheets of before; else photos, those whose code was found first. One unit with those
    below it by ``?unit=``."""
    now = clock.now()
    tree = units_within(guard.current_actor(), "point.settle", now)
    listed = unit_list.narrowed(tree, request.args)
    units = {unit.id: unit for _depth, unit in listed.rows}
    photos = waiting.photos(units, clock.local_date(now))
    days = waiting.days(units)
    shows_days = request.args.get("show") == "days"
    page = arguments.number("page", 1)
    some = pages.part(days, page, size=SIZE)
    return render_template(
        "compliance/today/waiting.html",
        listed=listed,
        units=units,
        names=NAMES,
        shows_days=shows_days,
        shown=some if shows_days else pages.part(photos, page, size=SIZE),
        days=waiting.with_odd(some.rows) if shows_days else [],
        counts={"photos": len(photos), "found": sum(photo.is_found for photo in photos), "days": len(days)},
    )


@bp.post("/points/waiting")
@guard.requires("point.settle")
def settle_waiting() -> ResponseReturnValue:
    """``do``: accept or refuse; ``photo``: ids, ``day``: as they were shown."""
    do, actor, now = request.form.get("do", ""), guard.current_actor(), clock.now()
    sent = request.form.getlist("photo")
    ids = {number for each in sent if (number := whole_number(each)) is not None}
    days = request.form.getlist("day")
    if do not in ("accept", "refuse") or (not ids and not days) or len(ids) + len(days) > SIZE:
        raise Invalid("point.choose", field="photo", most=SIZE)
    there = url_for(".waiting_points", show="days" if days else None, **unit_list.same_page(request.args))
    if days:
        done, changed = accepting.settle_days(days, "accept" if do == "accept" else "refuse", actor=actor, now=now)
        said = ngettext("Đã ghi cho %(num)s ngày.", "Đã ghi cho %(num)s ngày.", done)
        more = _("%(n)s ngày vừa có số khác: xem lại.", n=changed) if changed else ""
        return back(there, f"{said} {more}".strip(), "warn" if changed else "ok")
    settle = posting.accept if do == "accept" else posting.refuse
    done = settle(ids, actor=actor, now=now)
    if do == "accept":
        return back(there, ngettext("Đã duyệt %(num)s ảnh.", "Đã duyệt %(num)s ảnh.", done))
    return back(there, ngettext("Đã loại %(num)s ảnh.", "Đã loại %(num)s ảnh.", done))
