"""PURE how bad it is, out of the category, what somebody could answer, and the floors of the law.

Answers raise the level and never lower it: a frightened person who answers "no" by mistake makes nothing milder.
Lowering is a person's decision and is written down as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNKNOWN = "unknown"
"""The answer of somebody who does not know: it counts for nothing."""
MOST_QUESTIONS = 3
MILDEST = 4
BY_LAW = ("suspicious_item", "harmful_material")
"""Categories of Điều 7, khoản 1 and 2 of the Postal Law: level 1 or 2, and seen by those only who need it."""


@dataclass(frozen=True)
class LevelAnswer:
    """``level`` None: does not raise it. ``party_state``, ``restricted``: what follows from it besides."""

    level: int | None = None
    party_state: bool = False
    restricted: bool = False


@dataclass(frozen=True)
class LevelQuestion:
    code: str
    answers: Mapping[str, LevelAnswer]


@dataclass(frozen=True)
class Reason:
    """Why the level is what it is: the category (``category``), an answer (``question``) or a floor (``floor``)."""

    kind: str
    level: int
    question: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Derived:
    level: int
    because: tuple[Reason, ...]
    """Everything that demands this very level; never empty."""
    party_state: bool
    restricted: bool


def known(answers: Mapping[str, str], questions: Mapping[str, LevelQuestion]) -> dict[str, str]:
    """The answers that answer something: known questions, known answers, not "I do not know"."""
    return {code: value for code, value in answers.items() if code in questions and value in questions[code].answers}


def heavier(one: Mapping[str, str], other: Mapping[str, str], questions: Mapping[str, LevelQuestion]) -> dict[str, str]:
    """Return for each question the answer of two accounts that demands more; as it was where both do."""
    found = dict(one)
    for code, value in known(other, questions).items():
        answers = questions[code].answers
        before = answers.get(found.get(code, ""))
        if before is None or _weight(answers[value]) > _weight(before):
            found[code] = value
    return found


def _weight(answer: LevelAnswer) -> tuple[int, bool, bool]:
    return -(answer.level or MILDEST + 1), answer.party_state, answer.restricted


def severity_of(
    category: str,
    default: int,
    answers: Mapping[str, str],
    questions: Mapping[str, LevelQuestion],
    *,
    party_state: bool = False,
    restricted: bool = False,
) -> Derived:
    """The derived level (1 is the worst), why, and which flags the answers set. Unknown answers count for nothing."""
    given = [(code, value, questions[code].answers[value]) for code, value in known(answers, questions).items()]
    state = party_state or any(answer.party_state for _code, _value, answer in given)
    reasons = [Reason("category", default)]
    reasons += [Reason("answer", a.level, code, value) for code, value, a in given if a.level is not None]
    level = min(reason.level for reason in reasons)
    raised = floor(level, party_state=state, category=category)
    if raised < level:
        reasons.append(Reason("floor", raised))
    secret = restricted or restricted_by_law(category) or any(a.restricted for _c, _v, a in given)
    return Derived(raised, tuple(reason for reason in reasons if reason.level == raised), state, secret)


def floor(severity: int, *, party_state: bool, category: str) -> int:
    """The severity raised to its floor: Party, State or KT1 affected, or Điều 7(1–2): at least 2 (1 is the worst)."""
    return min(severity, 2) if party_state or category == "kt1" or category in BY_LAW else severity


def restricted_by_law(category: str) -> bool:
    """Whether incidents of the category are restricted whatever the enterprise says."""
    return category in BY_LAW
