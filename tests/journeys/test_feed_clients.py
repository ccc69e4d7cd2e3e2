"""A subscriber: real calendar programs read feeds from the running server and show what the API says is published."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core import clock
from people.accounts import keys
from tests.conftest import skip_or_fail
from tests.support import factories
from tests.support.calendar_clients import Calcurse, Khal, Shown
from tests.support.published import NOW, Published

KINDS = {
    "leadership": "Trực lãnh đạo",
    "operations": "Trực điều hành",
    "emergency": "Trực ứng cứu thông tin",
}


class Script:
    """Another system, with a key."""

    def __init__(self, url: str) -> None:
        self.url = url
        _row, self.key = keys.create_api_key(keys.NewApiKey("hệ thống khác", "admin"), now=NOW, actor=factories.ADMIN)

    def call(self, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def published(self, campaign_id: int, code: str | None = None) -> Shown:
        """What the API says is published (to ``code``), as calendars show it."""
        found: Shown = set()
        cursor = ""
        while True:
            page = self.call(f"/campaigns/{campaign_id}/shifts?state=published&limit=5{cursor}")
            for shift in page["items"]:
                title = f"{KINDS[shift['duty']]} · {shift['shift']}"
                for person in shift["people"]:
                    if code is None:
                        found.add((wall(shift["starts_at"]), wall(shift["ends_at"]), f"{title} · Nguyễn Văn {person}"))
                    elif code == person:
                        found.add((wall(shift["starts_at"]), wall(shift["ends_at"]), title))
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"


def wall(moment: str) -> str:
    return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M")


@pytest.fixture(autouse=True)
def _january_2020() -> Iterator[None]:
    with clock.travel(NOW + timedelta(days=2)):
        yield


@pytest.fixture
def script(live_url: str, roster: Published) -> Script:
    return Script(live_url)


def test_vdirsyncer_and_khal_show_what_is_published_and_follow_a_reassignment(
    script: Script, roster: Published, tmp_path: Path
) -> None:
    if not Khal.is_there():
        skip_or_fail("no vdirsyncer or khal: install requirements-dev.txt")
    wanted = {"all": {"scope": "campaign", "of": str(roster.campaign_id)}, "loser": {"scope": "person", "of": "O1"}}
    client = Khal({name: script.call("/feeds", body)["url"] for name, body in wanted.items()}, tmp_path)
    client.sync()
    shown = client.shown()
    assert shown["all"] == script.published(roster.campaign_id) and len(shown["all"]) == 18
    assert shown["loser"] == script.published(roster.campaign_id, "O1") and len(shown["loser"]) == 2

    before = client.files("all")
    roster.reassign("operations", 3, "O4")
    client.sync()
    shown, after = client.shown(), client.files("all")
    assert shown["all"] == script.published(roster.campaign_id)
    assert any(title.endswith("O4") for _start, _end, title in shown["all"])
    assert len(before) == len(after) == 18
    # The shift itself, and those before and after, who are told who hands over and who relieves.
    assert len(before - after) == len(after - before) == 3
    (now_is,) = (each for each in after - before if re.search(r"SUMMARY:.*O4", each))
    (was,) = (each for each in before - after if place(each) == place(now_is))
    assert number(now_is) > number(was) and "STATUS:CONFIRMED" in now_is

    lost = [text for text in client.files("loser") if "STATUS:CANCELLED" in text]
    assert len(lost) == 1
    told = {title for _start, _end, title in shown["loser"]}
    assert told == {"Trực điều hành · Ngày", "Đã hủy: Trực điều hành · Đêm"}


def place(event: str) -> set[str]:
    """By what an event is known where UIDs are not kept: when it starts, and its kind."""
    return set(re.findall(r"^(?:DTSTART|CATEGORIES)\S*", event, re.MULTILINE))


def number(event: str) -> int:
    return int(re.findall(r"^SEQUENCE:(\d+)", event, re.MULTILINE)[0])


def test_a_client_that_is_not_written_in_python_shows_the_same(
    script: Script, roster: Published, tmp_path: Path
) -> None:
    if not Calcurse.is_there():
        skip_or_fail("no calcurse: run scripts/fetch_calendar_client.sh")
    for scope, of, code in (
        ("campaign", str(roster.campaign_id), None),
        ("unit", "TINH", None),
        ("person", "L1", "L1"),
    ):
        client = Calcurse(script.call("/feeds", {"scope": scope, "of": of})["url"], tmp_path / scope)
        client.sync()
        assert client.shown() == script.published(roster.campaign_id, code) != set()


def test_a_client_that_asks_again_gets_nothing_new_until_there_is_something(script: Script, roster: Published) -> None:
    address = script.call("/feeds", {"scope": "unit", "of": "TINH"})["url"]
    with urllib.request.urlopen(address) as response:
        first, tag = response.read(), response.headers["ETag"]
    again = urllib.request.Request(address, headers={"If-None-Match": tag})
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        urllib.request.urlopen(again)
    assert unchanged.value.code == 304
    roster.reassign("emergency", 2, "E2")
    with urllib.request.urlopen(again) as response:
        assert response.status == 200 and response.read() != first
