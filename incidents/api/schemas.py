"""What the incident calls of the API take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from core import clock
from core.api.call import ApiModel, Code, Line, ListQuery, Text, When
from incidents import timeline_words, words
from incidents.alarms import queries as alarms
from incidents.api import summary as written
from incidents.escalation import requests
from incidents.escalation.models import Ask
from incidents.paging import delivery_status
from incidents.policies.schemas import Level
from incidents.record import naming, queries
from incidents.record.models import Incident, Page, TimelineEntry
from incidents.record.states import Status
from incidents.triage import clock_status, followup
from incidents.triage.words import reason_words, spoken

Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Search = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


Answers = Annotated[dict[Code, Code], Field(max_length=20)]
"""Question → answer (``GET /incident-categories`` lists them); ``unknown`` counts for nothing."""


class ClockOut(ApiModel, title="ClockOut"):
    kind: Literal["acknowledge", "leadership", "update", "resolve"]
    due_at: When
    done_at: When | None
    """Of ``acknowledge``: when it was first taken, also while it waits to be taken again."""
    state: Literal["running", "sent", "overdue", "again", "again_overdue", "met", "missed", "ended"]
    """again: somebody took it and let it go; ``due_at`` counts from then."""
    sent_at: When | None


class CheckOut(ApiModel, title="CheckOut"):
    item: str
    text: str
    done_at: When | None
    done_by: str | None


class IncidentIn(ApiModel, title="IncidentIn"):
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
    answers: Answers = {}
    restricted: bool = False
    """Also when the category does not say so."""
    names_confirmed: bool = False
    """Of Party and State: the name in the words is neither the sender's nor the receiver's (``incident.name_asked``). A
    program without a person is not asked: names and marks of secrecy are withheld ("[…]")."""


class HeldOut(ApiModel, title="HeldOut"):
    held_by: int
    """The maintenance window that keeps it: nobody is called, unless it still holds when that is over."""


class IncidentQuery(ListQuery):
    status: Status | None = None
    severity: Level | None = None
    unit: Code | None = None
    q: Search | None = None


class Act(ApiModel, title="Act"):
    note: Text = ""
    person: Code | None = None
    """Whom the key acts for; default: the key's own person."""


class NoteIn(ApiModel, title="NoteIn"):
    note: Line
    person: Code | None = None


class TimelineEntryOut(ApiModel, title="TimelineEntryOut"):
    at: When
    who: str
    kind: str
    text: str
    note: str
    params: dict[str, Any]


class PagedCallOut(ApiModel, title="CallOut"):
    step: int
    cycle: int
    person: str
    name: str
    rule: str
    purpose: str
    """call: take it; alive: still on it; else the kind of the question that was put."""
    channel: str
    state: str
    at: When
    sent_at: When | None
    attempts: int
    """Tries by all addresses of the channel."""
    away: bool
    """Recorded absent at that moment: one message that does not ring, and nobody waits for the answer."""


class IncidentOut(ApiModel, title="IncidentOut"):
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
    joined_to: str | None
    """The incident that it turned out to be."""
    restricted: bool
    clocks: list[ClockOut]
    """By when it should be taken, told to the leadership, followed up and resolved."""
    snoozed_until: When | None
    """Put off until then; it returns by itself."""
    arrives_at: When | None
    """When the holder said they would be there."""
    arrived_at: When | None
    exhausted: bool
    """Every step has been called since somebody last acted, and nobody took it."""


class AskOut(ApiModel, title="AskOut"):
    """A question to one person that waits for an answer."""

    id: int
    kind: Literal["handover", "reassign", "more", "confirm", "arrival"]
    person: str
    name: str
    asked_by: str
    since: When
    times: int
    """How often the person has been called for it."""


class DetailsOut(ApiModel, title="DetailsOut"):
    form: str
    """In whose manner it came: uptime_kuma, zabbix, …"""
    rows: list[list[str]]
    """[[name, value], …] in the order in which they came."""


class IncidentDetail(IncidentOut, title="IncidentDetail"):
    derived_severity: int | None
    """What category, answers and floors make of it; ``severity`` differs when somebody chose another."""
    because: list[str]
    answers: dict[str, str]
    facts: dict[str, str | int | float | bool]
    checklist: list[CheckOut]
    timeline: list[TimelineEntryOut]
    pages: list[PagedCallOut]
    asks: list[AskOut]
    details: DetailsOut | None
    """What came along with the alarm of a source; none of what concerns Party, State or KT1, or few may see."""


def summary(incident: Incident, *, seen: bool = True) -> dict[str, Any]:
    """The fields of ``IncidentOut``; not ``seen``: its neutral title, and nothing that tells more."""
    told = written.summarize(incident, clock_status.clocks_for(incident, clock.now()))
    if seen:
        return told
    hidden = {"title": naming.inside(incident), "description": "", "created_by": "", "category": "other"}
    return told | hidden | {"acknowledged_by": None}


def detail(incident: Incident) -> dict[str, Any]:
    """The fields of ``IncidentDetail``."""
    kinds, came = queries.duty_kinds_by_code(), alarms.came_along(incident)
    return summary(incident) | {
        "derived_severity": incident.derived_severity,
        "because": reason_words(incident.because),
        "answers": incident.answers,
        "facts": incident.facts,
        "checklist": [
            {
                "item": each["key"],
                "text": spoken(each),
                "done_at": each["done"]["at"] if each["done"] else None,
                "done_by": each["done"]["who"] if each["done"] else None,
            }
            for each in followup.checklist(incident)
        ],
        "timeline": [_entry(entry, kinds) for entry in queries.timeline(incident.id)],
        "pages": _calls(queries.pages(incident.id), clock.now()),
        "asks": [_ask(ask) for ask in requests.open_requests(incident.id)],
        "details": {"form": came.form, "rows": came.rows} if came is not None else None,
    }


def _entry(entry: TimelineEntry, kinds: words.Kinds) -> dict[str, Any]:
    return {
        "at": entry.at,
        "who": entry.who,
        "kind": entry.kind,
        "text": timeline_words.text(entry, kinds),
        "note": entry.note,
        "params": entry.params,
    }


def _ask(ask: Ask) -> dict[str, Any]:
    return {
        "id": ask.id,
        "kind": ask.kind,
        "person": ask.person.code,
        "name": ask.person.full_name,
        "asked_by": ask.asked_by,
        "since": ask.created_at,
        "times": ask.turn,
    }


def _calls(pages: list[Page], now: datetime) -> list[dict[str, Any]]:
    courses = delivery_status.courses_for(pages, now)
    return [_call(page, courses[page.id]) for page in pages]


def _call(page: Page, course: delivery_status.Course) -> dict[str, Any]:
    return {
        "step": page.step + 1,
        "cycle": page.cycle,
        "person": page.person.code,
        "name": page.person.full_name,
        "rule": page.rule,
        "purpose": page.purpose,
        "channel": page.channel,
        "state": course.state,
        "at": page.created_at,
        "sent_at": course.sent_at,
        "attempts": course.tried,
        "away": page.away,
    }
