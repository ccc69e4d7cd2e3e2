"""Channels by name, and whether one may carry a message at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from notify.channels import apprise, email, gateway, push
from notify.channels.base import Channel
from notify.gateways import services as gateways

FACTORIES: dict[str, Callable[[Mapping[str, Any]], Channel | None]] = {
    "email": email.from_settings,
    "sms": lambda settings: gateway.from_settings("sms", settings),
    "voice": lambda settings: gateway.from_settings("voice", settings),
    "push": push.from_settings,
    "apprise": apprise.from_settings,
}


@dataclass
class Channels:
    """The lines of one sender thread, or of one transaction; each channel is made when it is first asked for."""

    settings: Mapping[str, Any]
    _made: dict[str, Channel] = field(default_factory=dict)

    def get(self, name: str) -> Channel | None:
        if name not in self._made:
            fresh = make(name, self.settings)
            if fresh is None:  # asked again next time: gateways are added while senders run
                return None
            self._made[name] = fresh
        return self._made[name]

    def hold_reason(self, name: str, address: str, *, local_only: bool) -> str:
        """Why a message must wait for a person (a code in ``notify.messages``), or '' when it may be carried."""
        channel = self.get(name)
        if channel is None:
            return "no_gateway"
        if local_only and not channel.is_local(address):
            return "demo_not_local"
        return "" if channel.gateways(address) else "no_gateway"

    def close(self) -> None:
        for channel in self._made.values():
            channel.close()
        self._made.clear()


def make(name: str, settings: Mapping[str, Any]) -> Channel | None:
    """A fresh channel; ``None`` when it is unknown, not set up or set up wrongly."""
    try:
        return FACTORIES[name](settings)
    except (KeyError, ValueError):
        return None


def set_up(settings: Mapping[str, Any]) -> frozenset[str]:
    """Return the channels that ``make`` makes, without making any."""
    mail = {email.NAME} if email.is_set_up(settings) else set[str]()
    return frozenset({"push", "apprise"} | mail | gateways.ready_channels())


def wholly_blocked(down: Collection[str]) -> tuple[str, ...]:
    """Channels none of whose gateways may be tried now; of push and apprise each host is a gateway of its own."""
    blocked = [email.NAME] if email.NAME in down else []
    for name in ("sms", "voice"):
        if any(each.startswith(f"{name}/") for each in down):
            names = [ready.name for ready in gateways.ready(name)]
            blocked += [name] if names and set(names) <= set(down) else []
    return tuple(blocked)
