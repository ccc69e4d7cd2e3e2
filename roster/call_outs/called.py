"""PURE call-outs of people who serve at home (standby, command): when they worked, and how long they then rest.

A call-out begins when somebody takes an incident, at the earliest with their duty at home, and ends when they are rid
of it, also after that duty. What of it falls into duty on site or ordinary work is counted there and not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class IncidentHolding:
    """A person had an incident over [starts_at, ends_at); ``ends_at`` None: has it still. ``code`` names it, unless
    it is one that only few may know of.
    """

    person_id: int
    starts_at: datetime
    ends_at: datetime | None
    code: str = ""


@dataclass(frozen=True)
class Home:
    """A published duty at home."""

    campaign_id: int
    unit_id: int
    duty: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Onsite:
    """Duty on site, or ordinary work (``shift_id`` None)."""

    starts_at: datetime
    ends_at: datetime
    shift_id: int | None = None


@dataclass(frozen=True)
class CallOutSpan:
    """``running``: it is not over, and ``ends_at`` is the moment of looking. ``codes``: of the incidents, by time.

    ``following``: the duty on site or the work that comes next, unless another call-out comes before it.
    """

    home: Home
    starts_at: datetime
    ends_at: datetime
    codes: tuple[str, ...]
    running: bool = False
    following: Onsite | None = None

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // MINUTE

    @property
    def rest(self) -> int | None:
        """Minutes until what follows; of one that is running: if it ended now."""
        return None if self.following is None else (self.following.starts_at - self.ends_at) // MINUTE

    def is_short(self, required: int | None) -> bool:
        """Whether that is less than ``required`` minutes (None: nothing is asked)."""
        return required is not None and self.rest is not None and self.rest < required


def call_outs(
    held: Iterable[IncidentHolding], homes: Sequence[Home], onsite: Sequence[Onsite], now: datetime
) -> list[CallOutSpan]:
    """Return the call-outs of one person, by time; incidents that they had at the same time are one call-out."""
    pieces = [piece for each in held for piece in _pieces(each, homes, onsite, now)]
    found = _joined(sorted(pieces, key=lambda piece: (piece.starts_at, piece.ends_at)))
    starts = [each.starts_at for each in found[1:]]
    return [replace(each, following=_following(each, onsite, later)) for each, later in zip_longest(found, starts)]


def _pieces(
    held: IncidentHolding, homes: Sequence[Home], onsite: Sequence[Onsite], now: datetime
) -> Iterator[CallOutSpan]:
    """Yield what is left of one incident besides work that counts anyway; nothing of what no duty at home saw."""
    ends_at, running = (held.ends_at, False) if held.ends_at is not None else (now, True)
    touched = [each for each in homes if each.starts_at <= ends_at and held.starts_at < each.ends_at]
    if not touched:
        return
    home = min(touched, key=lambda each: each.starts_at)
    at, codes = max(held.starts_at, home.starts_at), (held.code,) if held.code else ()
    for each in sorted(onsite, key=lambda one: one.starts_at):
        if each.ends_at <= at or each.starts_at >= ends_at:
            continue
        if at < each.starts_at:
            yield CallOutSpan(home, at, each.starts_at, codes)
        at = each.ends_at
    if at < ends_at or at == held.starts_at == ends_at:
        yield CallOutSpan(home, at, ends_at, codes, running)


def _joined(pieces: Iterable[CallOutSpan]) -> list[CallOutSpan]:
    found: list[CallOutSpan] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last is None or last.ends_at < piece.starts_at:
            found.append(piece)
            continue
        codes = tuple(dict.fromkeys((*last.codes, *piece.codes)))
        ends_at, running = max(last.ends_at, piece.ends_at), last.running or piece.running
        found[-1] = replace(last, ends_at=ends_at, codes=codes, running=running)
    return found


def _following(out: CallOutSpan, onsite: Iterable[Onsite], later: datetime | None) -> Onsite | None:
    coming = [each for each in onsite if each.starts_at >= out.ends_at]
    first = min(coming, key=lambda each: each.starts_at, default=None)
    return None if first is None or (later is not None and later < first.starts_at) else first
