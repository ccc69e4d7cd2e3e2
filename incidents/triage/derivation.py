"""How bad an incident is by its category and what somebody could answer, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.db import db
from core.errors import FieldError, NotFound, ensure_none
from incidents.catalogue import queries as catalogue
from incidents.catalogue.models import IncidentCategory, SeverityQuestion
from incidents.catalogue.severity import UNKNOWN, Derived, LevelQuestion, Reason, known, severity_of
from incidents.record.models import Incident


def derive(
    kind: IncidentCategory, answers: Mapping[str, str], *, party_state: bool = False, restricted: bool = False
) -> Derived:
    """Return what category, answers and floors make of it."""
    return severity_of(
        kind.code,
        kind.default_severity,
        answers,
        questions_of(answers),
        party_state=party_state,
        restricted=restricted or kind.restricted,
    )


def questions_of(answers: Mapping[str, str]) -> Mapping[str, LevelQuestion]:
    """Return what the answers are about; of no answers (all that machines send) nothing need be known."""
    return catalogue.pure_questions() if answers else {}


def kind_of(category: str) -> IncidentCategory:
    """Raises ``NotFound("category.unknown")``."""
    kind = db.session.get(IncidentCategory, category)
    if kind is None:
        raise NotFound("category.unknown", field="category", category=category)
    return kind


def ensure_answers(answers: Mapping[str, str]) -> None:
    """Raise ``Invalid`` for questions and answers that do not exist; "unknown" is always one."""
    questions = questions_of(answers)
    faults = [
        FieldError(f"answers.{code}", "incident.question", {"question": code})
        if code not in questions
        else FieldError(f"answers.{code}", "incident.answer")
        for code, value in answers.items()
        if code not in questions or (value != UNKNOWN and value not in questions[code].answers)
    ]
    ensure_none(faults)


def put_answers(incident: Incident, answers: Mapping[str, str], derived: Derived) -> None:
    """Keep what somebody knew, and what follows from it."""
    incident.answers = known(answers, questions_of(answers))
    incident.derived_severity = derived.level
    incident.because = because(derived, kind_of(incident.category))
    incident.restricted = incident.restricted or derived.restricted


def because(derived: Derived, kind: IncidentCategory) -> list[dict[str, Any]]:
    """The reasons with the words that the reader saw, in both languages."""
    return [asdict(reason) | _words(reason, kind) for reason in derived.because]


def _words(reason: Reason, kind: IncidentCategory) -> dict[str, str]:
    if reason.kind == "category":
        return {"vi": kind.name_vi, "en": kind.name_en}
    row = db.session.get(SeverityQuestion, reason.question) if reason.kind == "answer" else None
    if row is None:
        return {"vi": "", "en": ""}
    answer = next((each for each in row.answers if each["value"] == reason.answer), {"vi": "", "en": ""})
    return {"vi": f"{row.text_vi} {answer['vi']}", "en": f"{row.text_en} {answer['en']}"}
