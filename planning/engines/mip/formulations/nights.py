"""Nights in all and in a row, and weekends."""

from __future__ import annotations

from collections import defaultdict

from planning.engines.mip.builder import Builder
from planning.engines.mip.cliques import works
from planning.engines.mip.formulations.days import windowed
from planning.problem import Staff
from planning.rules.limits.weekends import weekend


def nights(builder: Builder, person: Staff) -> None:
    most = builder.value("nights.most", "most", person)
    if most is not None:
        own = [shift for shift in builder.own[person.id] if shift.night and shift.form == "onsite"]
        builder.at_most("nights.most", builder.terms(person, own), most, staff_id=person.id)


def nights_in_a_row(builder: Builder, person: Staff) -> None:
    """Leave one night free in every window one longer than the limit; soft: each full window is one night beyond."""
    most = builder.value("nights.in_a_row", "most", person)
    if most is None or most >= len(builder.dates):
        return
    worked = {on: works(builder, person, on, nights=True) for on in builder.days(person)}
    windowed(builder, person, "nights.in_a_row", worked, most=most)


def weekends(builder: Builder, person: Staff) -> None:
    most = builder.value("weekends.most", "most", person)
    if most is None:
        return
    either: defaultdict[int, list[list[tuple[int, int]]]] = defaultdict(list)
    pinned = set()
    for on, shifts in builder.days(person).items():
        saturday = weekend(on.toordinal())
        if saturday is not None:
            either[saturday].append(works(builder, person, on))
            if builder.pinned(builder.terms(person, shifts)):
                pinned.add(saturday)
    terms = []
    for days in either.values():
        worked = builder.model.column(0, 0, 1, whole=True)
        terms.append((worked, 1))
        for day in days:
            _covers(builder, worked, day)
    builder.at_most("weekends.most", terms, most, staff_id=person.id, excuse=len(pinned))


def _covers(builder: Builder, worked: int, day: list[tuple[int, int]]) -> None:
    """Worked as soon as the day is; pins may put somebody on a day twice, so each on its own then."""
    for terms in [day] if builder.pinned(day) < 2 else [[term] for term in day]:
        builder.model.row([(worked, 1), *((column, -factor) for column, factor in terms)], lower=0)
