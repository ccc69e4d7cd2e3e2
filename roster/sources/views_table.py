"""The demand of one unit as a table that is edited in place: what it changes is shown before it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, Invalid
from core.web import back
from people import queries as people
from people.access import guard
from people.form_values import units_within
from people.models import Unit
from roster.blueprint import bp, kinds
from roster.refit import of_demand, services, words
from roster.refit.of_demand import Cell, DemandEffect
from roster.sources.models import PHASES, Demand

NO_NUMBER = -1
"""What was typed and is no number: refused where it stands."""


@dataclass(frozen=True)
class DemandTableRow:
    """A shift of the unit: ``cells`` by phase."""

    duty: str
    template: str
    hours: Mapping[str, tuple[int, int]]
    """Phase → start and length in minutes."""


@bp.get("/demand/table")
@guard.requires("campaign.write")
def demand_table() -> ResponseReturnValue:
    """``unit``: whose; without one the first that has demand."""
    now = clock.now()
    return _page(_unit(request.args.get("unit", ""), now), now)


@bp.post("/demand/table")
@guard.requires("campaign.write")
def save_demand_table() -> ResponseReturnValue:
    """``preview``: what it changes; ``apply`` with the ``stamp`` of what was shown; ``campaign``: those that follow."""
    now, actor = clock.now(), guard.current_actor()
    unit = _unit(request.form.get("unit", ""), now)
    typed = _typed()
    chosen = {number for each in request.form.getlist("campaign") if (number := _number(each)) > 0}
    takes_people = "takes_people" in request.form
    stamp = request.form.get("stamp", "") if "apply" in request.form else None
    try:
        found = of_demand.effect(unit, _cells(typed), takes_people=takes_people, actor=actor, now=now)
        if "apply" in request.form or not (found.campaigns or _moved(found)):
            done = services.save_demand(
                unit.code,
                _cells(typed),
                stamp=stamp,
                campaign_ids=chosen,
                takes_people=takes_people,
                actor=actor,
                now=now,
            )
            return back(url_for("roster.demand_table", unit=unit.code), _done(done, chosen))
    except Invalid as error:
        faults = {f"n.{each.field}": each.message() for each in error.errors}
        return _page(unit, now, typed=typed, faults=faults, error=error.message()), 422
    except Conflict as error:
        if error.code != "refit.moved":
            raise
        found = of_demand.effect(unit, _cells(typed), takes_people=takes_people, actor=actor, now=now)
        return _page(unit, now, typed=typed, found=found, chosen=chosen, error=error.message()), 409
    first = "stamp" not in request.form
    shown = {each.campaign.id for each in found.campaigns if each.is_theirs} if first else chosen
    return _page(unit, now, typed=typed, found=found, chosen=shown)


def _unit(code: str, now: datetime) -> Unit:
    """Raises NotFound, Forbidden."""
    actor = guard.current_actor()
    if code:
        unit = people.unit_by_code(code)
        guard.ensure(actor, "campaign.write", unit.id, now=now)
        return unit
    mine = [unit for _depth, unit in units_within(actor, "campaign.write", now)]
    if not mine:
        guard.ensure(actor, "campaign.write", None, now=now)
    return next((unit for unit in mine if of_demand.rows_of(unit.id)), mine[0])


def _typed() -> dict[str, str]:
    """By name of the input. What stands as it was shown was not typed, and somebody else may have changed it since."""
    form = request.form
    return {name: value for name, value in form.items() if name.startswith("n.") and form.get(f"was.{name}") != value}


def _moved(found: DemandEffect) -> bool:
    """Whether somebody else has changed what is typed over since it was shown."""
    now = {f"was.n.{duty}.{part}.{name}": step.was for step in found.steps for duty, name, part in [step.cell]}
    return any(request.form.get(name, str(was or "")) != str(was or "") for name, was in now.items())


def _cells(typed: Mapping[str, str]) -> dict[Cell, int]:
    """``n.<kind>.<phase>.<name of the shift>`` → people."""
    found: dict[Cell, int] = {}
    for name, value in typed.items():
        _n, duty, part, template = name.split(".", 3) if name.count(".") >= 3 else ("", "", "", "")
        if part in PHASES:
            found[duty, template, part] = _number(value)
    return found


def _number(value: str) -> int:
    value = value.strip()
    if not value:
        return 0
    return int(value) if value.isdecimal() and len(value) < 7 else NO_NUMBER


def _page(
    unit: Unit,
    now: datetime,
    *,
    typed: Mapping[str, str] | None = None,
    found: DemandEffect | None = None,
    chosen: set[int] | None = None,
    faults: Mapping[str, str] | None = None,
    error: str = "",
) -> str:
    rows = of_demand.rows_of(unit.id)
    kept = {f"n.{row.duty}.{row.phase}.{row.template}": str(row.headcount) for row in rows}
    fits = [each.refit for each in found.campaigns] if found else []
    return render_template(
        "roster/sources/demand_table.html",
        unit=unit,
        units=units_within(guard.current_actor(), "campaign.write", now),
        rows=_rows(rows),
        phases=PHASES,
        values=kept | dict(typed or {}),
        kept=kept,
        found=found,
        chosen=chosen or set(),
        faults=faults or {},
        error=error,
        names=words.names_for(fits),
        held=sum(each.numbers.held for each in fits),
        words=words,
        kinds=kinds(),
    )


def _rows(rows: Sequence[Demand]) -> list[DemandTableRow]:
    rank = {code: n for n, code in enumerate(kinds())}
    shifts = {(row.duty, row.template): min(r.start_minute for r in rows if r.template == row.template) for row in rows}
    ordered = sorted(shifts, key=lambda each: (rank.get(each[0], 99), shifts[each], each[1]))
    return [
        DemandTableRow(
            duty,
            template,
            {r.phase: (r.start_minute, r.minutes) for r in rows if (r.duty, r.template) == (duty, template)},
        )
        for duty, template in ordered
    ]


def _done(found: DemandEffect, chosen: set[int]) -> str:
    follow = of_demand.only(found, chosen)
    said = [_("Đã lưu nhu cầu của %(unit)s.", unit=found.unit.name)] if found.steps else [_("Không có gì đổi.")]
    if follow:
        said.append(words.followed([each.refit for each in follow]))
    return " ".join(said)
