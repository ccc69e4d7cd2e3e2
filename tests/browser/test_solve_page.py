"""The page of a search in a real browser: nothing is cut, no clock runs over its end, costs are said in nights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.db import db, transaction
from people.models import Absence, User
from people.queries import unit_by_code
from roster.draft import judging, services as drafts
from roster.snapshot import snapshot
from roster.solving import fairer, jobs
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from tests.support import enterprise, factories, worlds
from tests.support.at_screen import sign_in
from tests.support.enterprise import PASSWORD
from tests.support.factories import ADMIN, NOW
from tests.support.page_looks import settle
from tests.support.uneven import make_uneven

PHONE, LAPTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
COURSES = {
    "the sample gia-lai-2020": [
        [4.02, 2830125, None, 0, "greedy", 0, 0],
        [6.49, 2830125, 1900, 0, "greedy", 1, 0],
        [9.93, 2830125, 2823650, 0, "greedy", 1, 0],
    ],
    "the demo's coming Tết": [
        [15.28, 2850050, None, 0, "greedy", 0, 0],
        [27.22, 2850050, 2700, 0, "greedy", 1, 0],
        [31.29, 2850050, 2849450, 0, "greedy", 1, 0],
        [34.67, 2849750, 2849450, 0, "lns", 1, 0],
        [44.19, 2849450, 2849450, 0, "lns", 1, 1],
    ],
    "one roster, after its time": [[11.18, 2850050, None, 0, "greedy", 0, 0]],
    "30 people and 21 days": [
        [4.55, 2772500, None, 0, "greedy", 0, 0],
        [10.55, 2772500, 56100, 0, "greedy", 1, 0],
        [11.53, 2772200, 2769700, 0, "lns", 1, 0],
        [14.28, 2771950, 2769700, 0, "lns", 1, 0],
        [14.86, 2771600, 2769700, 0, "lns", 1, 0],
    ],
    "seats that nobody can take": [
        [0.4, 93_000_000, None, 9, "greedy", 0, 0],
        [2.0, 43_000_000, 30_000_000, 4, "highs", 1, 0],
        [9.0, 42_600_000, 42_500_000, 4, "highs", 1, 0],
    ],
}
"""What real searches said on their way; the last is made up."""
OUTSIDE = """() => [...document.querySelectorAll('svg.plot')].flatMap(svg => {
  const box = svg.getBoundingClientRect();
  const words = [...svg.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect()]);
  const out = words.filter(([, r]) =>
    r.left < box.left || r.right > box.right || r.top < box.top || r.bottom > box.bottom);
  const meet = words.filter(([, a], n) => words.slice(n + 1).some(([, b]) =>
    a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom));
  const small = words.filter(([, r]) => r.height < 11);
  return [['outside', out], ['on another', meet], ['too small', small]]
    .flatMap(([what, found]) => found.map(([text]) => `${text}: ${what}`));
})"""
CUT = """() => ['.stat', 'figcaption', 'dd', '.legend', 'summary', 'th']
  .flatMap(each => [...document.querySelectorAll(`main ${each}`)])
  .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
  .map(e => e.textContent.trim())"""


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def before_tet() -> Iterator[None]:
    with clock.travel(NOW):
        yield


def enter(page: Any, language: str) -> Any:
    with transaction() as session:
        session.query(User).filter_by(login="an1").one().locale = language
    sign_in(page, "an1", PASSWORD)
    return page


def searched() -> tuple[int, str]:
    """A run that came to its end, and the address of its page."""
    return worlds.begin("a search that came to its end", search)


def search() -> tuple[int, str]:
    enterprise.make(NOW)
    unit = unit_by_code("BDA")
    for number in range(6):
        factories.make_person(f"P{number}", unit, duties=("leadership", "operations", "emergency"))
    factories.make_round_the_clock(unit)
    made = factories.make_campaign(unit)
    run = jobs.solve_now(made.id, SolveRequest(seconds=2, seed=1), actor=ADMIN, now=NOW)
    return run.id, f"/roster/campaigns/{made.id}/solve/{run.id}"


def change(run_id: int, **facts: Any) -> None:
    with transaction() as session:
        run = session.get_one(SolveRun, run_id)
        for name, value in facts.items():
            setattr(run, name, value)


def test_words_of_the_drawing_stay_inside_and_apart(app: Any, page: Any, language: str) -> None:
    run_id, path = searched()
    enter(page, language)
    for name, course in COURSES.items():
        *_, last = course
        change(run_id, status="feasible", progress=course, objective=last[1], bound=last[2])
        page.goto(path)
        for size in (PHONE, LAPTOP):
            page.set_viewport_size(size)
            settle(page, size)
            assert page.locator("svg.plot text").count() >= 5, name
            assert page.evaluate(OUTSIDE) == [], f"{name}, {size}"
            assert page.evaluate(CUT) == [], f"{name}, {size}"
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_bar_of_time_never_passes_its_end(app: Any, page: Any, language: str) -> None:
    run_id, path = searched()
    course = [[2.5, 50000, None, 0, "greedy", 0, 0]]
    change(
        run_id,
        status="running",
        finished_at=None,
        certificate={},
        progress=course,
        objective=50000,
        bound=None,
        seconds=10,
        started_at=NOW,
        lease_owner="x",
        leased_until=NOW + timedelta(hours=1),
    )
    enter(page, language)
    for gone, shown in ((3, 3), (9.9, 9.9), (10, 10), (27, 10)):
        with clock.travel(NOW + timedelta(seconds=gone)):
            page.goto(path)
            bar = page.locator(".solve-page progress").evaluate("e => [e.value, e.max, e.position]")
        assert bar[1] == 10 and bar[2] <= 1, gone
        assert shown <= bar[0] <= max(shown, 10), "the travelling clock goes on"
        said = page.locator(".solve-page progress + p").text_content()
        if gone >= 10:
            assert ("hết 10 giây" if language == "vi" else "10 seconds are up") in said, gone
        else:
            assert "10 giây" in said or "10 seconds" in said, gone


def test_the_cost_is_said_in_nights_and_raw_points_stand_behind_a_fold(app: Any, page: Any, language: str) -> None:
    run_id, path = searched()
    change(run_id, status="feasible", objective=2830125, bound=2823650, progress=COURSES["the sample gia-lai-2020"])
    enter(page, language)
    page.goto(path)
    nights, points = (
        ("chừng 6 ca đêm", "28.301,2 điểm") if language == "vi" else ("about 6 night shifts", "28,301.2 points")
    )
    assert page.locator(".stat b", has_text=nights).is_visible()
    raw = page.get_by_text(points)
    assert raw.count() == 1 and not raw.is_visible()
    page.click("main summary:has-text('Chi phí bằng điểm'), main summary:has-text('The cost in points')")
    assert raw.is_visible()
    assert page.locator(".runs", has_text=nights).count() == 1


def test_pins_that_keep_the_sick_are_named_and_let_go_by_one_button(app: Any, page: Any, language: str) -> None:
    enterprise.make(clock.now())
    campaign = make_uneven(unit_by_code("BDA"))
    with transaction() as session:
        taken = snapshot.take(campaign.id, now=NOW)
        ill = taken.assignments[6:8]
        days = [(a.staff_id, taken.problem.shift_of[a.shift_id].local_date) for a in ill]
        session.add_all(Absence(person_id=who, from_on=on, to_on=on, kind="sick") for who, on in days)
    for each in ill:
        drafts.set_pinned(each.shift_id, True, actor=ADMIN, now=NOW)
    run = jobs.solve_now(campaign.id, SolveRequest(seconds=0, seed=1, mode="replan"), actor=ADMIN, now=NOW)
    change(run.id, seconds=60)  # that the button asks for: that search ends by its proof, however fast the machine is
    db.session.rollback()
    enter(page, language)
    kept, button, rules = {
        "vi": ("2 ô đã ghim giữ người vắng", "Bỏ ghim 2 ô này và xếp lại, thay đổi ít nhất", "giữ đúng quy tắc"),
        "en": ("2 pinned cells keep people who are absent", "Unpin these 2 cells and re-plan", "keeps the rules"),
    }[language]
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        page.goto(f"/roster/campaigns/{campaign.id}/solve/{run.id}")
        panel = page.locator("#pinned-away")
        assert panel.get_by_role("heading", name=kept).is_visible()
        assert page.locator(".stat", has_text="2").first.is_visible() and rules not in page.locator("main").inner_text()
        box, around = panel.get_by_role("button", name=button).bounding_box(), panel.bounding_box()
        assert around["x"] <= box["x"] and box["x"] + box["width"] <= around["x"] + around["width"]
        assert page.evaluate(CUT) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    panel.get_by_role("button", name=button).click()
    page.wait_for_url(lambda url: not url.endswith(f"/{run.id}"))
    jobs.run_queued_solves(NOW)
    page.reload()
    assert page.locator("#pinned-away").count() == 0
    assert page.locator("#changes").get_by_text(rules).is_visible()
    found = judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW)
    assert not [each for each in found.violations if each.hard]


def test_the_least_change_then_the_fairer_one_is_offered_and_taken(app: Any, page: Any, language: str) -> None:
    enterprise.make(clock.now())
    campaign = make_uneven(unit_by_code("BDA"))
    with transaction() as session:
        taken = snapshot.take(campaign.id, now=NOW)
        days = {a.staff_id: taken.problem.shift_of[a.shift_id].local_date for a in taken.assignments[6:8]}
        session.add_all(Absence(person_id=who, from_on=on, to_on=on, kind="sick") for who, on in days.items())
    run = jobs.solve_now(campaign.id, SolveRequest(seconds=60, seed=1, mode="replan"), actor=ADMIN, now=NOW)
    offer = fairer.offer_of(run)
    assert offer is not None and (run.changes or {})["changed"] == 2
    path = f"/roster/campaigns/{campaign.id}/solve/{run.id}"
    db.session.rollback()
    enter(page, language)
    first, second, button = {
        "vi": ("Đổi 2 lượt trực", f"Công bằng hơn, thêm {offer.more} thay đổi", "Lấy cách công bằng hơn"),
        "en": ("Changed seats: 2", f"Fairer, with {offer.more} more changes", "Take the fairer roster"),
    }[language]
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        page.goto(path)
        panel = page.locator("#changes")
        least, more = panel.get_by_role("heading", name=first), panel.get_by_text(second)
        assert least.bounding_box()["y"] < more.bounding_box()["y"], "the fewest changes come first"
        take = panel.get_by_role("button", name=button)
        box, around = take.bounding_box(), panel.bounding_box()
        assert around["x"] <= box["x"] and box["x"] + box["width"] <= around["x"] + around["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    with page.expect_navigation():
        take.click()
    assert page.locator("#changes button").count() == 0, "it is offered once"
    found = judging.judge_draft(snapshot.take(campaign.id, now=NOW), now=NOW)
    assert not [each for each in found.violations if each.hard]
