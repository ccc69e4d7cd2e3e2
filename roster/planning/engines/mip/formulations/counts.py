"""How many shifts of which kind, and in which order."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from roster.planning.engines.mip.builder import Builder
from roster.planning.engines.mip.cliques import is_one_at_most, works
from roster.planning.problem import Shift, Staff
from roster.planning.rules.limits_max_shifts import most_shifts
from roster.planning.rules.limits_min_shifts import least_shifts
from roster.planning.rules.limits_template import template_limits
from roster.planning.rules.sequence_templates import SEQUENCES
from roster.planning.rules.weekends_most import weekend

_DAY = timedelta(days=1)


def max_shifts(builder: Builder, person: Staff) -> None:
    most = most_shifts(builder.problem, person)
    if most is not None:
        builder.at_most("limits.max_shifts", builder.terms(person, builder.own[person.id]), most, staff_id=person.id)


def min_shifts(builder: Builder, person: Staff) -> None:
    least = least_shifts(builder.problem, person)
    if least is not None:
        builder.at_least("limits.min_shifts", builder.terms(person, builder.own[person.id]), least, staff_id=person.id)


def per_day(builder: Builder, person: Staff) -> None:
    most = builder.value("limits.per_day", "most", person)
    if most is not None:
        for shifts in by_date(builder, person).values():
            builder.at_most("limits.per_day", builder.terms(person, shifts), most, staff_id=person.id)


def template(builder: Builder, person: Staff) -> None:
    for name, most in template_limits(person).items():
        named = [shift for shift in builder.own[person.id] if shift.template == name]
        builder.at_most("limits.template", builder.terms(person, named), most, staff_id=person.id)


def nights(builder: Builder, person: Staff) -> None:
    most = builder.value("nights.most", "most", person)
    if most is not None:
        own = [shift for shift in builder.own[person.id] if shift.night and shift.form == "onsite"]
        builder.at_most("nights.most", builder.terms(person, own), most, staff_id=person.id)


def nights_in_a_row(builder: Builder, person: Staff) -> None:
    """In every window one longer than the limit, one night is free; soft: each full window is one night beyond."""
    most = builder.value("nights.in_a_row", "most", person)
    if most is None or most >= len(builder.dates):
        return
    worked = {on: works(builder, person, on, nights=True) for on in builder.days(person)}
    windowed(builder, person, "nights.in_a_row", worked, most)


def windowed(
    builder: Builder,
    person: Staff,
    code: str,
    worked: dict[date, list[tuple[int, int]]],
    most: int,
    *,
    nights: bool = True,
) -> None:
    pinned = {s.local_date for s in builder.own[person.id] if _counts(builder, person, s, nights=nights)}
    for at in range(len(builder.dates) - most):
        window = builder.dates[at : at + most + 1]
        if all(worked.get(on) for on in window):
            terms = [term for on in window for term in worked[on]]
            builder.at_most(code, terms, most, staff_id=person.id, excuse=sum(on in pinned for on in window))


def _counts(builder: Builder, person: Staff, shift: Shift, *, nights: bool) -> bool:
    return (shift.id, person.id) in builder.pins and shift.form == "onsite" and (shift.night or not nights)


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


def by_date(builder: Builder, person: Staff) -> dict[date, list[Shift]]:
    """The person's shifts of any form by local date."""
    found: defaultdict[date, list[Shift]] = defaultdict(list)
    for shift in builder.own[person.id]:
        found[shift.local_date].append(shift)
    return found


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
            _nested(builder, person, first, second, followers)
        else:
            _pairwise(builder, person, first, second, followers)


def _nested(
    builder: Builder, person: Staff, first: list[Shift], second: list[Shift], followers: dict[str, frozenset[str]]
) -> None:
    for names in sorted({followers[shift.template] for shift in first}, key=sorted):
        before = [shift for shift in first if followers[shift.template] >= names]
        after = [shift for shift in second if shift.template in names]
        if after:
            builder.at_most("sequence.templates", builder.terms(person, before + after), 1, staff_id=person.id)


def _pairwise(
    builder: Builder, person: Staff, first: list[Shift], second: list[Shift], followers: dict[str, frozenset[str]]
) -> None:
    for one in first:
        for other in second:
            if other.template in followers[one.template]:
                builder.at_most("sequence.templates", builder.terms(person, (one, other)), 1, staff_id=person.id)
