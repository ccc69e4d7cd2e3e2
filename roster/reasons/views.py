"""Pages that give reasons: why this person, who else, who covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, DomainError, Invalid
from core.form_values import whole_number
from core.i18n import named
from core.web import back, is_htmx
from people.access import guard
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns, rights
from roster.covers import services as covering
from roster.draft import edits, services as drafts
from roster.grid_pages.views_shift import answer
from roster.reasons import services as explaining
from roster.why_me import words as beside_words
from roster.words import reasons as words

SHOWN = 40


@bp.get("/shifts/<int:shift_id>/why")
@guard.requires("roster.read")
def why(shift_id: int) -> ResponseReturnValue:
    """Why ``person`` has a seat, and every other candidate with what would break or cost; a part for htmx."""
    person = request.args.get("person") or None
    cell = explaining.cell(shift_id, replacing=person, actor=guard.current_actor(), now=clock.now())
    reasons: Sequence[str] = ()
    if cell.why is not None:
        published = cell.is_published
        own_words = words.own_why(cell.why, published=published)
        reasons = own_words if cell.is_own else words.why(cell.why, cell.names, shift_id, published=published)
    own = cell.why.own if cell.why else None
    others = [words.candidate(each, cell.names) | words.against(each, own) for each in cell.candidates[:SHOWN]]
    return _page(
        "why",
        shift=cell.shift,
        person=cell.names.people[cell.why.own.staff_id] if cell.why else None,
        reasons=[*_beside(cell), *reasons],
        others=others,
        is_own=cell.is_own,
        is_published=cell.is_published,
        more=max(0, len(cell.candidates) - SHOWN),
        never=sum(len(ids) for ids in cell.pool.strangers.values()) + cell.pool.more,
    )


def _beside(cell: explaining.SeatReasons) -> list[str]:
    """Return what the person asked about carries beside their group."""
    if cell.beside is None or cell.why is None:
        return []
    kind = named(kinds()[cell.shift.duty])
    if cell.is_own:
        return beside_words.own_load(cell.beside, kind)
    return beside_words.load_of(cell.names.person(cell.why.own.staff_id), cell.beside, kind)


@bp.get("/shifts/<int:shift_id>/covers")
@guard.requires("roster.cover")
def covers(shift_id: int) -> ResponseReturnValue:
    """``for`` somebody who cannot come: who could take the shift, best first."""
    return _covers(shift_id, request.args.get("for", ""))


@bp.post("/shifts/<int:shift_id>/cover")
@guard.requires("roster.cover")
def cover(shift_id: int) -> ResponseReturnValue:
    """Carry out one suggestion (``moves``: shift>out>in, a line each); what breaks a rule needs ``reason``.

    In the draft; ``at_once``, or by whoever may not edit the draft: in the published roster, for all to see.
    """
    moves, shift = _moves(request.form.get("moves", "")), drafts.get_shift(shift_id)
    actor, now = guard.current_actor(), clock.now()
    may_edit = rights.may(actor, "campaign.write", shift.campaign, shift.unit_id, now=now)
    if request.form.get("at_once") or not may_edit:
        return _cover_now(shift_id, moves)
    try:
        done = explaining.apply_cover(
            shift_id,
            moves,
            override_reason=request.form.get("reason"),
            draft_version=request.form.get("version", type=int),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except DomainError as error:
        if not moves:
            raise
        return _covers(shift_id, moves[0][1], error)
    people = ", ".join(done[0].words.people[seat][1] for seat in _incoming(done, moves))
    return answer(drafts.get_shift(shift_id), done=_("Đã đổi người: %(people)s.", people=people), changed=True)


def _cover_now(shift_id: int, moves: list[tuple[int, str, str]]) -> ResponseReturnValue:
    try:
        revision = covering.cover_now(
            shift_id, moves, override_reason=request.form.get("reason"), actor=guard.current_actor(), now=clock.now()
        )
    except (Conflict, Invalid) as error:
        if not moves:
            raise
        return _covers(shift_id, moves[0][1], error)
    said = _("Đã đổi người và ban hành bản số %(n)s.", n=revision.number)
    return answer(drafts.get_shift(shift_id), done=said, changed=True)


def _page(name: str, *, status: int = 200, **facts: Any) -> ResponseReturnValue:
    """A whole page, or for htmx the part of it that says something."""
    if "shift" in facts:
        facts |= {"campaign": campaigns.get_campaign(facts["shift"].campaign_id), "kinds": kinds(), "named": named}
    return render_template(f"roster/reasons/{'_' if is_htmx() else ''}{name}.html", **facts), status


def _covers(shift_id: int, leaving: str, error: DomainError | None = None) -> ResponseReturnValue:
    if not leaving:
        return back(url_for("roster.shift", shift_id=shift_id))
    ways = explaining.ways_to_cover(shift_id, leaving=leaving, actor=guard.current_actor(), now=clock.now())
    offered = [
        words.cover(each, ways.names)
        | {"who": ways.names.people[each.moves[0].into][1], "passing": words.passing(each, ways.names)}
        | {"form": "\n".join(f"{m.shift_id}>{_code(ways, m.out)}>{_code(ways, m.into)}" for m in each.moves)}
        for each in ways.found[:SHOWN]
    ]
    return _page(
        "covers",
        status=error.http_status if error else 200,
        shift=ways.shift,
        leaving=ways.names.people[ways.leaving],
        offered=offered,
        draft_version=ways.draft_version,
        error=error.message() if error else "",
        broken=[each["text"] for each in error.state.get("violations", [])] if error else [],
        edits=ways.edits,
        at_once=ways.at_once,
        typed=request.form.get("reason", ""),
        tried=request.form.get("moves", "").replace("\r\n", "\n"),
    )


def _code(ways: explaining.Covers, person_id: int) -> str:
    return ways.names.people[person_id][0]


def _moves(text: str) -> list[tuple[int, str, str]]:
    """Lines that cannot be read are left out; the service refuses what is then missing."""
    parts = [line.split(">") for line in text.splitlines()]
    moves = [(whole_number(each[0]), each[1], each[2]) for each in parts if len(each) == 3]
    return [(shift, was, now) for shift, was, now in moves if shift is not None]


def _incoming(done: list[edits.Edited], moves: list[tuple[int, str, str]]) -> list[int]:
    codes = {code for code, _name in done[0].words.people.values()} & {comes for _shift, _leaves, comes in moves}
    return [person for person, (code, _name) in done[0].words.people.items() if code in codes]
