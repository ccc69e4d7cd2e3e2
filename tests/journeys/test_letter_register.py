"""Letter 77 comes, is acknowledged and handed to the units; they prove what they did, or the roster proves it; what is
true no longer is open again; an inspector reads it all; each unit has its dossier. On both databases."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from compliance.followup import proofs, rechecking, reminders
from compliance.inspector.models import InspectorLink
from compliance.register import letters, points, queries, requirements
from compliance.register.models import Directive, Requirement
from compliance.register.requirements import RequirementIn
from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from core.errors import DomainError
from core.files import content as files
from documents.drafting import services as drafting
from documents.drafting.services import DraftRequest
from notify.models import Message
from people.absences import services as absence_services
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Unit, UnitHead, User
from tests.support import enterprise, factories
from tests.support.cast import ADMIN
from tests.support.in_parallel import in_parallel
from tests.support.published import Published

RECEIVED = datetime(2020, 1, 17, 9, 0, tzinfo=VN)
LETTER = Path(__file__).parents[2] / "compliance" / "register" / "data" / "letter-77.md"
SEASON = {"season_from": "17/01/2020", "season_to": "08/02/2020"}


@pytest.fixture(autouse=True)
def _on_the_day(roster: Published) -> Iterator[None]:
    with clock.travel(RECEIVED):
        yield


@pytest.fixture
def units(roster: Published) -> dict[str, Unit]:
    """A district and two points of it below the province, and a district of its own."""
    top = db.session.get_one(Unit, roster.unit_id)
    made = {"TINH": top, "H1": factories.make_unit("H1", parent=top, kind="district")}
    made["D1"] = factories.make_unit("D1", parent=made["H1"], name="Điểm 1", kind="service_point")
    made["D2"] = factories.make_unit("D2", parent=made["H1"], name="Điểm 2", kind="service_point")
    made["H2"] = factories.make_unit("H2", parent=top, kind="district")
    return made


@pytest.fixture
def letter(units: dict[str, Unit]) -> Directive:
    """77 with its season, handed to everybody."""
    row = db.session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
    row.season_from, row.season_to = date(2020, 1, 17), date(2020, 2, 8)
    db.session.commit()
    return letters.spread(row.id, actor=ADMIN, now=RECEIVED)


def signed_in(client: Any, login: str, role: str, unit: str | None) -> Any:
    account = accounts.create_user(NewAccount(login, login.upper(), role, unit_code=unit), now=RECEIVED, actor=ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, login)
    return client


def asked(letter: Directive, key: str) -> Requirement:
    return db.session.scalars(select(Requirement).filter_by(directive_id=letter.id, key=key)).one()


def photo(colour: str = "brown") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def staff(unit: Unit) -> Actor:
    return Actor(name="Giao dịch viên", role="staff", via="session", user_id=7, unit_id=unit.id)


def state(row: Requirement, unit: Unit) -> str:
    found = queries.point(row.id, unit.id)
    return found.state if found else "todo"


def refused(work: Any) -> str:
    with pytest.raises(DomainError) as caught:
        work()
    return caught.value.code


def test_the_letter_is_there_word_for_word_with_its_slips_remarked_on_and_what_it_names_is_said_to_be_missing(
    client: Any, units: dict[str, Unit]
) -> None:
    signed_in(client, "xem", "viewer", "TINH")
    row = db.session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
    page = html.unescape(client.get(f"/letter/{row.id}").text)
    for line in LETTER.read_text("utf-8").splitlines():
        assert line in page
    assert "Điều 12 Luật Bưu chính ngày 17 tháng 6 năm 2020" in page and "17 tháng 6 năm 2010" in page
    assert "93/BTTTT-BC" in page and "24/STTTT-BCVT" in page and page.count("thiếu toàn văn") == 2
    for each in queries.requirements(row.id):
        assert each.excerpt in row.body and each.excerpt in page and each.due_on is None
    for seed in ("93-2020", "24-2020"):
        other = db.session.scalars(select(Directive).where(Directive.seed == seed)).one()
        assert "Chưa có toàn văn" in client.get(f"/letter/{other.id}").text and not other.body


@pytest.mark.both_dbs("acknowledging once: locks")
def test_it_is_received_acknowledged_once_given_a_season_and_handed_out(
    client: Any, new_client: Any, units: dict[str, Unit]
) -> None:
    manager = signed_in(client, "ql", "manager", "TINH")
    row = db.session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
    path = f"/letter/{row.id}"
    assert manager.post(f"{path}/receive", data={"received_on": "18/01/2020"}).status_code == 422, "not tomorrow"
    assert manager.post(f"{path}/receive", data={"received_on": "17/01/2020"}).status_code == 303
    assert manager.post(f"{path}/acknowledge").status_code == 303
    assert manager.post(f"{path}/acknowledge").status_code == 409
    assert manager.post(f"{path}/spread").status_code == 409, "no season yet"
    form = re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', manager.get(f"{path}/edit").text)
    given = {
        **{name: html.unescape(value) for name, value in form},
        "abstract": row.abstract,
        "body": row.body,
        **SEASON,
    }
    assert manager.post(f"{path}/edit", data=given).status_code == 303
    assert manager.post(f"{path}/spread").status_code == 303
    assert manager.post(f"{path}/edit", data={**given, "body": row.body + " thêm"}).status_code == 409
    db.session.expire_all()
    shown = html.unescape(manager.get(path).text)
    assert '17/01/2020, <span lang="vi">QL' in shown and "09:00 17/01/2020" in shown
    colleague = signed_in(new_client(), "nv", "staff", "D1")
    assert colleague.post(f"{path}/acknowledge").status_code == 403
    assert colleague.get(f"{path}/matrix?unit=TINH").status_code == 200


@pytest.mark.both_dbs("rows that the worker begins by an upsert, and holds while it moves them")
def test_the_roster_proves_its_requirement_until_somebody_is_away_and_says_why(
    letter: Directive, units: dict[str, Unit], roster: Published
) -> None:
    duty = asked(letter, "duty")
    assert rechecking.recheck(RECEIVED) > 0
    assert {state(duty, each) for each in units.values()} == {"done"}, "the points have no duty of their own"
    points.accept(duty.id, "TINH", actor=ADMIN, now=RECEIVED)
    kept = [each.numbers for each in queries.evidence_of(duty.id, roster.unit_id)]
    assert [each["gaps"] for each in kept] == [0] and kept[0]["revision"] == 1
    days = (date(2020, 1, 23), date(2020, 1, 24))
    absence, _hit = absence_services.add_absence("L1", *days, "sick", now=RECEIVED, actor=ADMIN)
    later = RECEIVED + timedelta(minutes=10)
    rechecking.recheck(later)
    point = queries.point(duty.id, roster.unit_id)
    assert point is not None and (point.state, point.reopened_why, point.accepted_at) == ("doing", "computed", None)
    assert point.numbers["gaps"] >= 1 and point.judged_at == later.astimezone(point.judged_at.tzinfo)
    assert refused(lambda: points.set_state(duty.id, "TINH", "done", actor=ADMIN, now=later)) == "register.not_true"
    assert [each.numbers["gaps"] for each in queries.evidence_of(duty.id, roster.unit_id)] == [0], (
        "what was accepted stays"
    )
    absence_services.remove_absence(absence.id, now=later, actor=ADMIN)
    rechecking.recheck(later)
    db.session.expire_all()
    assert state(duty, units["TINH"]) == state(duty, units["D1"]) == "done"


def test_support_round_the_clock_drills_and_addresses_are_not_proved_by_hoping(
    letter: Directive, units: dict[str, Unit]
) -> None:
    rechecking.recheck(RECEIVED)
    for key in ("support", "security", "party-state"):
        found = queries.point(asked(letter, key).id, units["TINH"].id)
        assert found is not None and found.holds is False and found.state == "todo"
    assert queries.point(asked(letter, "incidents").id, units["TINH"].id).holds is True


@pytest.mark.both_dbs("withdrawing evidence: locks")
def test_a_photo_proves_it_is_accepted_and_kept_though_it_is_withdrawn(
    letter: Directive, units: dict[str, Unit], new_client: Any
) -> None:
    row, point, teller = asked(letter, "post-list"), units["D1"], staff(units["D1"])
    row.computed = ""  # here nothing is worked out: whoever looks at the photo decides
    db.session.commit()
    at = {"actor": teller, "now": RECEIVED}
    assert refused(lambda: points.set_state(row.id, "D1", "done", **at)) == "register.evidence_missing"
    assert refused(lambda: points.set_state(row.id, "D1", "not_applicable", " ", **at)) == "register.reason"
    assert refused(lambda: points.set_state(row.id, "D2", "done", **at)) == "forbidden"
    shot = files.read_file(photo(), "niem-yet.jpg")
    first = proofs.add_file(row.id, "D1", shot, internal=False, **at)
    assert proofs.add_file(row.id, "D1", shot, internal=False, **at).id == first.id, "sent twice, kept once"
    assert state(row, point) == "doing"
    points.set_state(row.id, "D1", "done", **at)
    assert refused(lambda: points.accept(row.id, "D1", **at)) == "forbidden"
    points.accept(row.id, "D1", actor=ADMIN, now=RECEIVED)
    proofs.withdraw(first.id, "Ảnh chụp nhầm quầy", **at)
    db.session.expire_all()
    kept = queries.evidence(first.id, content=True)
    assert kept.content and kept.withdrawn_at and kept.accepted_at
    found = queries.point(row.id, point.id)
    assert found is not None and (found.state, found.reopened_why) == ("doing", "withdrawn")
    second = proofs.add_file(row.id, "D1", files.read_file(photo("navy"), "lai.jpg"), internal=False, **at)
    proofs.withdraw(second.id, "Mờ", **at)
    db.session.expire_all()
    assert queries.evidence(second.id, content=True).content is None, "nobody had accepted it"
    reader = signed_in(new_client(), "xem", "viewer", "TINH")
    page = html.unescape(reader.get(f"/letter/requirements/{row.id}/units/D1").text)
    assert "Ảnh chụp nhầm quầy" in page and "bản gốc vẫn giữ" in page
    assert reader.get(f"/letter/evidence/{first.id}/file").status_code == 200
    assert reader.get(f"/letter/evidence/{second.id}/file").status_code == 404


@pytest.mark.both_dbs("points are locked while a requirement asks them anew")
def test_asked_in_other_words_it_is_asked_again_and_what_was_accepted_stays_on_record(
    letter: Directive, units: dict[str, Unit], client: Any
) -> None:
    row = asked(letter, "follow-24")
    at = {"actor": ADMIN, "now": RECEIVED}
    for code in ("D1", "D2"):
        proofs.add_link(row.id, code, f"https://noi-bo.example/{code}", internal=True, **at)
        points.set_state(row.id, code, "done", **at)
    points.accept(row.id, "D1", **at)
    manager = signed_in(client, "ql", "manager", "TINH")
    form = {"text": row.text, "excerpt": row.excerpt, "who": row.who, "wants": "link", "phase": "all", "scope": "all"}
    before, edit = row.text, f"/letter/requirements/{row.id}/edit"
    # Evidence of another kind, another sentence: whoever has done it has done something else.
    with clock.travel(RECEIVED + timedelta(hours=1)):
        assert manager.post(edit, data={**form, "text": "Gửi kế hoạch và danh sách trực"}).status_code == 303
    db.session.expire_all()
    assert {queries.point(row.id, units[code].id).reopened_why for code in ("D1", "D2")} == {"reworded"}
    assert state(row, units["D1"]) == state(row, units["D2"]) == "doing"
    page = html.unescape(manager.get(f"/letter/requirements/{row.id}/units/D1").text)
    assert "Yêu cầu đã đổi" in page and re.search(
        rf"Yêu cầu đổi; đã chấp nhận \(Quản[^)]*\) theo lời trước: yêu cầu “{before}”; bằng chứng ", page
    )
    unaccepted = html.unescape(manager.get(f"/letter/requirements/{row.id}/units/D2").text)
    assert f"Yêu cầu đổi; trước đây: yêu cầu “{before}”; bằng chứng " in unaccepted
    assert "đã chấp nhận theo lời trước</span>" in page
    # It stays accepted under the earlier words, whatever is said of it, until somebody accepts it again.
    later = {"actor": ADMIN, "now": RECEIVED + timedelta(hours=2)}
    points.set_state(row.id, "D1", "done", **later)
    points.remark(row.id, "D1", "Thiếu danh sách", back=True, **later)
    points.set_state(row.id, "D1", "done", **later)
    assert "đã chấp nhận theo lời trước</span>" in manager.get(f"/letter/requirements/{row.id}/units/D1").text
    points.accept(row.id, "D1", **later)
    assert queries.evidence_of(row.id, units["D1"].id)[0].accepted_at == later["now"]
    assert "đã chấp nhận theo lời trước</span>" not in manager.get(f"/letter/requirements/{row.id}/units/D1").text
    # Spelling alone asks nobody anew; nor does a deadline.
    assert manager.post(edit, data={**form, "text": "Gửi kế hoạch, danh sách trực", "slip": "1"}).status_code == 303
    assert (
        manager.post(edit, data={**form, "text": "Gửi kế hoạch, danh sách trực", "due_on": "25/01/2020"}).status_code
        == 303
    )
    db.session.expire_all()
    assert queries.point(row.id, units["D1"].id).accepted_at and state(row, units["D2"]) == "doing"
    # Who had been sent back before the words changed: what was accepted was accepted under the earlier ones.
    points.remark(row.id, "D1", "Gửi bản ký", back=True, **later)
    with clock.travel(RECEIVED + timedelta(hours=3)):
        other_proof = {**form, "text": "Gửi kế hoạch, danh sách trực", "wants": ["link", "file"]}
        assert manager.post(edit, data=other_proof).status_code == 303
    db.session.expire_all()
    assert queries.point(row.id, units["D1"].id).reopened_why == "remark"
    page = html.unescape(manager.get(f"/letter/requirements/{row.id}/units/D1").text)
    assert "đã chấp nhận theo lời trước</span>" in page and "trước đây: bằng chứng đường dẫn<" in page


@pytest.mark.both_dbs("a point is made once whoever comes first, and the same file kept once")
def test_several_who_send_the_same_photo_at_once_send_one(
    app: Flask, letter: Directive, units: dict[str, Unit]
) -> None:
    row, shot = asked(letter, "post-conditions"), files.read_file(photo(), "quay.jpg")
    row_id, teller = row.id, staff(units["D2"])

    def send(_number: int) -> int:
        return proofs.add_file(row_id, "D2", shot, internal=False, actor=teller, now=RECEIVED).id

    assert len(set(in_parallel(app, 4, send))) == 1
    assert len(queries.evidence_of(row_id, units["D2"].id)) == 1


def test_a_remark_sends_it_back_and_nothing_that_is_computed_overrules_that(
    letter: Directive, units: dict[str, Unit]
) -> None:
    duty = asked(letter, "duty")
    rechecking.recheck(RECEIVED)
    points.remark(duty.id, "H1", "Thiếu tên người trực dự phòng", back=True, actor=ADMIN, now=RECEIVED)
    rechecking.recheck(RECEIVED + timedelta(minutes=10))
    db.session.expire_all()
    assert state(duty, units["H1"]) == "doing" and state(duty, units["H2"]) == "done"
    points.set_state(duty.id, "H1", "done", actor=ADMIN, now=RECEIVED + timedelta(hours=1))
    assert state(duty, units["H1"]) == "done"


def test_who_is_not_asked_and_what_was_closed_is_not_counted(
    letter: Directive, units: dict[str, Unit], client: Any
) -> None:
    row = asked(letter, "post-list")
    wanted = RequirementIn(row.text, row.excerpt, row.who, ("photo",), "", date(2020, 1, 20), "before")
    requirements.change(
        row.id, RequirementIn(**{**vars(wanted), "off_kinds": ("province", "district")}), actor=ADMIN, now=RECEIVED
    )
    assert refused(lambda: points.set_state(row.id, "H1", "doing", actor=ADMIN, now=RECEIVED)) == "register.not_asked"
    manager = signed_in(client, "ql", "manager", "TINH")
    page = html.unescape(manager.get(f"/letter/requirements/{row.id}/units").text)
    assert "Điểm 1" in page and "0 trong 2 đơn vị" in page and "quá hạn" not in page
    with clock.travel(datetime(2020, 1, 21, 8, 0, tzinfo=VN)):
        page = html.unescape(manager.get(f"/letter/requirements/{row.id}/units").text)
        assert "2 quá hạn" in page
        points.set_state(row.id, "D2", "not_applicable", "Đóng cửa sửa chữa", actor=ADMIN, now=clock.now())
        db.session.get_one(Unit, units["D1"].id).valid_to = date(2020, 1, 20)
        db.session.commit()
        page = html.unescape(manager.get(f"/letter/requirements/{row.id}/units").text)
        assert "1 trong 1 đơn vị" in page and "Điểm 1" not in page
        alone = html.unescape(manager.get(f"/letter/{letter.id}/units/D1").text)
        assert "đã đóng từ 20/01/2020" in alone
        assert (
            refused(lambda: points.set_state(row.id, "D1", "doing", actor=ADMIN, now=clock.now()))
            == "register.not_asked"
        )


@pytest.mark.usefixtures("mail")
def test_those_who_owe_hear_of_all_of_it_in_one_message_a_day(letter: Directive, units: dict[str, Unit]) -> None:
    for code, unit in (("TR1", "H1"), ("TR2", "TINH")):
        person = factories.make_person(code, units[unit], duties=())
        db.session.add(UnitHead(unit_id=units[unit].id, person_id=person.id))
        db.session.commit()
    told = reminders.remind(letter.id, "TINH", actor=ADMIN, now=RECEIVED)
    assert (told.people, told.units) == (2, 0)
    again = reminders.remind(letter.id, "TINH", actor=ADMIN, now=RECEIVED + timedelta(hours=1))
    written = db.session.scalars(select(Message).where(Message.topic == f"register/{letter.id}/2020-01-17")).all()
    assert len(written) == 2 and (again.people, again.already) == (0, 2)
    of_h1 = next(each for each in written if each.address.startswith("tr1@"))
    assert "Bưu điện H1:" in of_h1.body and "Điểm 1:" in of_h1.body and "Điểm 2:" in of_h1.body
    assert "Bưu điện H2:" not in of_h1.body and f"/letter/{letter.id}/matrix" in of_h1.body
    assert reminders.remind(letter.id, "TINH", actor=ADMIN, now=RECEIVED + timedelta(days=1)).people == 2


def test_a_reminder_that_nothing_carries_reached_nobody_and_is_not_counted_as_said(
    letter: Directive, units: dict[str, Unit]
) -> None:
    person = factories.make_person("TR1", units["H1"], duties=())
    db.session.add(UnitHead(unit_id=units["H1"].id, person_id=person.id))
    db.session.commit()
    for hours in (0, 1):
        told = reminders.remind(letter.id, "H1", actor=ADMIN, now=RECEIVED + timedelta(hours=hours))
        assert (told.people, told.already) == (0, 0) and told.units > 0


def test_a_new_letter_begins_with_what_the_old_one_asked_and_is_compared_with_it(
    letter: Directive, units: dict[str, Unit], client: Any
) -> None:
    manager = signed_in(client, "ql", "manager", "TINH")
    text = "Trực lãnh đạo đơn vị, trực điều hành, trực ứng cứu thông tin. Báo cáo số liệu mỗi ngày."
    given = {
        "number": "12/SKHCN-BC",
        "dated_on": "10/01/2020",
        "issuer": "Sở",
        "abstract": "V/v Tết",
        "body": text,
        **SEASON,
    }
    paper = (io.BytesIO(photo()), "cong-van.jpg")
    answer = manager.post(
        f"/letter/new?copy={letter.id}", data={**given, "file": paper}, content_type="multipart/form-data"
    )
    made = db.session.scalars(select(Directive).where(Directive.number == "12/SKHCN-BC")).one()
    assert answer.status_code == 303 and made.copied_from_id == letter.id and len(queries.whole(made.id).files) == 1
    rows = queries.requirements(made.id)
    assert len(rows) == len(queries.requirements(letter.id))
    assert [each.key for each in rows if each.excerpt] == ["duty"], "an excerpt stands in its own letter"
    requirements.remove(next(each.id for each in rows if each.key == "coordination"), actor=ADMIN, now=RECEIVED)
    daily = RequirementIn("Báo cáo số liệu mỗi ngày", "Báo cáo số liệu mỗi ngày", wants=("file",))
    requirements.add(made.id, daily, actor=ADMIN, now=RECEIVED)
    page = html.unescape(manager.get(f"/letter/{made.id}/compare").text)
    new, gone, changed = (page.index(f'id="{name}"') for name in ("new", "gone", "changed"))
    assert "Báo cáo số liệu mỗi ngày" in page[new:gone] and "quy chế phối hợp" in page[gone:changed]
    assert "đoạn trích" in page[changed:]
    for bad in (photo()[:200], b"GIF89a"):
        sent = {**given, "number": "X", "file": (io.BytesIO(bad), "x.jpg")}
        refusal = manager.post("/letter/new", data=sent, content_type="multipart/form-data")
        assert (
            refusal.status_code == 422 and db.session.scalar(select(Directive).where(Directive.number == "X")) is None
        )


def test_an_inspector_reads_what_the_link_covers_is_written_down_and_put_out(
    letter: Directive, units: dict[str, Unit], client: Any, new_client: Any
) -> None:
    manager, row = signed_in(client, "ql", "manager", "TINH"), asked(letter, "post-list")
    teller = {"actor": staff(units["D1"]), "now": RECEIVED}
    public = proofs.add_file(
        row.id, "D1", files.read_file(photo(), "quay.jpg"), note="Gọi 0912 345 678", internal=False, **teller
    )
    hidden = proofs.add_link(row.id, "D1", "https://noi-bo.example/ds", internal=True, **teller)
    points.set_state(row.id, "D2", "not_applicable", "Hỏi chị Lan 0987654321", actor=ADMIN, now=RECEIVED)
    other = signed_in(new_client(), "ql2", "manager", "H2")
    beyond = {"made_for": "Đoàn Sở", "unit": "H1", "days": "3"}
    assert other.post(f"/letter/{letter.id}/inspectors", data=beyond).status_code == 403
    made = manager.post(f"/letter/{letter.id}/inspectors", data={"made_for": "Đoàn Sở", "unit": "H1", "days": "3"})
    path = re.search(r"(/i/[\w-]+)", made.text)[1]
    guest = new_client()
    assert guest.get(f"{path}/matrix").status_code == 302, "who are you"
    assert guest.post(path, data={"name": "  "}).status_code == 422
    assert guest.post(path, data={"name": "Nguyễn Thanh Tra"}).status_code == 303
    seen = guest.get(f"{path}/matrix")
    assert seen.status_code == 200 and seen.headers["Referrer-Policy"] == "no-referrer" and "Điểm 1" in seen.text
    one = html.unescape(guest.get(f"{path}/units/D1").text)
    assert "quay.jpg" in one and "noi-bo.example" not in one and "0912" not in one
    assert "0987654321" not in guest.get(f"{path}/units/D2").text
    assert guest.get(f"{path}/evidence/{public.id}").status_code == 200
    assert guest.get(f"{path}/evidence/{hidden.id}").status_code == 404
    for outside in ("units/H2", "units/TINH", "matrix?unit=TINH", "units/KHONG"):
        assert guest.get(f"{path}/{outside}").status_code == 404, outside
    assert guest.post(f"/letter/requirements/{row.id}/units/D1/state", data={"state": "done"}).status_code == 303, (
        "to sign in"
    )
    log = html.unescape(manager.get(f"/letter/{letter.id}/inspectors").text)
    assert log.count("Nguyễn Thanh Tra (Đoàn Sở)") == 4 and "đơn vị D1" in log
    link = re.search(r"/letter/inspectors/(\d+)/end", log)[1]
    stranger = new_client()
    with clock.travel(RECEIVED + timedelta(days=3)):
        assert stranger.get(path).status_code == 410
    assert manager.post(f"/letter/inspectors/{link}/end").status_code == 303
    assert guest.get(f"{path}/matrix").status_code == 410 and stranger.get("/i/khong-co").status_code == 404


def test_an_inspectors_link_ends_with_its_makers_account_and_is_taken_over(
    letter: Directive, units: dict[str, Unit], client: Any, new_client: Any
) -> None:
    """Whoever made it leaves; the inspectors come next week. Before, the link went on for sixty days, nobody's."""
    manager = signed_in(client, "ql", "manager", "TINH")
    made = manager.post(f"/letter/{letter.id}/inspectors", data={"made_for": "Đoàn Sở", "unit": "H1", "days": "30"})
    path = re.search(r"(/i/[\w-]+)", made.text)[1]
    guest = new_client()
    assert guest.post(path, data={"name": "Nguyễn Thanh Tra"}).status_code == 303
    row = db.session.scalars(select(InspectorLink)).one()
    chief = signed_in(new_client(), "qt", "admin", None)
    over = f"/letter/inspectors/{row.id}/take-over"
    assert chief.post(over).status_code == 409, "it has somebody who answers for it"
    maker = db.session.scalars(select(User).where(User.login == "ql")).one()
    told = chief.post(f"/people/accounts/{maker.id}/active", data={"active": "no"}, follow_redirects=True)
    assert "1 đường dẫn cấp cho đoàn kiểm tra không mở được nữa" in html.unescape(told.text)
    assert guest.get(f"{path}/matrix").status_code == 410 == new_client().get(path).status_code
    elsewhere = signed_in(new_client(), "ql2", "manager", "H2")
    assert elsewhere.post(over).status_code == 403
    page = html.unescape(chief.get(f"/letter/{letter.id}/inspectors").text)
    assert "tài khoản người cấp đã khóa" in page and "Tiếp quản" in page
    assert chief.post(over).status_code == 303
    assert guest.get(f"{path}/matrix").status_code == 200, "at the same address, for whoever has said who they are"
    assert "Tiếp quản" not in chief.get(f"/letter/{letter.id}/inspectors").text
    assert chief.post(f"/letter/inspectors/{row.id}/end").status_code == 303
    assert chief.post(over).status_code == 410


def test_the_dossier_of_a_unit_says_what_pages_say_and_hides_numbers(letter: Directive, units: dict[str, Unit]) -> None:
    row = asked(letter, "post-list")
    shot = files.read_file(photo(), "quay.jpg")
    proofs.add_file(row.id, "D1", shot, note="Gọi 0912 345 678", internal=False, actor=staff(units["D1"]), now=RECEIVED)
    wanted = DraftRequest(f"register:{letter.id}-TINH", "compliance.dossier", {"unit": "D1"})
    content = drafting.make(wanted, actor=ADMIN, now=RECEIVED).content
    told = repr(content.blocks)
    assert content.unit_id == units["D1"].id and shot.sha256[:16] in told and "0912" not in told
    for each in queries.requirements(letter.id):
        assert each.text in told
    inside = DraftRequest(f"register:{letter.id}-H1", "compliance.dossier", {"unit": "H2"})
    assert refused(lambda: drafting.make(inside, actor=ADMIN, now=RECEIVED)) == "documents.choice_unknown"
    assert refused(lambda: requirements.remove(row.id, actor=ADMIN, now=RECEIVED)) == "register.started"
