"""PURE: the one thing that is to be done next about an incident by whoever looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Step = Literal["accept", "take", "know", "alive", "arrived", "resolve", "close", "ring", ""]
"""accept: what the holder or the desk asks me to take · take: it is nobody's yet · know: say that I know · alive: say
that I am still on it · arrived · resolve · close · ring: whoever has it · empty: nothing."""


@dataclass(frozen=True)
class ReaderPosition:
    """How an incident and its reader stand to each other. ``is_silent``: the holder is being asked for a sign of life;
    ``on_site``: somebody has to go there; ``to_take``, ``to_know``: the reader is asked so."""

    status: str
    holds: bool = False
    may_act: bool = False
    may_close: bool = False
    may_ring: bool = False
    joined: bool = False
    to_take: bool = False
    to_know: bool = False
    is_silent: bool = False
    on_site: bool = False
    arrived: bool = False


def next_step(it: ReaderPosition) -> Step:
    """The one button. A joined incident is worked on at the one that it was joined to."""
    if it.joined:
        return ""
    if it.status == "resolved":
        return "close" if it.may_close else ""
    if it.status not in ("open", "acknowledged"):
        return ""
    if it.to_take:
        return "accept"
    if it.status == "open":
        return "take" if it.may_act else ""
    if it.to_know:
        return "know"
    return _step_when_taken(it)


def _step_when_taken(it: ReaderPosition) -> Step:
    if not it.holds:
        return "ring" if it.may_ring else ""
    if it.is_silent:
        return "alive"
    return "arrived" if it.on_site and not it.arrived else "resolve"
