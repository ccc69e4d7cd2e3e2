"""Small random problems of one shift a day with soft cover, rules about sequences and totals, drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import numpy as np

from benchmarks.roster.column_generation.model import Limits, PathModel
from planning.problem import Absence, Assignment, Problem, Shift, Staff, Wanted, Wish
from planning.score.check import check
from planning.settings import Setting

OFF, ON = Setting(on=False), Setting(on=True, hard=True)
DEAF = (
    "hours.continuous",
    "hours.rolling",
    "hours.day",
    "hours.week",
    "hours.month",
    "hours.year",
    "rest.weekly",
    "nights.in_a_row",
    "work.ordinary",
    "rest.between_shifts",
)
HEARD = ("runs.max_days", "runs.min_days", "runs.min_off", "weekends.most")
NAMES = ("A", "B", "C")


def path_problem(seed: int, *, people: int = 2, days: int = 5, kinds: int = 2) -> Problem:
    """Rules that bind often; the plan starts on any day of the week. Some people may have no legal row."""
    rng = random.Random(seed)
    first = date(2027, 2, 1) + timedelta(days=rng.randrange(7))
    lengths = [rng.choice((360, 480, 600)) for _ in range(kinds)]
    pairs = tuple((a, b) for a in NAMES[:kinds] for b in NAMES[:kinds] if a > b and rng.random() < 0.7)
    settings = dict.fromkeys(DEAF, OFF) | dict.fromkeys(HEARD, ON) | {"sequence.templates": Setting(pairs=pairs)}
    return Problem(
        shifts=tuple(_shifts(rng, first, days, lengths)),
        staff=tuple(_person(rng, number, days, kinds) for number in range(1, people + 1)),
        absences=tuple(_absences(rng, first, days, people)),
        wishes=tuple(
            Wish(p, first + timedelta(days=rng.randrange(days)), rng.choice((None, *NAMES[:kinds])), want, 2)
            for p in range(1, people + 1)
            for want in ("on", "off")
        ),
        settings=settings,
    )


def _shifts(rng: random.Random, first: date, days: int, lengths: list[int]) -> Iterator[Shift]:
    for number, (day, kind) in enumerate(product(range(days), range(len(lengths))), start=1):
        start = datetime.combine(first + timedelta(days=day), time(1), UTC)
        cover = Wanted(rng.randrange(3), rng.choice((0, 10_00, 40_00)), rng.choice((0, 1_00, 15_00)))
        yield Shift(
            id=number,
            duty="L",
            unit="U",
            start=start,
            end=start + timedelta(minutes=lengths[kind]),
            form="onsite",
            headcount=0,
            points=0,
            night=False,
            peak=frozenset(),
            local_date=first + timedelta(days=day),
            template=NAMES[kind],
            wanted=cover,
        )


def _person(rng: random.Random, number: int, days: int, kinds: int) -> Staff:
    least = rng.choice((0, 480, 960))
    limits = {
        "hours.total:least": least,
        "hours.total:most": least + rng.choice((480, 1200, 2400)),
        "runs.max_days:most": rng.randint(1, 4),
        "runs.min_days:least": rng.randint(1, 2),
        "runs.min_off:least": rng.randint(1, 3),
        "weekends.most:most": rng.randint(0, 1 + days // 7),
    }
    for name in NAMES[:kinds]:
        if rng.random() < 0.5:
            limits[f"limits.template:{name}"] = rng.randrange(4)
    return Staff(number, f"P{number}", f"P{number}", frozenset("L"), frozenset("U"), unit="U", limits=limits)


def _absences(rng: random.Random, first: date, days: int, people: int) -> Iterator[Absence]:
    for person in range(1, people + 1):
        if rng.random() < 0.4:
            start = datetime.combine(first + timedelta(days=rng.randrange(days)), time(), UTC) - timedelta(hours=7)
            yield Absence(person, start, start + timedelta(days=1))


def all_paths(days: int, kinds: int) -> Iterator[np.ndarray]:
    for path in product(range(kinds + 1), repeat=days):
        yield np.array(path)


def as_assignments(model: PathModel, person: int, path: np.ndarray) -> list[Assignment]:
    worked = np.flatnonzero(path < model.kinds).tolist()
    return [Assignment(int(model.shift_ids[day, path[day]]), model.staff_ids[person]) for day in worked]


def legal_paths(problem: Problem, model: PathModel, person: int) -> list[np.ndarray]:
    """By the checker alone, on a problem of that person only."""
    alone = replace(
        problem,
        staff=(problem.staff[person],),
        wishes=(),
        absences=tuple(a for a in problem.absences if a.staff_id == model.staff_ids[person]),
    )
    paths = all_paths(model.days, model.kinds)
    return [p for p in paths if not any(v.hard for v in check(alone, as_assignments(model, person, p)))]


def random_model(seed: int, *, people: int = 3, days: int = 7, kinds: int = 2) -> PathModel:
    """Straight from numbers, with limits that may be missing."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 9, (people, days, kinds + 1)).astype(float)
    cost[rng.random(cost.shape) < 0.1] = np.inf
    cost[:, :, kinds] = rng.integers(0, 9, (people, days))
    weekday = (np.arange(days) + rng.integers(7)) % 7
    minutes = rng.choice([300, 450, 600], kinds)
    least = int(rng.integers(0, 3)) * 450
    limits = Limits(
        longest=None if rng.random() < 0.3 else int(rng.integers(1, 5)),
        shortest=int(rng.integers(1, 4)),
        least_off=int(rng.integers(1, 4)),
        weekends=None if rng.random() < 0.3 else int(rng.integers(0, 2)),
        least=least,
        most=least + int(rng.integers(1, 6)) * 450,
    )
    tables = np.zeros((3, days, kinds))
    return PathModel(
        minutes=minutes,
        follows=rng.random((kinds, kinds)) < 0.7,
        weekend_start=(weekday == 5) | ((weekday == 6) & (np.arange(days) == 0)),
        weekend_end=(weekday == 6) & (np.arange(days) > 0),
        cost=cost,
        caps=rng.integers(0, 5, (people, kinds)),
        limits=[limits] * people,
        wanted=tables[0],
        under=tables[1],
        over=tables[2],
        shift_ids=np.arange(days * kinds).reshape(days, kinds),
        staff_ids=tuple(range(people)),
    )
