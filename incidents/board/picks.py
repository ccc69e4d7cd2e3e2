"""What is done to several incidents that were picked on the board: taken, made one, put off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actor import Actor
from core.db import transaction
from core.errors import Conflict
from incidents.catalogue import queries as catalogue
from incidents.merging import services as merging
from incidents.policies import selection
from incidents.record import access, queries, states, transitions
from incidents.record.models import Incident
from incidents.response import responders
from incidents.together import services as together, words

MOST = 50
"""So many at once: more than fit on a screen nobody has read."""


@dataclass(frozen=True)
class Picked:
    """Incidents that were picked, as far as the reader sees them, the most urgent first; and what of them the reader
    may do now."""

    incidents: tuple[Incident, ...]
    to_take: tuple[Incident, ...]
    """Nobody has them yet."""
    apart: tuple[Incident, ...]
    """As well, but each by itself: level 1, and KT1, Party and State, restricted, which must have been read."""
    to_join: tuple[Incident, ...]
    to_put_off: tuple[Incident, ...]
    """Somebody has them."""
    legal: frozenset[str]
    """Categories with steps demanded by law: of such an incident nothing becomes a part of another kind."""
    left_out: int = 0
    """How many more were picked than are done at once."""

    @property
    def most(self) -> timedelta:
        """How long all of ``to_put_off`` may be put off."""
        return min(map(selection.snooze_most, self.to_put_off), default=timedelta(0))

    @property
    def main(self) -> Incident | None:
        """Into which the others are joined unless the reader says otherwise: what has steps demanded by law, else what
        somebody has, else the oldest."""
        return min(
            self.to_join,
            key=lambda each: (each.category not in self.legal, each.status != "acknowledged", each.id),
            default=None,
        )

    @property
    def becomes_restricted(self) -> bool:
        """Joined, all of ``to_join`` are shown to few, because one of them is."""
        return len({each.restricted for each in self.to_join}) > 1


@dataclass(frozen=True)
class TakenPicks:
    """``codes``: taken now. ``had``: a sentence for each that was not, with who has it or why not. ``apart``: codes of
    those that are taken one by one."""

    codes: tuple[str, ...]
    had: tuple[str, ...]
    apart: tuple[str, ...]


def picked(codes: Sequence[str], *, actor: Actor, now: datetime) -> Picked:
    """Return what ``actor`` may read of ``codes``; a code that leads nowhere is left out, like one that is none of
    theirs."""
    different = list(dict.fromkeys(codes))
    wanted = queries.board(actor=actor, now=now).where(Incident.code.in_(different[:MOST]))
    found = queries.first_needed(wanted, MOST)
    running = [each for each in found if each.status in states.UNFINISHED and each.joined_to_id is None]
    untaken = [each for each in running if each.status == "open" and access.may(actor, "incident.act", each, now=now)]
    apart = [] if len(found) == 1 else together.divided(untaken).apart
    moved = [each for each in running if access.may(actor, "incident.dispatch", each, now=now)]
    held = [each for each in running if each.status == "acknowledged" and (each in moved or _holds(actor, each))]
    return Picked(
        incidents=tuple(found),
        to_take=tuple(each for each in untaken if each not in apart),
        apart=tuple(apart),
        to_join=tuple(moved) if len(moved) > 1 else (),
        to_put_off=tuple(each for each in held if selection.snooze_most(each)),
        legal=frozenset(each.code for each in catalogue.all_categories() if each.legal),
        left_out=max(0, len(different) - MOST),
    )


def take(codes: Sequence[str], *, actor: Actor, now: datetime) -> TakenPicks:
    """``actor`` takes each that nobody has (``together``). Of several those that are taken one by one are left out.

    Raises ``Forbidden`` or ``NotFound`` when ``actor`` may take none of them.
    """
    chosen = picked(codes, actor=actor, now=now)
    if not chosen.incidents and codes:
        queries.readable(codes[0], actor, now)  # says why they see none of it
    wanted = [each for each in chosen.incidents if each not in chosen.apart]
    if len(chosen.incidents) == 1:
        done = together.take_one(wanted[0].id, actor=actor, now=now)
    else:
        done = together.take([each.id for each in wanted], actor=actor, now=now)
    apart = (*chosen.apart, *done.apart)
    if done.refused and not (done.codes or done.late or apart):
        access.ensure_act(actor, done.refused[0], now=now)
    missed = (*map(words.became, done.late), *map(words.refused, done.refused))
    return TakenPicks(tuple(sorted(done.codes)), missed, tuple(each.code for each in apart))


def join(codes: Sequence[str], main: str, *, actor: Actor, now: datetime, note: str = "") -> tuple[Incident, int]:
    """All of ``codes`` are the same as ``main``, one of them: the main one, and how many were joined to it. All or
    none. Raises ``Conflict``, ``NotFound``, ``Forbidden``."""
    head = queries.readable(main, actor, now)
    others = sorted({queries.readable(code, actor, now).id for code in codes[:MOST]} - {head.id})
    if not others:
        raise Conflict("board.join_two")
    with transaction() as session:
        # In one order before anything is changed: two who join the same from both sides wait for each other only here.
        transitions.all_exclusively(session, [head.id, *others])
        for incident_id in others:
            merging.join(incident_id, main_id=head.id, actor=actor, now=now, note=note)
    return queries.by_code(main), len(others)


def put_off(codes: Sequence[str], *, until: datetime, reason: str, actor: Actor, now: datetime) -> int:
    """Each of ``codes`` until ``until``, all or none; how many. Raises as ``responders.snooze``."""
    ids = sorted({queries.readable(code, actor, now).id for code in codes[:MOST]})
    if not ids:
        raise Conflict("board.none")
    with transaction() as session:
        transitions.all_exclusively(session, ids)
        for incident_id in ids:
            responders.snooze(incident_id, until=until, reason=reason, actor=actor, now=now)
    return len(ids)


def _holds(actor: Actor, incident: Incident) -> bool:
    return actor.person_id is not None and incident.acknowledged_by_id == actor.person_id
