"""The same problem with other numbers for its people, told in another order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from hypothesis import strategies as st

from planning.problem import Absence, Assignment, Busy, Pair, Pin, Problem, Shift, Staff, Wish, Work
from planning.settings import Setting

# Every field of a Problem and of its rows, so that one more of them is not forgotten here: those that hold the id of
# a person first, then the others.
ROWS: dict[str, tuple[type, str, str]] = {
    "shifts": (
        Shift,
        "",
        """id duty unit start end form headcount points night peak local_date template replaces_work skills wanted
        points_by grounded""",
    ),
    "staff": (
        Staff,
        "id",
        """code name duties eligible_units no_night max_shifts history_points last_giao_thua last_mung_1 work_pattern
        unit share skills no_overtime min_shifts overtime_month overtime_year limits""",
    ),
    "absences": (Absence, "staff_id", "start end"),
    "wishes": (Wish, "staff_id", "local_date template want weight"),
    "pins": (Pin, "staff_id", "shift_id"),
    "busy": (Busy, "staff_id", "start end form"),
    "work": (Work, "staff_id", "local_date start end minutes"),
    "pairs": (Pair, "first second", "kind"),
    "baseline": (Assignment, "staff_id", "shift_id"),
}
SETS = ("closed",)
"""Fields that are the ids of people alone."""
NOBODY = frozenset({"settings", "free_days", "parents", "span", "normal_hours"})
OF_SETTINGS = frozenset({"on", "hard", "weight", "values", "pairs"})


def unknown_fields() -> set[str]:
    """Fields that the tables above do not know, or know in vain."""
    kinds = {each.name: each.type for each in fields(Problem)}
    found = set(kinds.keys() ^ (ROWS.keys() | NOBODY | set(SETS)))
    found |= {f"settings.{each}" for each in _names(Setting) ^ OF_SETTINGS}
    for name, (kind, people, others) in ROWS.items():
        found |= {f"{name}.{each}" for each in _names(kind) ^ {*people.split(), *others.split()}}
        if kinds.get(name) != f"tuple[{kind.__name__}, ...]":
            found.add(name)
    return found


def _names(kind: Any) -> set[str]:
    return {each.name for each in fields(kind)}


def relabelled(problem: Problem, new_id: Mapping[int, int]) -> Problem:
    """Everybody under another number, wherever a number is: ValueError where a field is not known to be renamed."""
    if unknown := unknown_fields():
        raise ValueError(f"say in relabel.py whether these hold people: {', '.join(sorted(unknown))}")
    rows: dict[str, Any] = {}
    for name, (_, people, _) in ROWS.items():
        names = people.split()
        rows[name] = tuple(
            replace(row, **{field: new_id[getattr(row, field)] for field in names}) for row in getattr(problem, name)
        )
    rows["staff"] = tuple(replace(each, code=f"P{each.id}", name=f"Người {each.id}") for each in rows["staff"])
    closed = {name: frozenset(new_id[each] for each in getattr(problem, name)) for name in SETS}
    return replace(problem, **rows, **closed)


@st.composite
def relabellings(draw: st.DrawFn, problem: Problem) -> Problem:
    """New numbers in any order, and every list of the problem in any order."""
    count = len(problem.staff)
    numbers = draw(st.lists(st.integers(1, 99), min_size=count, max_size=count, unique=True))
    other = relabelled(problem, dict(zip(problem.person, numbers, strict=True)))
    return replace(other, **{name: tuple(draw(st.permutations(getattr(other, name)))) for name in ROWS})
