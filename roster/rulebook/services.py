"""Which rules a campaign applies and how: what a manager switched, made soft, weighed or numbered differently.

What nobody chose follows the rule's default, and a default from law follows the norm in force on the shift's date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import FieldError, Invalid, NotFound
from people.access.guard import ensure
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.models import Campaign, CampaignRule, Shift
from roster.planning.rules import RULE_OF, RULES
from roster.planning.rules.base import Norm, Parameter, Rule
from roster.planning.settings import Setting

BY_CODE: dict[str, Rule] = dict(RULE_OF)
PAIRED = frozenset({"sequence.templates"})
"""Rules that are about pairs of shift names."""
MOST_PAIRS = 100
Choice = Mapping[str, Any]
"""``on``, ``hard`` (bool), ``weight`` (hundredths of a point), ``parameters`` (name → number), ``pairs`` (lists of two
shift names). What is absent stays as it is; ``None`` means: the default again."""


NOTHING: Choice = {"on": None, "hard": None, "weight": None, "parameters": None, "pairs": None}
"""Every choice taken back."""


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
    """What the campaign has chosen, by code of the rule, for a Problem."""
    rows = db.session.scalars(select(CampaignRule).where(CampaignRule.campaign_id == campaign_id))
    return {row.code: _setting(row) for row in rows if row.code in BY_CODE}


def listed(campaign_id: int) -> list[RuleNow]:
    """Every rule as the campaign applies it, in the order of ``RULES``. Raises NotFound."""
    campaign = get_campaign(campaign_id)
    rows = _rows(campaign_id)
    return [_now(rule, rows.get(rule.code), campaign) for rule in RULES]


def shift_names(campaign_id: int) -> list[str]:
    """Names of the campaign's shifts, for pairs."""
    statement = select(Shift.template).where(Shift.campaign_id == campaign_id).distinct().order_by(Shift.template)
    return list(db.session.scalars(statement))


def save(campaign_id: int, changes: Mapping[str, Choice], *, actor: Actor, now: datetime) -> list[RuleNow]:
    """Change some rules of a campaign; answers all of them. Nothing that is published changes.

    Raises Invalid with a fault for each field (``<code>``, ``<code>.on``, ``<code>.<parameter>``), NotFound (campaign,
    name of a shift), Forbidden, Conflict for a closed campaign.
    """
    with transaction() as session:
        campaign = locked_campaign(campaign_id)
        ensure(actor, "campaign.write", campaign.unit_id, now=now)
        require(campaign, "edit")
        faults = [fault for code, change in changes.items() for fault in _faults(code, change)]
        if faults:
            raise Invalid("rules.wrong", errors=faults)
        _refuse_unknown_shifts(campaign_id, changes)
        rows, changed = _rows(campaign_id), {}
        for code, change in changes.items():
            rule = BY_CODE[code]
            before = _setting(rows[code]) if code in rows else Setting()
            after = _changed(rule, before, change, campaign)
            if after != before:
                _write(campaign_id, rule, rows.get(code), after, actor=actor, now=now)
                changed[code] = _facts(after)
        session.flush()
        if changed:
            campaign.draft_version += 1
            audit.record(actor, "campaign.rules", "campaign", campaign_id, now=now, rules=changed)
        return listed(campaign_id)


def reset(campaign_id: int, codes: Sequence[str] | None = None, *, actor: Actor, now: datetime) -> list[RuleNow]:
    """Back to the defaults: the rules of ``codes``, or all."""
    return save(campaign_id, dict.fromkeys(BY_CODE if codes is None else codes, NOTHING), actor=actor, now=now)


def _rows(campaign_id: int) -> dict[str, CampaignRule]:
    found = db.session.scalars(select(CampaignRule).where(CampaignRule.campaign_id == campaign_id))
    return {row.code: row for row in found}


def _setting(row: CampaignRule) -> Setting:
    pairs = tuple((first, second) for first, second in row.pairs)
    return Setting(row.is_on, row.is_hard, row.weight, dict(row.parameters), pairs)


