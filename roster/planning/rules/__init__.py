"""The rules, in the order in which managers read them: first what must never break, then what is weighed."""

from __future__ import annotations

from roster.planning.rules.absence import ABSENCE
from roster.planning.rules.base import Rule
from roster.planning.rules.change import LEAST_CHANGE
from roster.planning.rules.continuity import CONTINUITY
from roster.planning.rules.coverage import HEADCOUNT
from roster.planning.rules.coverage_skills import SKILLS
from roster.planning.rules.coverage_wanted import WANTED
from roster.planning.rules.eligibility_duty import ELIGIBLE_DUTY
from roster.planning.rules.eligibility_place import ELIGIBLE_PLACE
from roster.planning.rules.eligibility_unit import ELIGIBLE_UNIT
from roster.planning.rules.fairness import FAIRNESS
from roster.planning.rules.hours_continuous import HOURS_CONTINUOUS
from roster.planning.rules.hours_day import HOURS_DAY
from roster.planning.rules.hours_month import HOURS_MONTH
from roster.planning.rules.hours_rolling import HOURS_ROLLING
from roster.planning.rules.hours_total import HOURS_TOTAL
from roster.planning.rules.hours_week import HOURS_WEEK
from roster.planning.rules.hours_year import HOURS_YEAR
from roster.planning.rules.limits_max_shifts import MAX_SHIFTS
from roster.planning.rules.limits_min_shifts import MIN_SHIFTS
from roster.planning.rules.limits_per_day import PER_DAY
from roster.planning.rules.limits_template import TEMPLATE_LIMIT
from roster.planning.rules.nights_in_a_row import NIGHTS_IN_A_ROW
from roster.planning.rules.nights_most import NIGHTS
from roster.planning.rules.overlap import OVERLAP
from roster.planning.rules.pairs_apart import APART
from roster.planning.rules.pairs_together import TOGETHER
from roster.planning.rules.peaks import REPEAT_PEAK, SECOND_PEAK
from roster.planning.rules.pins import PINS
from roster.planning.rules.protected import NO_NIGHT
from roster.planning.rules.protected_overtime import NO_OVERTIME
from roster.planning.rules.rest import REST
from roster.planning.rules.rest_standby import STANDBY_SPREAD
from roster.planning.rules.rest_weekly import WEEKLY_REST_RULE
from roster.planning.rules.runs_isolated import ISOLATED
from roster.planning.rules.runs_max_days import MAX_DAYS_IN_A_ROW
from roster.planning.rules.runs_min_days import MIN_DAYS_IN_A_ROW
from roster.planning.rules.runs_min_off import MIN_DAYS_OFF
from roster.planning.rules.sequence import SEQUENCES
from roster.planning.rules.weekends_most import WEEKENDS
from roster.planning.rules.wishes import WISH_OFF, WISH_ON
from roster.planning.rules.work_ordinary import ORDINARY_WORK

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
