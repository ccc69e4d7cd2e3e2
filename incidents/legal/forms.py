"""What the form of a legal step sends, as values; and stored values as the form shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from core.calendar import dates
from core.errors import FieldError, ensure_none
from incidents.legal import steps as rules
from incidents.legal.steps import ClosingStep, StepField

PARTY = ("name", "role", "organisation")
MORE_PARTIES = 2
"""Empty rows that are offered after those that are filled."""


def typed(step: ClosingStep, form: MultiDict[str, str]) -> dict[str, Any]:
    """Return them by field: local times as aware moments. Raises ``Invalid`` with every field that cannot be read."""
    values: dict[str, Any] = {}
    faults = []
    for field in step.fields:
        try:
            values[field.key] = _one(field, form)
        except ValueError:
            code = {"when": "legal.when", "day": "legal.day", "count": "legal.number"}[field.kind]
            faults.append(FieldError(field.key, code))
    ensure_none(faults)
    return values


def shown(step: ClosingStep, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return them by field: what stands in its input; parties with empty rows to fill."""
    return {field.key: _input(field, values.get(field.key)) for field in step.fields}


def fresh(step: ClosingStep, *, now: datetime, me: str) -> dict[str, Any]:
    """Return them by field, of a step that nobody has recorded: now, and by ``me`` (empty: nobody in particular). When
    parties signed is never guessed."""
    return shown(step, {"at": now, "by": me} if step.field("by") else {"at": now})


def kept(step: ClosingStep, form: MultiDict[str, str]) -> dict[str, Any]:
    """Return them by field: what was typed, as it was typed."""
    return {
        field.key: _with_empty(_parties(form)) if field.kind == "parties" else form.get(field.key, "")
        for field in step.fields
    }


def _one(field: StepField, form: MultiDict[str, str]) -> Any:
    if field.kind == "parties":
        return _parties(form)
    said = form.get(field.key, "").strip()
    if not said:
        return None
    if field.kind == "when":
        return _readable(dates.moment(said))
    if field.kind == "day":
        return _readable(dates.day(said))
    return int(said) if field.kind == "count" else said


def _readable(found: Any) -> Any:
    if found is None:
        raise ValueError
    return found


def _parties(form: MultiDict[str, str]) -> list[dict[str, str]]:
    columns = [form.getlist(f"party_{key}") for key in PARTY]
    rows = [dict(zip(PARTY, row, strict=True)) for row in zip(*columns, strict=False)]
    return rules.parties_of(rows)


def _with_empty(parties: list[dict[str, str]]) -> list[dict[str, str]]:
    empty = min(max(MORE_PARTIES, 3 - len(parties)), rules.MOST_PARTIES - len(parties))
    return parties + [dict.fromkeys(PARTY, "")] * max(0, empty)


def _input(field: StepField, value: Any) -> Any:
    if field.kind == "parties":
        return _with_empty(list(value or []))
    if not value:
        return ""
    if field.kind == "when":
        return dates.moment_shown(value)
    return dates.day_shown(value) if field.kind == "day" else str(value)
