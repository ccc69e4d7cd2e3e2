"""PURE: the ladder of a person: by what they are called, in which order, after how long.

A rung is one channel to one address. A phone number has two: text message and voice call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

CHANNELS = ("push", "email", "sms", "voice", "apprise")
"""Also the default order: what costs nothing and rings at once comes first."""
DEFAULT_DELAYS = {"voice": 60}
"""Seconds; the others start at once. Who has read the text need not be rung out of bed."""
LONGEST_DELAY = 3600
FIRST_WITHIN = 120
"""Seconds within which the first rung of a person's own order must be climbed."""
OF_PHONE = ("sms", "voice")


@dataclass(frozen=True)
class Rung:
    """One channel to one address of one person; ``delay`` counts from the moment the person is called.

    ``contact_id`` names a mail or number, ``endpoint_id`` a device or service. ``failing``: the last message that
    way was refused for good, so it is tried last.
    """

    channel: str
    address: str
    delay: timedelta
    contact_id: int | None
    verified: bool
    endpoint_id: int | None = None
    name: str = ""
    failing: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a person's own order."""

    channel: str
    contact_id: int | None
    endpoint_id: int | None
    delay: timedelta
    used: bool = True

    @property
    def key(self) -> tuple[str, int | None, int | None]:
        return self.channel, self.contact_id, self.endpoint_id


def default_delay(channel: str) -> timedelta:
    return timedelta(seconds=DEFAULT_DELAYS.get(channel, 0))


def arrange(rungs: Iterable[Rung], lines: Sequence[Line]) -> tuple[tuple[Rung, bool], ...]:
    """Every rung in its order with its delay, and whether the person wants it used.

    The person's lines first, as they stand; what has no line follows in the default order, used: an address that
    somebody adds later must never be forgotten silently.
    """
    left = {_key(rung): rung for rung in sorted(rungs, key=lambda rung: CHANNELS.index(rung.channel))}
    own = []
    for line in lines:
        rung = left.pop(line.key, None)
        if rung is not None:
            own.append((_after(rung, line.delay), line.used))
    return (*own, *((rung, True) for rung in left.values()))


def climbed(arranged: Iterable[tuple[Rung, bool]], carried: Collection[str]) -> tuple[Rung, ...]:
    """The rungs that are used: those of channels that are ``carried`` here, failing ones last.

    A push subscription that was refused is dead for good and left out. When nothing else is left, mail stays: it is
    then held where everybody can see it, which is better than no message at all.
    """
    wanted = [rung for rung, used in arranged if used and not (rung.channel == "push" and rung.failing)]
    usable = [rung for rung in wanted if rung.channel in carried]
    usable = usable or [rung for rung in wanted if rung.channel == "email"]
    return tuple(sorted(usable, key=lambda rung: rung.failing))


def is_reached(rungs: Iterable[Rung]) -> bool:
    """Whether some rung is not known to fail: the meaning of "reachable"."""
    return any(not rung.failing for rung in rungs)


def _key(rung: Rung) -> tuple[str, int | None, int | None]:
    return rung.channel, rung.contact_id, rung.endpoint_id


def _after(rung: Rung, delay: timedelta) -> Rung:
    return Rung(
        rung.channel, rung.address, delay, rung.contact_id, rung.verified, rung.endpoint_id, rung.name, rung.failing
    )
