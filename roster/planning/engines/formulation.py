"""One group of shifts that share people, as a mixed-integer programme.

What makes it strong: rest as interval cliques (at the start of each shift, at most one of those still running or
resting), and fairness as segments of a convex cost, so the linear relaxation is already close to the truth.
Points and costs are divided by their common measure, so that the objective is a whole number of that measure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from math import gcd

from roster.planning.engines.candidates import repeats
from roster.planning.engines.lp import Model
from roster.planning.problem import Problem, Shift, Staff, Wish
from roster.planning.rules.fairness import FAIRNESS
from roster.planning.rules.peaks import REPEAT_PEAK, SECOND_PEAK
from roster.planning.rules.rest import rest_minutes
from roster.planning.rules.wishes import WISH_OFF, WISH_ON

Pair = tuple[int, int]


class Formulation:
    """The model of one group. `pair_column` is (shift id, staff id) → its 0/1 column.

    `max_missing` 0 makes coverage hard. With `count_missing` the objective is the number of empty seats alone.
    """

    def __init__(
        self,
        problem: Problem,
        shifts: Sequence[Shift],
        can: Mapping[int, Collection[int]],
        *,
        max_missing: int = 0,
        count_missing: bool = False,
    ) -> None:
        self.problem, self.shifts = problem, shifts
        self.model = Model()
        self.pins = {(pin.shift_id, pin.staff_id) for pin in problem.pins}
        self.pair_column: dict[Pair, int] = {}
        self.shifts_of: dict[int, list[Shift]] = {}
        for shift in shifts:
            for staff_id in sorted({*can[shift.id], *(p for s, p in self.pins if s == shift.id)}):
                self.pair_column[shift.id, staff_id] = self.model.column(
                    0, float((shift.id, staff_id) in self.pins), 1, whole=True
                )
                self.shifts_of.setdefault(staff_id, []).append(shift)
        self.people = [problem.person[staff_id] for staff_id in sorted(self.shifts_of)]
        self.unit = 1 if count_missing else self._common_measure()
        self._cover(max_missing, count_missing)
        for person in self.people:
            self._keep_rest(person)
            self._keep_limit(person)
            if not count_missing:
                self._be_fair(person)
                self._spread_peaks(person)
                self._hear_wishes(person)

    def start(self, held: Collection[Pair]) -> dict[int, float]:
        """A roster as values of the 0/1 columns."""
        return {column: float(pair in held) for pair, column in self.pair_column.items()}

    def pairs(self, values: Sequence[float]) -> set[Pair]:
        """Values of the columns as a roster."""
        return {pair for pair, column in self.pair_column.items() if values[column] > 0.5}

    def _terms(self, person: Staff, shifts: Sequence[Shift], factor: float = 1) -> list[tuple[int, float]]:
        return [(self.pair_column[shift.id, person.id], factor) for shift in shifts]

    def _pinned(self, person: Staff, shifts: Sequence[Shift]) -> int:
        return sum((shift.id, person.id) in self.pins for shift in shifts)

    def _common_measure(self) -> int:
        costs = [rule.weight_in(self.problem) for rule in (SECOND_PEAK, REPEAT_PEAK, WISH_OFF, WISH_ON)]
        history = (person.history_points for person in self.people)
        return gcd(FAIRNESS.number(self.problem, "step"), *costs, *history, *(shift.points for shift in self.shifts))

    def _cover(self, max_missing: int, count_missing: bool) -> None:
        empty: list[tuple[int, float]] = []
        for shift in self.shifts:
            seats = [(c, 1.0) for (shift_id, _), c in self._pairs_of(shift)]
            pinned = sum(pair in self.pins for pair, _ in self._pairs_of(shift))
            wanted = max(shift.headcount, pinned)
            if max_missing or count_missing:
                gap = self.model.column(float(count_missing), 0, shift.headcount)
                seats.append((gap, 1.0))
                empty.append((gap, 1.0))
            self.model.row(seats, wanted, wanted)
        if max_missing and not count_missing:
            self.model.row(empty, upper=max_missing)

    def _pairs_of(self, shift: Shift) -> Iterator[tuple[Pair, int]]:
        for person in self.people:
            pair = (shift.id, person.id)
            if pair in self.pair_column:
                yield pair, self.pair_column[pair]

    def _keep_rest(self, person: Staff) -> None:
        own, rest = self.shifts_of[person.id], rest_minutes(self.problem, on_site=True)
        relaxed = rest_minutes(self.problem, on_site=False)
        on_site = [shift for shift in own if shift.form == "onsite"]
        for clique in cliques(own, timedelta(minutes=relaxed)):
            self._at_most_one(person, clique)
        if relaxed < rest:
            for clique in cliques(on_site, timedelta(minutes=rest)):
                self._at_most_one(person, clique)

    def _at_most_one(self, person: Staff, clique: Sequence[Shift]) -> None:
        self.model.row(self._terms(person, clique), upper=max(1, self._pinned(person, clique)))

    def _keep_limit(self, person: Staff) -> None:
        own = self.shifts_of[person.id]
        if person.max_shifts is not None and person.max_shifts < len(own):
            self.model.row(self._terms(person, own), upper=max(person.max_shifts, self._pinned(person, own)))

    def _be_fair(self, person: Staff) -> None:
        step, own = FAIRNESS.number(self.problem, "step"), self.shifts_of[person.id]
        most = person.history_points + sum(shift.points for shift in own)
        width = step // self.unit
        segments = [(self.model.column(k, 0, width), -1.0) for k in range(most // step)]
        segments.append((self.model.column(most // step), -1.0))
        load = [(self.pair_column[s.id, person.id], float(s.points // self.unit)) for s in own if s.points]
        history = -person.history_points // self.unit
        self.model.row([*load, *segments], history, history)

    def _spread_peaks(self, person: Staff) -> None:
        peaks = [shift for shift in self.shifts_of[person.id] if shift.peak]
        for shift in peaks:
            self._charge(shift, person, repeats(person, shift) * REPEAT_PEAK.weight_in(self.problem))
        if len(peaks) > 1:
            more = self.model.column(SECOND_PEAK.weight_in(self.problem) // self.unit)
            self.model.row([*self._terms(person, peaks), (more, -1.0)], upper=1)

    def _charge(self, shift: Shift, person: Staff, cost: int) -> None:
        self.model.costs[self.pair_column[shift.id, person.id]] += cost // self.unit

    def _hear_wishes(self, person: Staff) -> None:
        for wish in self.problem.wishes_of.get(person.id, ()):
            cost = wish.weight * (WISH_ON if wish.want == "on" else WISH_OFF).weight_in(self.problem)
            asked = [shift for shift in self.shifts_of[person.id] if _is_asked(wish, shift)]
            if wish.want == "off":
                for shift in asked:
                    self._charge(shift, person, cost)
            elif asked:
                refused = self.model.column(cost // self.unit)
                self.model.row([*self._terms(person, asked), (refused, 1.0)], lower=1)


def _is_asked(wish: Wish, shift: Shift) -> bool:
    return shift.local_date == wish.local_date and wish.template in (None, shift.template)


def cliques(shifts: Sequence[Shift], rest: timedelta) -> Iterator[list[Shift]]:
    """At each start, the shifts begun and not yet rested from; those inside another such set are left out."""
    ordered = sorted(shifts, key=lambda shift: (shift.start, shift.id))
    kept: list[Shift] = []
    for start in sorted({shift.start for shift in ordered}):
        running = [s for s in ordered if s.start <= start < s.end + rest]
        if kept and not set(map(_id, kept)) <= set(map(_id, running)):
            yield kept
        kept = running
    if len(kept) > 1:
        yield kept


def _id(shift: Shift) -> int:
    return shift.id
