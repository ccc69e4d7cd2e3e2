"""Noting what an attempt came to: states, deliveries, the next rung of a ladder, breakers. Each in one commit."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import aliased

from core.db import transaction
from notify import backoff
from notify.claims import QUIETLY, ClaimedMessage, ClaimedMessages, fenced
from notify.erasing import GONE, without_secrets
from notify.gateways import breakers
from notify.gateways.breakers import GatewayTrial
from notify.gateways.models import GATEWAY_CHANNELS
from notify.models import Delivery, Message
from notify.redial import services as redial

_Before = aliased(Message)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AttemptResult:
    """What one attempt came to; ``answer`` is the other side's word or our reason."""

    outcome: Literal["sent", "refused", "again", "held", "blocked"]
    """``blocked``: its gateway is known to be down, so it was not tried."""
    answer: str
    gateway: str = ""
    provider_id: str = ""
    unsure: bool = False
    """The line broke when the other side may already have taken it: it goes again as it was."""
    elsewhere: bool = False
    """Another gateway may carry it."""
    trials: tuple[GatewayTrial, ...] = ()
    words: str = ""
    """What was handed over, as its reader would have it."""


def mark(claimed: ClaimedMessages, result: AttemptResult, *, now: datetime) -> bool:
    """Note the answer; False when the lease was lost meanwhile (the attempt is recorded all the same)."""
    # Cancelled while it was on its way and accepted all the same: then it was sent.
    from_states = ("leased", "cancelled") if result.outcome == "sent" else ("leased",)
    result = replace(result, answer=without_secrets(result.answer))
    marked: set[int] = set()
    with transaction() as session:
        again = result.outcome == "sent" and redial.wanted(claimed, result.gateway)
        for attempt in {part.attempt for part in claimed.parts}:
            rows = session.scalars(
                update(Message)
                .where(fenced(claimed, attempt), Message.state.in_(from_states))
                .values(lease_owner=None, leased_until=None, **_as_columns(claimed, result, attempt, now))
                .returning(Message.id)
                .execution_options(synchronize_session=False)
            )
            marked |= set(rows)
        if result.outcome not in ("held", "blocked"):
            tried = [_delivery(claimed, part, result, now, late=part.id not in marked) for part in claimed.parts]
            session.execute(insert(Delivery), tried)
        if result.outcome != "sent":
            _climb([part for part in claimed.parts if part.id in marked and _fails_now(part, result)], now)
        if again and marked:
            redial.plan(claimed, result.gateway, now=now)
        breakers.note(result.trials, now=now)
    lost = len(claimed.parts) - len(marked)
    if lost:
        log.warning("%s of %s messages had lost their lease (%s)", lost, len(claimed.parts), result.outcome)
    return not lost


def next_rung(ladder: str, rung: int, *, now: datetime) -> None:
    """Make the rung after ``rung`` due at once; in the caller's transaction."""
    with transaction() as session:
        session.execute(
            update(Message)
            .where(
                Message.ladder == ladder,
                Message.rung == rung + 1,
                Message.again_of.is_(None),
                Message.state == "pending",
                Message.attempts == 0,
                Message.next_at > now,
            )
            .values(next_at=now),
            execution_options=QUIETLY,
        )


def pass_blocked(blocked_channels: Collection[str], *, now: datetime) -> int:
    """What waits for a channel whose gateways are down lets the next rung go at once; how many that were."""
    if not blocked_channels:
        return 0
    stuck = exists(
        select(_Before.id).where(
            _Before.ladder == Message.ladder,
            _Before.rung == Message.rung - 1,
            _Before.state == "pending",
            _Before.channel.in_(blocked_channels),
            _Before.next_at <= now,
        )
    )
    later = (
        Message.ladder != "",
        Message.rung > 0,
        Message.again_of.is_(None),
        Message.state == "pending",
        Message.attempts == 0,
        Message.next_at > now,
        stuck,
    )
    with transaction() as session:
        passed = session.scalars(
            update(Message).where(*later).values(next_at=now).returning(Message.id), execution_options=QUIETLY
        )
        return len(passed.all())


def _fails_now(part: ClaimedMessage, result: AttemptResult) -> bool:
    """A refusal, a hold, and the first failure of a rung call the next one; later retries have done so already."""
    return bool(part.ladder) and (result.outcome in ("refused", "held", "blocked") or part.attempt == 1)


def _climb(parts: list[ClaimedMessage], now: datetime) -> None:
    for part in parts:
        next_rung(part.ladder, part.rung, now=now)


def _as_columns(claimed: ClaimedMessages, result: AttemptResult, attempt: int, now: datetime) -> dict[str, Any]:
    if result.outcome == "sent":
        return {
            "state": "sent",
            "sent_at": now,
            "last_error": "",
            "waits_for": "",
            "letter_id": claimed.letter_id,
            "provider_id": result.provider_id,
            "carried_by": result.gateway if claimed.channel in GATEWAY_CHANNELS else None,
            **GONE,
        }
    if result.outcome == "refused":
        return {"state": "failed_permanent", "last_error": result.answer, **GONE}
    if result.outcome == "held":
        return {"state": "held", "hold_reason": result.answer}
    waiting = {"state": "pending", "last_error": result.answer, "waits_for": result.gateway, "delay_seconds": 0}
    if result.outcome == "blocked":  # not tried: not counted
        return {**waiting, "next_at": now + backoff.wait_after(1), "attempts": attempt - 1, "letter_id": ""}
    kept = {} if result.unsure else {"letter_id": ""}
    return {**waiting, **kept, "next_at": now + backoff.wait_after(attempt)}


def _delivery(
    claimed: ClaimedMessages, part: ClaimedMessage, result: AttemptResult, now: datetime, *, late: bool
) -> dict[str, Any]:
    detail: dict[str, Any] = {"late": True} if late else {}
    if result.gateway:
        detail["gateway"] = result.gateway
    if len(claimed.parts) > 1:
        detail["bundle"] = len(claimed.parts)
    why = [(trial.name, trial.error or trial.passed) for trial in result.trials]
    failed_over = [f"{name}: {words}" for name, words in why if words]
    if failed_over and result.outcome == "sent":
        detail["before"] = failed_over
    return {
        "message_id": part.id,
        "attempt": part.attempt,
        "at": now,
        "accepted": result.outcome == "sent",
        "answer": result.answer,
        "detail": detail,
        "words": result.words,
    }
