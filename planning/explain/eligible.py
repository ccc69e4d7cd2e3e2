"""Who may serve a shift at all: everybody else is counted and not judged, or a big enterprise would take for ever."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from planning.problem import Problem, Shift, Staff
from planning.rules.eligibility.duty import ELIGIBLE_DUTY
from planning.rules.eligibility.place import ELIGIBLE_PLACE
from planning.rules.eligibility.unit import ELIGIBLE_UNIT

MOST_HELPERS = 60  # people of other units who are judged, where the campaign lets units help each other


@dataclass(frozen=True)
class Pool:
    """`able` in the order of the problem; `strangers`: rule → people whom it shuts out of this kind of shift.

    `more`: how many helpers from other units, farther away than those in `able`, were left out.
    """

    able: tuple[Staff, ...]
    strangers: Mapping[str, tuple[int, ...]]
    more: int = 0


def pool(problem: Problem, shift: Shift) -> Pool:
    """Split everybody by the hard rules of eligibility; those who help across units are the nearest ones."""
    able: list[Staff] = []
    strangers: defaultdict[str, list[int]] = defaultdict(list)
    hard = [rule for rule in (ELIGIBLE_UNIT, ELIGIBLE_PLACE) if rule.is_on(problem) and rule.is_hard(problem)]
    for person in problem.staff:
        if shift.duty not in person.duties:
            strangers[ELIGIBLE_DUTY.code].append(person.id)
            continue
        code = next((rule.code for rule in hard if any(rule.person_breaches(problem, person, [shift]))), None)
        if code is None:
            able.append(person)
        else:
            strangers[code].append(person.id)
    near, more = _nearest(problem, shift, able)
    return Pool(near, {code: tuple(ids) for code, ids in strangers.items()}, more)


def _nearest(problem: Problem, shift: Shift, able: list[Staff]) -> tuple[tuple[Staff, ...], int]:
    helpers = [person for person in able if shift.unit not in person.eligible_units]
    if len(helpers) <= MOST_HELPERS:
        return tuple(able), 0
    helpers.sort(key=lambda person: (distance(problem, person.unit, shift.unit), person.id))
    left_out = {person.id for person in helpers[MOST_HELPERS:]}
    return tuple(person for person in able if person.id not in left_out), len(left_out)


def distance(problem: Problem, one: str, other: str) -> int:
    """Steps in the tree of units from one to the other, by the nearest unit above both; units unknown are far."""
    up, way = _chain(problem, one), _chain(problem, other)
    steps = [up[unit] + way[unit] for unit in up.keys() & way.keys()]
    return min(steps) if steps else len(up) + len(way)


def _chain(problem: Problem, unit: str) -> dict[str, int]:
    """Unit and those above it → steps up."""
    found: dict[str, int] = {}
    while unit and unit not in found:
        found[unit] = len(found)
        unit = problem.parents.get(unit) or ""
    return found
