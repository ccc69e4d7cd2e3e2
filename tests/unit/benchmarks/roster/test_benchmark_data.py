"""The benchmark's own tools: made rosters are what was committed, published files are read as they are meant."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from benchmarks.roster import curtois, tet
from benchmarks.roster.rotations import ROTATIONS
from planning.codec import from_json
from planning.problem import Assignment
from planning.score.check import check, cost_of

SMALL = """# made up for this test
SECTION_HORIZON
7

SECTION_SHIFTS
E,480,
L,600,E

SECTION_STAFF
A,E=7|L=7,3000,480,3,2,2,1
B,E=7|L=0,3000,0,5,1,1,1

SECTION_DAYS_OFF
A,0

SECTION_SHIFT_ON_REQUESTS
A,1,E,3

SECTION_SHIFT_OFF_REQUESTS
B,2,E,5

SECTION_COVER
1,E,1,100,1
2,E,1,100,7
3,L,1,40,1
"""


@pytest.mark.parametrize(("staff", "days", "seed"), [(20, 30, 1), (30, 21, 2), (60, 30, 3)])
def test_a_seed_still_makes_the_committed_instance(staff: int, days: int, seed: int) -> None:
    committed = lzma.decompress(tet.path_of(staff, days, seed).read_bytes()).decode()
    assert from_json(committed) == tet.generate(staff, days, seed)


def test_every_size_and_seed_is_committed() -> None:
    expected = {tet.path_of(staff, days, seed) for staff, days, _ in tet.COMMITTED for seed in range(1, 6)}
    assert set(tet.INSTANCES.iterdir()) == expected


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "Instance.txt"
    path.write_text(SMALL, encoding="utf-8")
    return path


def priced(path: Path, *rows: str) -> tuple[int, list[str]]:
    """Cost and broken hard rules of a roster written as one string a person: "-EE----"."""
    problem = curtois.read_problem(path)
    shift_of = {(shift.local_date, shift.template): shift.id for shift in problem.shifts}
    roster = [
        Assignment(shift_of[day, name], person.id)
        for person, row in zip(problem.staff, rows, strict=True)
        for day, name in zip(problem.dates, row, strict=True)
        if name != "-"
    ]
    found = check(problem, roster)
    return cost_of(found), sorted({violation.rule for violation in found if violation.hard})


def test_costs_are_those_of_the_publication(instance: Path) -> None:
    # Nothing worked: 100 + 100 + 40 uncovered, A's wish of 3 unheard; but A must work at least 480 minutes.
    assert priced(instance, "-------", "-------") == (243, ["hours.total"])
    # A works E, E: both covers met, the wish heard; B is idle; L stays uncovered.
    assert priced(instance, "-EE----", "-------") == (40, [])
    # B's refused day costs 5 and, with A there too, one too many costs 7.
    assert priced(instance, "-EE----", "--E----") == (40 + 5 + 7, [])


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("EE-----", "absence.away"),  # day 0 is off
        ("-LE----", "sequence.templates"),  # E may not follow L
        ("-EEEE--", "runs.max_days"),
        ("--E----", "runs.min_days"),
        ("--EE-EE", "runs.min_off"),
        ("-LLLLLL", "hours.total"),  # 3600 minutes of 3000
    ],
)
def test_hard_rules_are_those_of_the_publication(instance: Path, row: str, rule: str) -> None:
    assert rule in priced(instance, row, "-------")[1]


def test_a_type_that_a_person_may_not_work_and_the_weekend_limit(instance: Path) -> None:
    assert "limits.template" in priced(instance, "-EE----", "---L---")[1]
    assert priced(instance, "-EE----", "-----EE")[1] == []


def test_the_answer_lists_every_day_of_every_person(instance: Path) -> None:
    found = curtois.run(instance, seconds=3, seed=1)
    assert set(found) == {"cost", "bound", "status", "seconds", "engine", "roster"}
    assert {code: len(row) for code, row in found["roster"].items()} == {"A": 7, "B": 7}
    assert found["status"] != "unlawful" and found["bound"] <= found["cost"] <= 40
    rows = ["".join(name or "-" for name in found["roster"][code]) for code in "AB"]
    assert priced(instance, *rows) == (found["cost"], [])


def test_rotations_know_no_rules_and_it_shows() -> None:
    problem = tet.generate(30, 21, 1)
    broken = {name: {v.rule for v in check(problem, rotate(problem)) if v.hard} for name, rotate in ROTATIONS.items()}
    assert "absence.away" in broken["blind"]
    assert all("absence.away" not in broken[name] for name in ("skipping", "longest_off"))
    assert all("rest.between_shifts" in rules for rules in broken.values())
