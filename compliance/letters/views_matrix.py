"""Requirement × unit: the whole, one requirement in all units, one unit with all requirements."""

from __future__ import annotations

from flask import render_template, request

from compliance.blueprint import bp
from compliance.register import matrix as counting, places, queries, standing, words
from core import clock, pages
from people import queries as people
from people.access import guard
from people.models import Unit


@bp.get("/<int:directive_id>/matrix")
@guard.requires("directive.read")
def matrix(directive_id: int) -> str:
    """Below the unit in ``unit``, else below the top of the enterprise."""
    letter, now = queries.letter(directive_id), clock.now()
    top = _top()
    return render_template(
        "compliance/register/matrix.html",
        letter=letter,
        found=counting.build_matrix(letter, top.id, clock.local_date(now)) if top else None,
        top=top,
        above=_above(top),
        leaves=_leaves(),
        may_remind=bool(top and guard.allowed(guard.current_actor(), "requirement.accept", top.id, now=now)),
    )


@bp.get("/requirements/<int:requirement_id>/units")
@guard.requires("directive.read")
def requirement_units(requirement_id: int) -> str:
    """The units that one requirement is asked of, the worst first; ``unit`` narrows to what is below it."""
    row, today = queries.requirement(requirement_id), clock.local_date(clock.now())
    top = _top()
    found = counting.points(row, top.id, today) if top else []
    return render_template(
        "compliance/register/requirement_units.html",
        row=row,
        letter=row.directive,
        part=pages.part(found, request.args.get("page", 1, type=int)),
        total=len(found),
        met=sum(standing.is_met(each.state) for each in found),
        overdue=sum(each.is_overdue for each in found),
        top=top,
        states=words.states(),
    )


@bp.get("/<int:directive_id>/units/<code>")
@guard.requires("directive.read")
def unit_requirements(directive_id: int, code: str) -> str:
    """All that one unit is asked."""
    letter, unit, today = queries.letter(directive_id), people.unit_by_code(code), clock.local_date(clock.now())
    said = queries.points_of_unit(letter.id, unit.id)
    return render_template(
        "compliance/register/unit.html",
        letter=letter,
        unit=unit,
        above=_above(unit),
        rows=places.asked_of_unit(queries.requirements(letter.id), unit, said, today),
        points=said,
        states=words.states(),
        phases=words.phases(),
        why=words.why_reopened,
        finding=words.finding,
        is_overdue=standing.is_overdue,
        today=today,
        dossier=f"register:{letter.id}-{unit.code}",
    )


def _top() -> Unit | None:
    code = request.args.get("unit", "")
    if code:
        return people.unit_by_code(code)
    actor = guard.current_actor()
    if actor.unit_id is not None:
        return people.unit_by_id(actor.unit_id)
    return next(iter(people.root_units()), None)


def _above(unit: Unit | None) -> list[Unit]:
    """From the root down to the one right above."""
    if unit is None:
        return []
    ids = people.ancestor_ids(unit.id)[1:]
    known = {each.id: each for each in people.units(ids)} if ids else {}
    return [known[each] for each in reversed(ids)]


def _leaves() -> set[int]:
    """Units that nothing hangs under: their column leads to the unit itself."""
    there = places.open_on(clock.local_date(clock.now()))
    return {each.id for each in there} - {each.parent_id for each in there}
