"""Large components that only a few shared duties hold together: those duties first, then each unit by itself.

A province's leadership is drawn from the heads of its units, and so ties two hundred units into one. Once that duty is
fixed the units are free of each other. The price is that the whole is no longer proven by its subproblems' proofs; what
remains is a lower bound, taken from `relaxed` subproblems:

Let c(S) be what a person's row S costs, S[k] its shifts in subproblem k. Where c(S) - c(nothing) is at least the sum
over the subproblems of c(S[k]) - c(nothing), the least costs of the subproblems, each solved as if the others did not
exist, add up to no more than the least cost of the whole, once what everybody costs before doing anything is counted
once only. That holds for the convex price of load, for the count of peaks beyond the first, and for what is priced
shift by shift. Rules of which it may not hold are left out of the subproblems, which lowers their costs; so are rules
that a row can keep while its subproblem breaks them, such as a least number of shifts. Rules about one shift's people
lie in a subproblem whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from planning.engines.candidates.components import Component, carried_cost, component_of, leaders
from planning.problem import Problem, Shift, Wish
from planning.restriction import restricted
from planning.rules import RULE_OF, RULES
from planning.settings import Setting

LARGE = 600  # people; up to here one model of everything was the better way after half a minute at most
MOST_SHARED = 60  # duties of units

# A row that keeps these keeps them in each subproblem (limits on what is there) or they speak of one shift.
HEREDITARY = frozenset(
    {
        "coverage.headcount",
        "coverage.skills",
        "coverage.wanted",
        "eligibility.duty",
        "eligibility.unit",
        "eligibility.place",
        "absence.away",
        "protected.no_night",
        "protected.no_overtime",
        "overlap.shifts",
        "rest.between_shifts",
        "work.ordinary",
        "hours.continuous",
        "hours.rolling",
        "hours.day",
        "hours.week",
        "hours.month",
        "hours.year",
        "rest.weekly",
        "runs.max_days",
        "weekends.most",
        "nights.in_a_row",
        "nights.most",
        "limits.max_shifts",
        "limits.per_day",
        "limits.template",
        "sequence.templates",
        "pairs.together",
        "pairs.apart",
        "pins.kept",
    }
)
# Where the whole costs at least as much as its subproblems together; wishes.on only while one alone can grant it.
SUPERADDITIVE = frozenset(
    {
        "coverage.headcount",
        "coverage.skills",
        "coverage.wanted",
        "eligibility.unit",
        "eligibility.place",
        "rest.between_shifts",
        "pairs.together",
        "pairs.apart",
        "fairness.load",
        "peaks.second",
        "peaks.repeat",
        "rest.standby",
        "wishes.off",
        "wishes.on",
        "change.least",
    }
)
# Ordinary work that a shift of another subproblem would replace: without that shift these may bind too early.
READ_WORK = frozenset({"work.ordinary", "hours.day", "hours.week", "rest.weekly"})

Key = tuple[str, str]


@dataclass(frozen=True)
class Split:
    """The subproblems of a component: those of shared duties, solved first, and what they leave."""

    firsts: tuple[Component, ...]
    rests: tuple[Component, ...]


def split(component: Component, people: Mapping[int, Collection[int]]) -> Split | None:
    """How to take a large component apart; None when it is small, or when no few duties hold it together."""
    if len(component.staff_ids) <= LARGE:
        return None
    of_class: defaultdict[Key, list[Shift]] = defaultdict(list)
    for shift in component.shifts:
        of_class[shift.unit, shift.duty].append(shift)
    reach = {key: frozenset(p for s in shifts for p in people[s.id]) for key, shifts in of_class.items()}
    shared: set[Key] = set()
    rests = [component]
    while len(shared) < min(MOST_SHARED, len(of_class) - 1):
        largest = max(rests, key=lambda each: len(each.staff_ids))
        if len(largest.staff_ids) <= LARGE:
            break
        shared.add(_busiest({(s.unit, s.duty) for s in largest.shifts}, reach))
        rests = _components((s for s in component.shifts if (s.unit, s.duty) not in shared), people)
    if max(len(each.staff_ids) for each in rests) > max(LARGE, len(component.staff_ids) // 2):
        return None
    firsts = _components((s for s in component.shifts if (s.unit, s.duty) in shared), people)
    return Split(tuple(firsts), tuple(rests))


def _busiest(keys: Collection[Key], reach: Mapping[Key, frozenset[int]]) -> Key:
    """The duty of a unit that shares people with most others."""
    classes_of: defaultdict[int, set[Key]] = defaultdict(set)
    for key in keys:
        for staff_id in reach[key]:
            classes_of[staff_id].add(key)
    return max(sorted(keys), key=lambda key: len(set().union(*(classes_of[p] for p in reach[key]))))


def _components(shifts: Iterable[Shift], people: Mapping[int, Collection[int]]) -> list[Component]:
    chosen = list(shifts)
    leader = leaders({shift.id: people[shift.id] for shift in chosen})
    members: defaultdict[int, list[Shift]] = defaultdict(list)
    for shift in chosen:
        members[leader[shift.id]].append(shift)
    return [component_of(tuple(each), people) for each in members.values()]


def relaxed(problem: Problem, subproblems: Sequence[Component]) -> list[Problem]:
    """Each subproblem as if the others did not exist, without whatever could then cost more than in the whole."""
    found = []
    for subproblem in subproblems:
        people = subproblem.staff_ids
        others = [each for each in subproblems if each is not subproblem and not each.staff_ids.isdisjoint(people)]
        alone = restricted(problem, subproblem.shift_ids, people)
        if others:
            settings = _settings(problem, others)
            if _has_pins(problem, subproblem, others):  # which may take the free day that it would still keep
                settings["rest.weekly"] = replace(RULE_OF["rest.weekly"].setting(problem), on=False)
            alone = replace(alone, settings=settings, wishes=_wishes(alone.wishes, others))
        found.append(alone)
    return found


def counted_twice(problem: Problem, subproblems: Sequence[Component]) -> int:
    """Return what people of several subproblems cost before doing anything, counted by all those subproblems but
    one."""
    times: defaultdict[int, int] = defaultdict(int)
    for subproblem in subproblems:
        for staff_id in subproblem.staff_ids:
            times[staff_id] += 1
    return sum((n - 1) * carried_cost(problem, staff_id) for staff_id, n in times.items() if n > 1)


def _settings(problem: Problem, others: Iterable[Component]) -> dict[str, Setting]:
    """The campaign's, with every rule switched off that a subproblem may not be judged by."""
    replaces = any(shift.replaces_work for each in others for shift in each.shifts)
    chosen = dict(problem.settings)
    for rule in RULES:
        fits = rule.code in (HEREDITARY if rule.is_hard(problem) else SUPERADDITIVE)
        if not fits or (replaces and rule.code in READ_WORK):
            chosen[rule.code] = replace(rule.setting(problem), on=False)
    return chosen


def _has_pins(problem: Problem, subproblem: Component, others: Iterable[Component]) -> bool:
    """Whether somebody of the subproblem is pinned to a shift of another."""
    away = {shift.id for each in others for shift in each.shifts}
    return any(pin.shift_id in away for p in subproblem.staff_ids for pin in problem.pins_of.get(p, ()))


def _wishes(wishes: Iterable[Wish], others: Collection[Component]) -> tuple[Wish, ...]:
    """A wish that another subproblem could grant too is taken as granted."""
    return tuple(w for w in wishes if w.want == "off" or not any(_could_grant(each, w) for each in others))


def _could_grant(subproblem: Component, wish: Wish) -> bool:
    named = (s for s in subproblem.shifts if s.local_date == wish.local_date and wish.template in (None, s.template))
    return wish.staff_id in subproblem.staff_ids and any(named)
