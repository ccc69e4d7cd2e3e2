"""One number for an incident, wherever it is read: sheet, form, page of the report, call, page of the call, desk,
wall, *Trực đêm nay*, on-duty, and the page for times without a line."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from core import text
from core.db import db, transaction
from incidents.creation import ringable
from incidents.policies import drafts
from incidents.public_reports.models import ReportSheet
from notify import queries as outbox_queries
from people import queries as people
from people.accounts import keys
from people.models import ContactMethod, Unit
from roster.resolver.models import DeskPhone
from tests.support.counter import Counter, incidents
from tests.support.enterprise import sign_in
from tests.support.policies import set_policy
from tests.support.tet_night import ADMIN, NIGHT


@dataclass
class Tree:
    """Some units, who of them has telephones, and who is on duty where. Numbers are digits as dialled."""

    parent: dict[str, str | None]
    desks: dict[str, str] = field(default_factory=dict)
    offices: dict[str, str] = field(default_factory=dict)

    def above(self, code: str) -> list[str]:
        upper = self.parent[code]
        return [code, *(self.above(upper) if upper else [])]

    def number(self, code: str) -> tuple[str, bool]:
        """(number, whether a desk's) that whoever has to do with an incident at that unit is to ring."""
        for phones, is_desk in ((self.desks, True), (self.offices, False)):
            for each in self.above(code):
                if each in phones:
                    return phones[each], is_desk
        return "", False


def grow(counter: Counter, seed: int) -> Tree:
    """Eight units more at random places; many of them have some telephone; operations serve at the top and here
    and there, or nowhere."""
    rng, ids = random.Random(seed), counter.night.ids
    tree = Tree({"BDT": None, "BDA": "BDT", "BDA-1": "BDA", "BDC": "BDT"})
    counter.night.withdraw("operations")
    with transaction() as session:
        session.execute(delete(DeskPhone))
        for number in range(8):
            code, upper = f"N{number}", rng.choice(sorted(tree.parent))
            unit = Unit(
                code=code, name=f"Bưu cục {code}", kind="service_point", parent_id=ids[upper], search_key=code.lower()
            )
            session.add(unit)
            session.flush()
            ids[code], tree.parent[code] = unit.id, upper
        for number, code in enumerate(sorted(tree.parent)):
            for phones, start in ((tree.desks, "02693111"), (tree.offices, "02693222")):
                if rng.random() < 0.4:
                    phones[code] = f"{start}{number:03d}"
        for code, phone in tree.desks.items():
            session.add(DeskPhone(unit_id=ids[code], duty="operations", phone=written(rng, phone)))
        for code, phone in tree.offices.items():
            session.get_one(Unit, ids[code]).phone = written(rng, phone)
        session.add(DeskPhone(unit_id=ids["BDT"], duty="leadership", phone="02693999999"))
    for code in sorted({"BDT", *rng.sample(sorted(tree.parent), rng.randrange(3))}) if rng.random() < 0.7 else ():
        counter.night.publish("operations", rng.choice(["BI1", "QT1", "EM1"]), unit=code)
    return tree


def written(rng: random.Random, phone: str) -> str:
    """As people write it down."""
    return rng.choice(
        [phone, text.format_phone(phone), phone.replace("0269", "+84 269."), f"({phone[:4]}) {phone[4:]}"]
    )


@pytest.mark.parametrize("seed", range(8))
def test_every_place_names_the_same_number_whoever_is_on_duty(counter: Counter, new_client: Any, seed: int) -> None:
    tree = grow(counter, seed)
    code = random.Random(seed).choice(sorted(each for each in tree.parent if each.startswith("N")))
    phone, is_desk = tree.number(code)
    others = {*tree.desks.values(), *tree.offices.values(), "02693999999"} - {phone}
    for place, page in places(counter, new_client, code).items():
        said = re.findall(r"0269[ .]?3\d{3}[ .]?\d{3}", page)
        assert {text.normalize_phone(each) for each in said} == ({phone} if phone else set()), (place, code, page)
        assert not any(each in page for each in others), place
        assert "tel:+" not in page and "tel:(" not in page, place
        if phone and place in ("form", "report"):
            assert ("Gọi bưu điện" in page) is not is_desk, place
        if phone and place == "one-tap":
            assert ('aria-label="Gọi Bàn trực, ' in page) is is_desk
            assert ('aria-label="Gọi Bưu điện, ' in page) is not is_desk
        if phone and place == "message":
            assert (f"Bàn trực: {text.format_phone(phone)}" in page) is is_desk
            assert (f"Điện thoại đơn vị: {text.format_phone(phone)}" in page) is not is_desk


def places(counter: Counter, new_client: Any, code: str) -> dict[str, str]:
    """What is read at each of them, of cards for several duties that of operations alone."""
    desk, sheet = new_client(), counter.sheet(unit=code)
    sign_in(desk, "qt1")
    link = counter.send(sheet, category="power").headers["Location"]
    counter.pulse()
    [incident] = incidents()
    message = outbox_queries.by_topic(f"incident/{incident.id}")[0].body
    one_tap = re.search(r"/a/[\w-]+", message)[0]  # type: ignore[index]
    secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NIGHT, actor=ADMIN)[1]
    api = counter.phone.get(
        f"/api/v1/on-duty?unit={code}&duty=operations", headers={"Authorization": f"Bearer {secret}"}
    )
    unit = people.unit_by_code(code)
    rung = [each for each in ringable.numbers(unit, ADMIN, now=counter.now) if each.duty in ("", "operations")]
    return {
        "sheet": desk.get(f"/incidents/qr/print?unit={code}").get_data(as_text=True),
        "form": counter.text(sheet),
        "report": counter.text(link),
        "message": message,
        "one-tap": new_client().get(one_tap).get_data(as_text=True),
        "on-duty": api.get_json()["duties"][0]["desk_phone"],
        "desk": card(desk.get(f"/?unit={code}").get_data(as_text=True)),
        "wall": card(desk.get(f"/?unit={code}&wall=1").get_data(as_text=True)),
        "no line": next((each.phone for each in rung if not each.until and each.phone.startswith("0269")), ""),
    }


