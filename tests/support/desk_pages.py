"""A night at the incident desk as people see it: pages, a browser for everybody, and a hand on the clock."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient

from core.db import db as database
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.record.models import Incident, TimelineEntry
from tests.support.clock_hand import ClockHand
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, Night


class DeskPages(ClockHand):
    """The night, a hand on the clock, and a browser for everybody."""

    def __init__(self, new_client: Any) -> None:
        self.night, self._new_client = Night(), new_client
        self._browsers = dict[str, FlaskClient]()
        self.at(0)

    def browser(self, who: str) -> FlaskClient:
        if who not in self._browsers:
            self._browsers[who] = self._new_client()
            sign_in(self._browsers[who], who)
        return self._browsers[who]

    def see(self, who: str, path: str) -> str:
        """The page as text, without its marks."""
        answer = self.browser(who).get(path)
        assert answer.status_code == 200, path
        return text_of(answer.get_data(as_text=True))

    def post(self, who: str, path: str, status: int = 303, **fields: Any) -> str:
        answer = self.browser(who).post(path, data={key.replace("__", "."): value for key, value in fields.items()})
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def log(self, title: str, category: str, unit: str = "BDA", **more: Any) -> Incident:
        return creation.log(
            IncidentReport(title=title, category=category, unit_id=self.night.ids[unit], actor=ADMIN, **more),
            now=self.now,
        )[0]

    def fresh(self, code: str) -> Incident:
        database.session.rollback()
        return database.session.query(Incident).filter_by(code=code).populate_existing().one()

    def newest(self) -> Incident:
        database.session.rollback()
        return database.session.query(Incident).order_by(Incident.id.desc()).first()  # type: ignore[return-value]

    def kinds(self, code: str) -> list[str]:
        rows = database.session.query(TimelineEntry).filter_by(incident_id=self.fresh(code).id)
        return [row.kind for row in rows.order_by(TimelineEntry.id)]


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
