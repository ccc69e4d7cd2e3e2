"""A storm of one source that became one incident, and maintenance that is still to come."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from core.actor import Actor
from incidents.grouping import settings
from incidents.intake import ingest, sources
from incidents.intake.formats import Alarm
from incidents.maintenance import services as maintenance
from incidents.maintenance.services import MaintenancePlan
from incidents.response import lifecycle


def prepare(unit_id: int, *, actor: Actor) -> dict[str, str]:
    """Twelve stations without a line, of which nine came back: done, so that the desk stays as it is."""
    now = clock.now()
    tool, _key = sources.create(
        sources.NewSource("Giám sát đường truyền", "generic", unit_id, category="connectivity"), actor=actor, now=now
    )
    settings.set_minutes(tool, 10, actor=actor, now=now)
    for action, stations in (("trigger", range(1, 13)), ("resolve", range(1, 10))):
        for station in stations:
            alarm = Alarm(action, f"tram-{station}", f"Trạm {station} mất kết nối", severity=3)  # type: ignore[arg-type]
            told = ingest.receive(tool.id, alarm, b"{}", now=clock.now())
    if told.incident is None:
        raise RuntimeError("the alarms made no incident")
    lifecycle.resolve(told.incident.id, actor=actor, now=clock.now())
    tomorrow = now + timedelta(days=1)
    maintenance.plan(
        MaintenancePlan(unit_id, tomorrow, tomorrow + timedelta(hours=2), "Thay bộ chuyển mạch", intake_id=tool.id),
        confirmed=True,
        actor=actor,
        now=now,
    )
    return {"grouped": told.incident.code}
