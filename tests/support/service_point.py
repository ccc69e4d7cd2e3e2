"""A point of service on an ordinary day: its sheet on the wall, a teller's phone, a hand on the clock."""

from __future__ import annotations

import io
import re
import secrets
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from compliance.posting import services as posting
from compliance.today import waiting as queue
from core import clock
from core.db import db as database, transaction
from incidents.public_reports import codes, counter_codes
from incidents.public_reports.models import CounterCode
from incidents.record.models import Incident
from people import queries as people
from roster.resolver.models import DeskPhone
from tests.support.clock_hand import ClockHand
from tests.support.tet_night import ADMIN, Night

DAY = date(2020, 1, 20)
"""A Monday, 26 tháng Chạp, five days before Mùng 1."""


class ServicePoint(ClockHand):
    """Điểm phục vụ A1 and whoever stands behind its counter; ``at(1)``: at the same hour of the next day."""

    BEGIN: ClassVar[datetime] = clock.at_local(DAY, 16, 58)
    UNIT: ClassVar[timedelta] = timedelta(days=1)

    def __init__(self, app: Flask, phone: FlaskClient) -> None:
        self.app, self.phone, self.night = app, phone, Night()
        self._read: re.Match[str] | None = None
        self.at(0)
        with transaction() as session:
            session.add(DeskPhone(unit_id=self.night.ids["BDA"], duty="operations", phone="0269 3824 999"))

    @property
    def unit_id(self) -> int:
        return int(self.night.ids["BDA-1"])

    def path(self, unit: str = "BDA-1") -> str:
        """What the counter's own sheet opens."""
        return f"/diem/{counter_codes.token_of(people.unit_by_id(self.night.ids[unit]), 1)}"

    def outside(self, unit: str = "BDA-1") -> str:
        """The code of the sheet outside, tried at the counter's page."""
        return f"/diem/{codes.token_of(people.unit_by_id(self.night.ids[unit]), 1)}"

    def has_old_sheets(self) -> None:
        """As an upgrade finds it: the sheets that hang were printed when one code did for both."""
        with transaction() as session:
            old = {"old_generation": 1, "changed_at": self.now, "changed_by": ""}
            session.add(CounterCode(unit_id=self.unit_id, **old))

    def accept_all(self) -> int:
        """Whoever answers for the point looks at the photos that wait."""
        waiting = [each.id for each in queue.photos([self.unit_id], clock.local_date(self.now))]
        return posting.accept(waiting, actor=ADMIN, now=self.now)

    def text(self, path: str = "") -> str:
        return str(self.phone.get(path or self.path()).get_data(as_text=True))

    def key(self) -> str:
        """A form's own key. The first is read from the page; one more of its kind needs no page fetched for it."""
        if self._read is None:
            self._read = re.search(r'name="form_key" value="([^"]+)"', self.text())
            assert self._read
            return self._read[1]
        return secrets.token_urlsafe(len(self._read[1]) * 6 // 8)

    def tap(self, checked: object = 34, expect: int = 303, **more: Any) -> Any:
        """The one tap of the evening."""
        sent = {"form_key": self.key(), "checked": str(checked), "do": "normal"} | more
        return self._sent(self.path(), sent, expect)

    def find(self, moment: str, goods: str = "pháo", expect: int = 303, **more: Any) -> Any:
        sent = {"form_key": self.key(), "moment": moment, "goods": goods, "category": "1", "parcels": "1"} | more
        return self._sent(f"{self.path()}/phat-hien", sent, expect)

    def post(self, what: str, expect: int = 303, **more: Any) -> Any:
        """It hangs, with a photo of it."""
        sent = {"form_key": self.key(), "what": what, "photos": (io.BytesIO(photo()), "tuong.jpg")} | more
        return self._sent(f"{self.path()}/niem-yet", sent, expect)

    def _sent(self, path: str, sent: dict[str, Any], expect: int) -> Any:
        answer = self.phone.post(path, data=sent, content_type="multipart/form-data")
        assert answer.status_code == expect, answer.get_data(as_text=True)
        database.session.rollback()
        return answer


def photo(colour: str = "orange") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def incidents() -> list[Incident]:
    database.session.rollback()
    return list(database.session.query(Incident).order_by(Incident.id))
