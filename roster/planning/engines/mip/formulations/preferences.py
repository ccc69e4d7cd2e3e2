"""What is weighed: fairness, peaks, wishes, continuity, change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from math import gcd

from roster.planning.engines.mip.builder import Builder
from roster.planning.engines.mip.cliques import is_one_at_most
from roster.planning.engines.mip.model import INF, Tag
from roster.planning.problem import Shift, Staff
from roster.planning.rules.base import may_serve
from roster.planning.rules.change import known_shifts
from roster.planning.rules.fairness import load_cost, terms
from roster.planning.rules.wishes import asks_for, shifts_on

_DAY = timedelta(days=1)
SPARE_PIECES = 15


def fairness(builder: Builder, person: Staff) -> None:
    """The cost of a load is convex and made of straight pieces: one column per piece, dearer from piece to piece."""
    carried, step = terms(builder.problem, person)
    own = [(builder.pair_column[s.id, person.id], s.worth(person)) for s in builder.own[person.id] if s.worth(person)]
    weight = builder.price("fairness.load") or 0
    builder.model.constant += weight * load_cost(carried, step)
    if not own or not weight:
        return
    grain = reduce(gcd, (worth for _, worth in own), gcd(carried, step))
    rows = [(column, worth // grain) for column, worth in own]
    first, last = carried // step, (carried + sum(worth for _, worth in own)) // step
    last = min(last, first + _enough(builder, person) // step + SPARE_PIECES)
    for piece in range(first, last + 1):
        width = INF if piece == last else (step * (piece + 1) - max(carried, step * piece)) // grain
        rows.append((builder.model.column(weight * piece * grain, 0, width), -1))
    builder.model.row(rows, 0, 0, tag=Tag("fairness.load", person.id))


def _enough(builder: Builder, person: Staff) -> int:
    """Far more than the person's share of the points: pieces beyond only make the programme large, and a load up
    there is taken for a little cheaper than it is, which a proof can bear."""
    people = {shift.id: len(builder.seats[shift.id]) for shift in builder.own[person.id]}
    seats = [
        (shift, max(shift.headcount, shift.wanted.number if shift.wanted else 0)) for shift in builder.own[person.id]
    ]
    return 2 * sum(shift.worth(person) * count // people[shift.id] for shift, count in seats)


def second_peak(builder: Builder, person: Staff) -> None:
    peaks = [shift for shift in builder.own[person.id] if shift.peak]
    builder.at_most("peaks.second", builder.terms(person, peaks), 1, staff_id=person.id)


def wish_on(builder: Builder, person: Staff) -> None:
    for wish in builder.problem.wishes_of.get(person.id, ()):
        if wish.want == "off":
            continue
        cost = wish.weight * (builder.price("wishes.on") or 0)
        asked = [shift for shift in builder.own[person.id] if asks_for(wish, shift)]
        on_date = shifts_on(builder.problem).get(wish.local_date, ())
        if not any(asks_for(wish, shift) and may_serve(person, shift) for shift in on_date):
            continue
        if not asked:
            builder.model.constant += cost
            continue
        # With one such shift at most, granting it saves what refusing costs; else a column tells.
        if is_one_at_most(builder, person, asked):
            builder.model.constant += cost
            for shift in asked:
                builder.charge(builder.pair_column[shift.id, person.id], -cost)
        else:
            refused = builder.model.column(cost, 0, 1)
            builder.model.row([*builder.terms(person, asked), (refused, 1)], lower=1, tag=Tag("wishes.on", person.id))


def continuity(builder: Builder, person: Staff) -> None:
    """A change of template from one date to the next: the dates on which it may happen have a column each."""
    days, price = builder.days(person), builder.price("continuity.template")
    for on in sorted(days):
        today, tomorrow = _by_template(days[on]), _by_template(days.get(on + _DAY, []))
        if price and tomorrow and len({*today, *tomorrow}) > 1:
            change = builder.model.column(price, 0, 1)
            is_plain = all(is_one_at_most(builder, person, days[each]) for each in (on, on + _DAY))
            for before, after in _changes(today, tomorrow, is_plain=is_plain):
                row = [*builder.terms(person, before), *builder.terms(person, after), (change, -1)]
                builder.model.row(row, upper=1, tag=Tag("continuity.template", person.id))


def _by_template(shifts: Sequence[Shift]) -> dict[str, list[Shift]]:
    found: defaultdict[str, list[Shift]] = defaultdict(list)
    for shift in shifts:
        found[shift.template].append(shift)
    return found


def _changes(
    today: dict[str, list[Shift]], tomorrow: dict[str, list[Shift]], *, is_plain: bool
) -> list[tuple[list[Shift], list[Shift]]]:
    """Sets of shifts of two dates such that one of each is a change."""
    if not is_plain:
        return [
            ([one], [other])
            for before, ones in today.items()
            for after, others in tomorrow.items()
            if before != after
            for one in ones
            for other in others
        ]
    return [
        (ones, [shift for after, others in tomorrow.items() if after != before for shift in others])
        for before, ones in today.items()
    ]


def least_change(builder: Builder, person: Staff) -> None:
    """Every shift lost has its price, and so has every shift gained."""
    if not builder.problem.baseline:
        return
    price, known = builder.price("change.least") or 0, known_shifts(builder.problem).get(person.id, frozenset())
    builder.model.constant += price * len(known)
    for shift in builder.own[person.id]:
        column = builder.pair_column[shift.id, person.id]
        builder.charge(column, -price if shift.id in known else price)
