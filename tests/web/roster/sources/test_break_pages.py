"""The break decided late, as pages: shown before it is written, written as shown; the draft says so until looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core import clock
from core.db import db as database, transaction
from people.accounts import keys
from people.queries import unit_by_code
from roster.by_unit import reading as by_unit
from roster.campaigns.models import Campaign
from roster.coverage import proving
from roster.draft import grid, page_head, services as drafts
from roster.models import Shift
from roster.publishing import overview, services as publishing
from roster.publishing.terms import PublishTerms
from roster.sources.models import Demand, HolidaySet
from tests.support import enterprise, factories
from tests.support.desk_pages import text_of
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.html_form import form_of

ADDRESS = "/roster/holidays/2020"
SHORTER = {"starts_on": "2020-01-23", "ends_on": "2020-01-28", "status": "official", "source": "TB 5015"}


@pytest.fixture
def campaign(client: FlaskClient, db: Any) -> Iterator[Campaign]:
    """29–30/01 of BDA: the last day of the break, when two serve, and one after it, when one does."""
    enterprise.make()
    unit = unit_by_code("BDA")
    factories.make_demand(unit, headcount=2, phases=("during",))
    factories.make_demand(unit, headcount=1, phases=("after",))
    with clock.travel(NOW):
        sign_in(client, "qt1")
        yield factories.make_campaign(unit, first="2020-01-29", last="2020-01-30")


def ends() -> str:
    database.session.rollback()
    database.session.expire_all()
    return database.session.scalars(select(HolidaySet).filter_by(year=2020)).one().ends_on.isoformat()


def seated() -> Shift:
    shift = database.session.scalars(select(Shift).order_by(Shift.starts_at)).first()
    assert shift is not None
    drafts.set_people(shift.id, ["BI1", "AN1"], override_reason="Thử", actor=ROOT, now=NOW)
    return shift


def test_it_is_shown_then_written_and_the_draft_says_so(client: FlaskClient, campaign: Campaign) -> None:
    shown = client.post(ADDRESS, data=SHORTER)
    assert (shown.status_code, ends()) == (200, "2020-01-29")
    said = text_of(shown.text)
    assert "29/01 M5: Trong Tết → Sau Tết, Nghỉ bù → Ngày thường, điểm" in said and "2 lượt" in said
    assert "giờ làm thêm 200 % → 150 %" in said and "bớt 1 chỗ" in said
    assert "Chưa ghi gì" in said and "dự thảo được đánh dấu cần xem lại" in said
    done = client.post(ADDRESS, data=form_of(shown.text, "stamp") | {"apply": "1"}, follow_redirects=True)
    assert ends() == "2020-01-28" and "1 đợt trực đã đổi theo" in done.text
    page = text_of(client.get(f"/roster/campaigns/{campaign.id}").text)
    assert "Ngày nghỉ vừa đổi: 2 lượt của đợt này nay tính khác." in page
    client.post(f"/roster/campaigns/{campaign.id}/looked")
    assert "Ngày nghỉ vừa đổi" not in client.get(f"/roster/campaigns/{campaign.id}").text


def test_people_who_would_lose_their_seat_are_named_and_kept_unless_chosen(
    client: FlaskClient, campaign: Campaign
) -> None:
    shift_id = seated().id
    shown = client.post(ADDRESS, data=SHORTER)
    assert "giữ 1 chỗ đang có người: " in text_of(shown.text)
    chosen = form_of(shown.text, "stamp") | {"takes_people": "1"}
    stale = client.post(ADDRESS, data=chosen | {"apply": "1"})
    assert (stale.status_code, ends()) == (409, "2020-01-29")
    assert "đang có Nguyễn Văn An" in text_of(stale.text) or "đang có Trần Thị Bình" in text_of(stale.text)
    client.post(ADDRESS, data=form_of(stale.text, "stamp") | {"apply": "1"})
    database.session.expire_all()
    assert (ends(), len(database.session.get_one(Shift, shift_id).seats)) == ("2020-01-28", 1)


def test_what_touches_nothing_is_written_at_once(client: FlaskClient, campaign: Campaign) -> None:
    done = client.post(ADDRESS, data=SHORTER | {"ends_on": "2020-01-29"}, follow_redirects=True)
    assert "Đã lưu kỳ nghỉ Tết 2020." in done.text and "đợt trực đã đổi theo" not in done.text


def test_a_break_that_is_none_keeps_what_was_typed(client: FlaskClient, campaign: Campaign) -> None:
    refused = client.post(ADDRESS, data=SHORTER | {"ends_on": "2020-01-20"})
    assert refused.status_code == 422 and "20/01/2020" in refused.text
    assert ends() == "2020-01-29"


def test_a_single_day_is_shown_first_too(client: FlaskClient, campaign: Campaign) -> None:
    """Its hours and points count otherwise at once; listing it anew and taking it off are told alike."""
    day = {"on": "2020-01-29", "day_class": "holiday", "name": "Tết", "status": "official", "source": ""}
    for path, form in ((f"{ADDRESS}/days", day), (f"{ADDRESS}/days/2020-01-29/delete", {})):
        worth = shifts()[0].points
        shown = client.post(path, data=form)
        said = text_of(shown.text)
        assert shown.status_code == 200 and "29/01 M5: " in said and "Chưa ghi gì" in said and "lượt" in said
        assert "giờ làm thêm" in said and shifts()[0].points == worth
        done = client.post(path, data=form_of(shown.text, "stamp") | {"apply": "1"}, follow_redirects=True)
        assert "1 đợt trực đã đổi theo" in done.text and shifts()[0].points != worth
        stale = client.post(path, data=form_of(shown.text, "stamp") | {"apply": "1"})
        assert stale.status_code == 303  # it is so already


def shifts() -> list[Shift]:
    database.session.rollback()
    database.session.expire_all()
    return list(database.session.scalars(select(Shift).order_by(Shift.starts_at)))


LONGER = SHORTER | {"ends_on": "2020-01-30"}
"""The last day of the campaign is of the break, too: one more serves on it."""


def saved(client: FlaskClient, what: dict[str, str]) -> None:
    shown = client.post(ADDRESS, data=what)
    client.post(ADDRESS, data=form_of(shown.text, "stamp") | {"apply": "1"})
    database.session.rollback()


def published(campaign: Campaign) -> None:
    """Everybody sits, and it is the list of all."""
    for shift in database.session.scalars(select(Shift).order_by(Shift.starts_at)).all():
        codes = ["BI1", "AN1"][: shift.headcount]
        drafts.set_people(shift.id, codes, override_reason="Thử", actor=ROOT, now=NOW)
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Thử"), actor=ROOT, now=NOW)


def test_a_late_break_leaves_a_button_to_publish_and_the_list_as_it_was_published(
    client: FlaskClient, campaign: Campaign
) -> None:
    published(campaign)
    at, to_publish = f"/roster/campaigns/{campaign.id}", f'href="/roster/campaigns/{campaign.id}/publish"'
    assert to_publish not in client.get(at).text, "nothing has changed"
    before = database.session.get_one(Campaign, campaign.id).revision
    saved(client, LONGER)
    page = client.get(at).text
    assert to_publish in page and f"Dự thảo khác bản {before}: 1 ca" in text_of(page)
    # What is published has two seats and one, as it was published with, and nobody is missing.
    row = database.session.get_one(Campaign, campaign.id)
    listed = overview.strip(row, now=NOW)
    assert (listed.missing, [shift.headcount for shift in database.session.scalars(select(Shift))]) == (0, [2, 2])
    assert sum(each.missing for each in grid.load(campaign.id, now=NOW, source="published").cover) == 0
    assert sum(each.missing for each in grid.load(campaign.id, now=NOW).cover) == 1
    assert len(proving.stand(row, proving.prove_published(row.id), now=NOW).places) == 3
    (line,) = [each for each in page_head.all_campaigns(now=NOW) if each.campaign.id == row.id]
    assert (line.seats, line.published) == (3, 3)
    assert by_unit.read_by_unit(row, "published", None, drafts=True, now=NOW).root.total.missing == 0
    assert by_unit.read_by_unit(row, "draft", None, drafts=True, now=NOW).changed == 1
    key = keys.create_api_key(keys.NewApiKey("xem", "viewer", "BDA"), now=NOW, actor=ROOT)[1]
    asked = {"Authorization": f"Bearer {key}"}
    items = client.get(f"/api/v1/campaigns/{campaign.id}/shifts?state=published", headers=asked).json["items"]
    assert [(each["required"], len(each["seats"])) for each in items] == [(2, 2), (1, 1)]
    # Published anew, it has the seat, and says that nobody sits there.
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Thử"), actor=ROOT, now=NOW)
    database.session.expire_all()
    row = database.session.get_one(Campaign, campaign.id)
    assert row.revision == before + 1 and overview.strip(row, now=NOW).missing == 1
    assert to_publish not in client.get(at).text


def test_phases_and_hours_alone_are_a_change_too(client: FlaskClient, campaign: Campaign) -> None:
    """The day is another one; as many serve, and the same people."""
    published(campaign)
    with transaction() as session:
        session.execute(update(Demand).where(Demand.phase == "after").values(headcount=2))
    shown = client.post(ADDRESS, data=LONGER)
    kept = form_of(shown.text, "stamp") | {"apply": "1"}
    kept.pop("follows", None)
    client.post(ADDRESS, data=kept)
    database.session.rollback()
    page = text_of(client.get(f"/roster/campaigns/{campaign.id}").text)
    assert "Dự thảo khác bản 1: 1 ca" in page