def _now(rule: Rule, row: CampaignRule | None, campaign: Campaign) -> RuleNow:
    own = _setting(row) if row is not None else Setting()
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


def _faults(code: str, change: Choice) -> Iterator[FieldError]:
    rule = BY_CODE.get(code)
    if rule is None:
        yield FieldError(code, "rules.unknown", {"code": code})
        return
    if rule.locked and change.get("on") not in (None, rule.on):
        yield FieldError(f"{code}.on", "rules.locked")
    if rule.fixed and change.get("hard") not in (None, rule.hard):
        yield FieldError(f"{code}.hard", "rules.fixed_hard" if rule.hard else "rules.fixed_soft")
    weight = change.get("weight")
    if weight is not None and not rule.is_weighed:
        yield FieldError(f"{code}.weight", "rules.no_weight")
    elif weight is not None and not 0 <= weight <= rule.most_weight:
        yield FieldError(f"{code}.weight", "rules.weight_range", {"most": f"{rule.most_weight / 100:g}"})
    known = {parameter.name: parameter for parameter in rule.parameters}
    for name, number in (change.get("parameters") or {}).items():
        if name not in known:
            yield FieldError(f"{code}.{name}", "rules.unknown_parameter", {"name": name})
        elif number is not None and not known[name].low <= number <= known[name].high:
            yield FieldError(f"{code}.{name}", "rules.value_range", {"low": known[name].low, "high": known[name].high})
    pairs = change.get("pairs") or ()
    if pairs and code not in PAIRED:
        yield FieldError(f"{code}.pairs", "rules.no_pairs")
    elif len(pairs) > MOST_PAIRS:
        yield FieldError(f"{code}.pairs", "rules.too_many_pairs", {"most": MOST_PAIRS})


def _refuse_unknown_shifts(campaign_id: int, changes: Mapping[str, Choice]) -> None:
    known = shift_names(campaign_id)
    for code, change in changes.items():
        for name in (name for pair in change.get("pairs") or () for name in pair):
            if name not in known:
                raise NotFound("rules.unknown_shift", field=f"{code}.pairs", shift=name, known=", ".join(known))


def _changed(rule: Rule, before: Setting, change: Choice, campaign: Campaign) -> Setting:
    """What is the same as the default is not a choice: it then follows the default when that changes.

    Where the law changes inside the campaign no single number is the default.
    """
    picked = {name: change[name] if name in change else getattr(before, name) for name in ("on", "hard", "weight")}
    given = change.get("parameters", {})
    values = {} if given is None else {**before.values, **given}
    known = {each.name: each.changes(campaign.starts_on, campaign.ends_on) for each in rule.parameters}
    defaults = {name: each[0][1] if len(each) == 1 else None for name, each in known.items()}
    pairs = change["pairs"] or () if "pairs" in change else before.pairs
    return Setting(
        **{name: None if value == getattr(rule, name) else value for name, value in picked.items()},
        values={k: v for k, v in sorted(values.items()) if k in known and v is not None and v != defaults[k]},
        pairs=tuple(dict.fromkeys((first, second) for first, second in pairs)),
    )


def _write(
    campaign_id: int, rule: Rule, row: CampaignRule | None, after: Setting, *, actor: Actor, now: datetime
) -> None:
    if after == Setting():
        if row is not None:
            db.session.delete(row)
        return
    row = row or CampaignRule(campaign_id=campaign_id, code=rule.code)
    row.is_on, row.is_hard, row.weight = after.on, after.hard, after.weight
    row.parameters, row.pairs = dict(after.values), [list(pair) for pair in after.pairs]
    row.changed_at, row.changed_by = now, actor.name
    db.session.add(row)


def _facts(setting: Setting) -> dict[str, Any]:
    return {
        "on": setting.on,
        "hard": setting.hard,
        "weight": setting.weight,
        "parameters": dict(setting.values),
        "pairs": [list(pair) for pair in setting.pairs],
    }
