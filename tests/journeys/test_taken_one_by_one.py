"""A storm of alarms in which a house burns: what is of level 1, or must be opened to be read, is taken one by one,
on the page, behind a letter's link, on the telephone and by text; the rest in one go, and what stays out is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db as database, transaction
from core.errors import Conflict
from duty.pending_actions import registry
from incidents.escalation import engine
from incidents.paging import bundle
from incidents.record.models import Incident, Page
from incidents.response import lifecycle
from incidents.together import services as together
from notify.gateways import services as gateways
from notify.gateways.models import Gateway
from people.models import ContactMethod
from tests.support.carriers import HEARS
from tests.support.desk_pages import DeskPages, text_of
from tests.support.reach_story import ReachStory
from tests.support.tet_night import ADMIN

ALL, SINGLY, PICKED = "/incidents/take-all", "/incidents/take-singly", "/incidents/picked"


def storm(desk: DeskPages, fires: int = 1) -> tuple[list[Incident], list[Incident]]:
    """Forty alarms (five of them are enough here), and what burns among them."""
    lost = [desk.log(f"Mất kết nối trạm {number}", "connectivity") for number in range(1, 6)]
    burning = []
    for number in range(1, fires + 1):
        desk.at(number / 60)
        burning.append(desk.log(f"Cháy kho số {number}", "fire", severity=1))
    engine.escalate_due(desk.now)
    return lost, burning


def holders(desk: DeskPages, several: list[Incident]) -> list[str]:
    return [desk.fresh(each.code).acknowledged_by for each in several]


@pytest.mark.both_dbs("each is claimed by an update, and what it has become is looked at under its lock")
def test_one_tap_takes_the_alarms_and_leaves_the_fire(desk: DeskPages) -> None:
    lost, (fire,) = storm(desk)
    page = desk.see("an1", ALL)
    assert "Đồng chí giữ cả 5 sự cố" in page and "1 sự cố phải nhận riêng" in page and "Cháy kho số 1" in page
    assert "trừ 1 sự cố mức 1" in page and "máy vẫn gọi" in page
    desk.post("an1", ALL, incident=[*(each.id for each in lost), fire.id])
    assert f"{fire.code} phải mở và nhận riêng." in desk.see("an1", "/")
    assert holders(desk, lost) == ["Nguyễn Văn An"] * 5 and desk.fresh(fire.code).status == "open"
    # The one that becomes level 1 between the look and the tap stays with nobody as well.
    late = desk.log("Khói ở trạm 9", "connectivity")
    actor = desk.night.actor("AN1")
    with transaction() as session:
        session.get_one(Incident, late.id).severity = 1
    done = together.take([late.id], actor=actor, now=desk.now)
    assert [each.id for each in done.apart] == [late.id] and not (done.codes or done.late or done.refused)
    assert desk.fresh(late.code).status == "open"


def test_they_are_gone_through_in_sequence_read_taken_or_left(desk: DeskPages) -> None:
    lost, burning = storm(desk, fires=3)
    assert "Xem và nhận từng việc · 1/3" in desk.see("an1", ALL)
    an = desk.browser("an1")
    page = an.get(SINGLY).text
    assert "Cháy kho số 1" in page and "Nhận, xem việc tiếp · 1/3" in text_of(page)
    page = _take(an, page)
    assert f"Đồng chí đã nhận: {burning[0].code}." in text_of(page)
    assert "Cháy kho số 2" in page and "Nhận, xem việc tiếp · 2/3" in text_of(page)
    assert f"Đồng chí đang giữ một việc mức 1: {burning[0].code}." in text_of(page)
    # Somebody else takes the second while An reads it: she is told, and goes on.
    lifecycle.acknowledge(burning[1].id, actor=desk.night.actor("BI1"), now=desk.now)
    page = _take(an, page)
    assert f"{burning[1].code}: Trần Thị Bình đã nhận lúc 02:10." in text_of(page)
    assert "Nhận · 2/2" in text_of(page) and "Cháy kho số 3" in page
    # She leaves the last: it goes on calling, and the page says so.
    left = re.search(r'href="(/incidents/take-singly\?[^"]*left=[^"]*)"', page)
    assert left is not None
    page = text_of(an.get(left[1].replace("&amp;", "&")).text)
    assert "Đã xem hết" in page and "Còn 1 việc đồng chí để lại: máy vẫn gọi." in page
    assert "Đồng chí đã nhận 1 việc." in page
    assert holders(desk, burning) == ["Nguyễn Văn An", "Trần Thị Bình", ""]
    assert {desk.fresh(each.code).status for each in lost} == {"open"}
    # Whoever takes the rest now is told what they have in hand.
    assert f"Đồng chí đang giữ một việc mức 1: {burning[0].code}." in desk.see("an1", ALL)
    desk.post("an1", ALL, incident=[each.id for each in lost])
    assert f"Đồng chí đang giữ một việc mức 1: {burning[0].code}." in desk.see("an1", "/")


def _take(reader: FlaskClient, page: str) -> str:
    fields = re.findall(r'<input type="hidden" name="(incident|done|left|code)" value="([^"]*)"', page)
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    answer = reader.post(SINGLY, data=form, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_the_page_offers_to_make_one_of_them_first(desk: DeskPages) -> None:
    _lost, burning = storm(desk, fires=3)
    desk.log("Túi KT1", "kt1")
    an = desk.browser("an1")
    page = an.get(SINGLY).text
    assert "3 sự cố “" in text_of(page) and "Gộp vào một việc" in page, "of its own kind: no bag is joined to a fire"
    link = re.search(r'href="(/incidents/picked\?[^"]*)#join"', page)
    assert link is not None and all(each.code in link[1] for each in burning)
    shown = an.get(link[1].replace("&amp;", "&")).text
    assert "Gộp 3 sự cố" in text_of(shown) and "nên nhận từng việc một" in text_of(shown)
    codes = [each.code for each in burning]
    desk.post("an1", f"{PICKED}/join", code=codes, main=codes[0])
    page = an.get(SINGLY).text
    assert "Nhận, xem việc tiếp · 1/2" in text_of(page) and "Gộp vào một việc" not in page
    # Who may not join is offered nothing: Dũng only looks on, and has nothing to take either.
    assert "Không còn việc nào phải nhận riêng" in desk.see("du1", SINGLY)


def test_of_those_picked_on_the_board_level_1_stays_apart(desk: DeskPages) -> None:
    lost, (fire,) = storm(desk)
    codes = [each.code for each in (*lost, fire)]
    page = desk.browser("an1").get(f"{PICKED}?" + "&".join(f"code={code}" for code in codes)).text
    assert "Tôi nhận cả 5" in text_of(page) and fire.code in page.split("nên nhận từng việc một")[1]
    desk.post("an1", f"{PICKED}/take", code=codes)
    assert f"Nhận từng việc một: {fire.code}." in desk.see("an1", "/incidents/")
    assert holders(desk, lost) == ["Nguyễn Văn An"] * 5 and desk.fresh(fire.code).status == "open"
    desk.post("an1", f"{PICKED}/take", code=[fire.code])
    assert desk.fresh(fire.code).acknowledged_by == "Nguyễn Văn An", "one alone stood before her eyes"


def test_no_other_reader_sees_takes_or_learns_by_that_page(desk: DeskPages) -> None:
    _lost, (fire,) = storm(desk)
    secret = desk.log("Kiện hàng lạ", "suspicious_item")
    chi = desk.browser("ch1")
    assert "Cháy kho" not in chi.get(SINGLY).text
    desk.post("ch1", SINGLY, incident=fire.id)
    desk.post("ch1", SINGLY, incident=secret.id)
    said = desk.see("ch1", SINGLY)
    assert "Sự cố ấy không còn ở đây." in said and "Kiện hàng" not in said
    desk.post("ch1", SINGLY)
    desk.post("ch1", SINGLY, incident="x")
    assert {desk.fresh(each.code).status for each in (fire, secret)} == {"open"}


@pytest.mark.both_dbs("each is taken and marked as read in a commit of its own")
def test_behind_the_link_of_a_letter_they_are_opened_and_taken_one_by_one(desk: DeskPages, client: FlaskClient) -> None:
    lost, burning = storm(desk, fires=2)
    kt1 = desk.log("Rơi túi đỏ ở cầu Ba Na", "connectivity", severity=2, party_state=True)
    engine.escalate_due(desk.now)
    desk.at(3)  # Bình, who is called first, sleeps on
    engine.escalate_due(desk.now)
    em = desk.night.ids["EM1"]
    link = f"/b/{bundle.token_for(em, desk.now)}"
    page = client.get(link).text
    assert "Tôi nhận cả 5" in page and "Xem và nhận từng việc · 1/3" in text_of(page)
    assert "trừ 2 sự cố mức 1 và 1 sự cố phải mở để xem" in text_of(page) and "Ba Na" not in page
    shown = [str(each.id) for each in (*lost, *burning, kt1)]
    told = client.post(link, data={"incident": "all", "shown": shown}).text
    assert holders(desk, lost) == ["Rơ Châm Em"] * 5
    assert {desk.fresh(each.code).status for each in (*burning, kt1)} == {"open"} and "Ba Na" not in told
    page = client.post(link, data={"do": "one"}).text
    assert "Cháy kho số 1" in page and "Nhận, xem việc tiếp · 1/3" in text_of(page)
    page = client.post(link, data={"do": "one", "take": str(burning[0].id), "done": "0"}).text
    assert f"Đồng chí đã nhận: {burning[0].code}." in page and "Nhận, xem việc tiếp · 2/3" in text_of(page)
    assert f"Đồng chí đang giữ một việc mức 1: {burning[0].code}." in page and "Cháy kho số 2" in page
    lifecycle.acknowledge(burning[1].id, actor=desk.night.actor("BI1"), now=desk.now)
    page = client.post(link, data={"do": "one", "take": str(burning[1].id), "done": "1"}).text
    assert f"{burning[1].code}: Trần Thị Bình đã nhận lúc 02:13." in page
    assert "Rơi túi đỏ ở cầu Ba Na" in page and "Nhận · 2/2" in text_of(page)
    # It is read now, and by a tap: so Em's own link shows it as well.
    database.session.rollback()
    read = database.session.query(Page).filter_by(incident_id=kt1.id, person_id=em).all()
    assert read and all(each.opened_at for each in read)
    page = client.post(link, data={"do": "one", "left": kt1.code, "done": "1"}).text
    assert "Ba Na" not in page and f"Mở xem {kt1.code}" in page, "left: it waits on the list, by its code"
    assert desk.fresh(kt1.code).status == "open"
    page = client.post(link, data={"do": "one", "first": str(kt1.id)}).text
    assert "Ba Na" in page
    assert desk.fresh(burning[1].code).acknowledged_by == "Trần Thị Bình"


def test_a_made_up_post_takes_nothing_that_did_not_call_them(desk: DeskPages, client: FlaskClient) -> None:
    storm(desk)
    secret = desk.log("Kiện hàng lạ", "suspicious_item")  # about which Em was not called
    link = f"/b/{bundle.token_for(desk.night.ids['EM1'], desk.now)}"
    for form in (
        {"do": "one", "take": str(secret.id)},
        {"do": "one", "first": str(secret.id), "done": "x"},
        {"do": "one", "take": "9" * 30, "done": "9" * 30},
        {"incident": str(secret.id)},
    ):
        answer = client.post(link, data=form)
        assert answer.status_code == 200 and "Kiện hàng" not in answer.text and secret.code not in answer.text
    assert desk.fresh(secret.code).status == "open"


class Telephones(ReachStory):
    """Bình has a telephone alone, to which calls are read, and texts go that she can answer."""

    def __init__(self, app: Flask, stack: ExitStack, client: FlaskClient) -> None:
        super().__init__(app, stack)
        self.client = client
        with transaction() as session:
            session.query(ContactMethod).filter_by(channel="email").delete()

    def storm(self, fires: int = 1) -> tuple[list[Incident], list[Incident]]:
        lost = [self.log(f"Cảnh báo {number}") for number in range(9)]
        burning = [self.log(f"Cháy kho số {number}", category="fire", severity=1) for number in range(1, fires + 1)]
        for second in range(0, 60, 2):
            self.at(second)
            self.pulse()
        return lost, burning

    def holders(self, several: list[Incident]) -> set[int | None]:
        database.session.rollback()
        rows = (database.session.get_one(Incident, each.id, populate_existing=True) for each in several)
        return {each.acknowledged_by_id for each in rows}

    def pressed(self, path: str, key: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.post(path, data={"digits": key}).json
        return found

    def path(self, said: dict[str, Any]) -> str:
        return str(said["callback"]).removeprefix(self.app.config["PUBLIC_URL"])


@pytest.fixture
def phones(app: Flask, client: FlaskClient) -> Iterator[Telephones]:
    with ExitStack() as stack:
        told = Telephones(app, stack, client)
        yield told
        told.close()


@pytest.mark.both_dbs("a key takes each in a transaction of its own")
def test_on_the_telephone_level_1_is_read_first_and_one_key_takes_the_rest_without_it(phones: Telephones) -> None:
    voice = phones.sink("voice")
    lost, (fire,) = phones.storm()
    calls = [each.json for each in voice.asked if "/v/b/" in each.json["callback"]]
    words, path = calls[-1]["text"], phones.path(calls[-1])
    assert words.startswith("10 sự cố đang chờ đồng chí. Mức 1: Cháy kho số 1, tại Bưu điện huyện A.")
    assert words.index("trừ 1 sự cố mức 1: máy vẫn gọi") < words.index("Bấm phím 1 để nhận cả 9 việc.")
    assert phones.client.get(path).json["text"] == words, "who fetches the words reads the same"
    said = phones.pressed(path, "1")
    assert sorted(said["taken"]) == sorted(each.code for each in lost)
    assert phones.holders(lost) == {phones.binh.id} and phones.holders([fire]) == {None}
    # The fire comes by itself, with keys of its own; and goes on calling when they are not pressed.
    assert "Mức 1: Cháy kho số 1" in said["text"] and "Bấm phím 1 để nhận việc này." in said["text"]
    alone = phones.path(said)
    assert phones.client.get(alone).json["text"].startswith("Mức 1: Cháy kho số 1")
    assert "Chưa ghi nhận" in phones.pressed(alone, "7")["text"]
    past = phones.pressed(alone, "2")
    assert past["text"] == "Việc chưa nhận máy vẫn gọi." and past["taken"] == [] and phones.holders([fire]) == {None}
    before = len(voice.asked)
    for second in range(60, 400, 5):
        phones.at(second)
        phones.pulse()
    assert any(fire.code in each.json["text"] or "Cháy kho" in each.json["text"] for each in voice.asked[before:])
    said = phones.pressed(alone, "1")
    assert said["taken"] == [fire.code] and phones.holders([fire]) == {phones.binh.id}


def test_key_2_takes_them_one_by_one_and_then_offers_the_rest(phones: Telephones) -> None:
    phones.sink("voice")
    lost, burning = phones.storm(fires=2)
    state = phones.log("Rơi túi đỏ ở cầu Ba Na", severity=2, party_state=True)
    phones.at(62)
    phones.pulse()
    path = f"/v/b/{bundle.call_token_for(phones.binh, phones.now)}"
    words = phones.client.get(path).json["text"]
    assert "trừ 2 sự cố mức 1 và 1 sự cố phải mở để xem" in words and "Ba Na" not in words
    said = phones.pressed(path, "2")
    assert said["text"].startswith("Mức 1: Cháy kho số 1") and said["taken"] == []
    lifecycle.acknowledge(burning[1].id, actor=ADMIN, now=phones.now, person_id=phones.night.ids["EM1"])
    said = phones.pressed(phones.path(said), "1")
    assert said["taken"] == [burning[0].code] and "Mức 2: Sự cố phải mở để xem" in said["text"], said
    said = phones.pressed(phones.path(said), "2")
    assert "Đồng chí đang giữ một việc mức 1." in said["text"] and "trừ 1 sự cố phải mở để xem" in said["text"]
    said = phones.pressed(phones.path(said), "1")
    assert len(said["taken"]) == 9 and phones.holders(lost) == {phones.binh.id}
    assert phones.holders([state]) == {None}
    # Pressed once more for what Em has: it stays Em's, and the voice says so.
    said = phones.pressed(f"{path}/{burning[1].id}", "1")
    assert "Rơ Châm Em đã nhận" in said["text"] and said["taken"] == []
    assert phones.client.get(f"{path}/{burning[1].id}").json["text"] == "Việc này không còn chờ đồng chí."
    assert phones.client.post(f"{path[:-2]}xx/{state.id}", data={"digits": "1"}).status_code == 404


def test_a_provider_that_reads_objects_is_led_from_one_to_the_next(phones: Telephones) -> None:
    phones.sink("voice")
    _lost, (fire,) = phones.storm()
    path = f"/v/b/{bundle.call_token_for(phones.binh, phones.now)}?as=scco"
    talk, listen = phones.client.get(path).json
    assert "trừ 1 sự cố mức 1" in talk["text"] and listen["eventUrl"].endswith("?as=scco")
    talk, listen = phones.client.post(path, json={"dtmf": "2"}).json
    assert "Cháy kho số 1" in talk["text"] and f"/{fire.id}?as=scco" in listen["eventUrl"]


def test_a_text_takes_the_alarms_and_names_the_fire_by_itself(phones: Telephones) -> None:
    sms = phones.sink("sms", **HEARS)
    lost, (fire,) = phones.storm()

    def texts(words: str) -> str:
        database.session.rollback()
        row = database.session.scalars(select(Gateway).where(Gateway.channel == "sms")).one()
        said = {"status": "received", "from": "+84900000102", "text": words, "id": f"m-{words}-{len(sms.asked)}"}
        assert phones.client.post(urlsplit(gateways.report_url(row)).path, json=said).status_code == 200
        phones.pulse()
        return str(sms.asked[-1].json["text"])

    asked = texts("1")
    assert f"1 = nhan {fire.code}, muc 1;" in asked and "2 = nhan ca 9 su co, tru 1 su co muc 1;" in asked, asked
    assert phones.holders(lost) | phones.holders([fire]) == {None}, "nothing is done by a 1 that may mean any of them"
    texts("2")
    assert phones.holders(lost) == {phones.binh.id} and phones.holders([fire]) == {None}
    texts("1")
    assert phones.holders([fire]) == {phones.binh.id}


def test_of_alarms_in_a_text_one_that_became_level_1_is_not_taken(phones: Telephones) -> None:
    phones.sink("sms", **HEARS)
    lost, _burning = phones.storm()
    ask = next(each for each in registry.waiting_for(phones.binh, now=phones.now) if each.kind == "calls")
    with transaction() as session:
        session.get_one(Incident, lost[0].id).severity = 1
    actor = registry.actor_of(phones.binh)
    with pytest.raises(Conflict):
        registry.answer(phones.binh, "calls", ask.ref, registry.ActionAnswer(True), actor=actor, now=phones.now)
    assert phones.holders(lost) == {None}, "the list that was sent is no longer what stands there"
