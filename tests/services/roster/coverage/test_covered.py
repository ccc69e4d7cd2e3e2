"""Whether a campaign is covered is answered from what is true now; around the shifts the resolver's answer is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import db, transaction
from people.accounts import keys
from people.models import Absence, Person
from roster.campaigns.models import Campaign
from roster.coverage import covered
from roster.draft import services as drafts
from roster.models import Revision
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.resolver import resolver
from tests.support import factories
from tests.support.factories import ADMIN, NOW
from tests.support.published import Published


def record(person_id: int, first: str, last: str, at: datetime | None = None) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    with transaction() as session:
        session.add(
            Absence(person_id=person_id, from_on=days[0], to_on=days[1], kind="sick", note="Sốt", recorded_at=at)
        )


def kind(facts: list[dict[str, Any]], duty: str) -> dict[str, Any]:
    return next(each for each in facts if each["duty"] == duty)


def facts_of(campaign: Campaign) -> list[dict[str, Any]]:
    return covered.as_facts(covered.covered_time(campaign, now=NOW), with_people=True)


def test_an_illness_after_publishing_is_seen_at_once_and_the_shift_no_longer_counts_as_covered(
    roster: Published,
) -> None:
    assert all(each["gaps"] == [] for each in facts_of(roster.campaign))
    record(roster.person["O2"], "2020-01-23", "2020-01-24", NOW)
    found = covered.covered_time(roster.campaign, now=NOW)
    assert (found.source, found.stand.proof.seats - found.stand.proof.filled) == ("published", 1)
    gaps = kind(facts_of(roster.campaign), "operations")["gaps"]
    assert [(gap["why"], gap["shift"], gap["people"]) for gap in gaps] == [
        ("at_risk", roster.shifts("operations")[1], ["O2"])
    ]


def test_a_shift_that_was_over_when_the_illness_was_recorded_stays_as_it_was(roster: Published) -> None:
    record(roster.person["O1"], "2020-01-23", "2020-01-23", NOW + timedelta(days=30))
    assert kind(facts_of(roster.campaign), "operations")["gaps"] == []


def test_before_a_first_publish_it_is_the_draft_that_is_told_of(app: Any) -> None:
    unit = factories.make_unit()
    factories.make_person("A", unit, duties=("leadership", "operations", "emergency"), phone="0900000001")
    factories.make_round_the_clock(unit)
    campaign = factories.make_campaign(unit)
    shift = covered.covered_time(campaign, now=NOW).stand.asked[0]
    drafts.set_people(shift.shift_id, ["A"], actor=ADMIN, now=NOW)
    found = covered.covered_time(campaign, now=NOW)
    assert (found.source, found.stand.proof.filled, found.stand.proof.seats) == ("draft", 1, 18)


def test_whoever_left_the_enterprise_covers_nothing(roster: Published) -> None:
    with transaction():
        db.session.get_one(Person, roster.person["E1"]).active = False
    assert {gap["why"] for gap in kind(facts_of(roster.campaign), "emergency")["gaps"]} == {"left"}


def part_time(above: bool) -> tuple[Campaign, Any]:
    """A district whose operations serve 08:00–17:00, beside an emergency team round the clock."""
    province = factories.make_unit("TINH", name="Bưu điện tỉnh")
    district = factories.make_unit("HUYEN", parent=province, name="Bưu điện huyện", kind="district")
    factories.make_person("TP", province, duties=("leadership", "operations", "emergency"), phone="0900000001")
    factories.make_person("HD", district, duties=("leadership",), phone="0900000002")
    factories.make_person("HO", district, duties=("operations", "emergency"), phone="0900000003")
    factories.make_demand(district, "operations", "Ngày", "08:00", 9)
    factories.make_demand(district, "emergency", "24/24", "00:00", 24, form="standby")
    factories.make_demand(district, "leadership", "24/24", "00:00", 24, form="standby")
    if above:
        factories.make_demand(province, "operations", "24/24", "00:00", 24)
        campaign = factories.make_campaign(province, first="2020-01-23", last="2020-01-23")
    else:
        campaign = factories.make_campaign(district, first="2020-01-23", last="2020-01-23")
    for shift in covered.covered_time(campaign, now=NOW).stand.asked:
        who = {"operations": "HO", "emergency": "HO", "leadership": "HD"}[shift.duty]
        code = "TP" if shift.unit == "TINH" else who
        drafts.set_people(shift.shift_id, [code], override_reason="Ca ngày", actor=ADMIN, now=NOW)
    return campaign, district


def around(campaign: Campaign, duty: str) -> list[tuple[str, str, bool, list[Any]]]:
    gaps = kind(facts_of(campaign), duty)["gaps"]
    return [(_local(gap["starts_at"]), _local(gap["ends_at"]), gap["blocks"], gap["answers"]) for gap in gaps]


def _local(at: datetime) -> str:
    return (at + timedelta(hours=7)).strftime("%d %H:%M")


@pytest.mark.parametrize("above", [True, False])
def test_minutes_around_the_shifts_are_told_with_the_resolvers_answer_and_block_nothing(app: Any, above: bool) -> None:
    """The duty of the unit above when there is one, else the standing chain: the people whom the resolver names."""
    campaign, district = part_time(above)
    answer = {"rule": "assigned", "unit": "TINH", "people": ["TP"]}
    if not above:
        answer = {"rule": "standing_chain", "unit": None, "people": ["HD", "TP"]}
    told = [each for each in around(campaign, "operations") if each[3]]
    assert told == [("23 00:00", "23 08:00", False, [answer]), ("23 17:00", "24 00:00", False, [answer])]
    revision = publishing.publish(campaign.id, actor=ADMIN, now=NOW)
    assert [(each["rule"], each["by"]) for each in revision.proof["around"]] == [(answer["rule"], answer["unit"])] * 2
    early = kind(facts_of(campaign), "operations")["gaps"][0]
    on = resolver.who_is_on(district.id, "operations", early["starts_at"] + timedelta(hours=3))
    assert (on.rule, [each.code for each in on.people]) == (answer["rule"], answer["people"])


def test_another_campaigns_published_duty_answers_around_the_shifts(app: Any) -> None:
    """The province publishes on its own; the district's sheet says that it answers before eight."""
    campaign, district = part_time(above=False)
    province = db.session.scalars(select(Person).filter_by(code="TP")).one().unit
    factories.make_demand(province, "operations", "Đêm", "00:00", 6)
    other = factories.make_campaign(province, first="2020-01-23", last="2020-01-23")
    for shift in covered.covered_time(other, now=NOW).stand.asked:
        if shift.unit == "TINH":
            drafts.set_people(shift.shift_id, ["TP"], actor=ADMIN, now=NOW)
    publishing.publish(other.id, PublishTerms(accept_gaps="Huyện ban hành riêng"), actor=ADMIN, now=NOW)
    told = [(start, end, answers[0]["unit"]) for start, end, _blocks, answers in around(campaign, "operations")]
    assert told == [("23 00:00", "23 06:00", "TINH"), ("23 06:00", "23 08:00", None), ("23 17:00", "24 00:00", None)]


