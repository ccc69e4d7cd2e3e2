"""What the present draft would break under other rules than those of its campaign. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from planning.outcome import Violation
from planning.rules import RULES
from planning.score.check import check
from planning.settings import Setting
from roster.consents import queries as consent_queries
from roster.snapshot import snapshot
from roster.words import sentences
from roster.words.names import names_of

TOLD = 5
"""Breaches of a rule that are told in words."""
NOT_TOLD = ("fairness.load", "pins.kept")
"""How even loads are is no breach, and a pin is kept whatever rules say."""


@dataclass(frozen=True)
class BreachCount:
    """Breaches of a rule: as a hard one, and as a soft one."""

    hard: int = 0
    soft: int = 0


@dataclass(frozen=True)
class TurnedRule:
    """A rule that is broken otherwise: how often now and then, and some of what is new in words."""

    code: str
    before: BreachCount
    after: BreachCount
    new: tuple[str, ...]


@dataclass(frozen=True)
class Otherwise:
    """The draft under other rules. ``hard``: breaches of hard rules, now and then."""

    turns: tuple[TurnedRule, ...]
    hard: tuple[int, int]


def under(campaign_id: int, settings: Mapping[str, Setting], *, now: datetime) -> Otherwise:
    """Under ``settings`` by code of the rule, as a Problem takes them, against the rules of now."""
    taken = consent_queries.without_waiting(snapshot.take(campaign_id, now=now))
    problem = taken.problem
    before = _told(check(problem, taken.assignments))
    after = _told(check(replace(problem, settings=dict(settings)), taken.assignments))
    names, known = names_of(problem), {_key(each) for each in before}
    counts = _counts(before), _counts(after)
    turns = []
    for code in (rule.code for rule in RULES):
        was, becomes = (each.get(code, BreachCount()) for each in counts)
        new = [each for each in after if each.rule == code and _key(each) not in known]
        if was != becomes or new:
            turns.append(TurnedRule(code, was, becomes, tuple(sentences.sentence(each, names) for each in new[:TOLD])))
    hard = (sum(each.hard for each in some) for some in (before, after))
    return Otherwise(tuple(turns), (next(hard), next(hard)))


def _told(found: Iterable[Violation]) -> list[Violation]:
    return [each for each in found if each.rule not in NOT_TOLD]


def _key(each: Violation) -> tuple[object, ...]:
    return each.rule, each.hard, each.staff_id, each.shift_ids


def _counts(found: Iterable[Violation]) -> dict[str, BreachCount]:
    counted = Counter((each.rule, each.hard) for each in found)
    return {code: BreachCount(counted[code, True], counted[code, False]) for code, _hard in counted}
