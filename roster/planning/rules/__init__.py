"""The rules, in the order in which managers read them: first what must never break, then what is weighed."""

from __future__ import annotations

from roster.planning.rules.absence import ABSENCE
from roster.planning.rules.base import Rule
from roster.planning.rules.coverage import HEADCOUNT
from roster.planning.rules.eligibility_duty import ELIGIBLE_DUTY
from roster.planning.rules.eligibility_unit import ELIGIBLE_UNIT
from roster.planning.rules.fairness import FAIRNESS
from roster.planning.rules.limits import MAX_SHIFTS
from roster.planning.rules.overlap import OVERLAP
from roster.planning.rules.peaks import REPEAT_PEAK, SECOND_PEAK
from roster.planning.rules.pins import PINS
from roster.planning.rules.protected import NO_NIGHT
from roster.planning.rules.rest import REST
from roster.planning.rules.wishes import WISH_OFF, WISH_ON

RULES: tuple[Rule, ...] = (
    HEADCOUNT,
    ELIGIBLE_DUTY,
    ELIGIBLE_UNIT,
    ABSENCE,
    NO_NIGHT,
    OVERLAP,
    REST,
    MAX_SHIFTS,
    PINS,
    FAIRNESS,
    SECOND_PEAK,
    REPEAT_PEAK,
    WISH_OFF,
    WISH_ON,
)
