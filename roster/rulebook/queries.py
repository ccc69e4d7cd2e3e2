"""Which rules a campaign applies and how: what a manager switched, made soft, weighed or numbered differently.

What nobody chose follows the rule's default, and a default from law follows the norm in force on the shift's date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.db import db
from planning.rules import RULE_OF, RULES
from planning.rules.base import Norm, Parameter, Rule
from planning.settings import Setting
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign
from roster.models import Shift
from roster.rulebook.models import CampaignRule

BY_CODE: dict[str, Rule] = dict(RULE_OF)
PAIRED = frozenset({"sequence.templates"})
"""Rules that are about pairs of shift names."""


@dataclass(frozen=True)
class ParameterNow:
    """One number of a rule in a campaign: its own ``value`` when it has one, and the ``default`` on its first day.

    ``defaults`` holds the date from which each counts, more than one where the law changes inside the campaign.
    """

    parameter: Parameter
    value: int | None
    default: int | None
    on: date
    until: date
    defaults: tuple[tuple[date, int | None], ...]

    @property
    def effective(self) -> int | None:
        return self.default if self.value is None else self.value

    @property
    def follows_dates(self) -> bool:
        """Whether no single number says what holds: nobody chose one, and the law changes inside the campaign."""
        return self.value is None and len(self.defaults) > 1

    @property
    def norms(self) -> tuple[Norm, ...]:
        """The norms in force on some day of the campaign."""
        days = {on for on, _value in self.defaults} | {self.on, self.until}
        return tuple(norm for norm in self.parameter.norms if any(norm.holds(on) for on in days))

    @property
    def by_law(self) -> bool:
        """Whether the default is what a law says."""
        return any(norm.value is not None for norm in self.norms)


@dataclass(frozen=True)
class RuleNow:
    """A rule as a campaign applies it; ``own`` = somebody changed something."""

    rule: Rule
    on: bool
    hard: bool
    weight: int
    parameters: tuple[ParameterNow, ...]
    pairs: tuple[tuple[str, str], ...]
    own: bool
    changed_at: datetime | None
    changed_by: str | None

    @property
    def norms(self) -> tuple[Norm, ...]:
        return self.rule.norms


def chosen(campaign_id: int) -> dict[str, Setting]:
    """Return what the campaign has chosen, by code of the rule, for a Problem."""
    return {code: setting(row) for code, row in rows(campaign_id).items() if code in BY_CODE}


def listed(campaign_id: int) -> list[RuleNow]:
    """Every rule as the campaign applies it, in the order of ``RULES``. Raises NotFound."""
    campaign = get_campaign(campaign_id)
    own = rows(campaign_id)
    return [_now(rule, own.get(rule.code), campaign) for rule in RULES]


def shift_names(campaign_id: int) -> list[str]:
    """Names of the campaign's shifts, for pairs."""
    statement = select(Shift.template).where(Shift.campaign_id == campaign_id).distinct().order_by(Shift.template)
    return list(db.session.scalars(statement))


def rows(campaign_id: int) -> dict[str, CampaignRule]:
    """Return what the campaign has chosen, as it is kept, by code of the rule."""
    found = db.session.scalars(select(CampaignRule).where(CampaignRule.campaign_id == campaign_id))
    return {row.code: row for row in found}


def setting(row: CampaignRule) -> Setting:
    """A kept choice, as the engine takes it."""
    pairs = tuple((first, second) for first, second in row.pairs)
    return Setting(row.is_on, row.is_hard, row.weight, dict(row.parameters), pairs)


def _now(rule: Rule, row: CampaignRule | None, campaign: Campaign) -> RuleNow:
    own = setting(row) if row is not None else Setting()
    first, last = campaign.starts_on, campaign.ends_on
    return RuleNow(
        rule=rule,
        on=rule.on if own.on is None or rule.locked else own.on,
        hard=rule.hard if own.hard is None or rule.fixed else own.hard,
        weight=rule.weight if own.weight is None else own.weight,
        parameters=tuple(
            ParameterNow(p, own.values.get(p.name), p.value_on(first), first, last, p.changes(first, last))
            for p in rule.parameters
        ),
        pairs=own.pairs,
        own=row is not None,
        changed_at=row.changed_at if row else None,
        changed_by=row.changed_by if row else None,
    )
