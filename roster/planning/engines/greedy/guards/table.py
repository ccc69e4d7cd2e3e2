"""Every rule that the search itself respects or prices, by code; bars (`engines.bars`) say the rest."""

from __future__ import annotations

from roster.planning.engines.greedy.guards import counts, hours, pairs, rest, runs, seats, single
from roster.planning.engines.greedy.guards.base import Guard

GUARDS: dict[str, Guard] = {
    # Said by the search itself, which asks only whether they are here: seats to fill, pins that stay, loads.
    "coverage.headcount": Guard(),
    "pins.kept": Guard(),
    "fairness.load": Guard(),
    "coverage.skills": Guard(seats=(seats.Skills,)),
    "coverage.wanted": Guard(seats=(seats.WantedNumber,)),
    "eligibility.unit": Guard(fees=single.help_across_units),
    "eligibility.place": Guard(fees=single.away_from_home),
    "overlap.shifts": Guard(conflicts=pairs.overlapping),
    "rest.between_shifts": Guard(conflicts=pairs.too_close, fees=pairs.too_close_to_duty_elsewhere),
    "rest.weekly": Guard(rows=(rest.WeeklyRest,)),
    "work.ordinary": Guard(rows=(rest.OrdinaryWork,)),
    "hours.day": Guard(rows=(hours.DayHours,)),
    "hours.week": Guard(rows=(hours.WeekHours,)),
    "hours.month": Guard(rows=(hours.MonthHours,)),
    "hours.year": Guard(rows=(hours.YearHours,)),
    "hours.total": Guard(rows=(hours.MostMinutes, hours.LeastMinutes)),
    "runs.max_days": Guard(rows=(runs.DaysInARow,)),
    "runs.min_days": Guard(rows=(runs.ShortRuns,)),
    "runs.min_off": Guard(rows=(runs.ShortPauses,)),
    "runs.isolated": Guard(rows=(runs.Isolated,)),
    "weekends.most": Guard(rows=(runs.Weekends,)),
    "nights.in_a_row": Guard(rows=(runs.NightsInARow,)),
    "nights.most": Guard(rows=(counts.Nights,)),
    "limits.max_shifts": Guard(rows=(counts.MostShifts,)),
    "limits.min_shifts": Guard(rows=(counts.LeastShifts,)),
    "limits.per_day": Guard(rows=(counts.PerDay,)),
    "limits.template": Guard(rows=(counts.OfTemplate,)),
    "sequence.templates": Guard(conflicts=pairs.forbidden_sequences),
    "pairs.together": Guard(seats=(seats.Together,)),
    "pairs.apart": Guard(seats=(seats.Apart,)),
    "peaks.second": Guard(rows=(counts.SecondPeak,)),
    "peaks.repeat": Guard(fees=single.same_peak_again),
    "wishes.off": Guard(fees=single.wished_off),
    "wishes.on": Guard(rows=(single.WishedOn,)),
    "continuity.template": Guard(rows=(counts.OtherTemplate,)),
    "change.least": Guard(rows=(counts.Changed,)),
}
