"""Crews in the hands: what may be typed into their days, what became of it, and the page of one crew's day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, clock
from core.errors import Conflict, DomainError, NotFound
from core.i18n import dm, t
from core.web import back, is_htmx
from people import queries as people
from people.access import guard
from planning.problem import Shift
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns, rights
from roster.campaigns.models import Campaign
from roster.crews import day as crew_day, queries as crews, words
from roster.crews.day import CrewDaySeats
from roster.crews.filling import FilledTurn
from roster.crews.models import Crew
from roster.crews.typed import CrewCell, LaidCrews
from roster.draft import services as drafts
from roster.draft.edits import fitting_reason
from roster.grid_pages import views_sent
from roster.words import labels


def ensure_crew(campaign: Campaign, crew_id: int, now: datetime) -> Crew:
    """A crew of the campaign's units that is theirs to plan. Raises NotFound, Forbidden."""
    crew = crews.get_crew(crew_id)
    if crew.unit_id not in people.subtree_ids(campaign.unit_id):
        raise NotFound("crew.unknown", id=crew_id)
    rights.ensure(guard.current_actor(), "campaign.write", campaign, {crew.unit_id}, now=now)
    return crew


def offers(campaign: Campaign, crew: Crew, on: date, seats: Sequence[int], *, now: datetime) -> list[dict[str, Any]]:
    """Each of the unit's shifts of the day, and rest; then the same in exchange with a crew that has it. What would
    become of the crew there."""
    day = CrewDaySeats(campaign, crew, on, tuple(seats), now)
    return [*(_offer(day, shift, None) for shift in [*day.shifts, None]), *(_offer(day, *each) for each in day.swaps)]


def _offer(day: CrewDaySeats, shift: Shift | None, other: Crew | None) -> dict[str, Any]:
    cells = day.cells(shift.template if shift else "", other)
    ok, says = _outcome(day.campaign, cells, day.now)
    name = shift.template if shift else _("Nghỉ")
    spelt = [labels.short(name), name] if shift else [name, "-", "off"]
    times = f"{t(shift.start)}–{t(shift.end)}" if shift else ""
    return {
        "crews": [
            {"crew": each.crew, "on": each.on.isoformat(), "text": each.text, "seats": list(each.seats)}
            for each in cells
        ],
        "duty": "",
        "letters": spelt[0] if shift else "–",
        "name": _("%(shift)s, đổi với %(crew)s", shift=name, crew=other.name) if other else name,
        "swap": other.id if other else 0,
        "night": bool(shift and shift.night),
        "time": times,
        "kind": "",
        "spellings": [*spelt, *([other.name] if other else [])],
        "ok": ok,
        "says": says,
        "why": [says],
    }


def _outcome(campaign: Campaign, cells: Sequence[CrewCell], now: datetime) -> tuple[bool, str]:
    """Whether it may be taken, and what comes of it on one line."""
    try:
        laid = views_sent.lay_crews(campaign, cells, None, now)
    except Conflict as error:
        if "laid" not in error.state:
            return False, "; ".join(each.why for each in error.state.get("misfits", ())) or error.message()
        laid = error.state["laid"]
        return words.excusable(laid.filled), _line(laid)
    return True, _line(laid)


def _line(laid: LaidCrews) -> str:
    if len(laid.filled) > 1:
        return "; ".join(
            f"{laid.teams[each.turn.crew].name}: {words.in_short(each, laid.names)}" for each in laid.filled
        )
    if laid.filled:
        return words.in_short(laid.filled[0], laid.names)
    leaving = sum(each.person is None for each in laid.edits)
    return _("%(n)s người rời ca", n=leaving) if leaving else _("không ai có ca")


def beside(campaign: Campaign, laid: LaidCrews, said: str) -> dict[str, Any]:
    """Return what is read out of an edit of crews; a panel, where not everybody has a seat."""
    told = words.told(laid.filled, laid.names)
    more = [_("Và %(n)s điều khác.", n=len(told) - 1)] if len(told) > 1 else []
    answer: dict[str, Any] = {"said": " ".join([said, *told[:1], *more])}
    if laid.passed:
        answer["panel"] = _panel(campaign, laid, _("Đã ghi, trừ những người này"), told)
    return answer


