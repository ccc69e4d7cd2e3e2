"""An incident goes into a group chat: text, and a link that shows how it stands to whoever has it.

The night of Mùng 1, 02:10; in BDA Bình serves operations and An leads, Em is called after her.
"""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from core.models import AuditEntry
from incidents.record.models import Incident
from incidents.sharing import services as sharing
from incidents.sharing.models import SharedIncident
from people.accounts import services as accounts
from people.models import User
from tests.support.desk_pages import DeskPages, text_of
from tests.support.in_parallel import in_parallel
from tests.support.tet_night import ADMIN, NIGHT

TITLE = "Mất điện bưu cục, gọi chị Lan 0905 123 456"


@pytest.fixture
def cut(desk: DeskPages) -> Incident:
    return desk.log(TITLE, "power", description="Chị Lan 0905123456 báo", reporter="Lan, 0905 123 456")


def path_of(incident: Incident) -> str:
    return f"/incidents/{incident.code}/share"


def send(desk: DeskPages, incident: Incident, who: str = "bi1", **fields: Any) -> str:
    return html.unescape(desk.post(who, path_of(incident), 200, **fields))


def link_in(page: str) -> str:
    found = re.search(r"(/l/i/[\w-]+)", page)
    assert found is not None
    return found[1]


def seen(client: Any, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return html.unescape(text_of(answer.text))


def test_the_text_says_what_it_is_and_the_link_how_it_stands(desk: DeskPages, cut: Incident, new_client: Any) -> None:
    assert path_of(cut) in desk.browser("bi1").get(f"/incidents/{cut.code}").text
    page = send(desk, cut, news_at="25/01/2020 02:40")
    assert f"SỰ CỐ {cut.code}\nMất điện bưu cục, gọi chị Lan …\nMức" in page
    assert "Nơi xảy ra: Bưu điện huyện A\nChưa ai nhận\nTin tiếp theo lúc" in page
    assert "0905" not in re.sub(r"(?s)^.*?<textarea", "", page), "the number of whoever reported stays here"
    stranger = new_client()
    shown = stranger.get(link_in(page))
    assert shown.headers["Referrer-Policy"] == "no-referrer" and "noindex" in shown.headers["X-Robots-Tag"]
    assert shown.headers["Cache-Control"] == "no-store"
    text = seen(stranger, link_in(page))
    assert "Chưa ai nhận" in text and "Tin tiếp theo" in text and "0905" not in text and "Lan," not in text
    desk.post("bi1", f"/incidents/{cut.code}/acknowledge")
    desk.post("bi1", f"/incidents/{cut.code}/note", note="Cầu dao tổng nhảy, người nhà số 5")
    text = seen(stranger, link_in(page))
    assert "Trần Thị Bình đang xử lý" in text and "Cầu dao" not in text
    desk.at(40)
    assert "Tin tiếp theo" not in seen(stranger, link_in(page)), "what was promised has passed"
    desk.post("bi1", f"/incidents/{cut.code}/resolve", note="Có điện lại")
    assert "Đã xử lý xong" in seen(stranger, link_in(page))


def test_whoever_sends_again_sends_the_same_link(desk: DeskPages, cut: Incident) -> None:
    first, again = send(desk, cut), send(desk, cut, news_at="25/01/2020 03:00")
    assert link_in(first) == link_in(again) and "Tin tiếp theo lúc" in again and "Tin tiếp theo lúc" not in first
    assert link_in(send(desk, cut, "an1")) != link_in(first), "each has their own to take back"
    actions = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "incident.share")))
    assert len(actions) == 3


def test_after_the_key_was_lost_one_new_link_takes_the_place_of_the_old(desk: DeskPages, cut: Incident) -> None:
    send(desk, cut)
    db.session.execute(update(SharedIncident).values(sealed="khóa cũ"))
    db.session.commit()
    assert link_in(send(desk, cut)) == link_in(send(desk, cut)), "not another one each time"


def test_it_ends_a_day_after_closing_and_opens_again_with_the_incident(
    desk: DeskPages, cut: Incident, new_client: Any
) -> None:
    path, stranger = link_in(send(desk, cut)), new_client()
    desk.post("bi1", f"/incidents/{cut.code}/resolve", note="xong")
    desk.post("an1", f"/incidents/{cut.code}/close", note="xong")
    assert "Đã đóng" in seen(stranger, path)
    with clock.travel(NIGHT + timedelta(hours=23, minutes=59)):
        assert "Đã đóng" in seen(stranger, path)
    with clock.travel(NIGHT + timedelta(hours=24)):
        assert "hết hạn" in seen(stranger, path, 410)
        assert "đóng hơn một ngày" in desk.post("an1", path_of(cut), 409)
        desk.post("an1", f"/incidents/{cut.code}/reopen", note="Lại mất điện")
        assert "Chưa ai nhận" in seen(stranger, path)


