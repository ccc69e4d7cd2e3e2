"""Cây điện thoại: the list of a unit and everything below it on paper, for the day on which nothing else works."""

from __future__ import annotations

import segno
from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from core import clock
from duty.phone_tree import book, sheet
from people import queries as people
from people.access import guard
from roster.blueprint import bp


@bp.get("/phone-tree")
@guard.requires("onduty.read")
def phone_tree() -> ResponseReturnValue:
    """Show the phone tree of ``unit`` (default: the enterprise) for the coming three days; to be printed."""
    now, actor = clock.now(), guard.current_actor()
    code = request.args.get("unit") or next((root.code for root in people.root_units()), "")
    unit = people.unit_by_code(code)
    phones = guard.allowed(actor, "person.contact", unit.id, now=now) is not False
    listed = book.read_book(unit.id, now, with_phones=phones, hours=sheet.DAYS * 24)
    url = current_app.config["PUBLIC_URL"] + url_for("desk.index", unit=unit.code)
    qr = segno.make(url, error="q", micro=False)  # paper gets folded
    return render_template(
        "duty/phone_tree/sheet.html",
        unit=unit,
        branches=sheet.branches(listed),
        revision=listed.revision,
        phones=phones,
        now=now,
        url=url,
        qr=Markup(qr.svg_inline(border=0, omitsize=True)),  # noqa: S704  (our own SVG)
    )
