"""PURE how bad it is, out of the category, what somebody could answer, and the floors of the law.

Answers raise the level and never lower it: a frightened person who answers "no" by mistake makes nothing milder.
Lowering is a person's decision and is written down as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from incidents.record import states

UNKNOWN = "unknown"
"""The answer of somebody who does not know: it counts for nothing."""
MOST_QUESTIONS = 3
MILDEST = 4


@dataclass(frozen=True)
class Answer:
    """``level`` None: does not raise it. ``party_state``, ``restricted``: what follows from it besides."""

    level: int | None = None
    party_state: bool = False
    restricted: bool = False


@dataclass(frozen=True)
class Question:
    code: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Reason:
    """Why the level is what it is: the category (``category``), an answer (``question``) or a floor (``floor``)."""

    kind: str
    level: int
    question: str = ""
    answer: str = ""

    def kept(self) -> dict[str, Any]:
        """For a JSON column."""
        return {"kind": self.kind, "level": self.level, "question": self.question, "answer": self.answer}


@dataclass(frozen=True)
class Derived:
    level: int
    because: tuple[Reason, ...]
    """Everything that demands this very level; never empty."""
    party_state: bool
    restricted: bool


def known(answers: Mapping[str, str], questions: Mapping[str, Question]) -> dict[str, str]:
    """The answers that answer something: known questions, known answers, not "I do not know"."""
    return {code: value for code, value in answers.items() if code in questions and value in questions[code].answers}


def heavier(one: Mapping[str, str], other: Mapping[str, str], questions: Mapping[str, Question]) -> dict[str, str]:
    """Of two accounts of the same thing the answer to each question that demands more; as it was where both do."""
    found = dict(one)
    for code, value in known(other, questions).items():
        answers = questions[code].answers
        before = answers.get(found.get(code, ""))
        if before is None or _weight(answers[value]) > _weight(before):
            found[code] = value
    return found


def _weight(answer: Answer) -> tuple[int, bool, bool]:
    return -(answer.level or MILDEST + 1), answer.party_state, answer.restricted


def severity_of(
    category: str,
    default: int,
    answers: Mapping[str, str],
    questions: Mapping[str, Question],
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
    floor = states.floor(level, party_state=state, category=category)
    if floor < level:
        reasons.append(Reason("floor", floor))
    secret = restricted or states.restricted_by_law(category) or any(a.restricted for _c, _v, a in given)
    return Derived(floor, _demanding(reasons, floor), state, secret)


def _demanding(reasons: Sequence[Reason], level: int) -> tuple[Reason, ...]:
    return tuple(reason for reason in reasons if reason.level == level)
