"""/i/<token>: how units stand, for an inspector without an account. It only reads; each page is written down."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from compliance.inspector import services as inspector, shown
from compliance.inspector.models import InspectorLink, InspectorVisit
from compliance.register import matrix as counting, places, queries, standing, words
from core import clock, pages
from core.errors import DomainError, Gone, Invalid, NotFound, Throttled
from core.files.answers import download, picture
from core.web import csrf, secret_page
from people.access import guard

link_bp = Blueprint("inspector", __name__)
csrf.exempt(link_bp)
COOKIE = "inspector"
LONGEST_LOOK = 40
"""Of what is written down of a page: a code fits."""
DAY = 24 * 3600
"""Seconds for which a browser is known; after that it asks again who looks."""


@link_bp.get("/i/<token>")
@guard.public
def start(token: str) -> ResponseReturnValue:
    """Who are you; after that, the matrix."""
    try:
        link, visitor = _opened(token)
    except (NotFound, Gone) as fault:
        return _shut(fault)
    if visitor is None:
        return _ask(link, token)
    return redirect(url_for(".matrix", token=token))


@link_bp.post("/i/<token>")
@guard.public
def enter(token: str) -> ResponseReturnValue:
    """``name``: who looks."""
    now = clock.now()
    try:
        secret = inspector.enter(token, request.form.get("name", ""), now=now)
    except (NotFound, Gone) as fault:
        return _shut(fault)
    except (Invalid, Throttled) as fault:
        return _ask(inspector.opened(token, now=now), token, fault)
    answer = make_response(redirect(url_for(".matrix", token=token), code=303))
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=DAY,
        path=url_for(".start", token=token),
        secure=current_app.config["PUBLIC_URL"].startswith("https://"),
        httponly=True,
        samesite="Lax",
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@link_bp.get("/i/<token>/matrix")
@guard.public
def matrix(token: str) -> ResponseReturnValue:
    return _shown(token, "matrix")


@link_bp.get("/i/<token>/letter")
@guard.public
def letter(token: str) -> ResponseReturnValue:
    return _shown(token, "letter")


@link_bp.get("/i/<token>/units/<code>")
@guard.public
def unit(token: str, code: str) -> ResponseReturnValue:
    return _shown(token, "unit", code)


@link_bp.get("/i/<token>/requirements/<int:requirement_id>")
@guard.public
def requirement(token: str, requirement_id: int) -> ResponseReturnValue:
    return _shown(token, "requirement", str(requirement_id))


@link_bp.get("/i/<token>/evidence/<int:evidence_id>")
@guard.public
def evidence(token: str, evidence_id: int) -> ResponseReturnValue:
    """The file of what may be seen; ``?small`` its picture in a list."""
    return _shown(token, "evidence", str(evidence_id))


def _opened(token: str) -> tuple[InspectorLink, InspectorVisit | None]:
    link = inspector.opened(token, now=clock.now())
    return link, inspector.visit(link, request.cookies.get(COOKIE, ""))


def _shown(token: str, page: str, what: str = "") -> ResponseReturnValue:
    """Nothing before somebody has said who they are; nothing outside the link."""
    try:
        link, visitor = _opened(token)
        if visitor is None:
            return redirect(url_for(".start", token=token))
        answer = _PAGES[page](link, token, what)
    except (NotFound, Gone) as fault:
        return _shut(fault)
    if page != "evidence" or "small" not in request.args:
        inspector.look(visitor, page, (what or request.args.get("unit", ""))[:LONGEST_LOOK], now=clock.now())
    return answer


def _matrix(link: InspectorLink, token: str, _what: str) -> Response:
    """Below the unit of the link, or one below it in ``unit``."""
    code = request.args.get("unit", "")
    top = inspector.unit_within(link, code) if code else link.unit
    today = clock.local_date(clock.now())
    there = places.open_on(today)
    page = render_template(
        "compliance/inspector/matrix.html",
        link=link,
        token=token,
        top=top,
        found=counting.build_matrix(link.directive, top.id, today),
        leaves={each.id for each in there} - {each.parent_id for each in there},
    )
    return secret_page(page)


def _letter(link: InspectorLink, token: str, _what: str) -> Response:
    return secret_page(render_template("compliance/inspector/letter.html", link=link, token=token, row=link.directive))


def _unit(link: InspectorLink, token: str, code: str) -> Response:
    found, today = inspector.unit_within(link, code), clock.local_date(clock.now())
    said = queries.points_of_unit(link.directive_id, found.id)
    proofs = queries.evidence_of_unit(link.directive_id, found.id)
    rows = places.asked_of_unit(queries.requirements(link.directive_id), found, said, today)
    page = render_template(
        "compliance/inspector/unit.html",
        link=link,
        token=token,
        unit=found,
        rows=[shown.inspected_point(row, said.get(row.id), proofs) for row in rows],
        states=words.states(),
        kinds=words.kinds(),
        finding=words.finding,
        is_overdue=standing.is_overdue,
        today=today,
    )
    return secret_page(page)


def _requirement(link: InspectorLink, token: str, requirement_id: str) -> Response:
    row = queries.requirement(int(requirement_id))
    if row.directive_id != link.directive_id:
        raise NotFound("inspector.beyond")
    code = request.args.get("unit", "")
    top = inspector.unit_within(link, code) if code else link.unit
    found = counting.points(row, top.id, clock.local_date(clock.now()))
    page = render_template(
        "compliance/inspector/requirement.html",
        link=link,
        token=token,
        row=row,
        top=top,
        part=pages.part(found, request.args.get("page", 1, type=int)),
        states=words.states(),
    )
    return secret_page(page)


def _evidence(link: InspectorLink, _token: str, evidence_id: str) -> Response:
    row = queries.evidence(int(evidence_id), content=True)
    inspector.unit_within(link, row.unit.code)
    if row.requirement.directive_id != link.directive_id or not shown.may_see(row):
        raise NotFound("inspector.beyond")
    if "small" in request.args and row.thumbnail is not None:
        return picture(row.thumbnail, "image/jpeg")
    if row.content is None:
        raise NotFound("inspector.beyond")
    return download(row.content, row.media_type, row.name)


_PAGES = {
    "matrix": _matrix,
    "letter": _letter,
    "unit": _unit,
    "requirement": _requirement,
    "evidence": _evidence,
}


def _ask(link: InspectorLink, token: str, fault: DomainError | None = None) -> Response:
    page = render_template(
        "compliance/inspector/name.html",
        link=link,
        token=token,
        problem=fault.message() if fault else "",
        given=request.form,
    )
    return secret_page(page, fault.http_status if fault else 200)


def _shut(fault: DomainError) -> Response:
    page = render_template("compliance/inspector/gone.html", why=fault.message())
    return secret_page(page, fault.http_status)
