"""One formulation per rule: take one away, and the engine falls for what it forbids."""

from __future__ import annotations

from roster.planning.engines.highs.formulations import cover, duties, hours, limits, overtime, rest, runs, soft, who
from roster.planning.engines.highs.formulations.base import Formulator

# pins.kept has none of its own: a pinned pair's column is 1 from the start.
FORMULATIONS: dict[str, Formulator] = {
    "coverage.headcount": Formulator(shift=cover.headcount),
    "coverage.skills": Formulator(shift=cover.skills),
    "coverage.wanted": Formulator(shift=cover.wanted),
    "eligibility.duty": Formulator(lone=who.other_duty),
    "eligibility.unit": Formulator(lone=who.other_unit),
    "eligibility.place": Formulator(lone=who.other_place),
    "absence.away": Formulator(lone=who.on_leave),
    "protected.no_night": Formulator(lone=who.protected_night),
    "protected.no_overtime": Formulator(lone=who.protected_overtime, person=overtime.none_at_all),
    "pins.kept": Formulator(),
    "overlap.shifts": Formulator(lone=who.busy_elsewhere, person=rest.overlap),
    "rest.between_shifts": Formulator(lone=who.short_rest_elsewhere, person=rest.between_shifts),
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
    "weekends.most": Formulator(person=limits.weekends),
    "nights.in_a_row": Formulator(person=limits.nights_in_a_row),
    "nights.most": Formulator(person=limits.nights),
    "limits.max_shifts": Formulator(person=limits.max_shifts),
    "limits.min_shifts": Formulator(person=limits.min_shifts),
    "limits.per_day": Formulator(person=limits.per_day),
    "limits.template": Formulator(person=limits.template),
    "sequence.templates": Formulator(person=limits.sequences),
    "pairs.together": Formulator(shift=cover.together),
    "pairs.apart": Formulator(shift=cover.apart),
    "fairness.load": Formulator(person=soft.fairness),
    "peaks.second": Formulator(person=soft.second_peak),
    "peaks.repeat": Formulator(lone=soft.repeated_peak),
    "rest.standby": Formulator(person=rest.standby),
    "wishes.off": Formulator(lone=soft.wish_off),
    "wishes.on": Formulator(person=soft.wish_on),
    "continuity.template": Formulator(person=soft.continuity),
    "change.least": Formulator(person=soft.least_change),
}
