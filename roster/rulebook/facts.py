"""Rules of a campaign in words and numbers, for the API, the command line and the page."""

from __future__ import annotations

from typing import Any

from planning.rules.base import Norm, Parameter
from roster.rulebook.queries import ParameterNow, RuleNow
from roster.rulebook.words import parameter_name, rule_explanation, rule_name

GROUPS = ("coverage", "people", "hours", "runs", "fairness", "wishes")
_GROUP_OF = {
    "coverage": "coverage",
    "eligibility": "people",
    "absence": "people",
    "protected": "people",
    "pairs": "people",
    "limits": "people",
    "pins": "coverage",
    "overlap": "hours",
    "rest": "hours",
    "work": "hours",
    "hours": "hours",
    "runs": "runs",
    "weekends": "runs",
    "nights": "runs",
    "sequence": "runs",
    "continuity": "runs",
    "fairness": "fairness",
    "peaks": "fairness",
    "wishes": "wishes",
    "change": "wishes",
}


def group_of(code: str) -> str:
    """The heading under which a rule is shown: one of ``GROUPS``."""
    return _GROUP_OF.get(code.partition(".")[0], "coverage")


def outward(parameter: Parameter, number: int | None) -> int | float | None:
    """A parameter's number as people give it: points instead of hundredths, everything else as it is."""
    return number / 100 if number is not None and parameter.unit == "points" else number


def inward(parameter: Parameter, given: float | None) -> int | None:
    """The number that the rule keeps for what people gave."""
    if given is None:
        return None
    return round(given * 100) if parameter.unit == "points" else int(given)


def rule_facts(now: RuleNow) -> dict[str, Any]:
    """One rule for the API: weight in points, parameters in the unit that they state."""
    rule = now.rule
    return {
        "code": rule.code,
        "name": rule_name(rule.code),
        "explanation": rule_explanation(rule.code),
        "group": group_of(rule.code),
        "kind": "hard" if rule.hard else "soft",
        "on": now.on,
        "hard": now.hard,
        "weight": now.weight / 100,
        "most_weight": rule.most_weight / 100 if rule.is_weighed else None,
        "can_switch": not rule.locked,
        "can_soften": not rule.fixed,
        "changed": now.own,
        "parameters": [parameter_facts(rule.code, each) for each in now.parameters],
        "pairs": [list(pair) for pair in now.pairs],
        "basis": [norm_facts(norm, None) for norm in now.norms],
    }


def parameter_facts(code: str, each: ParameterNow) -> dict[str, Any]:
    of = each.parameter
    return {
        "name": of.name,
        "label": parameter_name(code, of.name),
        "unit": of.unit,
        "value": None if each.follows_dates else outward(of, each.effective),
        "default": outward(of, each.default),
        "changed": each.value is not None,
        "low": outward(of, of.low),
        "high": outward(of, of.high),
        "by_law": each.by_law,
        "basis": [norm_facts(norm, of) for norm in of.norms],
    }


def norm_facts(norm: Norm, parameter: Parameter | None) -> dict[str, Any]:
    """A norm: what it says, between which dates; a source for a warning, never a verdict."""
    value = outward(parameter, norm.value) if parameter else norm.value
    return {"basis": norm.basis, "since": norm.since, "until": norm.until, "value": value}
