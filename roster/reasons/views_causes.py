"""Seats that nobody can take: one page by cause, with what would fill them, and the button that does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, NotFound
from core.web import back, is_htmx
from people.access import guard
from planning.explain.causes import Cause, EmptySeatCase, JointRemedies
from planning.explain.remedies import Remedy
from planning.explain.repairs import Repair
from planning.outcome import Shortage
from roster.blueprint import bp
from roster.draft import undoing
from roster.reasons import remedying, services as explaining
from roster.reasons.services import EmptySeatReasons
from roster.sources import demand_rows
from roster.sources.demand_rows import DemandRow
from roster.words import causes as words, labels, repairs, why_not
from roster.words.names import RosterNames

REPAIRS_SHOWN = 12
SEATS_SHOWN = 100
UNITS_SHOWN = 10


@bp.get("/campaigns/<int:campaign_id>/solve/<int:run_id>/explanation")
@guard.requires("campaign.write")
def explanation(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """Why seats are empty, by cause and by unit, and what would fill them at what price; ``r``: what is chosen."""
    whole = _whole(campaign_id, run_id)
    chosen = request.args.getlist("r") if "chosen" in request.args else None
    return render_template(f"roster/reasons/{'_' if is_htmx() else ''}explained.html", **_facts(whole, chosen))


@bp.post("/campaigns/<int:campaign_id>/solve/<int:run_id>/remedies")
@guard.requires("campaign.write")
def apply_remedies(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """Change the draft's rules as chosen, lend people, and solve the empty seats alone."""
    to = url_for("roster.explanation", campaign_id=campaign_id, run_id=run_id)
    _whole(campaign_id, run_id)
    try:
        done = remedying.apply(
            run_id,
            request.form.getlist("r"),
            draft_version=request.form.get("version", type=int),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except Conflict as error:
        return back(to, error.message(), "warn")
    said = _told(done)
    if done.run is None:
        return back(to, said, "ok")
    return back(url_for("roster.solve_run", campaign_id=campaign_id, run_id=done.run.id), said, "ok")


def _told(done: remedying.AppliedRemedies) -> str:
    told = []
    if done.lent:
        told.append(_("%(n)s lượt đã có người mượn, người được mượn sẽ được hỏi.", n=done.lent))
    if done.less:
        told.append(_("Đợt này bớt %(n)s lượt khỏi nhu cầu; hoàn tác được cho tới khi ban hành.", n=done.less))
    return " ".join(told)


@bp.post("/campaigns/<int:campaign_id>/solve/<int:run_id>/conflict")
@guard.requires("campaign.write")
def conflict(campaign_id: int, run_id: int) -> ResponseReturnValue:
    """A least set of facts that keeps a seat of ``shift`` empty; thinks for ten seconds at most, changes nothing."""
    shift_id = request.form.get("shift", type=int)
    asked = explaining.conflict(run_id, shift_id=shift_id, actor=guard.current_actor(), now=clock.now())
    if asked.run.campaign_id != campaign_id:
        raise NotFound("solve_run.unknown", id=run_id)
    facts = repairs.told(asked.found, asked.names, asked.headcounts) if asked.found else []
    return render_template(
        f"roster/reasons/{'_' if is_htmx() else ''}conflict.html",
        run=asked.run,
        campaign=asked.run.campaign,
        facts=facts,
        is_found=asked.found is not None,
        is_least=bool(asked.found and asked.found.is_irreducible),
        verdict=repairs.verdict(asked.found, asked.seconds),
        title=asked.names.shift(asked.shift_id),
        people=asked.found.people if asked.found else 0,
    )


def _whole(campaign_id: int, run_id: int) -> EmptySeatReasons:
    whole = explaining.explanation(run_id, actor=guard.current_actor(), now=clock.now())
    if whole.run.campaign_id != campaign_id:
        raise NotFound("solve_run.unknown", id=run_id)
    return whole


def _facts(whole: EmptySeatReasons, chosen: Sequence[str] | None) -> dict[str, Any]:
    found, names, case = whole.found, whole.names, whole.found.case
    facts: dict[str, Any] = {
        "run": whole.run,
        "campaign": whole.run.campaign,
        "version": whole.draft_version,
        "found": found,
        "headline": repairs.headline(found),
        "proved_at": whole.proved_at,
        "seats": whole.seats,
        "pinned": whole.pinned,
        "causes": [],
        "units": [],
        "binding": [repairs.binding(each) for each in found.bindings],
        "repairs": [_repair(each, names) for each in found.repairs[:REPAIRS_SHOWN]],
        "more": max(0, len(found.repairs) - REPAIRS_SHOWN),
        "less": undoing.last_lessening(whole.run.campaign, actor=guard.current_actor()),
    }
    if case is None:
        return facts
    keys = set(case.best() if chosen is None else chosen) & {k for k, r in case.remedies.items() if r.can_be_applied}
    taken = case.together(keys)
    rows = words.by_unit(case, taken, names)
    rest = rows[UNITS_SHOWN:] if len(rows) > UNITS_SHOWN + 1 else []
    return facts | {
        "causes": [_cause(each, case, keys, whole) for each in case.causes],
        "units": rows[: len(rows) - len(rest)],
        "rest": rest,
        "folded": words.summed(rest),
        "total": words.summed(rows),
        "taken": taken,
        "keys": keys,
        "summary": words.sum_of(taken, found.missing),
        "shares": _shares(case, taken),
        "warning": words.warning_of(taken),
        "by_hand": chosen is not None,
    }


def _cause(cause: Cause, case: EmptySeatCase, keys: set[str], whole: EmptySeatReasons) -> dict[str, Any]:
    shown = [each for each in whole.found.shortages if each.shift_id in cause.seats]
    return {
        "rule": cause.rule,
        "count": cause.count,
        "title": words.cause_title(cause),
        "facts": words.cause_facts(cause, case.problem),
        "seats": [_seat(each, whole.found.free.get(each.shift_id, ()), whole.names) for each in shown[:SEATS_SHOWN]],
        "more": max(0, len(shown) - SEATS_SHOWN),
        "remedies": [_remedy(each, cause, case, keys, names=whole.names) for each in cause.remedies],
        "is_helped": any(each.key in keys for each in cause.remedies),
    }


def _remedy(each: Remedy, cause: Cause, case: EmptySeatCase, keys: set[str], *, names: RosterNames) -> dict[str, Any]:
    dear, beside = words.price(each, case.problem)
    return {
        "key": each.key,
        "kind": each.kind,
        "rule": each.rule,
        "is_on": each.key in keys,
        "can": each.can_be_applied,
        "lines": words.dropped_lines(each, case.problem, names),
        "is_loud": each.kind == "bare",
        "title": words.remedy_title(each, case.problem, names),
        "facts": words.remedy_facts(each, names),
        "fills": each.count,
        "of": cause.count,
        "price": dear,
        "beside": beside,
        "person": names.people[each.people[0]][0] if each.people and each.kind in ("leave", "list") else None,
        "demand": [_demand_row(row, names) for row in demand_rows.behind(each.shifts)] if each.shifts else [],
    }


def _demand_row(row: DemandRow, names: RosterNames) -> dict[str, Any]:
    """Where to state a ground, or to split the shift: in words, with the address of the row of the demand."""
    phase = str(labels.PHASES[row.phase])
    facts = {"unit": row.unit.name, "duty": names.duties.get(row.duty, row.duty), "shift": row.template}
    return {
        "text": _("%(unit)s · %(duty)s %(shift)s, %(phase)s", phase=phase[:1].lower() + phase[1:], **facts),
        "to": url_for("roster.demand", at=row.id, _anchor=f"demand-{row.id}") if row.id else url_for("roster.demand"),
        "is_grounded": row.is_grounded,
    }


def _shares(case: EmptySeatCase, taken: JointRemedies) -> list[int]:
    """Seats of each cause that are filled, or not asked for any more; in order."""
    gone = Counter(seat.shift_id for seat in taken.fills) + Counter(taken.dropped)
    return [sum(gone[shift_id] for shift_id in cause.seats) for cause in case.causes]


def _seat(short: Shortage, free: Sequence[int], names: RosterNames) -> dict[str, Any]:
    """One shift with empty seats: the rules that keep people away, and whom, by name; and who could come at once."""
    lacks = names.lacks_ground(short.shift_id)
    reasons = [
        {"why": why_not.reason(code, lacks_ground=lacks), "people": [names.person(each) for each in ids]}
        for code, ids in sorted(short.reasons.items(), key=lambda item: -len(item[1]))
    ]
    return {
        "shift": short.shift_id,
        "missing": short.missing,
        "name": names.shift(short.shift_id),
        "reasons": reasons,
        "free": [names.person(each) for each in free],
    }


def _repair(each: Repair, names: RosterNames) -> dict[str, Any]:
    seats = [
        (
            seat.shift_id,
            _("%(person)s: %(shift)s", person=names.person(seat.staff_id), shift=names.shift(seat.shift_id)),
        )
        if seat.staff_id in names.people
        else (seat.shift_id, names.shift(seat.shift_id))
        for seat in each.seats
    ]
    return repairs.repair(each, names) | {"where": seats}
