"""PURE by which way somebody is told: never one that rings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core import text
from people.notification_rules.rules import Rung, for_reading

AT_ONCE = ("push", "sms")


def at_once(ladder: Sequence[Rung], *, texts: bool) -> Rung | None:
    """The first push or text of the person's own order that works, else what else does not ring. ``texts``: free words
    can be sent as texts here; then whoever is reached by voice only gets one, where the number is a mobile."""
    quiet = _quiet(ladder, texts=texts)
    quick = [rung for rung in quiet if rung.channel in AT_ONCE]
    works = [rung for rung in (*quick, *quiet) if not rung.failing]
    return next(iter(works or quick or quiet), None)


def in_the_morning(ladder: Sequence[Rung], *, texts: bool) -> Rung | None:
    """The way for what can wait and must be read."""
    return for_reading(_quiet(ladder, texts=texts))


def _quiet(ladder: Sequence[Rung], *, texts: bool) -> list[Rung]:
    quiet = [rung for rung in ladder if rung.channel != "voice" and (texts or rung.channel != "sms")]
    if quiet or not texts:
        return quiet
    return [replace(rung, channel="sms") for rung in ladder if text.is_mobile(rung.address)]