def nobody(campaign: Campaign, error: Conflict) -> dict[str, Any]:
    laid: LaidCrews = error.state["laid"]
    told = words.told(laid.filled, laid.names)
    return {"said": " ".join([error.message(), *told[:1]]), "panel": _panel(campaign, laid, error.message(), told)}


def _panel(campaign: Campaign, laid: LaidCrews, title: str, told: Sequence[str]) -> str:
    facts = {"campaign": campaign, "title": title, "told": told, "excusable": words.excusable(laid.filled)}
    return render_template("roster/crews/_told.html", **facts)


@bp.get("/campaigns/<int:campaign_id>/crew-cell")
@guard.requires("campaign.write")
def crew_cell(campaign_id: int) -> ResponseReturnValue:
    """A crew's day: who of it serves, and what it could have instead; a panel for htmx, a page without it."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    crew, on = _asked_for(campaign, now)
    return _cell_page(campaign, crew, on, now)


@bp.post("/campaigns/<int:campaign_id>/crew-cell")
@guard.requires("campaign.write")
def change_crew_cell(campaign_id: int) -> ResponseReturnValue:
    """Give the crew the shift ``text`` that day (empty: none), all its people at once."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    crew, on = _asked_for(campaign, now)
    day = CrewDaySeats(campaign, crew, on, tuple(sorted(set(request.form.getlist("seat", type=int)))), now)
    other = ensure_crew(campaign, swap, now) if (swap := arguments.sent_number("swap", 0)) else None
    text, reason = request.form.get("text", ""), request.form.get("reason", "").strip() or None
    try:
        fitting_reason(reason or "")
        laid = views_sent.lay_crews(campaign, day.cells(text, other), reason, now)
        actor = guard.current_actor()
        done = drafts.edit_seats(campaign_id, laid.edits, reason=reason, about=laid.about, actor=actor, now=now)
    except DomainError as error:
        return _cell_page(campaign, crew, on, now, error=error, text=text, reason=reason or ""), error.http_status
    names = {"crew": crew.name, "day": dm(on), "shift": text or _("nghỉ")}
    saved = _("Đã ghi %(crew)s ngày %(day)s: %(shift)s.", **names) if done.edit else _("Không có gì thay đổi.")
    told = words.told(laid.filled, laid.names)
    to = url_for("roster.crew_cell", campaign_id=campaign_id, crew=crew.id, on=on.isoformat())
    return back(to, " ".join([saved, *told]))


def _asked_for(campaign: Campaign, now: datetime) -> tuple[Crew, date]:
    on = arguments.day("on")
    if on is None:
        raise NotFound("not_found", what=_("ngày này"))
    return ensure_crew(campaign, arguments.number("crew", 0), now), on


def _cell_page(
    campaign: Campaign, crew: Crew, on: date, now: datetime, *, error: DomainError | None = None, **typed: str
) -> str:
    held = crew_day.held(campaign, crew, on, now)
    seats = [seat for _who, _shift, seat in held]
    state = error.state if error else {}
    laid: LaidCrews | None = state.get("laid")
    filled: Sequence[FilledTurn] = laid.filled if laid else ()
    broken = [each["text"] for each in state.get("violations", ())] + [each.why for each in state.get("misfits", ())]
    return render_template(
        "roster/crews/_cell.html" if is_htmx() else "roster/crews/cell.html",
        campaign=campaign,
        crew=crew,
        on=on,
        held=held,
        others=crews.others_of(crew),
        offers=offers(campaign, crew, on, seats, now=now),
        kinds=kinds(),
        error=error.message() if error else "",
        broken=broken + (words.told(filled, laid.names) if laid else []),
        may_answer=bool(state.get("violations"))
        and not state.get("law")
        or words.excusable(filled)
        or bool(error and error.field == "reason"),
        typed=typed,
    )
