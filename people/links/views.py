"""The slip with somebody's personal address, and taking their addresses back."""

from __future__ import annotations

import segno
from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from core import clock
from core.web import back, secret_page
from people.access import guard
from people.blueprint import bp
from people.contact.views_reach import reachable_person
from people.links import services as links, slips


@bp.post("/people/person/<code>/link")
@guard.requires("reach.write")
def link_slip(code: str) -> ResponseReturnValue:
    """Their address on paper, for somebody whom no message reaches: of each who prints the same each time."""
    person, actor = reachable_person(code), guard.current_actor()
    printed = slips.print_each([person], actor=actor, now=clock.now())
    url = printed.urls[person.id]
    svg = segno.make(url, error="m", micro=False).svg_inline(border=0, omitsize=True)
    untold = person.id not in printed.told and person.id != actor.person_id
    page = render_template("people/links/slip.html", person=person, url=url, qr_svg=svg, by=actor.name, untold=untold)
    return secret_page(page)


@bp.post("/people/person/<code>/link/end")
@guard.requires("reach.write")
def end_links(code: str) -> ResponseReturnValue:
    """All of them, with the calendars that were subscribed to there; the next message has a new one."""
    person = reachable_person(code)
    ended = links.end_all(person, actor=guard.current_actor(), now=clock.now())
    words = ngettext("Đã thu hồi %(num)s đường dẫn.", "Đã thu hồi %(num)s đường dẫn.", ended)
    return back(url_for("people.person", code=person.code), words)
