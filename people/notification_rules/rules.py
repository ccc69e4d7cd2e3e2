"""PURE the ladder of a person: by what they are called, in which order, after how long.

A rung is one channel to one address. A phone number has two: text message and voice call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.errors import Invalid, NotFound
from people.channels import CHANNELS

DEFAULT_DELAYS = {"voice": 60}
"""Seconds; the others start at once. Somebody who has read the text need not be rung out of bed."""
LONGEST_DELAY = 3600
FIRST_WITHIN = 120
"""Seconds within which the first rung of a person's own order must be climbed."""


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
class RuleLine:
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


def arrange(rungs: Iterable[Rung], lines: Sequence[RuleLine]) -> tuple[tuple[Rung, bool], ...]:
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
    then held where everybody can see it, which is better than no message at all. A wait is for what comes before it:
    where that is missing or failing, the waits begin with the first way that is left.
    """
    wanted = [rung for rung, used in arranged if used and not (rung.channel == "push" and rung.failing)]
    usable = [rung for rung in wanted if rung.channel in carried]
    usable = usable or [rung for rung in wanted if rung.channel == "email"]
    early = min((rung.delay for rung in usable if not rung.failing), default=timedelta(0))
    chosen = any(rung.delay != default_delay(rung.channel) for rung in usable)
    if early.total_seconds() > (FIRST_WITHIN if chosen else 0):
        usable = [_after(rung, max(timedelta(0), rung.delay - early)) for rung in usable]
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


def for_reading(ladder: Iterable[Rung]) -> Rung | None:
    """The way for what can wait and must be read: mail where it works, else the first that does not ring."""
    quiet = [rung for rung in ladder if rung.channel != "voice"]
    return next((rung for rung in quiet if rung.channel == "email" and not rung.failing), next(iter(quiet), None))


def to_know(ladder: Iterable[Rung]) -> Rung | None:
    """The one way for somebody who is away: nothing that rings, and a text message only where nothing else works."""
    quiet = [rung for rung in ladder if rung.channel != "voice"]
    order = [(rung.failing, rung.channel == "sms", rung.channel != "email") for rung in quiet]
    return quiet[order.index(min(order))] if quiet else None


def way(rung: Rung) -> str:
    """The rung's own name in forms and calls: ``sms.contact.12``, ``push.device.3``."""
    return way_of(rung.channel, rung.contact_id, rung.endpoint_id)


def way_of(channel: str, contact_id: int | None, endpoint_id: int | None) -> str:
    return f"{channel}.device.{endpoint_id}" if contact_id is None else f"{channel}.contact.{contact_id}"


@dataclass(frozen=True)
class ChannelWish:
    """What somebody asks for one way: when it comes, and whether at all."""

    way: str
    delay_seconds: int
    used: bool = True


def check_order(wishes: Sequence[ChannelWish], known: Mapping[str, Rung], carried: Collection[str]) -> None:
    """Raise ``Invalid`` or ``NotFound`` with the field at fault: an order must call soon, by what works here.

    ``known``: every way there is to that person. A channel that is not carried here may stay in the order, but it
    is no first call; where nothing is carried at all, any address will do.
    """
    seen: set[str] = set()
    for wish in wishes:
        if wish.way not in known or wish.way in seen:
            raise NotFound("reach.way_unknown", field="rungs", way=wish.way)
        seen.add(wish.way)
        if not 0 <= wish.delay_seconds <= LONGEST_DELAY:
            raise Invalid("reach.delay", field=f"delay-{wish.way}", most=LONGEST_DELAY // 60)
    usable = [each for each in known.values() if each.channel in carried and not each.failing] or list(known.values())
    soon = {way(each) for each in usable}
    first = [each for each in wishes if each.used and each.way in soon and each.delay_seconds <= FIRST_WITHIN]
    if not first and not any(each not in seen for each in soon):
        raise Invalid("reach.none_soon", field="rungs", seconds=FIRST_WITHIN)
