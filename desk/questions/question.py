"""PURE a question about this installation, what may be answered, and how a list of questions is asked.

A question that rests on another is not asked while that one is at fault: it would only say the same thing once more,
or something false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Severity = Literal["calls", "fault", "unsafe", "note"]
"""``calls``: perhaps nobody is called; ``fault``: wrong, but people are still called; ``unsafe``: a fault in
production, on a desk worth knowing; ``note``: worth knowing everywhere."""
Cost = Literal["cheap", "dear"]
"""``cheap``: a few indexed look-ups or a glance at a folder, to be asked every few seconds; ``dear``: files are read to
their end, other machines are asked: only when a person wants to know."""
Kind = Literal["ground", "engine", "machine", "copies", "set_up", "lines"]
"""``ground``: what everything else rests on."""


@dataclass(frozen=True)
class QuestionFinding:
    """``kind`` is the name of the question, ``count`` how many things it is about, ``example`` names one of them."""

    kind: str
    count: int
    example: str = ""
    channels: tuple[str, ...] = ()
    """Channels that may be the ones at fault: administrators are told by another."""
    since: datetime | None = None
    utter: bool = False
    """Nothing is left of what it is about."""
    severity: Severity = "calls"

    @property
    def grave(self) -> bool:
        return self.severity == "calls"


@dataclass(frozen=True)
class Fine:
    """``detail``: what is worth reading of what is well, in the reader's language."""

    detail: str = ""


@dataclass(frozen=True)
class Unseen:
    """Not looked at: until the question ``after`` is mended, or because it cannot be seen from here (``why``)."""

    after: str = ""
    why: str = ""


@dataclass(frozen=True)
class Failed:
    """Looking ended with an error of its own."""

    why: str


Outcome = QuestionFinding | Fine | Unseen | Failed
Ask = Callable[[datetime], QuestionFinding | Fine | Unseen | None]
"""None: fine, and nothing to say of it."""


@dataclass(frozen=True)
class ReadinessQuestion:
    """``area``: under which word operators read it; ``needs``: names of questions above it that it rests on;
    ``told``: whether administrators are sent letters about it."""

    name: str
    area: str
    kind: Kind
    severity: Severity
    cost: Cost
    ask: Ask
    needs: tuple[str, ...] = ()
    told: bool = True


@dataclass(frozen=True)
class QuestionAnswer:
    question: ReadinessQuestion
    outcome: Outcome


Rescue = Callable[[Exception], Failed]


def examine(
    questions: Sequence[ReadinessQuestion], *, now: datetime, rescue: Rescue | None = None
) -> Iterator[QuestionAnswer]:
    """Each question once, in this order. Of what it ``needs`` only what is among ``questions`` counts.

    ``rescue``: what becomes of an error while looking; without it the error is raised.
    """
    hidden: dict[str, str] = {}
    for question in questions:
        behind = next((hidden[name] for name in question.needs if name in hidden), "")
        outcome = Unseen(after=behind) if behind else _asked(question, now, rescue)
        if isinstance(outcome, Unseen):
            hidden[question.name] = outcome.after or question.name
        elif not isinstance(outcome, Fine):
            hidden[question.name] = question.name
        yield QuestionAnswer(question, outcome)


def _asked(question: ReadinessQuestion, now: datetime, rescue: Rescue | None) -> Outcome:
    try:
        found = question.ask(now)
    except Exception as why:
        if rescue is None:
            raise
        return rescue(why)
    if isinstance(found, QuestionFinding):
        return replace(found, severity=question.severity)
    return found or Fine()


def several(kind: str, found: Sequence[str]) -> QuestionFinding | None:
    """Return a finding that names the first three of several things; None where there is none."""
    return QuestionFinding(kind, len(found), "; ".join(found[:3])) if found else None
