"""Before anybody taps: what of their hours, rest, nights and points changes for both of them.

Three days of Tết Canh Tý, shifts from 07:30 and 19:30. O1 serves by day on 23 January and by night on the 24th, O2 by
night on the 23rd and by day on Mùng 1; O4 has nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from core.fast_path import shared_cache
from core.security.throttle import AttemptLimit
from duty.illness import services as illness
from duty.illness.services import IllnessPlan
from duty.swaps import deciding, ending, finding, services as swaps, views_own
from duty.swaps.services import SwapWanted
from notify.models import Message
from people import queries as people
from people.absences import services as absence_services
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from roster.dividing.parting import SplitSpan
from tests.support import enterprise, factories
from tests.support.published import Published

MORNING = datetime(2020, 1, 21, 8, 0, tzinfo=VN)


@pytest.fixture(autouse=True)
def _morning(roster: Published, app: Flask) -> Iterator[None]:
    app.extensions.pop(ending.__name__, None)
    app.extensions.pop(f"standing.{shared_cache.PLAN}", None)  # what this process found in another story
    with clock.travel(MORNING):
        yield


def who(code: str) -> Actor:
    person = people.person_by_code(code)
    return Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)


def link(code: str) -> str:
    """The path of their personal page, as a message has it."""
    mine = select(Message.body).where(Message.person_id == people.person_by_code(code).id).order_by(Message.id.desc())
    return next(found[1] for body in db.session.scalars(mine) if (found := re.search(r"(/p/me/[\w-]+)", body)))


def see(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def test_who_is_asked_reads_it_for_both_before_the_button(roster: Published, client: Any) -> None:
    swaps.ask(roster.seat("operations", 0), SwapWanted("cover", with_person="O4"), actor=who("O1"), now=MORNING)
    page = see(client, link("O4"))
    ask = page[page.index("nhờ đồng chí trực thay") : page.index("Không nhận được")]
    assert "Tuần 20/01–26/01: 24 giờ → 12 giờ" in ask, "of O1"
    assert "Đồng chí Tuần 20/01–26/01: 0 giờ → 12 giờ" in ask
    assert "bảy ngày trước và sau không có ca nào" in ask
    client.post("/language", data={"language": "en"})
    assert "Week 20/01–26/01: 0 h → 12 h" in see(client, link("O4"))


def test_a_swap_says_how_long_both_rest_before_and_after(roster: Published, client: Any) -> None:
    """O1's night of Giao thừa for O2's day of Mùng 1."""
    wanted = SwapWanted("swap", with_person="O2", for_seat=roster.seat("operations", 4))
    swaps.ask(roster.seat("operations", 3), wanted, actor=who("O1"), now=MORNING)
    page = see(client, link("O2"))
    assert "Đồng chí Ca 19:30 24/01 – 07:30 25/01: nghỉ trước ca 12 giờ" in page
    assert "Ca 07:30 25/01 – 19:30: nghỉ trước ca 36 giờ" in page, "of O1, who served on the 23rd"
    assert "Đêm liền nhau: 1 → 2" in page


def test_of_a_part_only_that_part_counts(roster: Published, client: Any) -> None:
    night = SplitSpan(datetime(2020, 1, 24, 1, 30, tzinfo=VN), datetime(2020, 1, 24, 7, 30, tzinfo=VN))
    swaps.ask(roster.seat("operations", 1), SwapWanted("cover", "O4", span=night), actor=who("O2"), now=MORNING)
    page = see(client, link("O4"))
    assert "Tuần 20/01–26/01: 24 giờ → 18 giờ" in page and "Tuần 20/01–26/01: 0 giờ → 6 giờ" in page


def test_who_asks_reads_it_of_everybody_who_could(roster: Published, client: Any) -> None:
    page = see(client, f"{link('O1')}/swap/{roster.seat('operations', 0)}")
    assert "Đồng chí Tuần 20/01–26/01: 24 giờ → 12 giờ" in page
    person = people.person_by_code("O4").full_name
    assert f"{person} Tuần 20/01–26/01: 0 giờ → 12 giờ;" in page


def test_who_decides_reads_it_beside_the_button(roster: Published, client: Any) -> None:
    swap = swaps.ask(roster.seat("operations", 0), SwapWanted("cover", with_person="O4"), actor=who("O1"), now=MORNING)
    deciding.accept(swap.id, actor=who("O4"), now=MORNING)
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=MORNING, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    page = see(client, f"/roster/campaigns/{roster.campaign_id}/swaps")
    assert page.index("24 giờ → 12 giờ") < page.index("0 giờ → 12 giờ") < page.index("Duyệt: ")


def test_looking_again_judges_nothing_anew_until_something_changes(
    roster: Published, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged, real = list[int](), finding.takers

    def takers(*given: Any, **named: Any) -> list[int]:
        judged.append(1)
        return real(*given, **named)

    monkeypatch.setattr(finding, "takers", takers)
    path = f"{link('O1')}/swap/{roster.seat('operations', 0)}"
    first, again = see(client, path), see(client, path)
    assert len(judged) == 1 and first == again
    absence_services.add_absence("O4", date(2020, 1, 23), date(2020, 1, 23), "sick", actor=factories.ADMIN, now=MORNING)
    assert people.person_by_code("O4").full_name not in see(client, path) and len(judged) == 2


def test_who_looks_at_ever_new_things_waits(roster: Published, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_own, "LOOKS", AttemptLimit(1, timedelta(minutes=10)))
    own = link("O1")
    assert client.get(f"{own}/swap/{roster.seat('operations', 0)}").status_code == 200
    waits = client.get(f"{own}/swap/{roster.seat('operations', 3)}")
    assert waits.status_code == 429 and "Xin thôi ca này" in waits.text, "what needs no list can still be asked"
    assert client.get(f"{own}/swap/{roster.seat('operations', 0)}").status_code == 200, "what is known costs nothing"


def test_of_a_night_that_runs_what_is_left_is_asked_for_and_weighed(roster: Published, client: Any) -> None:
    """O2 falls ill at 21:00: O4 is asked for ten hours and a half, not for the hours that are over."""
    night = datetime(2020, 1, 23, 21, 0, 20, tzinfo=VN)
    with clock.travel(night):
        plan = IllnessPlan("O2", date(2020, 1, 23), {roster.seat("operations", 1): ["O4"]}, "gọi điện")
        illness.report(plan, actor=factories.ADMIN, now=night)
        page = see(client, link("O4"))
        ask = page[page.index("nhờ đồng chí trực thay") : page.index("Không nhận được")]
        assert "21:00 23/01 – 07:30 24/01" in ask and "Đồng chí Tuần 20/01–26/01: 0 giờ → 10 giờ 30 phút" in ask
