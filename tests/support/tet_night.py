"""The night of Mùng 1 for tests of incidents: the small enterprise with somebody published on each duty of BDA.

Operations: Bình · emergency: Em · leadership: An. Phong has no mail. Nobody is published anywhere else.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from core import clock
from core.actor import Actor
from core.db import transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.record.models import Incident
from people.models import PersonDuty
from roster.campaigns.models import Campaign
from roster.models import Duty, Rehearsal, Seat, Shift
from tests.support import enterprise, worlds
from tests.support.cast import ADMIN, NIGHT, ON_THE_NIGHT


class Night:
    """Ids by code, and hands to change the roster with."""

    def __init__(self) -> None:
        self.ids, self.campaign = worlds.begin("night", self._write)

    def _write(self) -> tuple[dict[str, int], int]:
        self.ids = enterprise.make(NIGHT - timedelta(days=5))
        with transaction() as session:
            for someone in ON_THE_NIGHT:
                self.ids[someone.code] = enterprise.add_person(session, someone, self.ids[someone.unit])
            campaign = Campaign(
                name="Tết Canh Tý",
                tet_year=2020,
                unit_id=self.ids["BDT"],
                starts_on=date(2020, 1, 16),
                ends_on=date(2020, 2, 5),
                state="published",
                revision=1,
                created_at=NIGHT,
                created_by="kiểm thử",
            )
            session.add(campaign)
            session.flush()
            self.campaign = campaign.id
        for duty, code in (("operations", "BI1"), ("emergency", "EM1"), ("leadership", "AN1")):
            self.publish(duty, code)
        return self.ids, self.campaign

    def publish(
        self, duty: str, person: str, unit: str = "BDA", hours: float = 12, start: datetime | None = None
    ) -> int:
        """One more published duty around the night (from three hours before it); its id."""
        starts_at = start or NIGHT - timedelta(hours=3)
        ends_at = starts_at + timedelta(hours=hours)
        with transaction() as session:
            shift = Shift(
                campaign_id=self.campaign,
                unit_id=self.ids[unit],
                duty=duty,
                template=f"Đêm {person} {starts_at}",
                form="onsite",
                starts_at=starts_at,
                ends_at=ends_at,
                local_on=clock.local_date(starts_at),
                phase="during",
                headcount=1,
                published_for=1,
            )
            session.add(shift)
            # Whoever is put on a roster is listed for the duty; who is not any more is in doubt.
            session.merge(PersonDuty(person_id=self.ids[person], duty=duty))
            session.flush()
            seat = Seat(shift_id=shift.id, position=1)
            session.add(seat)
            session.flush()
            row = Duty(
                seat_id=seat.id,
                shift_id=shift.id,
                campaign_id=self.campaign,
                unit_id=self.ids[unit],
                person_id=self.ids[person],
                duty=duty,
                template=shift.template,
                form="onsite",
                starts_at=starts_at,
                ends_at=ends_at,
                sequence=1,
                changed_at=NIGHT,
            )
            session.add(row)
            session.flush()
            return row.id

    def log(
        self,
        title: str = "Mất điện",
        category: str = "power",
        unit: str = "BDA",
        *,
        now: datetime = NIGHT,
        **facts: Any,
    ) -> Incident:
        """Somebody reports it; ``facts`` are those of ``IncidentReport``."""
        given = {"title": title, "category": category, "unit_id": self.ids[unit], "actor": ADMIN}
        return creation.log(IncidentReport(**given | facts), now=now)[0]

    def duty(self, kind: str) -> int:
        """Id of the first published duty of that kind."""
        with transaction() as session:
            return session.query(Duty.id).filter(Duty.duty == kind).order_by(Duty.id).limit(1).scalar()

    def withdraw(self, *duties: str) -> None:
        """Nobody serves these duties any more."""
        with transaction() as session:
            for row in session.query(Duty).filter(Duty.duty.in_(duties)):
                row.cancelled_at = NIGHT - timedelta(days=1)

    def rehearse(self, *, now: datetime, minutes: int = 60, step_seconds: int = 20) -> Rehearsal:
        """Play this night as if it were ``now``."""
        with transaction() as session:
            rehearsal = Rehearsal(
                campaign_id=self.campaign,
                source="published",
                step_seconds=step_seconds,
                started_at=now,
                offset_seconds=round((NIGHT - now).total_seconds()),
                started_by="kiểm thử",
                ends_at=now + timedelta(minutes=minutes),
            )
            session.add(rehearsal)
        return rehearsal

    def actor(self, code: str, role: Any = "staff", unit: str | None = "BDA") -> Actor:
        """The person behind ``code``, signed in."""
        return Actor(
            name=code,
            role=role,
            via="session",
            user_id=self.ids.get(f"user:{code.lower()}", 900),
            person_id=self.ids[code],
            unit_id=self.ids[unit] if unit else None,
        )
