"""What several rules ask of the days of one person."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from planning.engines.mip.builder import Builder
from planning.problem import Shift, Staff


def windowed(
    builder: Builder,
    person: Staff,
    code: str,
    worked: dict[date, list[tuple[int, int]]],
    *,
    most: int,
    nights: bool = True,
) -> None:
    pinned = {s.local_date for s in builder.own[person.id] if _counts(builder, person, s, nights=nights)}
    for at in range(len(builder.dates) - most):
        window = builder.dates[at : at + most + 1]
        if all(worked.get(on) for on in window):
            terms = [term for on in window for term in worked[on]]
            builder.at_most(code, terms, most, staff_id=person.id, excuse=sum(on in pinned for on in window))


def _counts(builder: Builder, person: Staff, shift: Shift, *, nights: bool) -> bool:
    return (shift.id, person.id) in builder.pins and shift.form == "onsite" and (shift.night or not nights)


def by_date(builder: Builder, person: Staff) -> dict[date, list[Shift]]:
    """The person's shifts of any form by local date."""
    found: defaultdict[date, list[Shift]] = defaultdict(list)
    for shift in builder.own[person.id]:
        found[shift.local_date].append(shift)
    return found