def card(page: str) -> str:
    return re.search(r'<section class="duty dh.*?</section>', page, re.S)[0]  # type: ignore[index]


def test_a_district_with_a_desk_is_rung_there_while_the_province_serves(counter: Counter, new_client: Any) -> None:
    """Once the sheet at the counter said the district's desk, and the mail to whoever was on duty the province's."""
    counter.night.withdraw("operations")
    counter.night.publish("operations", "QT1", unit="BDT")
    with transaction() as session:
        session.add(DeskPhone(unit_id=counter.night.ids["BDT"], duty="operations", phone="02693000000"))
    found = places(counter, new_client, "BDA-1")
    for place, page in found.items():
        assert {text.normalize_phone(each) for each in re.findall(r"0269 ?3[08]\d\d ?\d{3}", page)} == {
            "02693824999"
        }, place


@pytest.mark.parametrize("is_desk", [True, False])
def test_a_leader_who_is_called_is_told_operations_number(counter: Counter, new_client: Any, is_desk: bool) -> None:
    """In the letter as on the page behind it: never the leadership's own desk, and an office's is not called a desk."""
    with transaction() as session:
        if not is_desk:
            session.execute(delete(DeskPhone))
            session.get_one(Unit, counter.night.ids["BDA"]).phone = "02693824999"
        session.add(DeskPhone(unit_id=counter.night.ids["BDA"], duty="leadership", phone="02693999999"))
    steps = [drafts.StepSpec(duty="leadership", after_seconds=0)]
    unit_id = counter.night.ids["BDA"]
    set_policy(unit_id, steps, repeat_after_seconds=60, ack_timeout_seconds=60, now=NIGHT, actor=ADMIN)
    counter.send(counter.sheet(), category="power")
    counter.pulse()
    message = outbox_queries.by_topic(f"incident/{incidents()[0].id}")[0]
    assert message.recipient == "Nguyễn Văn An" and "0269 3999 999" not in message.body
    assert f"{'Bàn trực' if is_desk else 'Điện thoại đơn vị'}: 0269 3824 999" in message.body
    page = new_client().get(re.search(r"/a/[\w-]+", message.body)[0]).get_data(as_text=True)  # type: ignore[index]
    assert 'href="tel:02693824999"' in page and "02693999999" not in page
    # Where no desk has a telephone, whoever serves operations is offered before the office.
    assert ("Trần Thị Bình" in page) is not is_desk
    with transaction() as session:  # somebody wrote down their own number as the office's: nobody rings themselves
        theirs = update(ContactMethod).where(ContactMethod.person_id == counter.night.ids["AN1"])
        session.execute(theirs.where(ContactMethod.channel == "phone").values(address="02693824999"))
    again = new_client().get(re.search(r"/a/[\w-]+", message.body)[0]).get_data(as_text=True)  # type: ignore[index]
    assert "02693824999" not in again