def test_the_last_morning_into_which_another_kind_reaches_is_told_of(app: Any) -> None:
    """Operations leave at 6:00 on the day after, the emergency team at 7:30: somebody answers all the same."""
    district = factories.make_unit("HUYEN", kind="district")
    factories.make_person("HD", district, duties=("leadership", "operations", "emergency"), phone="0900000002")
    for duty, start in (("operations", "06:00"), ("emergency", "07:30"), ("leadership", "07:30")):
        factories.make_demand(district, duty, "24/24", start, 24, form="standby")
    campaign = factories.make_campaign(district, first="2020-01-23", last="2020-01-24")
    found = covered.covered_time(campaign, now=NOW)
    assert found.stand.proof.checked is not None and _local(found.stand.proof.checked[1]) == "25 07:30"
    told = [each for each in found.answered if not each.is_before]
    assert [(each.duty, _local(each.span[0]), _local(each.span[1])) for each in told] == [
        ("operations", "25 06:00", "25 07:30")
    ]
    assert [who.code for who in told[0].people] == ["HD"], "the standing chain, as the resolver will say"


def test_the_stored_proof_says_from_when_to_when(roster: Published) -> None:
    proof = db.session.scalars(select(Revision)).one().proof
    assert [(each["duty"], each["from"], each["to"]) for each in proof["kinds"]] == [
        (duty, "2020-01-23T07:30:00+07:00", "2020-01-26T07:30:00+07:00")
        for duty in ("emergency", "leadership", "operations")
    ]
    assert proof["around"] == []


def ask(client: Any, campaign_id: int, role: str = "viewer", unit: str | None = None) -> Any:
    _row, secret = keys.create_api_key(keys.NewApiKey("đọc", role, unit), now=NOW, actor=ADMIN)
    answer = client.get(f"/api/v1/campaigns/{campaign_id}/coverage", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_the_call_says_what_it_speaks_of_and_keeps_the_kind_of_absence_to_itself(
    client: Any, roster: Published
) -> None:
    record(roster.person["L1"], "2020-01-23", "2020-01-23", NOW)
    answer = ask(client, roster.campaign_id)
    assert (answer["of"], answer["revision"]) == ("published", 1)
    leadership = kind(answer["kinds"], "leadership")
    assert (leadership["from"], leadership["to"]) == ("2020-01-23T07:30:00+07:00", "2020-01-26T07:30:00+07:00")
    assert [(gap["why"], gap["people"]) for gap in leadership["gaps"]] == [("at_risk", ["L1"])]
    assert "sick" not in str(answer) and "Sốt" not in str(answer)


def test_whoever_may_not_see_people_is_told_times_alone(app: Any, roster: Published) -> None:
    record(roster.person["L1"], "2020-01-23", "2020-01-23", NOW)
    facts = covered.as_facts(covered.covered_time(roster.campaign, now=NOW), with_people=False)
    assert "L1" not in str(facts) and kind(facts, "leadership")["gaps"]
