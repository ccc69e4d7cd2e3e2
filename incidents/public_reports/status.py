"""What a reporter without an account gets to know: that somebody is being called, that it was taken, that it is done.

Of people: the name of their duty, and the given name of the person who took it. No family name, no number, and of a
restricted incident not even that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from incidents.record import queries
from incidents.record.models import Incident, Page
from notify.message_states.delivery_states import HAS_LEFT, state_of
from people.models import DutyKind

Stage = Literal["calling", "taken", "done"]


@dataclass(frozen=True)
class CalledDuty:
    """A duty that was called, and when first; ``None``: a person whom the policy names."""

    at: datetime
    duty: DutyKind | None
    has_left: bool
    """Whether any of its calls has left, or somebody rang by hand."""


@dataclass(frozen=True)
class PublicStatus:
    """``taken_by``: given name and duty; ``expected_at``: when they said that they would be there."""

    stage: Stage
    restricted: bool
    called: tuple[CalledDuty, ...] = ()
    is_called: bool = False
    """Of what is restricted: somebody was called, no more."""
    taken_at: datetime | None = None
    taken_by: str = ""
    taken_duty: DutyKind | None = None
    expected_at: datetime | None = None
    done_at: datetime | None = None


def seen(incident: Incident) -> PublicStatus:
    """The incident as its reporter may see it."""
    stage: Stage = {"open": "calling", "acknowledged": "taken"}.get(incident.status, "done")  # type: ignore[assignment]
    pages, kinds = queries.pages(incident.id), queries.duty_kinds_by_code()
    if incident.restricted:
        return PublicStatus(stage, True, is_called=any(map(_has_left, pages)))
    facts: dict[str, Any] = {"called": _called(pages, kinds)}
    if stage != "calling" and incident.acknowledged_at is not None:
        facts |= {
            "taken_at": incident.acknowledged_at,
            "taken_by": incident.acknowledged_by.split()[-1] if incident.acknowledged_person else "",
            "taken_duty": _duty_of(incident, pages, kinds),
        }
    if stage == "taken":
        facts["expected_at"] = incident.escalation.arrives_at
    return PublicStatus(stage, False, done_at=incident.resolved_at or incident.closed_at, **facts)


def _called(pages: list[Page], kinds: dict[str, DutyKind]) -> tuple[CalledDuty, ...]:
    """Each duty once, in the order in which they were called."""
    first: dict[str | None, Page] = {}
    left = set[str | None]()
    for page in pages:
        first.setdefault(page.duty, page)
        if _has_left(page):
            left.add(page.duty)
    return tuple(CalledDuty(page.created_at, kinds.get(duty or ""), duty in left) for duty, page in first.items())


def _has_left(page: Page) -> bool:
    if page.answer is not None or page.opened_at is not None:
        return True
    if page.message is None:  # no machine has words for them, and that somebody rang is known by its answer
        return False
    return state_of(page.message.state, page.message.reported) in HAS_LEFT


def _duty_of(incident: Incident, pages: list[Page], kinds: dict[str, DutyKind]) -> DutyKind | None:
    mine = [page for page in pages if page.person_id == incident.acknowledged_by_id]
    return kinds.get(mine[-1].duty or "") if mine else None
