"""How all units stand to all requirements of a letter: counted by requirement, by the parts below a unit, and both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from compliance.register import places, queries, standing
from compliance.register.models import Directive, Requirement, RequirementPoint
from compliance.register.places import RegisterPlace
from core.db import db


@dataclass
class PointCount:
    """Of points: how many there are, and how they stand."""

    asked: int = 0
    met: int = 0
    doing: int = 0
    overdue: int = 0
    reopened: int = 0
    accepted: int = 0

    def add(self, other: PointCount) -> None:
        for name in ("asked", "met", "doing", "overdue", "reopened", "accepted"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def share(self) -> float:
        return standing.share(self.met, self.asked)


@dataclass
class Matrix:
    """``parts``: the unit itself where it is asked anything, then the units right below it, each with all below.
    ``cells``: (requirement id, part's unit id); a cell is missing where nobody is asked."""

    top: RegisterPlace
    rows: Sequence[Requirement]
    parts: Sequence[RegisterPlace]
    cells: Mapping[tuple[int, int], PointCount]
    by_row: dict[int, PointCount] = field(default_factory=dict)
    by_part: dict[int, PointCount] = field(default_factory=dict)
    whole: PointCount = field(default_factory=PointCount)


@dataclass(frozen=True)
class PointState:
    """A point in a list."""

    place: RegisterPlace
    state: str
    is_overdue: bool
    reopened_why: str
    is_accepted: bool
    remark: str


def build_matrix(letter: Directive, top_id: int, today: date) -> Matrix:
    """Return the matrix of the unit and all below that are there today, read in a handful of statements."""
    rows = queries.requirements(letter.id)
    within = places.below(places.open_on(today), top_id)
    top = next(each for each in within if each.id == top_id)
    part_of = _parts(within, top_id)
    cells: dict[tuple[int, int], PointCount] = {}
    named = places.chosen([each.id for each in rows if each.scope == "some"])
    said = _said(letter.id)
    for row in rows:
        mine = said.get(row.id, {})
        late = standing.is_overdue("todo", row.due_on, today)
        for place in places.asked(row, within, named):
            key = (row.id, part_of[place.id])
            _count(cells.setdefault(key, PointCount()), mine.get(place.id), late)
    by_id = {each.id: each for each in within}
    parts = [by_id[each] for each in dict.fromkeys([top_id, *part_of.values()]) if each in by_id]
    made = Matrix(top, rows, [each for each in parts if any(key[1] == each.id for key in cells)], cells)
    for (row_id, part_id), count in cells.items():
        made.by_row.setdefault(row_id, PointCount()).add(count)
        made.by_part.setdefault(part_id, PointCount()).add(count)
        made.whole.add(count)
    return made


def _parts(within: Sequence[RegisterPlace], top_id: int) -> dict[int, int]:
    """Unit → the unit right below the top that it is or hangs under; one whose parent is closed stands for itself."""
    parents = {each.id: each.parent_id for each in within}
    found = {top_id: top_id}
    for each in within:
        walk, here = [], each.id
        while here not in found:
            walk.append(here)
            above = parents.get(here)
            if above == top_id or above not in parents:
                found[here] = here
            else:
                here = above
        for one in walk:
            found[one] = found[here]
    return found


def _said(letter_id: int) -> dict[int, dict[int, tuple[str, str, bool]]]:
    """Requirement → unit → (state, why it was opened again, whether it is accepted), as plain columns."""
    wanted = select(
        RequirementPoint.requirement_id,
        RequirementPoint.unit_id,
        RequirementPoint.state,
        RequirementPoint.reopened_why,
        RequirementPoint.accepted_at.is_not(None),
    ).join(Requirement, Requirement.id == RequirementPoint.requirement_id)
    found: dict[int, dict[int, tuple[str, str, bool]]] = {}
    for row_id, unit_id, state, why, accepted in db.session.execute(
        wanted.where(Requirement.directive_id == letter_id)
    ).tuples():
        found.setdefault(row_id, {})[unit_id] = (state, why, bool(accepted))
    return found


def _count(count: PointCount, said: tuple[str, str, bool] | None, late: bool) -> None:
    state, why, accepted = said or ("todo", "", False)
    count.asked += 1
    if standing.is_met(state):
        count.met += 1
        count.accepted += accepted
        return
    count.doing += state == "doing"
    count.overdue += late
    count.reopened += bool(why)


def points(requirement: Requirement, top_id: int, today: date) -> list[PointState]:
    """Return how each point of the unit and below stands with one requirement, the worst first: overdue, opened again,
    not begun."""
    within = places.below(places.open_on(today), top_id)
    named = places.chosen([requirement.id])
    wanted = select(RequirementPoint.unit_id, RequirementPoint.state, RequirementPoint.reopened_why)
    wanted = wanted.add_columns(RequirementPoint.accepted_at, RequirementPoint.remark)
    rows = db.session.execute(wanted.where(RequirementPoint.requirement_id == requirement.id)).tuples()
    said = {unit_id: rest for unit_id, *rest in rows}
    found = []
    for place in places.asked(requirement, within, named):
        state, why, accepted_at, remark = said.get(place.id, ("todo", "", None, ""))
        late = standing.is_overdue(state, requirement.due_on, today)
        found.append(PointState(place, state, late, why, accepted_at is not None, remark))
    return sorted(found, key=_worst_first)


def _worst_first(each: PointState) -> tuple[int, str]:
    if standing.is_met(each.state):
        return (4 if each.is_accepted else 3), each.place.code
    return (0 if each.is_overdue else 1 if each.reopened_why else 2), each.place.code


def owing(letter: Directive, top_id: int, today: date) -> Iterator[tuple[int, Requirement, bool]]:
    """(unit id, requirement, whether it is overdue) of all that is not met in the unit and below."""
    rows = queries.requirements(letter.id)
    within = places.below(places.open_on(today), top_id)
    named, said = places.chosen([each.id for each in rows]), _said(letter.id)
    for row in rows:
        mine = said.get(row.id, {})
        for place in places.asked(row, within, named):
            state = mine.get(place.id, ("todo", "", False))[0]
            if not standing.is_met(state):
                yield place.id, row, standing.is_overdue(state, row.due_on, today)
