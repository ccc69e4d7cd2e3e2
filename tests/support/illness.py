"""Three days of Tết in the district BDA, published by the real services, with accounts: An manages, Bình serves now.

It is noon of 23 January 2020. Bình has operations duty today and tomorrow from 07:30 to 19:30; Hải has none and could
take it. Dũng looks on from another district and may not read absences.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import select

from core import clock
from core.db import db
from core.observability import heartbeat
from people import queries as people
from roster.draft import services as drafts
from roster.models import Shift
from roster.publishing import services as publishing
from tests.support import enterprise, factories, worlds
from tests.support.factories import ADMIN, NOW

NOON = datetime(2020, 1, 23, 5, 0, tzinfo=UTC)
TURNS = {
    "operations": ("BI1", "P1", "BI1", "P2", "P1", "P2"),
    "emergency": ("P3", "P4", "P3", "P4", "P3", "P4"),
    "leadership": ("AN1", "P5", "AN1", "P5", "AN1", "P5"),
}
EVE = {"operations": ("P1", "P2"), "leadership": ("AN1", "P5")}
ALSO = (
    ("P1", "operations"),
    ("P2", "operations"),
    ("P3", "emergency"),
    ("P4", "emergency"),
    ("P5", "leadership"),
    ("HA1", "operations"),
)
"""Who serves beside An and Bình, or could."""
NOTE = "sốt xuất huyết"


class Illness:
    """``campaign_id``, and the shifts of Bình by day."""

    def __init__(self, *, early: bool = False) -> None:
        """``early``: it begins on the 22nd, when operations and leadership serve already, and emergency does not."""
        self.ids, self.campaign_id = worlds.begin(("illness", early), lambda: self._write(early))

    def _write(self, early: bool) -> tuple[dict[str, int], int]:
        self.ids = enterprise.make(NOW)
        unit = people.unit_by_code("BDA")
        for number, (code, duty) in enumerate(ALSO):
            factories.make_person(code, unit, duties=(duty,), phone=f"090000030{number}")
        for duty, form in (("leadership", "standby"), ("operations", "onsite"), ("emergency", "standby")):
            phases = ("during",) if early and duty == "emergency" else ("before", "during", "after")
            factories.make_demand(unit, duty, "Ngày", "07:30", 12, form=form, phases=phases)
            factories.make_demand(unit, duty, "Đêm", "19:30", 12, form=form, phases=phases)
        first = "2020-01-22" if early else "2020-01-23"
        self.campaign_id = factories.make_campaign(unit, first=first, now=NOW).id
        for duty, turns in TURNS.items():
            before = EVE.get(duty, ()) if early else ()
            for shift_id, code in zip(self.shifts(duty), (*before, *turns), strict=True):
                reason = "Xếp tay" if early else None
                drafts.set_people(shift_id, [code], override_reason=reason, actor=ADMIN, now=NOW)
        publishing.publish(self.campaign_id, actor=ADMIN, now=NOW)
        return self.ids, self.campaign_id

    def shifts(self, duty: str) -> list[int]:
        """Shift ids in order of start."""
        wanted = select(Shift.id).where(Shift.campaign_id == self.campaign_id, Shift.duty == duty)
        return list(db.session.scalars(wanted.order_by(Shift.starts_at)))


@contextmanager
def illness(*, early: bool = False) -> Iterator[Illness]:
    with clock.travel(NOON):
        made = Illness(early=early)
        heartbeat.beat("worker", now=NOON)
        yield made
