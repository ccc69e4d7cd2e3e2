"""What one seat costs one person: help from another unit, another place, a wish, a peak stood last year."""

from __future__ import annotations

from collections.abc import Iterator

from roster.planning.engines.candidates.candidates import repeats
from roster.planning.engines.local_search.guards.base import RowGuard
from roster.planning.engines.local_search.indexed_problem import Frame
from roster.planning.engines.local_search.row import Row
from roster.planning.problem import Wish
from roster.planning.rules.base import Rule


def help_across_units(frame: Frame, rule: Rule) -> Iterator[tuple[int, int, int]]:
    for number, shift in enumerate(frame.shifts):
        for person in frame.can[number]:
            if shift.unit not in frame.people[person].eligible_units:
                yield person, number, 1


def away_from_home(frame: Frame, rule: Rule) -> Iterator[tuple[int, int, int]]:
    for number, shift in enumerate(frame.shifts):
        for person in frame.can[number] if shift.form == "onsite" else ():
            if shift.unit != frame.people[person].unit:
                yield person, number, 1


def same_peak_again(frame: Frame, rule: Rule) -> Iterator[tuple[int, int, int]]:
    for number, shift in enumerate(frame.shifts):
        for person in frame.can[number] if shift.peak else ():
            if again := repeats(frame.people[person], shift):
                yield person, number, again


def wished_off(frame: Frame, rule: Rule) -> Iterator[tuple[int, int, int]]:
    for wish in frame.problem.wishes:
        if wish.want == "off":
            for number in asked(frame, wish):
                yield frame.person_of[wish.staff_id], number, wish.weight


def asked(frame: Frame, wish: Wish) -> list[int]:
    """The shifts that a wish is about and that the person may take."""
    served = frame.served[frame.person_of[wish.staff_id]]
    day = wish.local_date.toordinal() - frame.first_day
    return [n for n in served if frame.day[n] == day and wish.template in (None, frame.shifts[n].template)]


class WishedOn(RowGuard):
    """Wishes that some shift could grant and none of the row does; those that none can grant change nothing."""

    def prepare(self) -> None:
        frame = self.frame
        self.wishes: list[list[tuple[frozenset[int], int]]] = [[] for _ in frame.people]
        for wish in frame.problem.wishes:
            if wish.want == "on" and (about := asked(frame, wish)):
                self.wishes[frame.person_of[wish.staff_id]].append((frozenset(about), wish.weight))

    def concerns(self, person: int) -> bool:
        return bool(self.wishes[person])

    def amount(self, row: Row) -> int:
        return sum(weight for about, weight in self.wishes[row.person] if about.isdisjoint(row.shifts))
