"""Whose a message is and where it goes, as ``notify.outbox`` takes it."""

from __future__ import annotations

from typing import TypedDict

from people.models import Person


class Addressed(TypedDict):
    """Part of ``notify.outbox.Letter``."""

    channel: str
    address: str
    recipient: str
    local_only: bool
    person_id: int


def addressed(person: Person, channel: str, address: str) -> Addressed:
    """Return how to write to ``person`` by this way; what goes to sample people leaves the machine by no carrier."""
    return {
        "channel": channel,
        "address": address,
        "recipient": person.full_name,
        "local_only": person.is_demo,
        "person_id": person.id,
    }
