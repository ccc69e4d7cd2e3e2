"""One card an incident: who has it and the next time that matters, or who is called and who comes next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.actor import Actor
from incidents.escalation.forecast import NextCall
from incidents.record import queries
from incidents.record.models import Incident
from incidents.record.queries import CalledNow
from people.access import guard

KT1 = "kt1"
NAMES = 3


@dataclass(frozen=True)
class IncidentCard:
    """``called``: whom it calls now; ``coming``: of those next in turn, at ``next_at``.

    ``waits_for_me``: the reader is called about it, or asked something. ``may_take``: the one button is offered.
    """

    incident: Incident
    called: CalledNow | None
    coming: Sequence[str]
    next_at: datetime | None
    waits_for_me: bool
    may_take: bool

    @property
    def is_taken(self) -> bool:
        return self.incident.status != "open"

    @property
    def is_kt1(self) -> bool:
        return self.incident.category == KT1


def list_cards(
    incidents: Sequence[Incident], *, needing: Collection[int], actor: Actor, now: datetime
) -> list[IncidentCard]:
    """Return them in the order in which they want somebody: nobody has it (or it asks the reader), KT1, level, Party
    and State, what is due first.

    ``needing``: ids of those that wait for the reader.
    """
    cards = [_card(each, each.id in needing, actor, now) for each in incidents]
    return sorted(cards, key=lambda card: _order(card, now))


def with_calls(cards: Sequence[IncidentCard], foresee: Callable[[Incident], NextCall | None]) -> list[IncidentCard]:
    """The same with whom they call now and next: asked of those that are shown, because each is a look ahead."""
    untaken = [card.incident.id for card in cards if not card.is_taken]
    called = queries.called_now(untaken) if untaken else {}
    return [replace(card, called=called.get(card.incident.id), coming=_names(foresee(card.incident))) for card in cards]


def _order(card: IncidentCard, now: datetime) -> tuple[bool, bool, int, bool, datetime, int]:
    incident = card.incident
    due = incident.created_at if not card.is_taken else (card.next_at or now)
    waits = not card.is_taken or card.waits_for_me
    return not waits, not card.is_kt1, incident.severity, not incident.party_state, due, incident.id


def _card(incident: Incident, waits_for_me: bool, actor: Actor, now: datetime) -> IncidentCard:
    is_open = incident.status == "open"
    may_take = is_open and (waits_for_me or bool(guard.allowed(actor, "incident.act", incident.unit_id, now=now)))
    return IncidentCard(incident, None, (), incident.escalation.next_at, waits_for_me, may_take)


def _names(call: NextCall | None) -> list[str]:
    return [person.name for person in (*call.people, *call.others)][:NAMES] if call is not None else []
