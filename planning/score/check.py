"""The independent checker: every rule on a whole roster, or on one cell. It knows no solver and is the truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from planning.outcome import Violation
from planning.problem import Assignment, Problem, Shift
from planning.roster import Roster, roster_of
from planning.rules import RULES

_Found = tuple[tuple[int, tuple[Violation, ...]], ...]
"""(place of a rule in the order of rules, what breaks it), of the rules that are broken."""


def check(problem: Problem, assignments: Iterable[Assignment]) -> list[Violation]:
    """All breaches, hard and soft, in the order of the rules. KeyError on an unknown shift or person.

    A rule looks at one person or at one shift alone, so what was found last time is found again for whoever has the
    same shifts and pins, and for each shift that has the same people: after an edit only what it touched is judged.
    """
    last: tuple[Iterable[Assignment], list[Violation]] | None = problem.memo.get("check")
    if last is None or last[0] is not assignments or not isinstance(assignments, tuple):
        last = problem.memo["check"] = (assignments, _checked(problem, assignments))
    return list(last[1])


def _checked(problem: Problem, assignments: Iterable[Assignment]) -> list[Violation]:
    roster = roster_of(problem, assignments)
    by_rule: list[list[Violation]] = [[] for _rule in RULES]
    for found in (*_check_people(problem, roster), *_check_shifts(problem, roster)):
        for place, broken in found:
            by_rule[place] += broken
    return [violation for broken in by_rule for violation in broken]


def _check_people(problem: Problem, roster: Roster) -> Iterator[_Found]:
    known: dict[int, tuple[Any, _Found]] = problem.facts.setdefault("check.people", {})
    asked = [(n, rule.of_person) for n, rule in enumerate(RULES) if rule.of_person and rule.is_on(problem)]
    own_ids, pins_of = roster.ids_of, problem.pins_of
    for person in problem.staff:
        seen = own_ids.get(person.id, ()), pins_of.get(person.id, ())
        last = known.get(person.id)
        if last is None or last[0] != seen:
            own = roster.shifts_of.get(person.id, ())
            found = ((n, tuple(judge(problem, person, own))) for n, judge in asked)
            last = known[person.id] = (seen, tuple(each for each in found if each[1]))
        yield last[1]


def _check_shifts(problem: Problem, roster: Roster) -> Iterator[_Found]:
    known: dict[int, tuple[Any, _Found]] = problem.facts.setdefault("check.shifts", {})
    asked = [(n, rule.of_shift) for n, rule in enumerate(RULES) if rule.of_shift and rule.is_on(problem)]
    for shift in problem.shifts:
        seen = tuple(roster.staff_on.get(shift.id, ()))
        last = known.get(shift.id)
        if last is None or last[0] != seen:
            found = ((n, tuple(judge(problem, shift, seen))) for n, judge in asked)
            last = known[shift.id] = (seen, tuple(each for each in found if each[1]))
        yield last[1]


def cost_of(violations: Iterable[Violation]) -> int:
    """The objective: the sum of the costs of the violations, in hundredths of a point."""
    return sum(violation.cost for violation in violations)


def person_violations(problem: Problem, staff_id: int, shifts: Sequence[Shift]) -> list[Violation]:
    """Return what one person's row breaks, were these the shifts; far cheaper than a whole check."""
    person = problem.person[staff_id]
    ordered = sorted(shifts, key=lambda shift: (shift.start, shift.id))
    return [v for rule in RULES for v in rule.person_breaches(problem, person, ordered)]


def violations_for(
    problem: Problem, assignments: Iterable[Assignment], *, shift_ids: Iterable[int] = (), staff_ids: Iterable[int] = ()
) -> list[Violation]:
    """Return what these shifts and these people break in the roster given: the check for an edited cell."""
    shifts, people = set(shift_ids), set(staff_ids)
    roster = Roster(problem, (a for a in assignments if a.shift_id in shifts or a.staff_id in people))
    found: list[Violation] = []
    for staff_id in sorted(people):
        found += person_violations(problem, staff_id, roster.shifts_of.get(staff_id, ()))
    for shift_id in sorted(shifts):
        shift, staff = problem.shift_of[shift_id], roster.staff_on.get(shift_id, ())
        found += [v for rule in RULES for v in rule.shift_breaches(problem, shift, staff)]
    return found
