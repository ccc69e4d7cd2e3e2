"""A post office with its sheet on the wall, and somebody without an account who scans it."""

from __future__ import annotations

import io
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from core.db import db as database, transaction
from incidents.attachments.models import Attachment
from incidents.escalation import engine
from incidents.public_reports import codes
from incidents.record.models import Incident, TimelineEntry
from people import queries as people
from roster.resolver.models import DeskPhone
from tests.support.clock_hand import ClockHand
from tests.support.tet_night import NIGHT, Night


class Counter(ClockHand):
    """A post office with its sheet, a stranger's phone, and a hand on the clock."""

    def __init__(self, app: Flask, phone: FlaskClient) -> None:
        self.app, self.phone, self.night, self.now = app, phone, Night(), NIGHT
        self.at(0)
        with transaction() as session:
            session.add(DeskPhone(unit_id=self.night.ids["BDA"], duty="operations", phone="0269 3824 999"))

    def pulse(self) -> None:
        database.session.rollback()
        engine.escalate_due(self.now)
        database.session.rollback()

    def sheet(self, generation: int = 1, unit: str = "BDA-1") -> str:
        return f"/bao/{codes.token_of(people.unit_by_id(self.night.ids[unit]), generation)}"

    def form_key(self, sheet: str) -> str:
        return re.search(r'name="form_key"[^>]*value="([^"]+)"', self.text(sheet))[1]  # type: ignore[index]

    def send(self, sheet: str, expect: int = 303, **typed: Any) -> Any:
        """Open the form and send it; the answer."""
        sent = {"form_key": self.form_key(sheet), "category": "vehicle"} | typed
        answer = self.phone.post(sheet, data=sent, content_type="multipart/form-data")
        assert answer.status_code == expect, answer.get_data(as_text=True)
        return answer

    def text(self, path: str) -> str:
        return str(self.phone.get(path).get_data(as_text=True))


def incidents() -> list[Incident]:
    database.session.rollback()
    return list(database.session.query(Incident).order_by(Incident.id))


def timeline(incident_id: int) -> list[tuple[str, str]]:
    database.session.rollback()
    rows = database.session.query(TimelineEntry).filter_by(incident_id=incident_id).order_by(TimelineEntry.id)
    return [(row.kind, row.note) for row in rows]


def attached(incident_id: int) -> list[Attachment]:
    database.session.rollback()
    return list(database.session.query(Attachment).filter_by(incident_id=incident_id).order_by(Attachment.id))


def picture(colour: str = "orange") -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()
