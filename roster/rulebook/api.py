"""JSON API of what managers set for the engine: a campaign's rules, the points table, pairs of people.

The bodies are made from the rules themselves, so that the document tells every code, range and switch there is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, create_model
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.api.call import ApiModel, Code, Day, Line, ListQuery, Page, When, api_call, paginate
from people.access.guard import ensure, whose_contacts
from people.models import Person
from roster.api_blueprint import bp
from roster.campaigns.queries import get_campaign
from roster.days import points_table
from roster.models import PersonPair
from roster.planning.rules import RULES
from roster.planning.rules.base import Parameter, Rule
from roster.rulebook import facts as rule_facts, services as rule_settings
from roster.sources import pairs

# --- rules ---------------------------------------------------------------------------------------------------------


class BasisOut(ApiModel):
    basis: str
    since: Day | None
    until: Day | None
    value: int | float | None


class ParameterOut(ApiModel):
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


class RuleOut(ApiModel):
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


class RulesOut(ApiModel):
    campaign: int
    draft_version: int
    rules: list[RuleOut]


ShiftPair = Annotated[list[Line], Field(min_length=2, max_length=2)]
ShiftPairs = Annotated[list[ShiftPair], Field(max_length=rule_settings.MOST_PAIRS)]


def _number(parameter: Parameter) -> Any:
    low, high = rule_facts.outward(parameter, parameter.low), rule_facts.outward(parameter, parameter.high)
    kind = float if parameter.unit == "points" else int
    return Annotated[kind, Field(ge=low, le=high)]  # type: ignore[valid-type]


def _switch(free: bool, default: bool) -> Any:
    return bool if free else Literal[True] if default else Literal[False]


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
        fields["parameters"] = (create_model(f"{name}Numbers", __base__=ApiModel, **numbers) | None, None)  # type: ignore[operator]
    if rule.code in rule_settings.PAIRED:
        fields["pairs"] = (ShiftPairs | None, None)
    return create_model(f"{name}In", __base__=ApiModel, **fields)


_BY_CODE: dict[str, Any] = {
    rule.code.replace(".", "_"): (_model(rule) | None, Field(default=None, alias=rule.code))  # type: ignore[operator]
    for rule in RULES
}
RuleChoices = create_model("RuleChoices", __base__=ApiModel, **_BY_CODE)


class RulesIn(ApiModel):
    rules: RuleChoices  # type: ignore[valid-type]


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/rules",
    returns={200: RulesOut},
    action="campaign.read",
    tags=["rules"],
    summary="Every rule as the campaign applies it",
)
def list_rules(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """``weight`` is in points for each unit of breach while the rule is soft. ``by_law`` defaults follow the norm in
    force on the shift's date; shown is that of the first day. A basis is the source of a warning, never a verdict."""
    campaign = get_campaign(campaign_id)
    ensure(actor, "campaign.read", campaign.unit_id, now=now)
    return _rules(campaign_id, rule_settings.listed(campaign_id))


@api_call(
    bp,
    "PUT",
    "/campaigns/<int:campaign_id>/rules",
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
        known = {each.name: each for each in rule_settings.BY_CODE[code].parameters}
        found["parameters"] = {n: rule_facts.inward(known[n], number) for n, number in found["parameters"].items()}
    return found


def _rules(campaign_id: int, rules: list[rule_settings.RuleNow]) -> dict[str, Any]:
    return {
        "campaign": campaign_id,
        "draft_version": get_campaign(campaign_id).draft_version,
        "rules": [rule_facts.rule_facts(each) for each in rules],
    }


# --- points --------------------------------------------------------------------------------------------------------

FactorValue = Annotated[float, Field(ge=0, le=points_table.MOST // 100)]
_FACTORS: dict[str, Any] = dict.fromkeys(points_table.FACTORS, (FactorValue | None, None))
PointsIn = create_model("PointsIn", __base__=ApiModel, **_FACTORS)


class FactorOut(ApiModel):
    factor: str
    value: float
    default: float
    changed_at: When | None
    changed_by: str | None


class PointsOut(ApiModel):
    points: list[FactorOut]
    revalued: int = 0


@api_call(
    bp, "GET", "/points", returns={200: PointsOut}, action="campaign.read", tags=["rules"], summary="The points table"
)
def list_points() -> dict[str, Any]:
    """Points per hour by class of day, and the factors on top. Only a change says how many shifts were revalued."""
    return _points(0)


@api_call(
    bp,
    "PUT",
    "/points",
    body=PointsIn,
    returns={200: PointsOut},
    action="points.write",
    tags=["rules"],
    summary="Change factors of the points table",
)
def put_points(*, body: Any, actor: Actor, now: datetime) -> dict[str, Any]:
    """What is not sent stays; null brings the default back. Shifts of never published campaigns are valued anew;
    published duties and the ledger keep what they were worth."""
    given = body.model_dump(exclude_unset=True)
    default = {row.name: row.default for row in points_table.rows()}
    values = {name: default[name] if value is None else round(value * 100) for name, value in given.items()}
    return _points(points_table.save(values, actor=actor, now=now))


def _points(revalued: int) -> dict[str, Any]:
    listed = [
        {
            "factor": row.name,
            "value": row.value / 100,
            "default": row.default / 100,
            "changed_at": row.changed_at,
            "changed_by": row.changed_by,
        }
        for row in points_table.rows()
    ]
    return {"points": listed, "revalued": revalued}


# --- pairs ---------------------------------------------------------------------------------------------------------


class PairIn(ApiModel):
    person_code: Code
    other_code: Code
    kind: Literal["together", "apart"]


class PairOut(PairIn):
    id: int


class PairQuery(ListQuery):
    person: Code | None = None


@api_call(
    bp,
    "GET",
    "/pairs",
    query=PairQuery,
    returns={200: Page[PairOut]},
    action="person.read",
    tags=["people"],
    summary="Who serves together, and who never shares a shift",
)
def list_pairs(*, query: PairQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """Those of people whose directory entries the key may see in full: who avoids whom is personal."""
    statement = select(PersonPair).options(joinedload(PersonPair.first), joinedload(PersonPair.second))
    if query.person:
        own = select(Person.id).where(Person.code == query.person)
        statement = statement.where(PersonPair.first_id.in_(own) | PersonPair.second_id.in_(own))
    rows, following = paginate(statement, [PersonPair.id], limit=query.limit, cursor=query.cursor)
    seen = whose_contacts(actor, [each for row in rows for each in (row.first, row.second)], now=now)
    return {"items": [_pair(row) for row in rows if {row.first_id, row.second_id} <= seen], "next": following}


@api_call(
    bp,
    "POST",
    "/pairs",
    body=PairIn,
    returns={201: PairOut, 200: PairOut},
    action="person.write",
    tags=["people"],
    idempotent=True,
    summary="Set a pair",
)
def save_pair(*, body: PairIn, actor: Actor, now: datetime) -> Any:
    """Two people are one pair whichever is named first."""
    row, is_new = pairs.save_pair(body.person_code, body.other_code, body.kind, actor=actor, now=now)
    return _pair(row), 201 if is_new else 200


@api_call(
    bp,
    "DELETE",
    "/pairs/<int:pair_id>",
    returns={204: None},
    action="person.write",
    tags=["people"],
    summary="Take a pair away",
)
def delete_pair(pair_id: int, *, actor: Actor, now: datetime) -> None:
    pairs.delete_pair(pair_id, actor=actor, now=now)


def _pair(row: PersonPair) -> dict[str, Any]:
    return {"id": row.id, "person_code": row.first.code, "other_code": row.second.code, "kind": row.kind}
