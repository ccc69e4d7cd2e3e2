"""README's ten minutes, walked in a browser: every word in bold or italics there is pressed here, in that order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db
from desk.demo import seed
from incidents.record.models import Incident, Page
from people.models import Person
from tests.support.factories import ADMIN
from tests.support.short_search import two_of_the_ten_seconds
from tests.support.smtp_sink import wait_until
from tests.support.worker import running_worker

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
NAMED = re.compile(r"\*{1,2}([^*]+)\*{1,2}")


def steps() -> list[str]:
    section = README.partition("## Ten minutes\n")[2].partition("\n## ")[0]
    return [" ".join(each.split()) for each in re.split(r"^\d+\. ", section, flags=re.M)[1:]]


class Walk:
    """One step: what it names in bold or italics has to be pressed or seen, in the order in which it is said."""

    def __init__(self, page: Any, said: str) -> None:
        self.page, self.said = page, said
        self.left = NAMED.findall(said)

    def names(self) -> str:
        name = self.left.pop(0)
        coming = next(name for name, _year, _first, _last, publish in seed._plans(clock.now()) if not publish)
        return coming if name.startswith("Tết ") and "2020" not in name else name

    def press(self) -> None:
        self.one(self.names()).click()
        self.page.wait_for_load_state()

    def see(self) -> None:
        self.one(self.names()).wait_for()

    def one(self, name: str) -> Any:
        words = re.compile(rf"^[^\w]*{re.escape(name)}(?![0-9a-zA-ZÀ-ỹ])", re.I)
        links = self.page.get_by_role("link", name=words).or_(self.page.get_by_role("button", name=words))
        return links.or_(self.page.locator("summary").filter(has_text=words)).locator("visible=true").first


@pytest.fixture
def made(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(seed, "SOLVE_SECONDS", 0)  # the first engine's rosters; the walk has a search of its own
    seed.seed(now=clock.now(), actor=ADMIN, say=lambda _line: None)
    return app


@pytest.fixture
def private_window(browser: Any, live_url: str) -> Iterator[Any]:
    context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(180_000)
    yield context.new_page()
    context.close()


def sign_in(page: Any, login: str) -> None:
    page.goto("/login")
    page.fill("[name=identifier]", login)
    page.fill("[name=password]", seed.PASSWORD)
    page.click("main button.go")
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.mark.rest
def test_the_ten_minutes_of_the_readme(made: Flask, page: Any, private_window: Any, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1366, "height": 900})
    page.set_default_timeout(180_000)
    walkers: list[Callable[[Walk], None]] = [
        desk,
        solve,
        publish,
        incident,
        lambda walk: answer(walk, private_window),
        lambda walk: finish(walk, private_window),
        calendar,
        rehearse,
        outbox,
        import_data,
    ]
    said = steps()
    assert len(said) == len(walkers)
    with running_worker(made, tmp_path):
        for text, walker in zip(said, walkers, strict=True):
            walk = Walk(page, text)
            walker(walk)
            assert walk.left == [], f"never pressed: {walk.left} in: {text}"


def desk(walk: Walk) -> None:
    login = re.search(r"`(\w+)`", walk.said)
    assert login is not None
    sign_in(walk.page, login[1])
    walk.press()
    assert walk.page.locator("a[href^='tel:']").count() > 0


def solve(walk: Walk) -> None:
    walk.press()
    walk.press()
    assert "chưa có người" in walk.page.inner_text("main") or "thiếu" in walk.page.inner_text("main").lower()
    grid = walk.page.url
    two_of_the_ten_seconds(walk.page)
    walk.press()
    walk.page.wait_for_url(re.compile("/solve/"))
    walk.page.wait_for_selector("main >> text=Xem trước khi ban hành")
    walk.page.goto(grid)
    walk.page.locator("#grid-table td a.chip").first.click()
    walk.page.wait_for_selector("text=Ai có thể trực")
    walk.page.keyboard.press("Escape")
    walk.press()
    walk.press()
    assert walk.page.locator("main").get_by_text(re.compile("BLLĐ|Bộ luật")).count() > 0
    walk.page.goto(grid)


def publish(walk: Walk) -> None:
    walk.press()
    walk.page.wait_for_url(re.compile("/publish"))
    reason = walk.page.locator("[name=accept_gaps]")
    if reason.count():
        reason.fill("Chấp nhận khi dùng thử")
    walk.page.locator("main form button.go").last.click()
    walk.page.wait_for_url(re.compile("/revisions/1$"))


def incident(walk: Walk) -> None:
    walk.press()
    walk.press()
    walk.page.fill("[name=title]", "Xe thư hỏng ở đèo")
    walk.page.locator("label:has(input[name=category])").first.click()
    walk.page.locator("main form button.go").last.click()
    walk.page.wait_for_url(re.compile(r"/incidents/[A-Z0-9-]+$"))
    walk.page.wait_for_selector("text=/20 giây|00:[012]\\d|0:[012]\\d/")


def answer(walk: Walk, window: Any) -> None:
    assert "are the staff codes in small letters" in walk.said
    wait_until(_called_now, what="the call")
    sign_in(window, db.session.get_one(Person, _called_now()).code.lower())
    walk.page = window
    walk.press()
    window.wait_for_selector("text=/[Đđ]ang giữ|đang xử lý|đã nhận/")


def _called_now() -> int | None:
    """Whom the worker called last, for what was logged just now."""
    db.session.rollback()
    newest = select(func.max(Incident.id)).where(Incident.title == "Xe thư hỏng ở đèo").scalar_subquery()
    return db.session.scalar(select(Page.person_id).where(Page.incident_id == newest).order_by(Page.id.desc()).limit(1))


def finish(walk: Walk, window: Any) -> None:
    """Whoever has it resolves it; the manager closes it."""
    window.get_by_role("button", name="Đã xử lý xong").click()
    window.wait_for_selector(".state >> text=Đã xử lý xong")
    walk.page.goto(window.url)
    walk.one("Đóng sự cố").click()
    walk.page.wait_for_selector("main >> text=Đã đóng")
    assert walk.page.locator("main").get_by_text("theo lịch trực").count() > 0, "by which rule each was called"
    walk.press()
    walk.see()


def calendar(walk: Walk) -> None:
    walk.press()
    walk.press()
    walk.page.wait_for_selector("main svg")


def rehearse(walk: Walk) -> None:
    walk.press()
    walk.press()
    walk.press()
    walk.press()
    walk.one("Bắt đầu diễn tập").click()
    walk.page.wait_for_selector("main >> text=DIỄN TẬP")


def outbox(walk: Walk) -> None:
    menu(walk)
    walk.press()
    assert "Chưa có máy chủ thư" in walk.page.inner_text("main")


def import_data(walk: Walk) -> None:
    menu(walk)
    walk.press()
    assert walk.page.locator("#files").count() == 1
    menu(walk)
    walk.press()
    assert "dữ liệu mẫu" in walk.page.inner_text("main")


def menu(walk: Walk) -> None:
    """The rest of the menu."""
    walk.page.goto("/")
    walk.one("Thêm").click()
