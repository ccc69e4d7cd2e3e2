"""Empty seats by cause as plain facts for the API: the numbers of the page, by codes of people and units."""

from __future__ import annotations

from typing import Any

from planning.explain.causes import Cause, EmptySeatCase, JointRemedies
from planning.explain.remedies import Remedy
from roster.words import causes as words
from roster.words.names import RosterNames


def by_cause(case: EmptySeatCase | None, names: RosterNames) -> dict[str, Any]:
    """``causes``, and what the proposed remedies come to ``together``."""
    keys = case.best() if case is not None else ()
    taken = case.together(keys) if case is not None else JointRemedies()
    total = sum(cause.count for cause in case.causes) if case is not None else 0
    return {
        "causes": [_cause(each, case, names) for each in case.causes] if case is not None else [],
        "together": {
            "remedies": list(keys),
            "fills": len(taken.fills),
            "lent": len(taken.helping),
            "less": sum(taken.dropped.values()),
            "bare": len(taken.bare),
            "overtime_minutes": taken.minutes,
            "asked": [names.people[each][0] for each in taken.asked],
            "text": words.sum_of(taken, total),
        },
    }


def _cause(each: Cause, case: EmptySeatCase, names: RosterNames) -> dict[str, Any]:
    shift_of = case.problem.shift_of
    return {
        "cause": each.rule,
        "count": each.count,
        "units": sorted({shift_of[shift_id].unit for shift_id in each.seats}),
        "seats": [{"shift": shift_id, "missing": number} for shift_id, number in each.seats.items()],
        "best": each.best.key if each.best is not None else None,
        "remedies": [_remedy(remedy, case, names) for remedy in each.remedies],
        "text": words.cause_title(each),
    }


def _remedy(each: Remedy, case: EmptySeatCase, names: RosterNames) -> dict[str, Any]:
    shift_of = case.problem.shift_of
    return {
        "key": each.key,
        "kind": each.kind,
        "rule": each.rule or None,
        "applies": each.can_be_applied,
        "fills": each.count,
        "was": each.was,
        "now": each.now,
        "law": each.law,
        "overtime_minutes": each.minutes,
        "people": [names.people[person][0] for person in each.people],
        "seats": [{"shift": seat.shift_id, "person": names.people[seat.staff_id][0]} for seat in each.fills],
        "less": [
            {"shift": shift_id, "seats": number, "bare": shift_of[shift_id].headcount == number}
            for shift_id, number in each.dropped.items()
        ],
        "shifts": list(each.shifts),
        "text": words.remedy_title(each, case.problem, names),
    }
