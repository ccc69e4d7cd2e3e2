"""What the catalogue's screens show: a truck with its follow-up, a restricted incident, a route and a vehicle."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.actor import Actor
from incidents.catalogue import directory
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.record.models import Incident
from incidents.triage import clock_status, followup
from people import queries as people


def prepare(unit_id: int, truck: Incident, *, now: datetime, actor: Actor) -> dict[str, str]:
    """The codes that paths name."""
    unit = people.unit_by_id(unit_id).code
    directory.save_route(
        {
            "code": "DT-1",
            "name": "Cao Nguyên – Đồi Gió",
            "level": "1",
            "origin": "Trung tâm khai thác",
            "destination": "Đồi Gió",
            "unit": unit,
        },
        actor=actor,
        now=now,
    )
    directory.save_vehicle(
        {
            "plate": "81C-123.45",
            "kind": "truck",
            "driver": "Rơ Châm Tài",
            "driver_phone": "0912345678",
            "route": "DT-1",
            "unit": unit,
        },
        actor=actor,
        now=now,
    )
    left_at = (now - timedelta(minutes=20)).isoformat()
    facts = {"plate": "81C12345", "km": 12, "bags": 34, "replacement": "81C-678.90", "replacement_left_at": left_at}
    followup.set_facts(truck.id, facts, actor=actor, now=now)
    followup.check(truck.id, followup.checklist(truck)[0]["key"], done=True, actor=actor, now=now)
    clock_status.tell_leadership(truck.id, whom="Giám đốc bưu điện tỉnh", actor=actor, now=now)
    secret, _created = creation.log(
        IncidentReport(
            title="Kiện hàng có mùi lạ, dây điện thò ra", category="suspicious_item", unit_id=unit_id, actor=actor
        ),
        now=now,
    )
    return {"restricted": secret.code}
