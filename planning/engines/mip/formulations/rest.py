"""Overlap, rest between duties, weekly rest, ordinary work: what a person's clock allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from planning.engines.mip.builder import Builder
from planning.engines.mip.cliques import interval_cliques, rest_cliques
from planning.engines.mip.model import Tag
from planning.problem import Shift, Staff
from planning.rules.rest.between_shifts import rest_minutes
from planning.rules.rest.standby import spread, too_soon
from planning.rules.rest.weekly import WEEKLY_REST_RULE, mondays
from planning.time.minutes import DAY, WorkDays, plan_days, slots, work_days


def overlap(builder: Builder, person: Staff) -> None:
    if builder.is_hard("rest.between_shifts"):
        return  # those who still run are among those not rested from: one row says both
    for clique in interval_cliques(builder.own[person.id], timedelta()):
        builder.at_most("overlap.shifts", builder.terms(person, clique), 1, staff_id=person.id)


def between_shifts(builder: Builder, person: Staff) -> None:
    """Hard: of the shifts begun and not yet rested from at any moment, one. Soft: each pair too close has its price."""
    full, relaxed = (timedelta(minutes=rest_minutes(builder.problem, on_site=flag)) for flag in (True, False))
    own = builder.own[person.id]
    if not builder.is_hard("rest.between_shifts"):
        for one, other in _too_close(own, full, relaxed):
            terms = builder.terms(person, (one, other))
            builder.at_most("rest.between_shifts", terms, 1, staff_id=person.id)
        return
    for clique in rest_cliques(own, full, relaxed):
        _one_at_most(builder, person, clique)


def standby(builder: Builder, person: Staff) -> None:
    """Each pair of duties at home too close to each other has its price."""
    for pair in too_soon(builder.own[person.id], spread(builder.problem)):
        builder.at_most("rest.standby", builder.terms(person, pair), 1, staff_id=person.id)


def _one_at_most(builder: Builder, person: Staff, clique: list[Shift]) -> None:
    """Those that overlap are the other rule's: without it, only shifts that follow each other exclude each other."""
    if builder.uses("overlap.shifts"):
        builder.at_most("rest.between_shifts", builder.terms(person, clique), 1, staff_id=person.id)
        return
    for one, other in combinations(clique, 2):
        if other.start >= one.end or one.start >= other.end:
            builder.at_most("rest.between_shifts", builder.terms(person, (one, other)), 1, staff_id=person.id)


def _too_close(own: list[Shift], full: timedelta, relaxed: timedelta) -> Iterator[tuple[Shift, Shift]]:
    for at, first in enumerate(own):
        for second in own[at + 1 :]:
            if second.start >= first.end + full:
                break
            rest = full if "onsite" in (first.form, second.form) else relaxed
            if first.end <= second.start < first.end + rest:
                yield first, second


def ordinary_work(builder: Builder, person: Staff) -> None:
    """A shift too close to ordinary hours needs one that replaces those hours."""
    work = work_days(builder.problem, person.id)
    if not work:
        return
    asked = builder.value("work.ordinary", "minutes", person) or 0
    price, dropped_by = builder.price("work.ordinary"), droppers(builder, person)
    for shift in builder.own[person.id]:
        near = list(_near(builder, shift, work, asked)) if shift.form == "onsite" else []
        own = builder.pair_column[shift.id, person.id]
        helpers = {day: dropped_by.get(day, []) for day in near if own not in dropped_by.get(day, [])}
        if not helpers:
            continue
        if price is None:
            excused = builder.model.lower[own] > 0
            for columns in [] if excused else helpers.values():
                terms = [(own, 1), *((column, -1) for column in columns)]
                builder.model.row(terms, upper=0, tag=Tag("work.ordinary", person.id, shift.id))
        elif price:
            breach = builder.model.column(price, 0, 1)
            for columns in helpers.values():
                terms = [(own, 1), (breach, -1), *((column, -1) for column in columns)]
                builder.model.row(terms, upper=0, tag=Tag("work.ordinary", person.id, shift.id))


def _near(builder: Builder, shift: Shift, work: WorkDays, asked: int) -> Iterator[int]:
    """Dates whose ordinary hours overlap the shift or lie too close to it."""
    slot, margin = slots(builder.problem)[shift.id], asked // DAY + 1
    for day in range(slot.days[0][0] - margin, slot.days[-1][0] + margin + 1):
        gaps = [max(slot.start - own.end, own.start - slot.end) for own in work.get(day, ())]
        if any(gap < asked or gap < 0 for gap in gaps):
            yield day


