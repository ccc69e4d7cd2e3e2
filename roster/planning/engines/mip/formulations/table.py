"""One formulation per rule: take one away, and the engine falls for what it forbids."""

from __future__ import annotations

from roster.planning.engines.mip.formulations import (
    counts,
    cover,
    duties,
    hours,
    overtime,
    preferences,
    rest,
    runs,
)
from roster.planning.engines.mip.formulations.base import Formulator

# Those with none of their own are said by columns: a pinned pair's is 1 from the start, and what one shift decides
# leaves a pair out or has a fee for it (`candidates.single_shift`).
FORMULATIONS: dict[str, Formulator] = {
    "coverage.headcount": Formulator(shift=cover.headcount),
    "coverage.skills": Formulator(shift=cover.skills),
    "coverage.wanted": Formulator(shift=cover.wanted),
    "eligibility.duty": Formulator(),
    "eligibility.unit": Formulator(),
    "eligibility.place": Formulator(),
    "absence.away": Formulator(),
    "protected.no_night": Formulator(),
    "protected.no_overtime": Formulator(person=overtime.none_at_all),
    "pins.kept": Formulator(),
    "overlap.shifts": Formulator(person=rest.overlap),
    "rest.between_shifts": Formulator(person=rest.between_shifts),
    "work.ordinary": Formulator(person=rest.ordinary_work),
    "rest.weekly": Formulator(person=rest.weekly),
    "hours.continuous": Formulator(person=duties.continuous),
    "hours.rolling": Formulator(person=duties.rolling),
    "hours.day": Formulator(person=hours.day),
    "hours.week": Formulator(person=hours.week),
    "hours.month": Formulator(person=overtime.month),
    "hours.year": Formulator(person=overtime.year),
    "hours.total": Formulator(person=hours.total),
    "runs.max_days": Formulator(person=runs.max_days),
    "runs.min_days": Formulator(person=runs.min_days),
    "runs.min_off": Formulator(person=runs.min_off),
    "runs.isolated": Formulator(person=runs.isolated),
    "weekends.most": Formulator(person=counts.weekends),
    "nights.in_a_row": Formulator(person=counts.nights_in_a_row),
    "nights.most": Formulator(person=counts.nights),
    "limits.max_shifts": Formulator(person=counts.max_shifts),
    "limits.min_shifts": Formulator(person=counts.min_shifts),
    "limits.per_day": Formulator(person=counts.per_day),
    "limits.template": Formulator(person=counts.template),
    "sequence.templates": Formulator(person=counts.sequences),
    "pairs.together": Formulator(shift=cover.together),
    "pairs.apart": Formulator(shift=cover.apart),
    "fairness.load": Formulator(person=preferences.fairness),
    "peaks.second": Formulator(person=preferences.second_peak),
    "peaks.repeat": Formulator(),
    "rest.standby": Formulator(person=rest.standby),
    "wishes.off": Formulator(),
    "wishes.on": Formulator(person=preferences.wish_on),
    "continuity.template": Formulator(person=preferences.continuity),
    "change.least": Formulator(person=preferences.least_change),
}