def test_who_made_it_takes_it_back_or_who_directs_the_incident(desk: DeskPages, cut: Incident, new_client: Any) -> None:
    mine, boss = link_in(send(desk, cut)), link_in(send(desk, cut, "an1"))
    ids = list(db.session.scalars(select(SharedIncident.id).order_by(SharedIncident.id)))
    stranger = new_client()
    desk.post("bi1", f"{path_of(cut)}/{ids[0]}/end")
    desk.post("bi1", f"{path_of(cut)}/{ids[0]}/end")
    assert seen(stranger, mine, 410) and seen(stranger, boss)
    desk.post("ch1", f"{path_of(cut)}/{ids[1]}/end", 403)
    desk.post("an1", f"{path_of(cut)}/{ids[1]}/end")
    assert seen(stranger, boss, 410) and seen(stranger, "/l/i/khong-co", 404)
    other = desk.log("Mất mạng", "connectivity")
    desk.post("an1", f"{path_of(other)}/{ids[1]}/end", 404)
    assert link_in(send(desk, cut)) != mine, "a link that was taken back stays so"


def test_it_ends_with_the_account_of_whoever_made_it(desk: DeskPages, cut: Incident, new_client: Any) -> None:
    link, stranger = link_in(send(desk, cut)), new_client()
    assert seen(stranger, link)
    account = db.session.scalars(select(User).filter_by(login="bi1")).one()
    accounts.set_active(account.id, False, now=NIGHT, actor=ADMIN)
    assert seen(stranger, link, 410)
    page = html.unescape(text_of(desk.browser("an1").get(path_of(cut)).text))
    assert "tài khoản người tạo đã khóa" in page and "Thu hồi" in page


@pytest.mark.parametrize(
    ("category", "more", "why"),
    [
        ("kt1", {}, "KT1"),
        ("item_lost", {"party_state": True}, "Đảng, Nhà nước"),
        ("suspicious_item", {}, "hạn chế xem"),
    ],
)
def test_what_must_not_be_in_a_group_says_why_in_place(
    category: str, more: dict[str, Any], why: str, desk: DeskPages
) -> None:
    incident = desk.log("Sự cố nhạy cảm", category, **more)
    page = desk.see("an1", path_of(incident))
    assert why in page and "Soạn để gửi" not in page
    assert why in desk.post("an1", path_of(incident), 409)
    assert db.session.scalars(select(SharedIncident)).all() == []


@pytest.mark.parametrize("column", ["restricted", "party_state"])
def test_what_turns_out_to_be_of_that_kind_is_shown_no_more(
    column: str, desk: DeskPages, cut: Incident, new_client: Any
) -> None:
    path = link_in(send(desk, cut))
    with transaction() as session:
        setattr(session.get_one(Incident, cut.id), column, True)
    assert "Mất điện" not in seen(new_client(), path, 410)


def test_who_may_only_read_sends_nothing(desk: DeskPages, cut: Incident) -> None:
    for who in ("du1", "ch1"):
        desk.post(who, path_of(cut), 403)
        assert desk.browser(who).get(path_of(cut)).status_code == 403
    assert db.session.scalars(select(SharedIncident)).all() == []


def test_a_moment_that_cannot_be_is_named_and_kept(desk: DeskPages, cut: Incident) -> None:
    for typed in ("25/01/2020 02:00", "lát nữa"):
        page = html.unescape(desk.post("bi1", path_of(cut), 422, news_at=typed))
        assert "cần sau lúc này" in page and typed in page
    assert db.session.scalars(select(SharedIncident)).all() == []


def test_an_exercise_says_so(desk: DeskPages, new_client: Any) -> None:
    rehearsal = desk.night.rehearse(now=desk.now)
    incident = desk.log("Diễn tập mất điện", "power", rehearsal=rehearsal)
    page = send(desk, incident, "an1")
    assert f"DIỄN TẬP · {incident.code}" in page and "DIỄN TẬP" in seen(new_client(), link_in(page))


def test_the_link_speaks_the_readers_language(desk: DeskPages, cut: Incident, new_client: Any) -> None:
    path, reader = link_in(send(desk, cut)), new_client()
    reader.post("/language", data={"language": "en"})
    text = seen(reader, path)
    assert "Not acknowledged" in text and "Level" in text
    desk.browser("an1").post("/language", data={"language": "en"})
    assert "See how it stands now" in send(desk, cut, "an1")


@pytest.mark.both_dbs("two taps at once: the lock lets one make the link, the other finds it")
def test_two_taps_at_once_make_one_link(desk: DeskPages, cut: Incident, app: Flask) -> None:
    actor, code = desk.night.actor("BI1"), cut.code
    found = in_parallel(app, 2, lambda _n: sharing.share(code, None, actor=actor, now=NIGHT).id)
    assert found[0] == found[1]
