"""PURE the steps that Điều 14 of the Postal Law leads to; what is done, what is missing, what may follow.

There is no step that opens an item: whether it is opened, and by whom, is for the authority to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

Kind = Literal["line", "text", "when", "day", "count", "choice", "parties", "attachment"]
State = Literal["none", "begun", "done"]
Values = Mapping[str, Any]
"""By field: text, aware ``datetime``, ``date``, whole number, or a list of parties."""
Recorded = Mapping[str, Values]
"""step → values."""

HOW = ("phone", "in_person", "letter", "email")
MOST_PARTIES = 8
FEWEST_PARTIES = 2
MOST_COPIES = 99
LONGEST_TEXT = 4000


@dataclass(frozen=True)
class StepField:
    key: str
    kind: Kind = "line"
    needed: bool = False


@dataclass(frozen=True)
class ClosingStep:
    """``closing``: without it the incident is not closed."""

    key: str
    fields: tuple[StepField, ...]
    closing: bool = False

    def field(self, key: str) -> StepField | None:
        return next((each for each in self.fields if each.key == key), None)


def _at(needed: bool = True) -> StepField:
    return StepField("at", "when", needed)


STEPS = (
    ClosingStep(
        "suspend",
        (
            _at(),
            StepField("by", needed=True),
            StepField("found_at", needed=True),
            StepField("sent_from"),
            StepField("item"),
        ),
        closing=True,
    ),
    ClosingStep(
        "seal", (_at(), StepField("by", needed=True), StepField("kept_at", needed=True), StepField("seal_number"))
    ),
    ClosingStep("leadership", (_at(), StepField("person", needed=True), StepField("how", "choice", True))),
    ClosingStep(
        "authority",
        (
            StepField("authority", needed=True),
            StepField("contact", needed=True),
            _at(),
            StepField("how", "choice", True),
            StepField("document"),
        ),
        closing=True,
    ),
    ClosingStep(
        "record",
        (
            _at(),
            StepField("place", needed=True),
            StepField("parties", "parties", True),
            StepField("outside", "text"),
            StepField("copies", "count", True),
            StepField("signed_at", "when", True),
            StepField("scan", "attachment"),
            StepField("no_scan"),
        ),
        closing=True,
    ),
    ClosingStep(
        "handover",
        (
            StepField("request_number", needed=True),
            StepField("request_on", "day", True),
            StepField("request_by", needed=True),
            _at(),
            StepField("received_by", needed=True),
            StepField("items"),
        ),
    ),
    ClosingStep("report", (StepField("to", needed=True), _at(), StepField("number"))),
)
BY_KEY = {step.key: step for step in STEPS}
NUMBER = {step.key: number for number, step in enumerate(STEPS, start=1)}
WRITTEN_REQUEST = ("request_number", "request_on", "request_by")


def missing(step: ClosingStep, values: Values) -> list[str]:
    """Fields that the step still lacks, in order."""
    lacking = [field.key for field in step.fields if field.needed and not values.get(field.key)]
    if step.key == "authority" and values.get("how") == "letter" and not values.get("document"):
        lacking.append("document")
    if step.key == "record":
        if values.get("parties") and len(values["parties"]) < FEWEST_PARTIES:
            lacking.append("parties")
        if not values.get("scan") and not values.get("no_scan"):
            lacking.append("scan")
    return lacking


def state(step: ClosingStep, values: Values | None) -> State:
    if not values:
        return "none"
    return "begun" if missing(step, values) else "done"


def may_follow(step: ClosingStep, values: Values, recorded: Recorded) -> str | None:
    """``None``, or the code of what must come first: nothing before carriage is suspended, no hand-over without a
    request in writing."""
    if step.key != "suspend" and not recorded.get("suspend"):
        return "legal.suspend_first"
    if step.key == "handover" and any(not values.get(key) for key in WRITTEN_REQUEST):
        return "legal.request_first"
    return None


def following(recorded: Recorded) -> ClosingStep | None:
    """Return what to do now: the first step that is not done. A hand-over waits for a request that may never come."""
    for step in STEPS:
        if step.key == "handover" and not recorded.get("handover"):
            continue
        if state(step, recorded.get(step.key)) != "done":
            return step
    return None


def to_close(recorded: Recorded) -> dict[str, list[str]]:
    """step → what it lacks before the incident may be closed; empty when nothing does."""
    asked = [step for step in STEPS if step.closing or (step.key == "handover" and recorded.get("handover"))]
    lacking = {step.key: missing(step, recorded.get(step.key) or {}) for step in asked}
    return {key: fields for key, fields in lacking.items() if fields}


def in_future(step: ClosingStep, values: Values, now: datetime, today: date) -> list[str]:
    """Fields that tell of a time which has not come."""
    late = [each.key for each in step.fields if each.kind == "when" and values.get(each.key) and values[each.key] > now]
    return late + [
        each.key for each in step.fields if each.kind == "day" and values.get(each.key) and values[each.key] > today
    ]


def doubts(recorded: Recorded, detected_at: datetime) -> list[str]:
    """Codes of what looks wrong in what was recorded. For a warning: only people know what happened."""
    suspend, record, handover = (recorded.get(key) or {} for key in ("suspend", "record", "handover"))
    authority = recorded.get("authority") or {}
    found = [
        ("before_found", _before(suspend.get("at"), detected_at)),
        ("same_place", _same(suspend.get("found_at"), suspend.get("sent_from"))),
        ("told_before_suspended", _before(authority.get("at"), suspend.get("at"))),
        ("signed_before_made", _before(record.get("signed_at"), record.get("at"))),
        ("handed_before_record", _before(handover.get("at"), record.get("signed_at"))),
        ("handed_without_record", bool(handover) and not record.get("signed_at")),
    ]
    return [code for code, is_so in found if is_so]


def changes(step: ClosingStep, before: Values, after: Values) -> list[str]:
    """Fields whose value is another one now."""
    return [each.key for each in step.fields if (before.get(each.key) or None) != (after.get(each.key) or None)]


def parties_of(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return those with anything in them, squeezed."""
    named = [{key: " ".join(row.get(key, "").split()) for key in ("name", "role", "organisation")} for row in rows]
    return [row for row in named if any(row.values())]


def _before(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one < other


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and str(one).strip().casefold() == str(other).strip().casefold()
