"""What one's own pages say of shadows: beside whom I stand, and who stands beside me."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from people.models import Person
from roster.shadows import queries
from roster.shadows.queries import ShadowSeat


@dataclass(frozen=True)
class OwnShadows:
    mine: Sequence[ShadowSeat]
    with_me: Sequence[ShadowSeat]

    def __bool__(self) -> bool:
        return bool(self.mine or self.with_me)


def read_own_shadows(person: Person, now: datetime) -> OwnShadows:
    found = queries.around_person(person.id, now=now)
    mine = [each for each in found if each.person_id == person.id]
    return OwnShadows(mine, [each for each in found if each.person_id != person.id])