def test_without_a_line_an_offices_telephone_is_no_desk_and_comes_last(counter: Counter, new_client: Any) -> None:
    phone = new_client()
    sign_in(phone, "an1")
    page = phone.get("/incidents/offline").get_data(as_text=True)
    assert page.count("Máy bàn trực</b>") == 1 and "Điện thoại đơn vị" not in page
    with transaction() as session:
        session.execute(delete(DeskPhone))
        session.get_one(Unit, counter.night.ids["BDT"]).phone = "0269 3111 222"
    page = phone.get("/incidents/offline").get_data(as_text=True)
    assert "Máy bàn trực" not in page and page.count("Điện thoại đơn vị") == 1
    assert page.index("tel:0900000102") < page.index("tel:02693111222") and '<b lang="vi">Bưu điện tỉnh</b>' in page


def test_who_reports_reads_the_words_of_the_button(counter: Counter) -> None:
    link = counter.send(counter.sheet(), category="power").headers["Location"]
    page = counter.text(link)
    assert "Nếu gấp, gọi điều hành." in page and "Gọi bưu điện" not in page
    with transaction() as session:
        session.execute(delete(DeskPhone))
        session.get_one(Unit, counter.night.ids["BDA"]).phone = "02693111222"
    page = counter.text(link)
    assert "Nếu gấp, gọi bưu điện." in page and "Gọi bưu điện" in page and "gọi điều hành" not in page.lower()
    with transaction() as session:
        session.get_one(Unit, counter.night.ids["BDA"]).phone = ""
    page = counter.text(link)
    assert "Nếu gấp" not in page and "chưa ghi số máy bàn trực" in page


def test_whoever_enters_a_desk_hears_that_others_serve_it(counter: Counter, new_client: Any) -> None:
    desk = new_client()
    sign_in(desk, "qt1")
    page = desk.get("/roster/duty-kinds/?unit=BDA").get_data(as_text=True)
    assert "cần có người nghe máy" not in page, "Bình of the district serves"
    counter.night.withdraw("operations")
    page = desk.get("/roster/duty-kinds/?unit=BDA").get_data(as_text=True)
    assert "Lúc này không ai được phân công trực loại này" in page
    counter.night.publish("operations", "QT1", unit="BDT")
    page = desk.get("/roster/duty-kinds/?unit=BDA").get_data(as_text=True)
    assert "Lúc này Bưu điện tỉnh trực loại này" in page


