"""What may not follow what from one day to the next."""

from __future__ import annotations

from datetime import timedelta

from planning.engines.mip.builder import Builder
from planning.engines.mip.cliques import is_one_at_most
from planning.engines.mip.formulations.days import by_date
from planning.problem import Shift, Staff
from planning.rules.runs.sequence import SEQUENCES

_DAY = timedelta(days=1)


def sequences(builder: Builder, person: Staff) -> None:
    """What may not follow what: with one shift a day, all that shun at least the same followers share one row."""
    pairs = SEQUENCES.setting(builder.problem).pairs
    followers = {first: frozenset(b for a, b in pairs if a == first) for first, _ in pairs}
    days = by_date(builder, person)
    for on, today in days.items():
        tomorrow = days.get(on + _DAY, [])
        first = [shift for shift in today if shift.template in followers]
        second = [shift for shift in tomorrow if any(shift.template in names for names in followers.values())]
        if not first or not second:
            continue
        is_clique = builder.is_hard("sequence.templates") and is_one_at_most(builder, person, first)
        if is_clique and is_one_at_most(builder, person, second):
            _nested(builder, person, first, second, followers=followers)
        else:
            _pairwise(builder, person, first, second, followers=followers)


def _nested(
    builder: Builder, person: Staff, first: list[Shift], second: list[Shift], *, followers: dict[str, frozenset[str]]
) -> None:
    for names in sorted({followers[shift.template] for shift in first}, key=sorted):
        before = [shift for shift in first if followers[shift.template] >= names]
        after = [shift for shift in second if shift.template in names]
        if after:
            builder.at_most("sequence.templates", builder.terms(person, before + after), 1, staff_id=person.id)


def _pairwise(
    builder: Builder, person: Staff, first: list[Shift], second: list[Shift], *, followers: dict[str, frozenset[str]]
) -> None:
    for one in first:
        for other in second:
            if other.template in followers[one.template]:
                builder.at_most("sequence.templates", builder.terms(person, (one, other)), 1, staff_id=person.id)