def droppers(builder: Builder, person: Staff) -> dict[int, list[int]]:
    """Ordinal of a date → columns of the person's shifts that replace the ordinary work of it."""
    found: dict[int, list[int]] = {}
    for shift in builder.own[person.id]:
        for day in slots(builder.problem)[shift.id].drops:
            found.setdefault(day, []).append(builder.pair_column[shift.id, person.id])
    return found


def kept_work(builder: Builder, person: Staff) -> dict[int, tuple[int, int | None]]:
    """Ordinal of a date → (minutes of ordinary work, a column that can be 1 only if a shift replaces them)."""
    found: dict[int, tuple[int, int | None]] = {}
    dropped_by = droppers(builder, person)
    for day, spans in work_days(builder.problem, person.id).items():
        columns, drop = dropped_by.get(day, []), None
        if len(columns) == 1:
            drop = columns[0]
        elif columns:
            drop = builder.model.column(0, 0, 1)
            builder.model.row([(drop, 1), *((column, -1) for column in columns)], upper=0)
        found[day] = (sum(span.minutes for span in spans), drop)
    return found


def weekly(builder: Builder, person: Staff) -> None:
    """Leave free, in a week with duty, one of the stretches that could be: those that begin as a week or a duty
    ends."""
    asked = builder.value("rest.weekly", "minutes", person) or 0
    for monday in mondays(builder.problem):
        PersonWeek(builder, person, monday, asked).write()


class PersonWeek:
    """One calendar week of one person."""

    def __init__(self, builder: Builder, person: Staff, monday: int, asked: int) -> None:
        self.builder, self.person, self.asked = builder, person, asked
        self.since, self.until = monday * DAY, (monday + 7) * DAY
        every = slots(builder.problem)
        self.own = [
            shift
            for shift in builder.own[person.id]
            if shift.form == "onsite" and every[shift.id].start < self.until and self.since < every[shift.id].end
        ]
        first, last = plan_days(builder.problem)
        own_work, days = work_days(builder.problem, person.id), range(max(monday, first), min(monday + 6, last) + 1)
        self.work = [(day, span) for day in days for span in own_work.get(day, ())]

    def write(self) -> None:
        if not self.own or self._is_always_kept():
            return
        builder, stretches = self.builder, self._stretches()
        held = [self.builder.pair_column[shift.id, self.person.id] for shift in self.own]
        price, tag = builder.price("rest.weekly"), Tag("rest.weekly", self.person.id)
        terms = [(column, 1) for column in stretches]
        if price is None and self._pins_break_it():
            return
        if price is not None:
            terms.append((builder.model.column(price, 0, 1), 1))
        duty = builder.any_of([(column, 1) for column in held], staff_id=self.person.id)
        builder.model.row([*terms, (duty, -1)], lower=0, tag=tag)

    def _pins_break_it(self) -> bool:
        pinned = [s for s in self.builder.own[self.person.id] if (s.id, self.person.id) in self.builder.pins]
        breaches = WEEKLY_REST_RULE.person_breaches(self.builder.problem, self.person, pinned)
        week = date.fromordinal(self.since // DAY).isoformat()
        return bool(pinned) and any(breach.params["week"] == week for breach in breaches)

    def _is_always_kept(self) -> bool:
        """So few shifts that a stretch is always free, whichever they are (ordinary work apart)."""
        longest = max(shift.minutes for shift in self.own)
        fewest = -(-(self.until - self.since - self.asked + 1) // (longest + self.asked))
        return not self.work and len(self.own) < fewest

    def _stretches(self) -> list[int]:
        """A column per stretch that could be the rest of the week; it excludes what touches it."""
        every, found = slots(self.builder.problem), []
        ends = {every[shift.id].end for shift in self.own} | {span.end for _, span in self.work}
        drop = droppers(self.builder, self.person)
        for start in sorted({self.since, *(end for end in ends if self.since < end)}):
            if start + self.asked > self.until:
                break
            hours = [day for day, span in self.work if span.start < start + self.asked and start < span.end]
            if all(drop.get(day) for day in hours):
                found.append(self._stretch(start, {day: drop[day] for day in hours}))
        return found

    def _stretch(self, start: int, hours: dict[int, list[int]]) -> int:
        builder, every = self.builder, slots(self.builder.problem)
        free, tag = builder.model.column(0, 0, 1, whole=True), Tag("rest.weekly", self.person.id)
        touching = [s for s in self.own if every[s.id].start < start + self.asked and start < every[s.id].end]
        for shift in touching:
            builder.model.row([(free, 1), (builder.pair_column[shift.id, self.person.id], 1)], upper=1, tag=tag)
        for columns in hours.values():
            builder.model.row([(free, 1), *((column, -1) for column in columns)], upper=0, tag=tag)
        return free
