"""From the pages of the desk to their papers, and what somebody without the right is told there."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from incidents.response import lifecycle
from tests.support.cast import NIGHT
from tests.support.desk_pages import DeskPages


def got(desk: DeskPages, who: str, path: str) -> tuple[int, str]:
    answer = desk.browser(who).get(path)
    return answer.status_code, answer.get_data(as_text=True)


def links(desk: DeskPages, path: str) -> list[str]:
    """Addresses of papers on the page, as Bình sees it."""
    status, page = got(desk, "bi1", path)
    assert status == 200, path
    return [unquote(each) for each in re.findall(r'href="(/documents/about/[^"]+)"', page)]


def test_the_page_of_an_incident_leads_to_what_can_be_written_about_it(desk: DeskPages) -> None:
    incident = desk.log("Bưu gửi nghi vi phạm", "prohibited_item")
    lifecycle.acknowledge(incident.id, actor=desk.night.actor("BI1"), now=NIGHT)
    about = f"/documents/about/incident:{incident.code}"
    assert links(desk, f"/incidents/{incident.code}") == [about]
    kinds = ["incidents.record", "incidents.authority_notice", "incidents.article14"]
    assert [each for each in links(desk, about) if "incidents." in each] == [f"{about}/{kind}" for kind in kinds]
    for kind in kinds:
        status, page = got(desk, "bi1", f"{about}/{kind}")
        assert status == 200 and ("Kính gửi" in page) == (kind == "incidents.authority_notice")


@pytest.mark.parametrize(
    ("asked", "page"), [("", "BDA@2020-01-24"), ("&shift=23:10-11:10", "BDA@2020-01-24@23:10-11:10")]
)
def test_the_diary_of_a_day_and_of_a_shift_have_papers_of_their_own(desk: DeskPages, asked: str, page: str) -> None:
    about = f"/documents/about/diary:{page}"
    assert links(desk, f"/incidents/diary/BDA?day=2020-01-24{asked}") == [about]
    assert f"{about}/incidents.diary" in links(desk, about)
    status, draft = got(desk, "bi1", f"{about}/incidents.diary")
    assert status == 200 and "Trang sổ nội bộ" in draft


def test_papers_of_what_one_may_not_see_are_not_there(desk: DeskPages) -> None:
    hidden, plain = desk.log("Kiện hàng có dây điện thò ra", "suspicious_item"), desk.log("Mất điện", "power")
    for path in ("", "/incidents.record", "/incidents.record/draft.pdf", "/incidents.record/preview"):
        status, page = got(desk, "ch1", f"/documents/about/incident:{hidden.code}{path}")
        assert status == 404 and "dây điện" not in page
        assert got(desk, "du1", f"/documents/about/incident:{plain.code}{path}")[0] == 403
