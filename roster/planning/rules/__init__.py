"""The rules, in the order in which managers read them: first what must never break, then what is weighed."""

from __future__ import annotations

from roster.planning.rules.base import Rule
from roster.planning.rules.change import LEAST_CHANGE
from roster.planning.rules.cover.headcount import HEADCOUNT
from roster.planning.rules.cover.skills import SKILLS
from roster.planning.rules.cover.wanted import WANTED
from roster.planning.rules.eligibility.absence import ABSENCE
from roster.planning.rules.eligibility.duty import ELIGIBLE_DUTY
from roster.planning.rules.eligibility.place import ELIGIBLE_PLACE
from roster.planning.rules.eligibility.protected import NO_NIGHT
from roster.planning.rules.eligibility.protected_overtime import NO_OVERTIME
from roster.planning.rules.eligibility.unit import ELIGIBLE_UNIT
from roster.planning.rules.fairness import FAIRNESS
from roster.planning.rules.hours.continuous import HOURS_CONTINUOUS
from roster.planning.rules.hours.day import HOURS_DAY
from roster.planning.rules.hours.month import HOURS_MONTH
from roster.planning.rules.hours.ordinary_work import ORDINARY_WORK
from roster.planning.rules.hours.rolling import HOURS_ROLLING
from roster.planning.rules.hours.total import HOURS_TOTAL
from roster.planning.rules.hours.week import HOURS_WEEK
from roster.planning.rules.hours.year import HOURS_YEAR
from roster.planning.rules.limits.max_shifts import MAX_SHIFTS
from roster.planning.rules.limits.min_shifts import MIN_SHIFTS
from roster.planning.rules.limits.nights import NIGHTS
from roster.planning.rules.limits.per_day import PER_DAY
from roster.planning.rules.limits.template import TEMPLATE_LIMIT
from roster.planning.rules.limits.weekends import WEEKENDS
from roster.planning.rules.pairs.apart import APART
from roster.planning.rules.pairs.together import TOGETHER
from roster.planning.rules.peaks import REPEAT_PEAK, SECOND_PEAK
from roster.planning.rules.pins import PINS
from roster.planning.rules.rest.between_shifts import REST
from roster.planning.rules.rest.overlap import OVERLAP
from roster.planning.rules.rest.standby import STANDBY_SPREAD
from roster.planning.rules.rest.weekly import WEEKLY_REST_RULE
from roster.planning.rules.runs.continuity import CONTINUITY
from roster.planning.rules.runs.isolated import ISOLATED
from roster.planning.rules.runs.max_days import MAX_DAYS_IN_A_ROW
from roster.planning.rules.runs.min_days import MIN_DAYS_IN_A_ROW
from roster.planning.rules.runs.min_off import MIN_DAYS_OFF
from roster.planning.rules.runs.nights import NIGHTS_IN_A_ROW
from roster.planning.rules.runs.sequence import SEQUENCES
from roster.planning.rules.wishes import WISH_OFF, WISH_ON

RULES: tuple[Rule, ...] = (
    HEADCOUNT,
    SKILLS,
    ELIGIBLE_DUTY,
    ELIGIBLE_UNIT,
    ELIGIBLE_PLACE,
    ABSENCE,
    NO_NIGHT,
    NO_OVERTIME,
    PINS,
    OVERLAP,
    REST,
    ORDINARY_WORK,
    WEEKLY_REST_RULE,
    HOURS_CONTINUOUS,
    HOURS_ROLLING,
    HOURS_DAY,
    HOURS_WEEK,
    HOURS_MONTH,
    HOURS_YEAR,
    HOURS_TOTAL,
    MAX_DAYS_IN_A_ROW,
    MIN_DAYS_IN_A_ROW,
    MIN_DAYS_OFF,
    WEEKENDS,
    NIGHTS_IN_A_ROW,
    NIGHTS,
    MAX_SHIFTS,
    MIN_SHIFTS,
    PER_DAY,
    TEMPLATE_LIMIT,
    SEQUENCES,
    TOGETHER,
    APART,
    WANTED,
    FAIRNESS,
    SECOND_PEAK,
    REPEAT_PEAK,
    STANDBY_SPREAD,
    WISH_OFF,
    WISH_ON,
    ISOLATED,
    CONTINUITY,
    LEAST_CHANGE,
)

RULE_OF: dict[str, Rule] = {rule.code: rule for rule in RULES}
