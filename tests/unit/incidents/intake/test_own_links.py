"""Secret links of this installation in what comes in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from incidents.intake import own_links
from incidents.intake.formats import Alarm

TOKEN = "3fXq-Zk_9aB2cD4eF6gH8w"


@pytest.fixture(autouse=True)
def home() -> Iterator[None]:
    app = Flask("nobody")
    app.config["PUBLIC_URL"] = "https://truc.example:8443"
    with app.app_context():
        yield


@pytest.mark.parametrize(
    "text",
    [
        f"> Bấm để nhận: https://truc.example:8443/a/{TOKEN}",
        f"http://TRUC.example:8443/b/{TOKEN}?x=1",
        f"truc.example:8443/p/me/{TOKEN}",
        f"https://truc.example:8443/feeds/{TOKEN}.ics",
        f"https:\\/\\/truc.example:8443\\/l\\/i\\/{TOKEN}",
        f"https://safe.example/?url=https%3A%2F%2Ftruc.example%3A8443%2Fa%2F{TOKEN}&d=1",
        f"https://truc.example:8443/intake/generic/{TOKEN}",
    ],
)
def test_the_secret_is_taken_out_and_the_rest_stays(text: str) -> None:
    said = own_links.without(text)
    assert TOKEN not in said and "…" in said
    assert said.replace("…", TOKEN) in (text, text.replace(".ics", "")), "nothing else is touched"


@pytest.mark.parametrize(
    "text",
    [
        "https://grafana.example/a/grafana-oncall-app/alerts",
        "https://truc.example:8443/incidents/SC-2020-0001",
        "https://truc.example/a/x",
        "bc-12 không trả lời /a/b/c",
        "",
    ],
)
def test_links_of_others_and_to_pages_stay(text: str) -> None:
    assert own_links.without(text) == text


def test_all_that_is_shown_of_an_alarm() -> None:
    link = f"https://truc.example:8443/a/{TOKEN}"
    alarm = own_links.alarm_without(Alarm("trigger", link, link, f"x {link}", details=(("link", link), ("b", "c"))))
    assert alarm.key == link, "which it is has not changed"
    assert TOKEN not in f"{alarm.title}{alarm.description}{alarm.details}" and ("b", "c") in alarm.details
