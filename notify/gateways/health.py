"""PURE whether a gateway is slow, by the receipts of the texts that it took, and which gateway then goes first.

Beside the circuit breaker: that one asks whether a gateway takes texts at all, this one whether they arrive. The order
of trying changes, nothing else: whoever is put last is still tried when the others fail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

TAKES = timedelta(minutes=5)
"""A text that has not arrived by then is late."""
WINDOW = timedelta(minutes=15)
SHARE = 0.15
"""So many late ones of the window make a gateway slow."""
FEW = 20
"""With fewer texts in the window the last ones count, three of which are then fifteen per cent or more."""
LAST = 10
LATE_OF_LAST = 3
LOOK_BACK = timedelta(hours=1)
"""What is older says nothing of now. A gateway that is led around takes few texts: after this it is tried again."""


@dataclass(frozen=True)
class SentText:
    """One text that a gateway took; ``arrived_at`` as its receipt says, None while there is none."""

    sent_at: datetime
    arrived_at: datetime | None = None


@dataclass(frozen=True)
class ArrivalCount:
    """``judged``: texts whose time is known or over; ``late`` of them."""

    judged: int = 0
    late: int = 0

    @property
    def is_slow(self) -> bool:
        if self.judged >= FEW:
            return self.late >= SHARE * self.judged
        return self.late >= LATE_OF_LAST


def count(texts: Iterable[SentText], now: datetime) -> ArrivalCount:
    """Return what ``texts`` show at ``now``. One that may still arrive in time is not judged."""
    known = sorted(
        (text for text in texts if now - LOOK_BACK < text.sent_at <= now and _is_known(text, now)),
        key=lambda text: text.sent_at,
    )
    recent = [text for text in known if text.sent_at > now - WINDOW]
    judged = recent if len(recent) >= FEW else known[-LAST:]
    return ArrivalCount(len(judged), sum(_is_late(text) for text in judged))


def order(names: Sequence[str], *, slow: Collection[str], down: Collection[str]) -> tuple[str, ...]:
    """``names`` (in the order of the settings) as they are to be tried: slow ones last while another one is quick.

    ``down``: gateways that may not be tried now; they keep their place, so that they are probed as ever. With nobody
    quick the order of the settings holds.
    """
    if not is_any_quick(names, slow=slow, down=down):
        return tuple(names)
    return tuple(sorted(names, key=lambda name: name in slow))


def is_any_quick(names: Sequence[str], *, slow: Collection[str], down: Collection[str]) -> bool:
    """Whether one of ``names`` can go before those that are slow."""
    return any(name not in slow and name not in down for name in names)


def _is_known(text: SentText, now: datetime) -> bool:
    return text.arrived_at is not None or now - text.sent_at > TAKES


def _is_late(text: SentText) -> bool:
    return text.arrived_at is None or text.arrived_at - text.sent_at > TAKES
