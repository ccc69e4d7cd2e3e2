"""Forms of what rules ask of people: skills, share, least shifts, pairs; skills and wanted numbers of demand."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.db import db
from people.queries import person_by_code
from roster.sources.models import Demand, PersonPair
from tests.support import enterprise
from tests.support.enterprise import sign_in

PERSON = {
    "code": "BI1",
    "full_name": "Trần Thị Bình",
    "unit_code": "BDA",
    "work_pattern": "shift",
    "active": "y",
    "phone": "0900000102",
    "email": "bi1@buudien.example",
}
DEMAND = {
    "unit": "BDA",
    "duty": "operations",
    "phase": "during",
    "template": "Đêm",
    "start": "22:00",
    "minutes": "480",
    "headcount": "2",
    "form": "onsite",
}


@pytest.fixture(autouse=True)
def manager(app, client):
    enterprise.make()
    sign_in(client, "an1")


def test_a_person_keeps_skills_share_and_limits(client):
    form = {
        **PERSON,
        "skills": "Lái xe; experienced",
        "share": "50",
        "min_shifts": "2",
        "max_shifts": "6",
        "no_overtime": "y",
        "limits": "limits.template:Đêm = 2; hours.week:most=2400",
    }
    assert client.post("/people/person/BI1/edit", data=form).status_code == 303
    db.session.expire_all()
    person = person_by_code("BI1")
    assert (person.skills, person.share) == (["experienced", "lái xe"], 50)
    assert (person.min_shifts, person.max_shifts, person.no_overtime) == (2, 6, True)
    text = client.get("/people/person/BI1/edit").text
    assert 'value="experienced; lái xe"' in text and 'value="50"' in text
    assert person.limits == {"hours.week:most": 2400, "limits.template:Đêm": 2}
    assert 'value="hours.week:most=2400; limits.template:Đêm=2"' in text
    text = client.get("/people/person/BI1").text
    assert "experienced, lái xe" in text and "50\u00a0%" in text and "không làm thêm giờ" in text
    assert client.post("/people/person/BI1/edit", data=PERSON).status_code == 303
    db.session.expire_all()
    person = person_by_code("BI1")
    assert (person.skills, person.min_shifts, person.no_overtime, person.limits) == ([], None, False, {})


def test_contradictions_of_a_person_are_told_and_kept(client):
    answer = client.post("/people/person/BI1/edit", data={**PERSON, "min_shifts": "7", "max_shifts": "6"})
    assert answer.status_code == 422 and "Số ca ít nhất (7) lớn hơn" in answer.text and 'value="7"' in answer.text
    answer = client.post("/people/person/BI1/edit", data={**PERSON, "skills": "lái:xe"})
    assert answer.status_code == 422 and 'value="lái:xe"' in answer.text
    assert person_by_code("BI1").skills == []
    for typed, told in (("hours.wek:most=1", "Không có mức hours.wek:most"), ("hours.day:most=1441", "từ 0 đến 1.440")):
        answer = client.post("/people/person/BI1/edit", data={**PERSON, "limits": typed})
        assert answer.status_code == 422 and told in answer.text and f'value="{typed}"' in answer.text
    assert person_by_code("BI1").limits == {}


def test_a_person_of_another_unit_sees_neither_share_nor_overtime(client, new_client):
    client.post("/people/person/BI1/edit", data={**PERSON, "share": "50", "no_overtime": "y"})
    other = new_client()
    sign_in(other, "ch1")
    text = other.get("/people/person/BI1").text
    assert "50\u00a0%" not in text and "không làm thêm giờ" not in text and "Trực cùng" not in text


def test_demand_takes_skills_and_a_wanted_number(client):
    form = {**DEMAND, "skills": "experienced; Lái xe: 2", "wanted": "3"}
    assert client.post("/roster/demand/", data=form).status_code == 303
    row = db.session.scalars(select(Demand)).one()
    assert (row.skills, row.wanted) == ({"experienced": 1, "lái xe": 2}, 3)
    text = client.get("/roster/demand/").text
    assert "mong có 3" in text and "2 người lái xe" in text
    for skills, said in (("experienced:9", "Cần 9 người"), ("experienced:nhiều", "Ghi kỹ năng")):
        answer = client.post("/roster/demand/", data={**DEMAND, "skills": skills})
        assert answer.status_code == 422 and said in answer.text and f'value="{skills}"' in answer.text
    db.session.expire_all()
    assert db.session.scalars(select(Demand)).one().skills == {"experienced": 1, "lái xe": 2}


def test_pairs_are_set_shown_on_both_pages_and_taken_back(client):
    answer = client.post("/roster/people/BI1/pairs", data={"other_code": "AN1", "kind": "apart"}, follow_redirects=True)
    assert "không trực chung ca" in answer.text and "Nguyễn Văn An" in answer.text
    assert "không trực chung ca" in client.get("/people/person/AN1").text
    pair = db.session.scalars(select(PersonPair)).one()
    for data, said in (
        ({"other_code": "BI1", "kind": "apart"}, "hai người khác nhau"),
        ({"other_code": "KHONG-CO", "kind": "apart"}, "KHONG-CO"),
        ({"other_code": "AN1", "kind": "friends"}, "Chọn trực cùng"),
    ):
        assert said in client.post("/roster/people/BI1/pairs", data=data, follow_redirects=True).text
    assert client.post("/roster/people/BI1/pairs", data={"other_code": "CH1", "kind": "apart"}).status_code == 403
    client.post(f"/roster/people/AN1/pairs/{pair.id}/delete")
    assert db.session.scalars(select(PersonPair)).all() == []
