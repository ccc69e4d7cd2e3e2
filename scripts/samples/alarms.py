"""What the screens of other programs show: a source with rules and a mailbox, and an incident with what came along."""

from __future__ import annotations

from core import clock
from core.actor import Actor
from incidents.intake import ingest, sources
from incidents.intake.dialects import read_by
from incidents.intake.formats import Alarm
from incidents.intake.rules import IntakeRule
from incidents.intake_rules import services as rules
from incidents.mailboxes import services as mailboxes
from incidents.mailboxes.services import Settings

SENT = """{"heartbeat": {"monitorID": 7, "status": 0, "msg": "timeout", "ping": null},
"monitor": {"id": 7, "name": "Trạm Đồi Gió", "type": "ping", "hostname": "10.0.7.1",
"tags": [{"name": "don_vi", "value": "BDCN"}]}, "msg": "[Trạm Đồi Gió] [Down] timeout"}"""


def prepare(unit_id: int, *, actor: Actor) -> dict[str, str]:
    """The facts that paths name."""
    now = clock.now()
    source, _key = sources.create(sources.NewSource("Giám sát trạm", "generic", unit_id), now=now, actor=actor)
    wanted = [
        IntakeRule("title", sought="mất điện", category="power", severity=2, unit_from="don_vi"),
        IntakeRule("don_vi", how="begins", sought="BD", category="connectivity", unit_from="don_vi"),
        IntakeRule("from", sought="thu@", then="drop"),
    ]
    rules.write(source.id, wanted, seen=rules.stamp(source), actor=actor, now=now)
    account = Settings(
        "imap.buudien.example", 993, "tls", "canhbao@buudien.example", "-", "INBOX", ("@giamsat.example",), False
    )
    mailboxes.save(source.id, account, actor=actor, now=now)
    made = ingest.receive(source.id, read_by("generic", SENT), SENT.encode(), now=now)
    ingest.receive(source.id, Alarm("resolve", made.key), b"", now=now)
    return {"tool": str(source.id), "alarm": made.incident.code if made.incident else ""}
