"""What may be wrong with the machine itself before anybody is called: it stands still, is paused, cannot send, or keeps
no copies. What a gateway has left on its account is said by none of them, so nothing is said of it here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.observability import heartbeat
from desk import trial
from desk.audit import shut_channels
from desk.backups import schedule
from desk.readiness.judging import Trouble, Why
from desk.readiness.weights import Code
from notify import pause, queries


def troubles(*, now: datetime) -> Iterator[Trouble]:
    yield from _engine(now)
    if (stopped := pause.current()) is not None:
        yield Trouble("paused", "paused", since=stopped.since)
    yield from _channels()
    yield from _copies(now)


def unjudged() -> dict[Code, Why]:
    """In a copy for trials no gateway is set up on purpose, and from one by which nothing was ever sent nobody knows
    whether it works."""
    if shut_channels.is_unconnected(anywhere=True):
        return {"channels": "unconnected"} if trial.is_trial() else {}
    return {} if queries.has_sent() else {"channels": "untried"}


def _engine(now: datetime) -> Iterator[Trouble]:
    if not heartbeat.is_alive(now=now):
        yield Trouble("engine", "silent", since=heartbeat.last_beat())
        return
    for row in heartbeat.hung(now=now):
        yield Trouble("engine", row.name, since=row.beat_at, note=heartbeat.title(row))


def _channels() -> Iterator[Trouble]:
    if shut_channels.is_unconnected(anywhere=True):
        if not trial.is_trial():
            yield Trouble("channels", "unconnected", note="unconnected", utter=True)
        return
    found = shut_channels.find()
    for channel, at in found.channels:
        yield Trouble("channels", channel, since=at, note=channel, utter=found.every)


def _copies(now: datetime) -> Iterator[Trouble]:
    taken = schedule.last_good().get(schedule.GOOD)
    if taken is None or now - taken > schedule.LATE or schedule.late(now=now):
        yield Trouble("copies", "late", since=taken)
