"""Whom and what a breach names: the person, the shifts, and the numbers that its sentence is made of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.planning.rule_cases import CASES, Case, breaches, with_setting

NAMED: dict[str, list[tuple[int | None, tuple[int, ...], dict[str, Any], int]]] = {
    "coverage.headcount": [
        (None, (1,), {"required": 2, "present": 1, "missing": 1}, 1),
    ],
    "coverage.skills": [
        (None, (1,), {"skill": "xe", "required": 1, "present": 0}, 1),
    ],
    "coverage.wanted": [
        (None, (1,), {"wanted": 2, "present": 1}, 1),
    ],
    "eligibility.duty": [
        (1, (1,), {"duty": "operations"}, 1),
    ],
    "eligibility.unit": [
        (1, (1,), {"unit": "U"}, 1),
    ],
    "eligibility.place": [
        (1, (1,), {"unit": "U"}, 1),
    ],
    "absence.away": [
        (1, (1,), {"away_start": "2027-01-31T17:00:00+00:00", "away_end": "2027-02-01T17:00:00+00:00"}, 1),
    ],
    "protected.no_night": [
        (1, (1,), {}, 1),
    ],
    "protected.no_overtime": [
        (1, (1,), {"minutes": 60, "date": "2027-02-01"}, 60),
    ],
    "pins.kept": [
        (1, (1,), {}, 1),
    ],
    "overlap.shifts": [
        (1, (1, 2), {}, 1),
    ],
    "rest.between_shifts": [
        (1, (1, 2), {"gap_minutes": 660, "required_minutes": 720}, 1),
    ],
    "work.ordinary": [
        (1, (1,), {"date": "2027-02-01", "gap_minutes": 360, "required_minutes": 720}, 1),
    ],
    "rest.weekly": [
        (1, (1, 2, 3, 4, 5, 6, 7), {"week": "2027-02-01", "longest_minutes": 960, "required_minutes": 1440}, 1),
    ],
    "hours.continuous": [
        (1, (1,), {"date": "2027-02-01", "minutes": 780, "limit": 720}, 1),
    ],
    "hours.rolling": [
        (1, (1, 2), {"date": "2027-02-01", "start": 720, "minutes": 780, "limit": 720}, 60),
    ],
    "hours.day": [
        (1, (1,), {"date": "2027-02-01", "minutes": 780, "limit": 720}, 60),
    ],
    "hours.week": [
        (1, (1, 2, 3, 4, 5, 6), {"from": "2027-02-01", "to": "2027-02-07", "minutes": 4320, "limit": 3600}, 720),
    ],
    "hours.month": [
        (1, (1, 2, 3, 4, 5, 6), {"month": "2027-02", "minutes": 2880, "limit": 2400, "before": 0}, 480),
    ],
    "hours.year": [
        (1, (1,), {"year": 2027, "minutes": 12380, "limit": 12000, "before": 11900}, 380),
    ],
    "hours.total": [
        (1, (1, 2), {"most": 480, "minutes": 960}, 480),
    ],
    "runs.max_days": [
        (1, (1, 2, 3, 4, 5, 6, 7), {"from": "2027-02-01", "to": "2027-02-07", "count": 7, "limit": 6}, 1),
    ],
    "runs.min_days": [
        (1, (1,), {"from": "2027-02-04", "to": "2027-02-04", "count": 1, "least": 2}, 1),
    ],
    "runs.min_off": [
        (1, (1, 2), {"from": "2027-02-03", "to": "2027-02-03", "count": 1, "least": 2}, 1),
    ],
    "weekends.most": [
        (1, (1, 2, 3, 4), {"count": 3, "limit": 2}, 1),
    ],
    "nights.in_a_row": [
        (1, (1, 2, 3, 4), {"from": "2027-02-01", "to": "2027-02-04", "count": 4, "limit": 3}, 1),
    ],
    "nights.most": [
        (1, (1, 2, 3, 4, 5, 6, 7, 8, 9), {"count": 9, "limit": 8}, 1),
    ],
    "limits.max_shifts": [
        (1, (1, 2), {"limit": 1, "count": 2}, 1),
    ],
    "limits.min_shifts": [
        (1, (1,), {"least": 2, "count": 1}, 1),
    ],
    "limits.per_day": [
        (1, (1, 2), {"date": "2027-02-01", "count": 2, "limit": 1}, 1),
    ],
    "limits.template": [
        (1, (1, 2), {"template": "Ngày", "count": 2, "limit": 1}, 1),
    ],
    "sequence.templates": [
        (1, (1, 2), {}, 1),
    ],
    "pairs.together": [
        (1, (1,), {"other": 2}, 1),
    ],
    "pairs.apart": [
        (1, (1,), {"other": 2}, 1),
    ],
    "peaks.second": [
        (1, (1, 2), {"count": 2}, 1),
    ],
    "peaks.repeat": [
        (1, (1,), {"peak": "giao_thua"}, 1),
    ],
    "rest.standby": [
        (1, (1, 2), {"gap_minutes": 0}, 1),
    ],
    "wishes.off": [
        (1, (1,), {"date": "2027-02-01", "weight": 2}, 2),
    ],
    "wishes.on": [
        (1, (1,), {"date": "2027-02-01", "weight": 3}, 3),
    ],
    "runs.isolated": [
        (1, (1,), {"date": "2027-02-04"}, 1),
    ],
    "continuity.template": [
        (1, (1, 2), {"date": "2027-02-02"}, 1),
    ],
    "change.least": [
        (1, (1,), {"gained": 0, "lost": 1}, 1),
        (2, (1,), {"gained": 1, "lost": 0}, 1),
    ],
    "fairness.load": [
        (1, (), {"load": 2500, "plan": 1500, "history": 1000}, 2000),
    ],
}
"""Of each case's bad roster: who, on which shifts, with which numbers, and by how much."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_breach_names_the_person_the_shifts_and_the_numbers(case: Case) -> None:
    found = breaches(with_setting(case.problem, case.code, on=True), case.bad, case.code)
    assert [(v.staff_id, v.shift_ids, v.params, v.amount) for v in found] == NAMED[case.code]
