"""Who stands at a shared desk: the names that it offers, and what it shows while it is locked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.i18n import named
from duty.on_duty import who_serves
from incidents.record import queries as incidents
from people import queries as people
from people.accounts import queries as account_queries
from people.desks.services import OpenedDesk, actor_at
from roster.coverage import words as wording_unsure
from roster.presence import queries as presence_queries, words as presence
from roster.publishing import overview
from roster.resolver.resolution import OnDuty

MOST_SHOWN = 200


def choices(seat: OpenedDesk, *, now: datetime) -> dict[str, Any]:
    """Names to choose from: the person who opened the desk, then those on duty who have a PIN; others type theirs."""
    duties = dict(_on_duty(seat, now))
    users = account_queries.users_with_pins(duties)
    offered = [(user, duties[user.person_id or 0]) for user in sorted(users, key=lambda each: (each.name, each.id))]
    if seat.opened_by is not None:
        mine = duties.get(seat.opened_by.person_id or 0, "")
        offered = [(seat.opened_by, mine), *[pair for pair in offered if pair[0].id != seat.opened_by.id]]
    default = f"#{seat.opened_by.id}" if seat.opened_by else ""
    return {"offered": offered, "default": default, "desk_user": seat.user}


def locked(seat: OpenedDesk, *, now: datetime) -> dict[str, Any]:
    """The lock page: who is on duty and how much is open; no word of what it is about."""
    nobody = actor_at(_closed(seat))
    unit = overview.home_unit(seat.user.unit_id)
    answers = [(named(kind), answer) for kind, answer in _answers(seat, now) if answer.is_assigned]
    found = incidents.unfinished(seat.user.unit_id, limit=MOST_SHOWN, actor=nobody, now=now)
    listed = [each for _name, each in answers]
    running = incidents.all_unfinished(seat.user.unit_id, actor=nobody, now=now)
    return {
        **choices(_closed(seat), now=now),
        "nobody": nobody,
        "unit_ids": people.subtree_ids(unit.id) if unit is not None else [],
        "unit": unit,
        "now": now,
        "incidents": found,
        "open": len(running),
        "untaken": sum(running.values()),
        "serving": answers,
        "in_doubt": frozenset(wording_unsure.reasons_for_answers(listed, now)),
        "marks": presence.marks_for_answers(listed, now),
        "asks_check_in": any(kind.check_in_since for kind in presence_queries.asking().values()),
    }


def _closed(seat: OpenedDesk) -> OpenedDesk:
    return OpenedDesk(seat.session_id, seat.user, None, seat.lock_minutes, stale=False)


def _answers(seat: OpenedDesk, now: datetime) -> tuple[tuple[Any, OnDuty], ...]:
    unit = overview.home_unit(seat.user.unit_id)
    return who_serves.at(unit, now).answers if unit is not None else ()


def _on_duty(seat: OpenedDesk, now: datetime) -> Iterator[tuple[int, str]]:
    for kind, answer in _answers(seat, now):
        if answer.is_assigned:
            for person in answer.people:
                yield person.person_id, named(kind)
