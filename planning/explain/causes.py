"""Empty seats by what keeps them empty, and for each cause what would fill most: one page, not a list of seats."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from planning.explain.breach_numbers import away_days, reached
from planning.explain.effort import Effort, people_of
from planning.explain.empty_seats import EmptyShift
from planning.explain.greedy_fill import Option, fill
from planning.explain.helpers import Helpers
from planning.explain.remedies import LEAVE, PLACES, TOO_LONG, OpenedRule, Remedy, is_too_long, way_of
from planning.explain.repairs import LeaveDays
from planning.explain.what_if import Rows
from planning.problem import Assignment

FREE, NOBODY = "free", "nobody"
"""Causes that are no rule: somebody could come at once; nobody is on the list at all."""
MOST_SHIFTS = 1000
_KINDS = ("ground", "free", "limit", "help", "soft", "less", "bare", "leave", "list")


@dataclass(frozen=True)
class Cause:
    """Empty seats with one cause: a rule, `FREE` or `NOBODY`. `seats`: shift → empty seats; see `best`."""

    rule: str
    seats: Mapping[int, int]
    remedies: tuple[Remedy, ...]

    @property
    def count(self) -> int:
        return sum(self.seats.values())

    @property
    def best(self) -> Remedy | None:
        """The first that a button can apply and that fills something."""
        return next((each for each in self.remedies if each.can_be_applied and not each.asks_less), None)


@dataclass(frozen=True)
class JointRemedies:
    """What some remedies fill together, and their price: overtime in minutes, trips, people to ask, and shift → seats
    that are still empty then and need nobody any more; `bare`: shifts of an obligatory kind left with nobody by that.
    """

    fills: tuple[Assignment, ...] = ()
    helping: tuple[Assignment, ...] = ()
    minutes: int = 0
    asked: tuple[int, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    soft: tuple[str, ...] = ()
    dropped: Mapping[int, int] = field(default_factory=dict)
    bare: tuple[int, ...] = ()


class EmptySeatCase:
    """The empty seats of a roster, who could take them if what were allowed, and what that comes to.

    `obligatory`: kinds of duty that should always have somebody; None where the demand may not be changed.
    """

    def __init__(
        self,
        rows: Rows,
        gaps: Sequence[EmptyShift],
        movable: LeaveDays = (),
        *,
        obligatory: Collection[str] | None = None,
    ) -> None:
        self.rows, self.problem, self.movable = rows, rows.problem, frozenset(movable)
        self.obligatory = obligatory
        self.gaps = [gap for gap in gaps if gap.missing > 0][:MOST_SHIFTS]
        self.missing = {gap.shift.id: gap.missing for gap in self.gaps}
        self._ways: dict[str, OpenedRule | None] = {}
        self._helpers = Helpers(rows)
        self._effort = Effort(rows, self._helpers)

    @cached_property
    def options(self) -> list[Option]:
        """Everybody who is on the list of the unit, and the nearest of those who are not."""
        found = list[Option]()
        for gap in self.gaps:
            found += [Option(gap.shift, staff_id, change) for staff_id, change in gap.taking.items()]
            found += [
                Option(gap.shift, staff_id, change) for staff_id, change in self._helpers.effects_on(gap.shift).items()
            ]
        return found

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The cause of most seats first."""
        by_rule: defaultdict[str, dict[int, int]] = defaultdict(dict)
        for gap in self.gaps:
            by_rule[_cause_of(gap)][gap.shift.id] = gap.missing
        found = [Cause(rule, seats, self._remedies(rule, seats)) for rule, seats in by_rule.items()]
        return tuple(sorted(found, key=lambda cause: (-cause.count, cause.rule)))

    @cached_property
    def remedies(self) -> dict[str, Remedy]:
        return {remedy.key: remedy for cause in self.causes for remedy in cause.remedies}

    def best(self) -> tuple[str, ...]:
        """Keys of the best remedy of each cause, as far as a button can apply it."""
        return tuple(cause.best.key for cause in self.causes if cause.best is not None)

    def together(self, keys: Collection[str]) -> JointRemedies:
        """Return what these remedies fill when all are allowed at once; unknown keys and those for people are left
        out."""
        chosen = [r for key, r in self.remedies.items() if key in set(keys) and r.can_be_applied]
        seats_of = {cause.rule: cause.seats for cause in self.causes}
        opened = {r.rule: r for r in chosen if r.kind in ("limit", "soft")}
        helped = {shift_id for r in chosen if r.kind == "help" for shift_id in seats_of[r.cause]}

        def allowed(option: Option) -> bool:
            return all(
                option.shift.id in helped if code in PLACES else self._is_open(option, code, opened.get(code))
                for code in option.change.codes
            )

        fills, _price = (
            fill(self.rows, self.options, self.missing, allowed, priced=self._effort.price) if chosen else ((), 0)
        )
        helping = tuple(seat for seat in fills if self._effort.is_stranger(seat))
        asked = {seat.staff_id for seat in fills if self._effort.overtime([seat])} | {seat.staff_id for seat in helping}
        limits = {r.rule: r.now for r in chosen if r.kind == "limit" and r.now is not None}
        soft = tuple(r.rule for r in chosen if r.kind == "soft")
        dropped = self._still_empty((shift_id for r in chosen for shift_id in r.dropped), fills)
        bare = tuple(s for r in chosen if r.kind == "bare" for s in r.dropped if dropped.get(s) == self._needed(s))
        return JointRemedies(
            fills, helping, self._effort.overtime(fills), tuple(sorted(asked)), limits, soft, dropped, bare
        )

    def _still_empty(self, shift_ids: Iterable[int], fills: Iterable[Assignment]) -> dict[int, int]:
        filled = Counter(seat.shift_id for seat in fills)
        return {s: left for s in shift_ids if (left := self.missing[s] - filled[s]) > 0}

    def _needed(self, shift_id: int) -> int:
        return self.problem.shift_of[shift_id].headcount

    def _is_open(self, option: Option, code: str, remedy: Remedy | None) -> bool:
        way = self._way(code)
        if remedy is None or way is None:
            return False
        return remedy.kind == "soft" or self._is_asked(replace(way, cap=remedy.now), option)

    def _remedies(self, cause: str, seats: Mapping[int, int]) -> tuple[Remedy, ...]:
        options = [option for option in self.options if option.shift.id in seats]
        codes = sorted({option.change.codes[0] for option in options if len(option.change.codes) == 1})
        found: list[Remedy | None] = [self._free(cause, options, seats)] if cause == FREE else []
        found += [self._remedy(cause, code, options, seats) for code in codes if code not in PLACES]
        found += [self._help(cause, options, seats), *self._less(cause, seats)]
        found.append(self._ground(cause, options, seats))
        told = [each for each in found if each is not None and (each.count or each.shifts)]
        return tuple(sorted(told, key=_most_first))

    def _free(self, cause: str, options: Sequence[Option], seats: Mapping[int, int]) -> Remedy:
        fills, _price = fill(
            self.rows, options, seats, lambda option: not option.change.codes, priced=self._effort.price
        )
        return Remedy("free", cause, "", fills, minutes=self._effort.overtime(fills), people=people_of(fills))

    def _remedy(self, cause: str, code: str, options: Sequence[Option], seats: Mapping[int, int]) -> Remedy | None:
        way = self._way(code)
        if way is None:
            return None
        numbers: list[int] = []

        def allowed(option: Option) -> bool:
            if option.change.codes != (code,) or not self._is_asked(way, option):
                return False
            numbers.extend(n for v in option.change.breaks if (n := reached(v)) is not None)
            return True

        fills, _price = fill(self.rows, options, seats, allowed, priced=self._effort.price)
        days = self._effort.days_of_leave(fills) if way.kind == "leave" else ()
        return Remedy(
            way.kind,
            cause,
            code,
            fills,
            way.was,
            way.step(numbers),
            way.law,
            self._effort.overtime(fills),
            days,
            people=people_of(fills),
        )

    def _ground(self, cause: str, options: Sequence[Option], seats: Mapping[int, int]) -> Remedy | None:
        """Shifts that are too long on site for anybody while no ground is stated; `fills`: who could come with one."""
        long = {shift_id for shift_id in seats if is_too_long(self.problem, self.problem.shift_of[shift_id])}
        if not long:
            return None

        def allowed(option: Option) -> bool:
            alone = (option.shift.id,)
            return option.shift.id in long and all(
                breach.rule in TOO_LONG and breach.shift_ids == alone for breach in option.change.breaks
            )

        fills, _price = fill(self.rows, options, seats, allowed, priced=self._effort.price)
        return Remedy(
            "ground",
            cause,
            min(TOO_LONG),
            fills,
            minutes=self._effort.overtime(fills),
            people=people_of(fills),
            shifts=tuple(shift_id for shift_id in seats if shift_id in long),
        )

    def _is_asked(self, way: OpenedRule, option: Option) -> bool:
        """People with a number of their own are not reached by the campaign's; sick leave is not asked to move."""
        if way.kind == "leave":
            return all((option.staff_id, day) in self.movable for day in away_days(option.shift, option.change))
        own = self.problem.person[option.staff_id].limits
        if way.kind == "limit" and any(key.split(":")[0] == way.rule for key in own):
            return False
        return all(way.allows(breach) for breach in option.change.breaks if breach.rule == way.rule)

    def _help(self, cause: str, options: Sequence[Option], seats: Mapping[int, int]) -> Remedy:
        fills, _price = fill(self.rows, options, seats, _is_help, priced=self._effort.price)
        return Remedy(
            "help",
            cause,
            "eligibility.unit",
            fills,
            minutes=self._effort.overtime(fills),
            steps=max(map(self._effort.steps, fills), default=0),
            people=people_of(fills),
        )

    def _less(self, cause: str, seats: Mapping[int, int]) -> tuple[Remedy, ...]:
        """Asking less of these shifts; those of an obligatory kind where nobody would be left apart from the others."""
        if self.obligatory is None or cause == FREE:
            return ()
        bare = {s: n for s, n in seats.items() if self._is_obligatory(s) and n == self._needed(s)}
        rest = {shift_id: n for shift_id, n in seats.items() if shift_id not in bare}
        return Remedy("less", cause, dropped=rest), Remedy("bare", cause, dropped=bare)

    def _is_obligatory(self, shift_id: int) -> bool:
        return self.problem.shift_of[shift_id].duty in (self.obligatory or ())

    def _way(self, code: str) -> OpenedRule | None:
        if code not in self._ways:
            self._ways[code] = way_of(self.problem, code)
        return self._ways[code]


def _cause_of(gap: EmptyShift) -> str:
    """The rule that alone keeps most people away; where every one has several reasons, the commonest of all."""
    if gap.free:
        return FREE
    alone = Counter(change.codes[0] for change in gap.taking.values() if len(change.codes) == 1)
    anyhow = Counter(code for change in gap.taking.values() for code in change.codes)
    found = alone or anyhow
    return min(found, key=lambda code: (-found[code], code == LEAVE, code)) if found else NOBODY


def _is_help(option: Option) -> bool:
    return bool(option.change.codes) and PLACES.issuperset(option.change.codes)


def _most_first(remedy: Remedy) -> tuple[bool, bool, int, int, int, str]:
    """Return what fills as many: rather a higher limit at home than a journey, and rather that than a rule less.

    What fills nothing and only asks less comes after all that a button can do, what people must do last; but a ground
    that is missing comes first where it lets somebody come, because without it nobody may be on so long a shift at all.
    """
    rank = _KINDS.index(remedy.kind)
    is_lacking_ground = remedy.kind == "ground" and bool(remedy.fills)
    return not is_lacking_ground, not remedy.can_be_applied, -len(remedy.fills), rank, remedy.minutes, remedy.rule
