"""Which ways out are shut at this moment: channels none of whose gateways is well. For people who must then
telephone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from notify import queries
from notify.channels.registry import wholly_blocked
from notify.models import Message

OF_EACH_HOST = ("push", "apprise")
"""Each of their hosts is a gateway of its own: one may be down while the others are well."""


@dataclass(frozen=True)
class Faults:
    """``since``: gateway → from when it has been left alone; ``shut``: channels that carry nothing."""

    since: Mapping[str, datetime]
    shut: frozenset[str]

    def blocks(self, message: Message) -> bool:
        """Whether ``message`` cannot leave before a gateway is mended."""
        if message.channel in OF_EACH_HOST:
            return message.waits_for in self.since
        return message.channel in self.shut

    def shut_since(self, channel: str) -> datetime | None:
        """Return from when nothing has left by ``channel``: its last gateway failed then. ``None``: not known to
        fail."""
        if channel not in OF_EACH_HOST and channel not in self.shut:
            return None
        return max((at for name, at in self.since.items() if name.partition("/")[0] == channel), default=None)


def current() -> Faults:
    """One small statement while all is well."""
    since = {row.name: row.opened_at for row in queries.open_breakers() if row.opened_at is not None}
    return Faults(since, frozenset(wholly_blocked(since)) if since else frozenset())
