"""/p/<unit code>, /p/<unit code>/niem-yet, /status: for the public. No session, no scripts, kept by caches.

The language is part of the address, so that one answer serves everybody who asks for it.
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import force_locale

from compliance.public_pages import notices, sections
from compliance.public_pages.sections import PublicSection
from core import clock
from core.i18n import LOCALES
from people import queries as people
from people.access import guard

bp = Blueprint("public_pages", __name__)
KEPT = 60
"""Seconds for which a cache may answer in our place: what is news to the public is not much older."""


@bp.get("/p/<code>")
@guard.public
def point(code: str) -> Response:
    return _unit_page("compliance/public_pages/point.html", sections.POINT, code)


@bp.get("/p/<code>/niem-yet")
@guard.public
def posted(code: str) -> Response:
    """Return what hangs at the counter, to be read at home."""
    return _unit_page("compliance/public_pages/posted.html", sections.POSTED, code)


@bp.get("/status")
@guard.public
def status() -> Response:
    """Show where service is interrupted, and when there will be news."""
    now = clock.now()
    with force_locale(_language()):
        said = [(each.unit, notices.said(each, now)) for each in notices.everywhere()]
        root = next(iter(people.root_units()), None)
        return _answer("compliance/public_pages/status.html", notices=said, root=root)


def _unit_page(template: str, wanted: tuple[PublicSection, ...], code: str) -> Response:
    now = clock.now()
    with force_locale(_language()):
        unit = people.find_unit(code)
        if unit is None:
            response = _answer("compliance/public_pages/unknown.html")
            response.status_code = 404
            return response
        closed = sections.closed_since(unit, clock.local_date(now))
        told = sections.read_sections(wanted, unit, now) if closed is None else []
        return _answer(template, unit=unit, told=told, closed=closed)


def _answer(template: str, **facts: Any) -> Response:
    language = _language()
    response = Response(render_template(template, language=language, **facts))
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:20])
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    response.make_conditional(request)
    return response


def _language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LOCALES else "vi"
