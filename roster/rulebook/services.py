"""Change which rules a campaign applies and how, or bring the defaults back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import FieldError, Invalid, NotFound
from people.access.guard import ensure
from planning.rules.base import Rule
from planning.settings import Setting
from roster.campaigns.models import Campaign
from roster.campaigns.queries import locked_campaign, require
from roster.rulebook.models import CampaignRule
from roster.rulebook.queries import BY_CODE, PAIRED, RuleNow, chosen, listed, rows, shift_names

MOST_PAIRS = 100
Choice = Mapping[str, Any]
"""``on``, ``hard`` (bool), ``weight`` (hundredths of a point), ``parameters`` (name → number), ``pairs`` (lists of two
shift names). What is absent stays as it is; ``None`` means: the default again."""


NOTHING: Choice = {"on": None, "hard": None, "weight": None, "parameters": None, "pairs": None}
"""Every choice taken back."""


def save(campaign_id: int, changes: Mapping[str, Choice], *, actor: Actor, now: datetime) -> list[RuleNow]:
    """Change some rules of a campaign; answers all of them. Nothing that is published changes.

    Raises Invalid with a fault for each field (``<code>``, ``<code>.on``, ``<code>.<parameter>``), NotFound (campaign,
    name of a shift), Forbidden, Conflict for a closed campaign.
    """
    with transaction() as session:
        campaign = locked_campaign(campaign_id)
        ensure(actor, "campaign.write", campaign.unit_id, now=now)
        require(campaign, "edit")
        kept, changed = rows(campaign_id), {}
        for code, (before, after) in _wanted(campaign, changes).items():
            if after != before:
                _write(campaign_id, BY_CODE[code], kept.get(code), after, actor=actor, now=now)
                changed[code] = _facts(after)
        session.flush()
        if changed:
            campaign.draft_version += 1
            audit.record(actor, "campaign.rules", "campaign", campaign_id, now=now, rules=changed)
        return listed(campaign_id)


def would_be(campaign: Campaign, changes: Mapping[str, Choice]) -> dict[str, Setting]:
    """Return what ``chosen`` would be once the changes are saved; writes nothing. Raises Invalid and NotFound as
    ``save``."""
    found = chosen(campaign.id) | {code: after for code, (_before, after) in _wanted(campaign, changes).items()}
    return {code: each for code, each in found.items() if each != Setting()}


def _wanted(campaign: Campaign, changes: Mapping[str, Choice]) -> dict[str, tuple[Setting, Setting]]:
    """Code → what is chosen now, and then."""
    faults = [fault for code, change in changes.items() for fault in _faults(code, change)]
    if faults:
        raise Invalid("rules.wrong", errors=faults)
    _refuse_unknown_shifts(campaign.id, changes)
    now = chosen(campaign.id)
    wanted = {}
    for code, change in changes.items():
        before = now.get(code, Setting())
        wanted[code] = before, _changed(BY_CODE[code], before, change, campaign)
    return wanted


def reset(campaign_id: int, codes: Sequence[str] | None = None, *, actor: Actor, now: datetime) -> list[RuleNow]:
    """Back to the defaults: the rules of ``codes``, or all."""
    return save(campaign_id, dict.fromkeys(BY_CODE if codes is None else codes, NOTHING), actor=actor, now=now)


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


def _facts(choice: Setting) -> dict[str, Any]:
    return {
        "on": choice.on,
        "hard": choice.hard,
        "weight": choice.weight,
        "parameters": dict(choice.values),
        "pairs": [list(pair) for pair in choice.pairs],
    }
