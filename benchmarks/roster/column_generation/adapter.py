"""Problem → PathModel, for problems whose every active rule can be said by one: see `suits`.

Whatever this module does not know must be switched off or have nothing to act on, otherwise another engine is the
right one; so a new rule makes `suits` say no until it is taught here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from itertools import product

import numpy as np

from benchmarks.roster.column_generation.model import Array, Limits, PathModel
from planning.engines.candidates.candidates import candidates
from planning.problem import Problem, Shift, Staff, Wish
from planning.rules import RULES
from planning.rules.base import Rule, may_serve
from planning.rules.change import LEAST_CHANGE, known_shifts
from planning.rules.fairness import FAIRNESS, load_cost, terms
from planning.rules.hours.continuous import HOURS_CONTINUOUS
from planning.rules.hours.rolling import HOURS_ROLLING
from planning.rules.hours.total import HOURS_TOTAL, total_bounds
from planning.rules.limits.max_shifts import most_shifts
from planning.rules.limits.min_shifts import least_shifts
from planning.rules.limits.template import TEMPLATE_LIMIT, template_limits
from planning.rules.limits.weekends import WEEKENDS
from planning.rules.rest.between_shifts import REST, rest_minutes
from planning.rules.rest.overlap import OVERLAP
from planning.rules.runs.max_days import MAX_DAYS_IN_A_ROW
from planning.rules.runs.min_days import MIN_DAYS_IN_A_ROW
from planning.rules.runs.min_off import MIN_DAYS_OFF
from planning.rules.runs.sequence import SEQUENCES
from planning.rules.wishes import WISH_OFF, WISH_ON
from planning.time.minutes import DAY, plan_days, slots

Kind = tuple[str, str, str, int, int]
"""Template, duty, unit, minutes from local midnight to the start, minutes of the shift."""
# Said by the arrays while hard.
HARD = frozenset(
    {
        "eligibility.duty",
        "eligibility.unit",
        "eligibility.place",
        "absence.away",
        "protected.no_night",
        "protected.no_overtime",
        "overlap.shifts",
        "rest.between_shifts",
        "hours.total",
        "runs.max_days",
        "runs.min_days",
        "runs.min_off",
        "weekends.most",
        "limits.template",
        "sequence.templates",
        "limits.per_day",
    }
)
SAID = frozenset({"coverage.headcount", "coverage.wanted", "wishes.on", "wishes.off", "change.least"})
IDLE: Mapping[str, Callable[[Problem], bool]] = {
    "coverage.skills": lambda problem: not any(shift.skills for shift in problem.shifts),
    "pins.kept": lambda problem: not problem.pins,
    "work.ordinary": lambda problem: not problem.work,
    "rest.standby": lambda problem: all(shift.form == "onsite" for shift in problem.shifts),
    "hours.continuous": lambda problem: _are_apart(problem, HOURS_CONTINUOUS),
    "hours.rolling": lambda problem: _are_apart(problem, HOURS_ROLLING),
    "limits.max_shifts": lambda problem: all(most_shifts(problem, p) is None for p in problem.staff),
    "limits.min_shifts": lambda problem: all(least_shifts(problem, p) is None for p in problem.staff),
    "nights.in_a_row": lambda problem: not any(shift.night for shift in problem.shifts),
    "nights.most": lambda problem: not any(shift.night for shift in problem.shifts),
    "pairs.together": lambda problem: not problem.pairs,
    "pairs.apart": lambda problem: not problem.pairs,
    "fairness.load": lambda problem: not any(s.points or s.points_by for s in problem.shifts),
    "peaks.second": lambda problem: not any(shift.peak for shift in problem.shifts),
    "peaks.repeat": lambda problem: not any(shift.peak for shift in problem.shifts),
}


def suits(problem: Problem) -> bool:
    """Whether a PathModel says the whole problem: soft cover, one shift a day, rules about sequences and totals."""
    if not problem.shifts or not problem.staff:
        return False
    if not all(s.wanted is not None and not s.headcount and s.form == "onsite" for s in problem.shifts):
        return False
    if any(s.wanted is not None and s.wanted.under + s.wanted.over < 0 for s in problem.shifts):
        return False
    if not all(_is_said(problem, rule.code, rule.is_hard(problem)) for rule in RULES if rule.is_on(problem)):
        return False
    return _is_regular(problem)


def _is_said(problem: Problem, code: str, hard: bool) -> bool:
    if code in IDLE:
        return IDLE[code](problem)
    return code in SAID or (code in HARD and hard)


def _are_apart(problem: Problem, rule: Rule) -> bool:
    """Whether rest alone keeps everybody within the limit of on-site duty: short shifts far enough apart."""
    least = min(rule.number(problem, "most", person=person) for person in problem.staff)
    rest = rest_minutes(problem, on_site=True) if REST.is_on(problem) and REST.is_hard(problem) else 0
    return rest >= max(1, DAY - least) and all(shift.minutes <= least for shift in problem.shifts)


def _kind_of(problem: Problem, shift: Shift) -> Kind:
    slot = slots(problem)[shift.id]
    return shift.template, shift.duty, shift.unit, slot.start - slot.day * DAY, slot.end - slot.start


def _is_regular(problem: Problem) -> bool:
    """One shift of a kind per day, one kind per name, nobody on two a day, nothing reaches the day after next."""
    seen = {(shift.local_date, _kind_of(problem, shift)) for shift in problem.shifts}
    kinds = sorted({_kind_of(problem, shift) for shift in problem.shifts})
    if len(seen) < len(problem.shifts) or len({kind[0] for kind in kinds}) < len(kinds):
        return False
    return all(
        _clash(problem, one, other, 0) and not _clash(problem, one, other, 2) for one, other in product(kinds, repeat=2)
    )


def _clash(problem: Problem, one: Kind, other: Kind, days: int) -> bool:
    """Whether nobody may work `one` and then `other`, `days` later."""
    if days == 0 and one == other:
        return True
    start, end = one[3], one[3] + one[4]
    begin, finish = other[3] + days * DAY, other[3] + other[4] + days * DAY
    if OVERLAP.is_on(problem) and begin < end and start < finish:
        return True
    gap = begin - end if start <= begin else start - finish
    if REST.is_on(problem) and 0 <= gap < rest_minutes(problem, on_site=True):
        return True
    return days == 1 and SEQUENCES.is_on(problem) and (one[0], other[0]) in SEQUENCES.setting(problem).pairs


def read_model(problem: Problem) -> PathModel:
    """The arrays of a problem that `suits`."""
    kinds = sorted({_kind_of(problem, shift) for shift in problem.shifts})
    number = {kind: k for k, kind in enumerate(kinds)}
    first, last = plan_days(problem)
    shift_ids = np.full((last - first + 1, len(kinds)), -1)
    for shift in problem.shifts:
        shift_ids[shift.local_date.toordinal() - first, number[_kind_of(problem, shift)]] = shift.id
    weekday: Array = np.arange(first, last + 1) % 7  # of an ordinal: Saturday is 6, Sunday 0
    wanted, under, over = _cover(problem, shift_ids)
    return PathModel(
        minutes=np.array([kind[4] for kind in kinds]),
        follows=np.array([[not _clash(problem, a, b, 1) for b in kinds] for a in kinds]),
        weekend_start=(weekday == 6) | ((weekday == 0) & (np.arange(len(weekday)) == 0)),
        weekend_end=(weekday == 0) & (np.arange(len(weekday)) > 0),
        cost=_costs(problem, shift_ids),
        caps=_caps(problem, [kind[0] for kind in kinds], len(shift_ids)),
        limits=[_limits(problem, person) for person in problem.staff],
        wanted=wanted,
        under=under,
        over=over,
        shift_ids=shift_ids,
        staff_ids=tuple(person.id for person in problem.staff),
        constant=_constant(problem),
    )


def _cover(problem: Problem, shift_ids: Array) -> tuple[Array, Array, Array]:
    tables = np.zeros((3, *shift_ids.shape))
    for day, kind in np.argwhere(shift_ids >= 0).tolist():
        cover = problem.shift_of[int(shift_ids[day, kind])].wanted
        if cover is not None:
            tables[:, day, kind] = cover.number, cover.under, cover.over
    return tables[0], tables[1], tables[2]


def _caps(problem: Problem, names: list[str], days: int) -> Array:
    caps = np.full((len(problem.staff), len(names)), days)
    if TEMPLATE_LIMIT.is_on(problem):
        for row, person in enumerate(problem.staff):
            own = template_limits(person)
            caps[row] = [min(days, own.get(name, days)) for name in names]
    return caps


def _limits(problem: Problem, person: Staff) -> Limits:
    least, most = total_bounds(problem, person) if HOURS_TOTAL.is_on(problem) else (None, None)
    longest = MAX_DAYS_IN_A_ROW.value(problem, "most", person=person) if MAX_DAYS_IN_A_ROW.is_on(problem) else None
    shortest = MIN_DAYS_IN_A_ROW.value(problem, "least", person=person) if MIN_DAYS_IN_A_ROW.is_on(problem) else None
    off = MIN_DAYS_OFF.value(problem, "least", person=person) if MIN_DAYS_OFF.is_on(problem) else None
    weekends = WEEKENDS.value(problem, "most", person=person) if WEEKENDS.is_on(problem) else None
    everything = len(problem.dates) * max(shift.minutes for shift in problem.shifts)
    return Limits(
        longest=longest,
        shortest=max(1, shortest or 1),
        least_off=max(1, off or 1),
        weekends=weekends,
        least=max(0, least or 0),
        most=everything if most is None else min(most, everything),
    )


def _costs(problem: Problem, shift_ids: Array) -> Array:
    """(P, D, K + 1): wishes and changes priced, `inf` where the person cannot take the shift at all."""
    days, kinds = shift_ids.shape
    row = {person.id: p for p, person in enumerate(problem.staff)}
    place = {int(shift_ids[d, k]): (d, k) for d, k in np.argwhere(shift_ids >= 0).tolist()}
    cost = np.full((len(row), days, kinds + 1), np.inf)
    cost[:, :, kinds] = 0
    for shift_id, people in candidates(problem).items():
        day, kind = place[shift_id]
        cost[[row[p] for p in people], day, kind] = 0
    on_day = _shifts_by_date(problem)
    for wish in problem.wishes:
        _price_wish(problem, wish, on_day[wish.local_date], cost[row[wish.staff_id]], place)
    _price_changes(problem, cost, row, place)
    return cost


def _shifts_by_date(problem: Problem) -> defaultdict[date, list[Shift]]:
    found: defaultdict[date, list[Shift]] = defaultdict(list)
    for shift in problem.shifts:
        found[shift.local_date].append(shift)
    return found


def _price_wish(
    problem: Problem, wish: Wish, shifts: list[Shift], cost: Array, place: Mapping[int, tuple[int, int]]
) -> None:
    meant = [shift for shift in shifts if wish.template in (None, shift.template)]
    rule = WISH_OFF if wish.want == "off" else WISH_ON
    if wish.want == "on" and not any(may_serve(problem.person[wish.staff_id], shift) for shift in meant):
        return
    if not meant or not rule.is_on(problem):
        return
    price = rule.weight_in(problem) * wish.weight
    day = place[meant[0].id][0]
    kinds = [place[shift.id][1] for shift in meant]
    if wish.want == "off":
        cost[day, kinds] += price
    else:
        others = np.ones(cost.shape[1], dtype=bool)
        others[kinds] = False
        cost[day, others] += price


def _price_changes(problem: Problem, cost: Array, row: Mapping[int, int], place: Mapping[int, tuple[int, int]]) -> None:
    if not problem.baseline or not LEAST_CHANGE.is_on(problem):
        return
    price = LEAST_CHANGE.weight_in(problem)
    cost[:, :, :-1] += price
    for staff_id, known in known_shifts(problem).items():
        for day, kind in (place[shift_id] for shift_id in known):
            cost[row[staff_id], day, :] += price
            cost[row[staff_id], day, kind] -= 2 * price


def _constant(problem: Problem) -> int:
    """The price of the load that people carry in, which no roster changes where no shift is worth points."""
    if not FAIRNESS.is_on(problem):
        return 0
    loads = (terms(problem, person) for person in problem.staff)
    return sum(FAIRNESS.weight_in(problem) * load_cost(carried, step) for carried, step in loads)
