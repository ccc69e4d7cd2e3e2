"""Sets of shifts of which one person can do one at most: what makes the linear relaxation close to the truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from planning.engines.mip.builder import Builder
from planning.problem import Shift, Staff
from planning.rules.rest.between_shifts import rest_minutes


def interval_cliques(shifts: Sequence[Shift], rest: timedelta) -> Iterator[list[Shift]]:
    """At each start, the shifts begun and not yet rested from; those inside another such set are left out."""
    ordered = sorted(shifts, key=lambda shift: (shift.start, shift.id))
    kept: list[Shift] = []
    running: list[Shift] = []
    place = 0
    for start in sorted({shift.start for shift in ordered}):
        running = [s for s in running if start < s.end + rest]
        while place < len(ordered) and ordered[place].start <= start:
            running.append(ordered[place])
            place += 1
        if kept and not {s.id for s in kept} <= {s.id for s in running}:
            yield kept
        kept = list(running)
    if len(kept) > 1:
        yield kept


def rest_cliques(shifts: Sequence[Shift], full: timedelta, relaxed: timedelta) -> Iterator[list[Shift]]:
    """Sets of shifts that exclude each other where `full` rest is asked if one of two is on site, else `relaxed`.

    Every pair that does so is in one of them: duties on site with each other, those at home with each other, and each
    one at home with those on site around it, and with the others at home that exclude all of these.
    """
    if relaxed == full:
        yield from interval_cliques(shifts, full)
        return
    site = list(interval_cliques([s for s in shifts if s.form == "onsite"], full))
    alone = [[s] for s in shifts if s.form == "onsite" and not any(s in clique for clique in site)]
    home = sorted((s for s in shifts if s.form != "onsite"), key=lambda shift: (shift.start, shift.id))
    found = [*site, *interval_cliques(home, relaxed)]
    for one in home:
        for clique in (*site, *alone):
            near = [each for each in clique if _near(one, each, full)]
            if near:
                found.append(_with_others(one, near, home, full, relaxed=relaxed))
    yield from _largest(found)


def _with_others(
    one: Shift, near: list[Shift], home: Sequence[Shift], full: timedelta, *, relaxed: timedelta
) -> list[Shift]:
    """The clique of a duty at home and those on site near it, with what else at home belongs to it."""
    clique = [one]
    for other in home:
        joins = other is not one and all(_near(other, each, relaxed) for each in clique)
        if joins and all(_near(other, each, full) for each in near):
            clique.append(other)
    return [*near, *clique]


def _near(one: Shift, other: Shift, rest: timedelta) -> bool:
    """Whether two shifts overlap or leave less than this rest."""
    return one.start < other.end + rest and other.start < one.end + rest


def _largest(cliques: Sequence[list[Shift]]) -> Iterator[list[Shift]]:
    """The cliques that lie inside no other."""
    sets = {frozenset(shift.id for shift in clique): clique for clique in cliques if len(clique) > 1}
    having: dict[int, list[frozenset[int]]] = {}
    for ids in sets:
        for shift_id in ids:
            having.setdefault(shift_id, []).append(ids)
    for ids, clique in sets.items():
        if not any(ids < other for other in having[min(ids)]):
            yield clique


def excludes(builder: Builder, one: Shift, other: Shift) -> bool:
    """Can nobody do both, whoever it is?"""
    first, second = (one, other) if one.start <= other.start else (other, one)
    if second.start < first.end:
        return builder.is_hard("overlap.shifts")
    if not builder.is_hard("rest.between_shifts"):
        return False
    on_site = "onsite" in (first.form, second.form)
    return second.start < first.end + timedelta(minutes=rest_minutes(builder.problem, on_site=on_site))


def is_one_at_most(builder: Builder, person: Staff, shifts: Sequence[Shift]) -> bool:
    """Can the person do one of these shifts at most? Pins that already break this say no."""
    if len(shifts) < 2:
        return True
    if sum((shift.id, person.id) in builder.pins for shift in shifts) > 1:
        return False
    same_day = len({shift.local_date for shift in shifts}) == 1
    if same_day and builder.is_hard("limits.per_day") and (builder.value("limits.per_day", "most", person) or 2) < 2:
        return True
    return all(excludes(builder, one, other) for at, one in enumerate(shifts) for other in shifts[:at])


def works(builder: Builder, person: Staff, on: date, *, nights: bool = False) -> list[tuple[int, int]]:
    """Terms that are at least 1 when the person has on-site duty (a night) on that date, 1 when it can be told."""
    shifts = [s for s in builder.days(person).get(on, ()) if s.night or not nights]
    terms = builder.terms(person, shifts)
    if len(shifts) < 2 or is_one_at_most(builder, person, shifts):
        return terms
    return [(builder.any_of(terms, staff_id=person.id), 1)]
