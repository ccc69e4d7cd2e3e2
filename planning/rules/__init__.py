"""The rules, in the order in which managers read them: first what must never break, then what is weighed."""

from __future__ import annotations

from planning.rules.base import Rule
from planning.rules.change import LEAST_CHANGE
from planning.rules.cover.headcount import HEADCOUNT
from planning.rules.cover.skills import SKILLS
from planning.rules.cover.wanted import WANTED
from planning.rules.eligibility.absence import ABSENCE
from planning.rules.eligibility.duty import ELIGIBLE_DUTY
from planning.rules.eligibility.place import ELIGIBLE_PLACE
from planning.rules.eligibility.protected import NO_NIGHT
from planning.rules.eligibility.protected_overtime import NO_OVERTIME
from planning.rules.eligibility.unit import ELIGIBLE_UNIT
from planning.rules.fairness import FAIRNESS
from planning.rules.hours.continuous import HOURS_CONTINUOUS
from planning.rules.hours.day import HOURS_DAY
from planning.rules.hours.month import HOURS_MONTH
from planning.rules.hours.ordinary_work import ORDINARY_WORK
from planning.rules.hours.rolling import HOURS_ROLLING
from planning.rules.hours.total import HOURS_TOTAL
from planning.rules.hours.week import HOURS_WEEK
from planning.rules.hours.year import HOURS_YEAR
from planning.rules.limits.max_shifts import MAX_SHIFTS
from planning.rules.limits.min_shifts import MIN_SHIFTS
from planning.rules.limits.nights import NIGHTS
from planning.rules.limits.per_day import PER_DAY
from planning.rules.limits.template import TEMPLATE_LIMIT
from planning.rules.limits.weekends import WEEKENDS
from planning.rules.pairs.apart import APART
from planning.rules.pairs.together import TOGETHER
from planning.rules.peaks import REPEAT_PEAK, SECOND_PEAK
from planning.rules.pins import PINS
from planning.rules.rest.between_shifts import REST
from planning.rules.rest.overlap import OVERLAP
from planning.rules.rest.standby import STANDBY_SPREAD
from planning.rules.rest.weekly import WEEKLY_REST_RULE
from planning.rules.runs.continuity import CONTINUITY
from planning.rules.runs.isolated import ISOLATED
from planning.rules.runs.max_days import MAX_DAYS_IN_A_ROW
from planning.rules.runs.min_days import MIN_DAYS_IN_A_ROW
from planning.rules.runs.min_off import MIN_DAYS_OFF
from planning.rules.runs.nights import NIGHTS_IN_A_ROW
from planning.rules.runs.sequence import SEQUENCES
from planning.rules.wishes import WISH_OFF, WISH_ON

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
