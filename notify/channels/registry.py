"""Channels by name, and whether one may carry a message at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from notify.channels import email
from notify.channels.base import Channel

FACTORIES: dict[str, Callable[[Mapping[str, Any]], Channel | None]] = {"email": email.from_settings}


class Channels:
    """The lines of one sender thread; each channel is made when it is first asked for."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._made: dict[str, Channel | None] = {}

    def get(self, name: str) -> Channel | None:
        if name not in self._made:
            self._made[name] = make(name, self._settings)
        return self._made[name]

    def close(self) -> None:
        for channel in self._made.values():
            if channel is not None:
                channel.close()
        self._made.clear()


def make(name: str, settings: Mapping[str, Any]) -> Channel | None:
    """A fresh channel; ``None`` when it is unknown, not set up or set up wrongly."""
    try:
        return FACTORIES[name](settings)
    except (KeyError, ValueError):
        return None


def hold_reason(channel: Channel | None, *, local_only: bool) -> str:
    """Why a message must wait for a person (a code in ``notify.messages``), or '' when it may be carried."""
    if channel is None:
        return "no_gateway"
    if local_only and not channel.is_local:
        return "demo_not_local"
    return ""
