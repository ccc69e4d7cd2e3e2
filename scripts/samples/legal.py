"""What the screens of the law show: a prohibited item half-way through its steps, with photos, and a second report."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from core.actor import Actor
from incidents.attachments import services as attachments
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.legal import services as legal
from incidents.merging import services as merging
from incidents.response import lifecycle


def prepare(unit_id: int, taker_id: int | None, *, now: datetime, actor: Actor) -> dict[str, str]:
    """The codes that paths name."""
    item, _created = creation.log(
        IncidentReport(
            title="Bưu gửi nghi là pháo nổ ở băng chuyền",
            category="prohibited_item",
            unit_id=unit_id,
            actor=actor,
            detected_at=now - timedelta(minutes=10),
        ),
        now=now,
    )
    lifecycle.acknowledge(item.id, person_id=taker_id, now=now, actor=actor)
    attachments.add(item.id, stream=_photo(), filename="niem-phong.jpg", actor=actor, now=now)
    steps: dict[str, dict[str, Any]] = {
        "suspend": {
            "by": "Rơ Châm Tài",
            "found_at": "Trung tâm khai thác",
            "sent_from": "Bưu cục Đồi Gió",
            "item": "EA123456789VN",
        },
        "seal": {"by": "Rơ Châm Tài", "kept_at": "Kho niêm phong", "seal_number": "0042"},
        "leadership": {"person": "Nay Hương", "how": "phone"},
        "authority": {
            "authority": "Công an phường",
            "contact": "Trung úy Siu Đức",
            "how": "phone",
            "document": "08/TB-BĐ",
        },
        "record": {
            "place": "Trung tâm khai thác",
            "copies": 3,
            "outside": "Hộp giấy nâu, còn nguyên, không rách",
            "parties": [
                {"name": "Rơ Châm Tài", "role": "Điều hành viên", "organisation": "Bưu điện tỉnh Cao Nguyên"},
                {"name": "Siu Đức", "role": "Trung úy", "organisation": "Công an phường"},
            ],
        },
    }
    for minutes, (step, values) in enumerate(steps.items()):
        at = now - timedelta(minutes=len(steps) - minutes)
        legal.record(item.id, step, {"at": at, **values}, actor=actor, now=now)
    again, _created = creation.log(
        IncidentReport(
            title="Có hộp kêu lạ trên băng chuyền", category="prohibited_item", unit_id=unit_id, actor=actor
        ),
        now=now,
    )
    merging.join(again.id, main_id=item.id, note="Cùng một hộp", actor=actor, now=now)
    return {"item": item.code, "joined": again.code}


def _photo() -> io.BytesIO:
    picture, out = Image.new("RGB", (640, 480), "tan"), io.BytesIO()
    drawn = ImageDraw.Draw(picture)
    drawn.rectangle((120, 120, 520, 400), fill="peru", outline="saddlebrown", width=6)
    drawn.rectangle((290, 120, 350, 400), fill="firebrick")
    picture.save(out, "JPEG")
    out.seek(0)
    return out
