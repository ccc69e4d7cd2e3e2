"""A second peak shift; one stood at the last Tết is said by `candidates.single_shift`."""

from __future__ import annotations

from planning.engines.mip.builder import Builder
from planning.problem import Staff


def second_peak(builder: Builder, person: Staff) -> None:
    peaks = [shift for shift in builder.own[person.id] if shift.peak]
    builder.at_most("peaks.second", builder.terms(person, peaks), 1, staff_id=person.id)
