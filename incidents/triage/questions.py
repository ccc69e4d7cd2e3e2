"""The questions of the quick log and of an incident's page: what is asked, what was answered, what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.db import db
from incidents.catalogue import queries as catalogue
from incidents.catalogue.models import IncidentCategory
from incidents.catalogue.severity import MOST_QUESTIONS, UNKNOWN, floor
from incidents.triage import derivation
from incidents.triage.words import reason_words

ANSWER = "answers."
"""How the names of questions begin in forms."""


def answers_in(sent: Mapping[str, str]) -> dict[str, str]:
    """Question → answer as a form sends them; what nobody knows is left out, and so is what is no question any more."""
    known = catalogue.pure_questions()
    given = {name.removeprefix(ANSWER): value for name, value in sent.items() if name.startswith(ANSWER)}
    return {code: value for code, value in given.items() if code in known and value in known[code].answers}


def asked(category: str, sent: Mapping[str, str]) -> list[dict[str, Any]]:
    """The questions of a category (those of every kind while none is chosen) with what was answered."""
    return [
        {"name": f"{ANSWER}{row.code}", "row": row, "value": sent.get(f"{ANSWER}{row.code}", UNKNOWN)}
        for row in catalogue.questions_of(category)[:MOST_QUESTIONS]
    ]


def questioning(sent: Mapping[str, str], category: str, party_state: bool) -> dict[str, Any]:
    """Return what ``_questions.html`` and ``_derived.html`` show: the questions, the level and why.

    Only the answers to questions that are asked count: another category asks others.
    """
    kind = db.session.get(IncidentCategory, category)
    questions = asked(category, sent)
    if kind is None:
        return {"questions": questions, "level": None}
    answers = answers_in({each["name"]: each["value"] for each in questions})
    derived = derivation.derive(kind, answers, party_state=party_state)
    chosen = sent.get("severity", "")
    by_hand = int(chosen) if chosen in ("1", "2", "3", "4") else None
    level = floor(by_hand or derived.level, party_state=derived.party_state, category=kind.code)
    return {
        "questions": questions,
        "level": level,
        "derived": derived,
        "because": reason_words(derivation.because(derived, kind)),
    }
