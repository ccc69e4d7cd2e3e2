"""JSON API of a campaign's rules.

The bodies are made from the rules themselves, so that the document tells every code, range and switch there is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from core.actor import Actor
from core.api.call import ApiModel, Day, Line, api_call
from planning.rules import RULES
from planning.rules.base import Parameter, Rule
from roster.api_blueprint import bp, readable
from roster.campaigns.queries import get_campaign
from roster.rulebook import facts as rule_facts, queries as rule_queries, services as rule_settings


class BasisOut(ApiModel, title="BasisOut"):
    basis: str
    since: Day | None
    until: Day | None
    value: int | float | None


class ParameterOut(ApiModel, title="ParameterOut"):
    name: str
    label: str
    unit: str
    value: int | float | None
    default: int | float | None
    changed: bool
    low: int | float
    high: int | float
    by_law: bool
    basis: list[BasisOut]


class RuleOut(ApiModel, title="RuleOut"):
    code: str
    name: str
    explanation: str
    group: str
    kind: Literal["hard", "soft"]
    on: bool
    hard: bool
    weight: float
    most_weight: float | None
    """The most that it may be set to; null: it cannot be set."""
    can_switch: bool
    can_soften: bool
    changed: bool
    parameters: list[ParameterOut]
    pairs: list[list[str]]
    basis: list[BasisOut]


class RulesOut(ApiModel, title="RulesOut"):
    campaign: int
    draft_version: int
    rules: list[RuleOut]


ShiftPair = Annotated[list[Line], Field(min_length=2, max_length=2)]
ShiftPairs = Annotated[list[ShiftPair], Field(max_length=rule_settings.MOST_PAIRS)]


def _number(parameter: Parameter) -> Any:
    low, high = rule_facts.outward(parameter, parameter.low), rule_facts.outward(parameter, parameter.high)
    kind = float if parameter.unit == "points" else int
    return Annotated[kind, Field(ge=low, le=high)]


def _switch(free: bool, default: bool) -> Any:
    return bool if free else Literal[True] if default else Literal[False]


def _titled(title: str, fields: dict[str, Any]) -> type[ApiModel]:
    return create_model(title, __base__=ApiModel, __cls_kwargs__={"title": title}, **fields)


def _model(rule: Rule) -> type[ApiModel]:
    """The body of one rule: what a campaign may choose; null brings the default back."""
    name = "".join(part.title() for part in rule.code.replace("_", ".").split("."))
    fields: dict[str, Any] = {
        "on": (_switch(not rule.locked, rule.on) | None, None),
        "hard": (_switch(not rule.fixed, rule.hard) | None, None),
    }
    if rule.is_weighed:
        fields["weight"] = (Annotated[float, Field(ge=0, le=rule.most_weight / 100)] | None, None)
    if rule.parameters:
        numbers: dict[str, Any] = {each.name: (_number(each) | None, None) for each in rule.parameters}
        fields["parameters"] = (_titled(f"{name}Numbers", numbers) | None, None)
    if rule.code in rule_queries.PAIRED:
        fields["pairs"] = (ShiftPairs | None, None)
    return _titled(f"{name}In", fields)


_BY_CODE: dict[str, Any] = {
    rule.code.replace(".", "_"): (_model(rule) | None, Field(default=None, alias=rule.code)) for rule in RULES
}
RuleChoices = _titled("RuleChoices", _BY_CODE)


class RulesIn(ApiModel, title="RulesIn"):
    rules: RuleChoices  # type: ignore[valid-type]


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/rules",
    operation_id="list_rules",
    returns={200: RulesOut},
    action="campaign.read",
    tags=["rules"],
    summary="Every rule as the campaign applies it",
)
def list_rules(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """``weight`` is in points for each unit of breach while the rule is soft. ``by_law`` defaults follow the norm in
    force on the shift's date; shown is that of the first day. A basis is the source of a warning, never a verdict."""
    readable(campaign_id, actor, now)
    return _rules(campaign_id, rule_queries.listed(campaign_id))


@api_call(
    bp,
    "PUT",
    "/campaigns/<int:campaign_id>/rules",
    operation_id="put_rules",
    body=RulesIn,
    returns={200: RulesOut},
    action="campaign.write",
    tags=["rules"],
    summary="Change some rules of a campaign",
)
def put_rules(campaign_id: int, *, body: Any, actor: Actor, now: datetime) -> dict[str, Any]:
    """By code of the rule. What is not sent stays as it is; null brings the default back, for a field or a whole rule.
    Nothing that is published changes; the draft's version grows."""
    given = body.rules.model_dump(exclude_unset=True, by_alias=True)
    changes = {code: _choice(code, change) for code, change in given.items()}
    return _rules(campaign_id, rule_settings.save(campaign_id, changes, actor=actor, now=now))


def _choice(code: str, given: dict[str, Any] | None) -> dict[str, Any]:
    if given is None:
        return dict(rule_settings.NOTHING)
    found = dict(given)
    if found.get("weight") is not None:
        found["weight"] = round(found["weight"] * 100)
    if found.get("parameters"):
        known = {each.name: each for each in rule_queries.BY_CODE[code].parameters}
        found["parameters"] = {n: rule_facts.inward(known[n], number) for n, number in found["parameters"].items()}
    return found


def _rules(campaign_id: int, rules: list[rule_queries.RuleNow]) -> dict[str, Any]:
    return {
        "campaign": campaign_id,
        "draft_version": get_campaign(campaign_id).draft_version,
        "rules": [rule_facts.rule_facts(each) for each in rules],
    }
