"""Every button of an incident's page tapped twice: nothing breaks, and nothing is done or written twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db as database
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.record.models import TimelineEntry
from incidents.response import lifecycle
from tests.support.enterprise import sign_in
from tests.support.stores import SqliteStore
from tests.support.tet_night import ADMIN, NIGHT, Night

FILLED = {
    "note": "Đang kiểm tra máy phát",
    "reason": "Chờ điện lực",
    "whom": "Phó giám đốc",
    "until": "02:20",
    "arrives": "02:40",
    "code": "SC-2020-0001",
    "main": "SC-2020-0001",
}
"""What a person would type into fields that the page leaves empty."""


@dataclass
class Form:
    action: str
    id: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """(where it goes, what it adds) of each."""
    has_file: bool = False


class Forms(HTMLParser):
    """The forms of a page that change something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(has.get("action", ""), has.get("id", "")) if has.get("method") == "post" else None
        elif tag == "button" and has.get("type") != "button":
            self._button(has)
        elif self._form is None:
            return
        elif tag in ("input", "textarea") and "name" in has:
            self._input(has)
        elif tag == "select":
            self._select = has.get("name", "")
        elif tag == "option" and self._select and has.get("value") and not self._form.fields.get(self._select):
            self._form.fields[self._select] = has["value"]

    def _button(self, has: dict[str, str]) -> None:
        owner = next((each for each in self.found if each.id == has["form"]), None) if "form" in has else self._form
        if owner is not None:
            added = {has["name"]: has.get("value", "")} if "name" in has else {}
            owner.buttons.append((has.get("formaction", owner.action), added))

    def _input(self, has: dict[str, str]) -> None:
        assert self._form is not None
        kind, name = has.get("type", "text"), has["name"]
        self._form.has_file |= kind == "file"
        if kind in ("checkbox", "radio") and "checked" not in has:
            return
        if kind != "file":
            self._form.fields[name] = has.get("value") or FILLED.get(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "form" and self._form is not None:
            self.found.append(self._form)
            self._form = None


def buttons(client: FlaskClient, code: str) -> dict[tuple[str, str], dict[str, str]]:
    """(where, what is added) → everything that this button sends, of all forms about the incident."""
    page = client.get(f"/incidents/{code}").get_data(as_text=True)
    return {
        (where, str(added)): form.fields | added
        for form in Forms(page).found
        if not form.has_file
        for where, added in form.buttons
        if where.startswith(f"/incidents/{code}/")
    }


def fresh(night: Night, state: str) -> tuple[int, str]:
    """Id and code of an incident in that state, and whoever has it is Bình."""
    incident, _ = creation.log(
        IncidentReport(title="Mất điện", category="power", unit_id=night.ids["BDA"], actor=ADMIN), now=NIGHT
    )
    engine.escalate_due(NIGHT)
    if state != "open":
        lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    if state == "resolved":
        lifecycle.resolve(incident.id, actor=night.actor("BI1"), now=NIGHT)
    database.session.rollback()
    return incident.id, incident.code


@pytest.fixture
def main_incident(night: Night) -> None:
    """Another of the same kind, so that there is one to join."""
    creation.log(IncidentReport(title="Mất mạng", category="power", unit_id=night.ids["BDA"], actor=ADMIN), now=NIGHT)


def told(incident_id: int) -> list[str]:
    database.session.rollback()
    rows = database.session.query(TimelineEntry).filter_by(incident_id=incident_id).order_by(TimelineEntry.id)
    kinds = [row.kind for row in rows]
    database.session.rollback()
    return kinds


@pytest.mark.usefixtures("main_incident")
@pytest.mark.parametrize(
    ("login", "state"),
    [
        ("bi1", "open"),
        ("an1", "acknowledged"),
        ("bi1", "resolved"),
        pytest.param("an1", "open", marks=pytest.mark.rest),
        pytest.param("bi1", "acknowledged", marks=pytest.mark.rest),
        pytest.param("an1", "resolved", marks=pytest.mark.rest),
    ],
)
def test_every_button_tapped_twice_writes_once(
    night: Night, new_client: Any, login: str, state: str, _sqlite: tuple[SqliteStore, Flask]
) -> None:
    (incident_id, code), client, store = fresh(night, state), new_client(), _sqlite[0]
    sign_in(client, login)
    offered = buttons(client, code)
    before, beginning, tried = len(told(incident_id)), store.keep("taps"), list[str]()
    for (where, added), sent in offered.items():
        store.put(beginning)  # what one of them does would hide the next
        answers = [client.post(where, data=sent).status_code for _tap in range(2)]
        once = Counter(told(incident_id)[before:])
        tried.append(f"{where.rpartition('/')[2]} {added} {answers} {dict(once)}")
        assert max(answers) < 500, tried[-1]
        assert not once or max(once.values()) == 1, tried[-1]
    worked = [line.split()[0] for line in tried if "[303" in line]
    wanted = {"open": {"acknowledge", "note"}, "acknowledged": {"note", "facts"}, "resolved": {"reopen", "note"}}[state]
    assert wanted <= set(worked), tried


def test_the_same_words_a_little_later_are_written_again(night: Night, new_client: Any) -> None:
    (incident_id, code), client = fresh(night, "acknowledged"), new_client()
    sign_in(client, "bi1")
    where = f"/incidents/{code}/note"
    said = client.post(where, data={"note": "Vẫn chờ"}, follow_redirects=True).get_data(as_text=True)
    assert "chỉ tính lần đầu" not in said
    said = client.post(where, data={"note": "Vẫn chờ"}, follow_redirects=True).get_data(as_text=True)
    assert "chỉ tính lần đầu" in said and told(incident_id).count("note") == 1
    client.post(where, data={"note": "Xe đã tới"})
    client.post(where, data={"note": "Vẫn chờ"})
    assert told(incident_id).count("note") == 3, "not the last thing that was done here"
    assert client.post(where, data={"note": ""}).status_code == client.post(where, data={"note": ""}).status_code == 422
