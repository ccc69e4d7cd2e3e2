"""By which channel people hear of what can wait and is to be read: consents, covers, new revisions."""

from __future__ import annotations

from collections.abc import Collection

from people.notification_rules import ladders
from people.notification_rules.rules import Rung, for_reading


def to_read(person_ids: Collection[int]) -> dict[int, Rung | None]:
    """Person id → the channel and address; ``None`` for those who have nothing of the kind."""
    return {person_id: for_reading(ladder) for person_id, ladder in ladders.ladders_of(person_ids).items()}