def test_a_desks_number_is_checked_and_what_was_typed_is_kept(counter: Counter, new_client: Any) -> None:
    desk, ids = new_client(), counter.night.ids
    sign_in(desk, "qt1")
    typed = {"operations": "abc gọi chị Lan", "leadership": "0269 3824 111"}
    answer = desk.post("/roster/duty-kinds/BDA/phones", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'value="abc gọi chị Lan"' in page and 'value="0269 3824 111"' in page
    assert "Số điện thoại abc gọi chị Lan chưa đúng" in page and 'aria-describedby="operations-err' in page
    assert stored(ids["BDA"]) == {"operations": "0269 3824 999"}, "all or nothing"
    desk.post("/roster/duty-kinds/BDA/phones", data={"operations": "+84 269 3824 111", "leadership": ""})
    assert stored(ids["BDA"]) == {"operations": "02693824111"}
    desk.post("/roster/duty-kinds/BDA/phones", data={"operations": " "})
    assert stored(ids["BDA"]) == {}


def test_the_same_number_in_another_writing_makes_no_sheet_wrong(counter: Counter, new_client: Any) -> None:
    """Also where sheets hang that were noted with what was typed in those days."""
    desk, ids = new_client(), counter.night.ids
    sign_in(desk, "qt1")
    page = desk.get("/incidents/qr/print?unit=BDA-1").get_data(as_text=True)
    desk.post("/incidents/qr/printed", data={"sheet": re.findall(r'name="sheet" value="(\w+)"', page)})
    with transaction() as session:
        session.get_one(ReportSheet, ids["BDA-1"]).phone = "0269.3824.999"
    for written_so in ("02693824999", "0269 382 4999", "+84 269 3824 999"):
        desk.post("/roster/duty-kinds/BDA/phones", data={"operations": written_so})
        assert stored(ids["BDA"]) == {"operations": "0269 3824 999"}, "no change"
        assert "Phải in lại" not in desk.get("/incidents/qr/").get_data(as_text=True)
    desk.post("/roster/duty-kinds/BDA/phones", data={"operations": "0269 3824 998"})
    assert "Phải in lại" in desk.get("/incidents/qr/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("stood", "shown", "dials"),
    [
        ("0269 3824 999, máy lẻ 12", "0269 3824 999, máy lẻ 12", "02693824999"),
        ("0269 3824 999 - 0905 123 456", "0269 3824 999 - 0905 123 456", "02693824999"),
        ("Trực 24/24: 0269 3824 999", "Trực 24/24: 0269 3824 999", "02693824999"),
        ("201", "201", "201"),
        ("máy lẻ 201", "", ""),
        ("hỏi chị Lan", "", ""),
    ],
)
def test_what_was_written_down_in_other_days_is_shown_and_dialled_as_far_as_it_can_be(
    counter: Counter, stood: str, shown: str, dials: str
) -> None:
    with transaction() as session:
        session.get_one(DeskPhone, (counter.night.ids["BDA"], "operations")).phone = stood
    page = counter.text(counter.sheet())
    assert (shown in page) and (f'href="tel:{dials}"' in page) is bool(dials)
    assert ("Gọi điều hành" in page) is bool(dials) and ("chưa ghi số máy bàn trực" in page) is not bool(dials)


@pytest.mark.parametrize("stood", ["0269 3824 999, máy lẻ 12", "máy lẻ 201", "hỏi chị Lan"])
def test_what_was_written_down_in_other_days_keeps_nobody_from_writing_the_other_desks(
    counter: Counter, new_client: Any, stood: str
) -> None:
    desk, unit_id = new_client(), counter.night.ids["BDA"]
    sign_in(desk, "qt1")
    with transaction() as session:
        session.get_one(DeskPhone, (unit_id, "operations")).phone = stood
    desk.post("/roster/duty-kinds/BDA/phones", data={"operations": f" {stood}", "leadership": "0269 3824 111"})
    assert stored(unit_id) == {"operations": stood, "leadership": "02693824111"}


def stored(unit_id: int) -> dict[str, str]:
    db.session.rollback()
    rows = db.session.execute(select(DeskPhone.duty, DeskPhone.phone).where(DeskPhone.unit_id == unit_id))
    return dict(rows.tuples().all())
