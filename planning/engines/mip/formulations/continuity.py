"""Shifts of other names from one day to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from planning.engines.mip.builder import Builder
from planning.engines.mip.cliques import is_one_at_most
from planning.engines.mip.model import Tag
from planning.problem import Shift, Staff

_DAY = timedelta(days=1)


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
