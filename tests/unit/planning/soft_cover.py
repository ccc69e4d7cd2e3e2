"""Small problems with soft cover drawn from a seed, and the best of each by trying every roster."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

from planning.problem import Assignment, Problem, Shift, Wanted
from planning.rules import RULE_OF, RULES
from planning.score.check import check
from planning.score.score import Score, score_of
from planning.settings import Setting
from tests.unit.planning.brute import rosters
from tests.unit.planning.tiny import person, shift

LAW = {"hours", "rest", "runs", "nights", "overlap"}
NO_LAW = {
    rule.code: Setting(on=False) for rule in RULES if rule.code.split(".")[0] in LAW and not RULE_OF[rule.code].locked
}
CROWD = 44  # more who can take nothing: with them nobody puts the whole to one programme first


def soft_cover(seed: int) -> Problem:
    """Two or three people, one to three shifts, most of them with a wish for more or fewer people than can be had.

    One in two has the rules of labour law switched off; one in two needs seats filled as well.
    """
    rng = random.Random(seed)
    people, has_seats = rng.randint(2, 3), rng.random() < 0.5
    return Problem(
        tuple(_shift(rng, number, people, has_seats=has_seats) for number in range(1, rng.randint(1, 3) + 1)),
        tuple(person(number, history_points=rng.randint(0, 20) * 100) for number in range(1, people + 1)),
        settings=NO_LAW if rng.random() < 0.5 else {},
    )


def crowded(problem: Problem) -> Problem:
    """The same beside a crowd of people who have another duty."""
    crowd = (person(100 + number, duties=frozenset({"support"})) for number in range(CROWD))
    return replace(problem, staff=(*problem.staff, *crowd))


def _shift(rng: random.Random, number: int, people: int, *, has_seats: bool) -> Shift:
    under, over = rng.choice((1_00, 3_00, 5_00, 70_00)), rng.choice((0, 1_00, 3_00))
    return shift(
        number,
        rng.randint(0, 4),
        rng.choice((7, 15, 22)),
        rng.choice((8, 12)),
        headcount=rng.randint(0, 1) if has_seats else 0,
        points=rng.randint(0, 10) * 100,
        wanted=Wanted(rng.randint(0, people), under, over) if rng.random() < 0.8 else None,
    )


def best_of_all(problem: Problem) -> Score:
    """Of the rosters that break nothing; some roster always does."""
    return min(each for each in every_score(problem) if not each.broken)


def every_score(problem: Problem) -> Iterator[Score]:
    """Of each roster with no more people on a shift than it has seats or wishes for."""
    return (judged(problem, roster) for roster in rosters(problem, problem.shifts))


def judged(problem: Problem, roster: Iterable[Assignment]) -> Score:
    """What the checker says of a roster."""
    return score_of(check(problem, roster))
