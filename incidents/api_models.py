"""What the incident calls of the API take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from core.api import ApiModel, Code, Line, ListQuery, Text, When
from incidents import queries, reporting, wording
from incidents.models import Incident, Page, TimelineEntry
from incidents.policies import LONGEST_WAIT, MOST_STEPS

Level = Annotated[int, Field(ge=1, le=4)]
Status = Literal["open", "acknowledged", "resolved", "closed"]
Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Search = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Wait = Annotated[int, Field(ge=0, le=LONGEST_WAIT)]
Pause = Annotated[int, Field(ge=1, le=LONGEST_WAIT)]


class IncidentIn(ApiModel):
    title: Line
    description: Text = ""
    category: Code = "other"
    severity: Level | None = None
    """Default: the category's. Raised to its floor, never refused."""
    unit: Code | None = None
    """Default: the key's unit, else the enterprise."""
    detected_at: When | None = None
    party_state: bool = False
    dedup_key: Key | None = None


class IncidentQuery(ListQuery):
    status: Status | None = None
    severity: Level | None = None
    unit: Code | None = None
    q: Search | None = None


class Act(ApiModel):
    note: Text = ""
    person: Code | None = None
    """Whom the key acts for; default: the key's own person."""


class NoteIn(ApiModel):
    note: Line
    person: Code | None = None


class EntryOut(ApiModel):
    at: When
    who: str
    kind: str
    text: str
    note: str
    params: dict[str, Any]


class CallOut(ApiModel):
    step: int
    cycle: int
    person: str
    name: str
    rule: str
    channel: str
    state: str
    at: When
    sent_at: When | None


class IncidentOut(ApiModel):
    code: str
    title: str
    description: str
    category: str
    severity: int
    unit: str
    party_state: bool
    phase: str | None
    status: Status
    dedup_key: str | None
    rehearsal: bool
    detected_at: When
    created_at: When
    created_by: str
    due_at: When | None
    """When the next step is called, or when acknowledged-and-forgotten comes back."""
    acknowledged_by: str | None
    acknowledged_at: When | None
    resolved_at: When | None
    closed_at: When | None


class IncidentDetail(IncidentOut):
    timeline: list[EntryOut]
    pages: list[CallOut]


class DutyStep(ApiModel):
    """Calls whoever serves this duty when the step fires."""

    duty: Code
    person: None = None
    after_seconds: Wait


class PersonStep(ApiModel):
    """Calls this person."""

    duty: None = None
    person: Code
    after_seconds: Wait


class PolicyIn(ApiModel):
    steps: Annotated[list[DutyStep | PersonStep], Field(min_length=1, max_length=MOST_STEPS)]
    repeat_after_seconds: Pause
    ack_timeout_seconds: Pause
    catch_all: Annotated[list[Code], Field(max_length=50)] = []


class PolicyOut(ApiModel):
    steps: list[DutyStep | PersonStep]
    repeat_after_seconds: int
    ack_timeout_seconds: int
    catch_all: list[str]
    unit: str | None
    """Whose policy it is: the unit itself, an ancestor, or null for the enterprise's default."""
    number: int


def summary(incident: Incident) -> dict[str, Any]:
    """The fields of ``IncidentOut``."""
    plain = (
        "code", "title", "description", "category", "severity", "party_state", "phase", "status", "detected_at",
        "created_at", "created_by", "acknowledged_at", "resolved_at", "closed_at",
    )  # fmt: skip
    return {name: getattr(incident, name) for name in plain} | {
        "unit": incident.unit.code,
        "dedup_key": reporting.plain_key(incident),
        "rehearsal": incident.rehearsal_id is not None,
        "due_at": incident.escalation.next_at,
        "acknowledged_by": incident.acknowledged_by or None,
    }


def detail(incident: Incident) -> dict[str, Any]:
    """The fields of ``IncidentDetail``."""
    kinds = queries.duty_kinds_by_code()
    return summary(incident) | {
        "timeline": [_entry(entry, kinds) for entry in queries.timeline(incident.id)],
        "pages": [_call(page) for page in queries.pages(incident.id)],
    }


def _entry(entry: TimelineEntry, kinds: wording.Kinds) -> dict[str, Any]:
    return {
        "at": entry.at, "who": entry.who, "kind": entry.kind, "text": wording.text(entry, kinds), "note": entry.note,
        "params": entry.params,
    }  # fmt: skip


def _call(page: Page) -> dict[str, Any]:
    sent_at: datetime | None = page.message.sent_at if page.message else None
    return {
        "step": page.step + 1, "cycle": page.cycle, "person": page.person.code, "name": page.person.full_name,
        "rule": page.rule, "channel": page.channel, "state": queries.page_state(page), "at": page.created_at,
        "sent_at": sent_at,
    }  # fmt: skip
