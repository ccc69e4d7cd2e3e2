"""What the grid's script asks: edits of many seats at once, what letters can mean in a cell, a shift taken in the hand.

Answers are JSON with the parts of the page that are different now, never the whole table. Without the script every cell
is edited on its page (``draft.views``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from flask import jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, clock
from core.errors import Conflict, DomainError, NotFound
from core.fast_path import shared_cache
from people import queries as people
from people.access import guard
from roster.blueprint import bp
from roster.campaigns import queries as campaigns, rights
from roster.campaigns.models import Campaign
from roster.crews.typed import CrewCell
from roster.draft import services as drafts, undoing
from roster.draft.edits import SeatEdit, SeatsEdited, units_of
from roster.draft.undoing import Turned
from roster.grid_pages import views_crew_cell as of_crews, views_parts as parts, views_sent, views_since as since
from roster.grid_pages.views_shift import turned_words, turning_asked
from roster.hands import change_summary, drag, edit_scope, offers, offers_people
from roster.hands.typed import TypedDay
from roster.hands.typed_shifts import ShiftCell
from roster.snapshot import snapshot
from roster.words.names import names_of


def _in_words(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """What is refused is a sentence for the script to read out, not a page."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        try:
            return view(*args, **kwargs)
        except DomainError as error:
            return jsonify(said=error.message(), code=error.code), error.http_status

    return answered


@bp.post("/campaigns/<int:campaign_id>/edits")
@_in_words
@guard.requires("campaign.write")
def edit_seats(campaign_id: int) -> ResponseReturnValue:
    """All of the edits or none. 409 names who changed a seat meanwhile, 422 what does not fit."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    rights.ensure(guard.current_actor(), "campaign.write", campaign, (), now=now)
    sent = views_sent.sent()
    try:
        asked = views_sent.asked(campaign, sent, now)
        actor = guard.current_actor()
        done = drafts.edit_seats(campaign_id, asked.edits, reason=sent.reason, about=asked.about, actor=actor, now=now)
    except Conflict as error:
        return _refused(campaign, error, sent.size, now)
    with shared_cache.within_a_block():  # all is written: what follows is a look
        said, ids = _said(campaign, done, now), change_summary.people_of(done.steps)
        shifts = {step.shift_id for step in done.steps}
        answer = parts.changed(campaign, ids, said, now, shifts=shifts) | parts.versions(campaign, done.since)
        return jsonify(answer | (of_crews.beside(campaign, asked.laid, said) if asked.laid else {}))


def _said(campaign: Campaign, done: SeatsEdited, now: datetime) -> str:
    after = snapshot.take(campaign.id, now=now, also=change_summary.people_of(done.steps))  # who left it is named, too
    return change_summary.sentence(done, after, names_of(after.problem))


def _refused(campaign: Campaign, error: Conflict, asked: int, now: datetime) -> ResponseReturnValue:
    """Nothing was written: what stands in the way, and what the cells look like now."""
    state = error.state
    facts = {"error": error.message(), "code": error.code, "campaign": campaign}
    if error.code == "seats.changed":
        codes = {code for each in state["seats"] for code in (each["was"], each["person"]) if code}
        ids = {person.id for code in codes if (person := people.find_person(code))}
        return jsonify(parts.changed(campaign, ids, change_summary.refused(state), now) | {"code": error.code}), 409
    if error.code == "crews.nobody":
        return jsonify(of_crews.nobody(campaign, error) | {"code": error.code}), 409
    misfits = state.get("misfits", ())
    keys = [list(key) for key in dict.fromkeys(tuple(_key(each)) for each in misfits) if key]
    seats = [each.seat for each in misfits if isinstance(each, edit_scope.Barred)]
    broken, rest = [each["text"] for each in state.get("violations", ())], asked - len(keys) - len(seats)
    panel = render_template(
        "roster/hands/_refused.html", **facts, misfits=misfits, rest=rest, broken=broken, law=state.get("law", False)
    )
    answer = {"code": error.code, "said": _first(error, misfits, broken), "panel": panel}
    return jsonify(answer | {"misfits": keys, "seats": seats}), 409


def _key(misfit: Any) -> list[str]:
    """By what the script knows the cell: a person or a crew and the day, or the shift."""
    cell = getattr(misfit, "cell", None)
    if isinstance(cell, TypedDay):
        return [cell.person, cell.on.isoformat()]
    if isinstance(cell, CrewCell):
        return [str(cell.crew), cell.on.isoformat()]
    return [str(cell.shift)] if isinstance(cell, ShiftCell) else []


def _first(error: Conflict, misfits: Sequence[Any], broken: Sequence[str]) -> str:
    """The error, and the first of what it is about."""
    if misfits:
        return f"{error.message()} {misfits[0].name}: {misfits[0].why}."
    return f"{error.message()} {broken[0]}" if broken else error.message()


@bp.post("/campaigns/<int:campaign_id>/edits/undo")
@_in_words
@guard.requires("campaign.write")
def undo_edits(campaign_id: int) -> ResponseReturnValue:
    """Take back what this account changed last; the rows that are as they were."""
    return _turned(campaign_id, undoing.undo)


@bp.post("/campaigns/<int:campaign_id>/edits/redo")
@_in_words
@guard.requires("campaign.write")
def redo_edits(campaign_id: int) -> ResponseReturnValue:
    """Do again what this account took back last."""
    return _turned(campaign_id, undoing.redo)


def _turned(campaign_id: int, turn: Callable[..., Turned]) -> ResponseReturnValue:
    now, campaign, back = clock.now(), campaigns.get_campaign(campaign_id), turn is undoing.undo
    try:
        done = turn(campaign_id, **turning_asked(), actor=guard.current_actor(), now=now)
    except Conflict as error:
        if "seats" not in error.state:
            raise
        panel = render_template("roster/draft/_clash.html", campaign=campaign, clash=error.state, back=back)
        answer = {"code": error.code, "said": change_summary.clash(error.state, back=back), "panel": panel}
        return jsonify(answer), error.http_status
    answer = parts.changed(campaign, done.people, turned_words(done, back=back), now, shifts=done.shifts)
    return jsonify(answer | parts.versions(campaign, done.since))


@bp.get("/campaigns/<int:campaign_id>/edits/since")
@_in_words
@guard.requires("campaign.write")
def edits_since(campaign_id: int) -> ResponseReturnValue:
    """Return what was changed since the version that the grid shows (its ``If-None-Match``): the rows, the cells that
    others changed, by whom. 304, for two rows of the database, where nothing was."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    rights.ensure(guard.current_actor(), "campaign.write", campaign, (), now=now)
    tag = parts.version(campaign)
    if request.if_none_match.contains(tag):
        answer = make_response("", 304)
    else:
        known = next(iter(request.if_none_match.as_set()), None) or ""
        answer = make_response(jsonify(since.answer(campaign, known, actor=guard.current_actor(), now=now)))
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "no-cache, private"
    return answer


