"""Carrying what is due: claim one letter, look once more, hand it over, note the answer.

At least once: an attempt is counted when it is claimed, so a crash between claim and answer is tried again after the
lease, with the same Message-ID. Noting one answer and claiming the next message is one commit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from flask import current_app

from core import clock
from core.db import db, transaction
from core.storage.failpoints import hit
from notify import erasing, pause
from notify.bundles import composing, first_letter
from notify.channels import plain
from notify.channels.base import CarriedLetter, Channel, ChannelError
from notify.channels.registry import Channels, wholly_blocked
from notify.claims import ClaimedMessages, claim, clamp, due_channels, still_ours
from notify.deaths.services import free_leases
from notify.gateways import breakers, standings
from notify.gateways.breakers import GatewayTrial
from notify.last_look import services as last_look
from notify.results import AttemptResult, mark, pass_blocked

__all__ = [
    "ClaimedMessages",
    "AttemptResult",
    "carry",
    "clamp",
    "claim",
    "deliver_due",
    "due_channels",
    "free_leases",
    "mark",
    "pass_ladders",
    "still_ours",
]
log = logging.getLogger(__name__)
_under_way: set[int] = set()
"""Messages that threads of this process are carrying: their leases may seem to have ended when the host's clock jumped
ahead, but they are in good hands. Adding, removing and copying are one step each under the interpreter's lock."""


def deliver_due(
    *,
    owner: str,
    channels: Channels | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    only: Collection[str] = (),
) -> int:
    """Carry messages of the channels ``only`` (none: any), one after the other until none is due; how many attempts
    that took.

    ``owner`` names this thread among all threads of all nodes. ``channels`` keeps lines open between calls; the lines
    of a call without it are closed at its end. Runs outside any transaction of the caller's.
    """
    lines, attempts = channels or Channels(current_app.config), 0
    try:
        claimed = _claim(owner, only)
        while claimed is not None:
            hit("outbox.claimed")
            with _in_good_hands(claimed):
                result = _carry(claimed, lines)
                attempts += 1
                following = _mark_and_claim(result, owner, only, should_stop)
            claimed = following
            hit("outbox.marked")
    finally:
        if channels is None:
            lines.close()
    return attempts


def carry(claimed: ClaimedMessages, lines: Channels) -> None:
    """Carry one claim that somebody else has made, and note the answer."""
    result = _carry(claimed, lines)
    if result is not None:
        mark(*result, now=clock.now())
    hit("outbox.marked")


def pass_ladders(*, now: datetime) -> int:
    """Do not wait at a gateway that is known to be down: the person's next rung is due at once; how many that were."""
    down = breakers.blocked(now=now)
    return pass_blocked(wholly_blocked(down), now=now) if down else 0


def _claim(owner: str, only: Collection[str]) -> ClaimedMessages | None:
    if pause.current() is not None:
        return None
    now = clock.now()
    down = breakers.blocked(now=now)
    but_not = wholly_blocked(down) if down else ()
    if only and set(only) <= set(but_not):
        return None
    return claim(owner, now=now, only=only, but_not=but_not, under_way=under_way())


def under_way() -> tuple[int, ...]:
    """Ids of messages that threads of this process are carrying now."""
    return tuple(_under_way)


def _mark_and_claim(
    result: tuple[ClaimedMessages, AttemptResult] | None,
    owner: str,
    only: Collection[str],
    should_stop: Callable[[], bool],
) -> ClaimedMessages | None:
    """One commit for both; a fault of the claim must not lose what was sent."""
    if result is None:
        return None if should_stop() else _claim(owner, only)
    try:
        with transaction():
            mark(*result, now=clock.now())
            return None if should_stop() else _claim(owner, only)
    except Exception:
        mark(*result, now=clock.now())
        raise


@contextmanager
def _in_good_hands(claimed: ClaimedMessages) -> Iterator[None]:
    ids = {part.id for part in claimed.parts}
    _under_way.update(ids)
    try:
        yield
    finally:
        _under_way.difference_update(ids)


