"""How long one person may be on site at a stretch, by the rules in force where a duty is asked for.

A demand row is nobody's campaign yet: it is held against those that are running or being prepared for its unit, and
where there is none against what the rules say by default.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.db import db
from people.models import Unit
from planning.problem import Problem
from planning.rules.base import Rule
from planning.rules.hours.continuous import HOURS_CONTINUOUS
from planning.rules.hours.rolling import HOURS_ROLLING
from roster.campaigns.models import Campaign
from roster.rulebook import queries as rule_queries
from roster.rulebook.words import rule_name
from roster.snapshot.people import Tree
from roster.sources.models import Demand

RULES: tuple[Rule, ...] = (HOURS_CONTINUOUS, HOURS_ROLLING)


@dataclass(frozen=True)
class LongDutyLimit:
    """``minutes`` on site beyond which nobody can be put there without a stated ground; which rule says so, and of
    which campaign, or by which law where it is the default."""

    minutes: int
    rule: str
    campaign: str = ""
    basis: str = ""

    @property
    def source(self) -> str:
        name = rule_name(self.rule)
        if self.campaign:
            return _('quy tắc "%(rule)s" của đợt %(campaign)s', rule=name, campaign=self.campaign)
        return _('quy tắc "%(rule)s" (mặc định: %(basis)s)', rule=name, basis=self.basis)


class Limits:
    """Reads the campaigns that are not over and their rules once."""

    def __init__(self, now: datetime) -> None:
        today = clock.local_date(now)
        rows = db.session.execute(
            select(Campaign, Unit.code)
            .join(Unit, Unit.id == Campaign.unit_id)
            .where(Campaign.state != "closed", Campaign.ends_on >= today)
            .order_by(Campaign.starts_on, Campaign.id)
        ).tuples()
        self._of = [(code, list(_campaign_limits(campaign))) for campaign, code in rows]
        self._default = list(_by_default(now))

    def limit_for(self, units: Collection[str]) -> LongDutyLimit | None:
        """The strictest for a duty of a unit; ``units``: its code and those of all above it. None: no limit."""
        own = [limits for code, limits in self._of if code in units]
        found = [limit for limits in own for limit in limits] if own else self._default
        return min(found, key=lambda limit: limit.minutes, default=None)


def over(rows: Iterable[Demand], now: datetime) -> dict[int, LongDutyLimit]:
    """Return the limit, by id, of the rows that are longer than they may be and state no ground."""
    limits, tree, found = Limits(now), Tree(), dict[int, LongDutyLimit]()
    for row in rows:
        if row.form == "onsite" and not row.legal_ground:
            limit = limits.limit_for(tree.codes(row.unit_id))
            if limit is not None and row.minutes > limit.minutes:
                found[row.id] = limit
    return found


def _campaign_limits(campaign: Campaign) -> Iterator[LongDutyLimit]:
    """Soft rules keep nobody away.

    Its first day speaks for all: a campaign's own number has no dates, and the law's is the same through every change
    of the law so far (only its articles move).
    """
    chosen = Problem((), (), settings=rule_queries.chosen(campaign.id))
    for rule in RULES:
        most = rule.value(chosen, "most", on=campaign.starts_on)
        if most is not None and rule.is_on(chosen) and rule.is_hard(chosen):
            yield LongDutyLimit(most, rule.code, campaign=campaign.name)


def _by_default(now: datetime) -> Iterator[LongDutyLimit]:
    today, nothing = clock.local_date(now), Problem((), ())
    for rule in RULES:
        most = rule.value(nothing, "most", on=today)
        norms = (norm.basis for parameter in rule.parameters for norm in parameter.norms if norm.holds(today))
        if most is not None and rule.is_on(nothing):
            yield LongDutyLimit(most, rule.code, basis=next(norms, ""))