@bp.get("/campaigns/<int:campaign_id>/edits/around")
@_in_words
@guard.requires("campaign.write")
def around_edits(campaign_id: int) -> ResponseReturnValue:
    """Return what stands above and beside the grid, as edits have left it."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    rights.ensure(guard.current_actor(), "campaign.write", campaign, (), now=now)
    return jsonify(parts.around(campaign, now))


@bp.get("/campaigns/<int:campaign_id>/offers")
@_in_words
@guard.requires("campaign.write")
def offers_of_day(campaign_id: int) -> ResponseReturnValue:
    """Return what may be typed into somebody's day; ``seat``: those of theirs in the cell, which it would replace."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    actor = guard.current_actor()
    rights.ensure(actor, "campaign.write", campaign, (), now=now)
    on = arguments.day("on")
    if on is None:
        raise NotFound("not_found", what=_("ngày này"))
    person = people.person_by_code(request.args.get("person", ""))
    units = rights.reach(actor, "campaign.write", campaign, now=now)
    seen = request.args.getlist("seat", type=int)
    return jsonify(offers=offers.offers_on_day(campaign, person, on, seen=seen, units=units, now=now))


@bp.get("/campaigns/<int:campaign_id>/offers/shift")
@_in_words
@guard.requires("campaign.write")
def offers_of_shift(campaign_id: int) -> ResponseReturnValue:
    """Who may be typed into a ``shift``."""
    campaign, now, shift = campaigns.get_campaign(campaign_id), clock.now(), arguments.number("shift", 0)
    _ensure_shift(campaign, shift, now)
    return jsonify(offers=offers_people.people_for_shift(campaign, shift, now=now))


def _ensure_shift(campaign: Campaign, shift_id: int, now: datetime) -> None:
    """That it is one of the campaign and theirs to plan: why others may not serve is for those who may choose."""
    shift = drafts.get_shift(shift_id)
    if shift.campaign_id != campaign.id:
        raise NotFound("shift.unknown", id=shift_id)
    rights.ensure(guard.current_actor(), "campaign.write", campaign, {shift.unit_id}, now=now)


@bp.get("/campaigns/<int:campaign_id>/offers/crew")
@_in_words
@guard.requires("campaign.write")
def offers_of_crew(campaign_id: int) -> ResponseReturnValue:
    """Return what may be typed into a crew's day; ``seat``: those of its people in the cell, which it would replace."""
    campaign, now, on = campaigns.get_campaign(campaign_id), clock.now(), arguments.day("on")
    if on is None:
        raise NotFound("not_found", what=_("ngày này"))
    crew = of_crews.ensure_crew(campaign, arguments.number("crew", 0), now)
    seats = request.args.getlist("seat", type=int)
    return jsonify(offers=of_crews.offers(campaign, crew, on, seats, now=now))


@bp.get("/campaigns/<int:campaign_id>/hand")
@_in_words
@guard.requires("campaign.write")
def take_in_hand(campaign_id: int) -> ResponseReturnValue:
    """All reasons about one ``seat`` for the people of the grid (``rows``: their codes)."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    actor, seat = guard.current_actor(), arguments.number("seat", 0)
    # Why others may not take it is for those who may give it to them.
    of_unit = units_of(campaign, [SeatEdit(seat, None, None)])
    rights.ensure(actor, "campaign.write", campaign, of_unit, now=now)
    units = edit_scope.units_of(actor, campaign, now=now)
    rows = frozenset(request.args.get("rows", "").split(","))
    held = drag.take_up(campaign, seat, rows, units=units, now=now)
    said = _(
        "Đang cầm %(shift)s của %(person)s. %(able)s người nhận được, %(swaps)s cách đổi chéo.",
        shift=change_summary.shift_name(held.shift),
        person=held.name,
        able=len(held.able),
        swaps=len(held.swaps),
    )
    panel = render_template("roster/hands/_in_hand.html", held=held)
    return jsonify({**drag.plain(held), "said": said, "panel": panel, "name": change_summary.shift_name(held.shift)})