def _carry(claimed: ClaimedMessages, lines: Channels) -> tuple[ClaimedMessages, AttemptResult] | None:
    """Send it; ``None`` when the last look found that nothing of it is ours to send any more."""
    channel = lines.get(claimed.channel)
    names = channel.gateways(claimed.address) if channel is not None else ()
    reason = lines.hold_reason(claimed.channel, claimed.address, local_only=claimed.local_only)
    through = claimed.parts[0].letter.facts.get("through")  # a trial is for one gateway, first or not
    if through:
        names = tuple(name for name in names if name == through)
        reason = reason or ("" if names else "no_gateway")
    db.session.rollback()
    if channel is None or reason:
        return claimed, AttemptResult("held", reason)
    names = standings.in_order(names, urgent=claimed.parts[0].letter.urgent, now=clock.now())
    db.session.rollback()
    trials: list[GatewayTrial] = []
    shut: list[str] = []
    result = AttemptResult("blocked", "", names[0] if names else "")
    for name in names:
        if not breakers.admit(name, now=clock.now()):
            shut.append(name)
            continue
        attempt = _attempt(claimed, channel, name)
        if attempt is None:
            return None
        claimed, result = attempt
        trials += result.trials
        if not _another_may(result):
            break
    shut += [trial.name for trial in trials if trial.error]
    if result.elsewhere and shut:  # who could carry it is down: no reason to give it up
        result = replace(result, outcome="again", gateway=shut[0])
    return claimed, replace(result, trials=tuple(trials))


def _another_may(result: AttemptResult) -> bool:
    """Whether the next gateway is asked at once."""
    if result.outcome in ("sent", "refused"):
        return result.elsewhere
    return result.elsewhere or any(trial.error for trial in result.trials)


def _attempt(claimed: ClaimedMessages, channel: Channel, name: str) -> tuple[ClaimedMessages, AttemptResult] | None:
    """One try through one gateway: what was still ours to send, and what came of it."""
    opened, words = False, ""
    try:
        channel.open(name)
        opened = True
        ours = still_ours(claimed)
        if ours is None:
            return None
        wanted, said = last_look.look(ours, now=clock.now())
        if wanted is None:
            return None
        claimed = wanted
        hit("outbox.opened")
        letter = _letter(claimed, said)
        hit("outbox.worded", about=f"{letter.address} {letter.subject} {letter.body}")
        words = erasing.kept_words(channel.words(letter, name), letter.facts)
        accepted = channel.send(letter, name)
        hit("outbox.accepted")
        return claimed, AttemptResult(
            "sent", accepted.answer, name, accepted.provider_id, trials=(GatewayTrial(name),), words=words
        )
    except ChannelError as error:
        result = _failed(name, error)
        return claimed, replace(result, unsure=opened and error.unsure, words=words)
    except Exception as error:
        # Whatever it is, a message is never lost over it; the page shows it and it is tried again.
        log.exception("message %s: attempt %s failed unexpectedly", claimed.parts[0].id, claimed.parts[0].attempt)
        channel.close()
        return claimed, AttemptResult("again", f"{type(error).__name__}: {error}"[:500], unsure=True, words=words)


def _failed(name: str, error: ChannelError) -> AttemptResult:
    if error.elsewhere:
        trial = GatewayTrial(name, passed=error.answer)
        return AttemptResult("refused" if error.permanent else "again", error.answer, trials=(trial,), elsewhere=True)
    if error.permanent:
        return AttemptResult("refused", error.answer, trials=(GatewayTrial(name),))
    return AttemptResult("again", error.answer, name if error.gateway else "", trials=_blamed(name, error))


def _blamed(name: str, error: ChannelError) -> tuple[GatewayTrial, ...]:
    return (GatewayTrial(name, error.answer),) if error.gateway else ()


def _letter(claimed: ClaimedMessages, said: last_look.LastLook | None) -> CarriedLetter:
    """Its own words, those of several calls that share a letter, or what was worded just now."""
    first = claimed.parts[0].letter
    if claimed.plain:
        return plain.letter([part.letter for part in claimed.parts], claimed.letter_id)
    language = str(first.facts.get("language") or "vi")
    more = first_letter.added(claimed.channel, first.address, language)
    if said is not None:
        return replace(first, subject=said.subject, body=_with(said.body, more), message_id=claimed.letter_id)
    if len(claimed.parts) == 1:
        return replace(first, message_id=claimed.letter_id, body=_with(first.body, more))
    calls = [part.letter.facts for part in claimed.parts]
    subject, body, link = composing.compose(claimed.channel, calls)
    db.session.rollback()  # what was looked up for the words holds nothing while they are handed over
    return replace(
        first,
        subject=subject,
        body=_with(body, more),
        link=link,
        message_id=claimed.letter_id,
        facts={"calls": calls, "link": link},
    )


def _with(body: str, more: str) -> str:
    return f"{body.rstrip()}\n\n{more}\n" if more else body
