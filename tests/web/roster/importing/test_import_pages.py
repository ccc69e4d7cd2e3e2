"""Importing by page and by API: preview, every fault in sight, confirmation, and nothing for those who may not."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db
from core.errors import NotFound
from people import queries
from people.accounts import keys
from people.imports import read as tables
from people.models import Person, Unit
from roster.campaigns import queries as campaigns, services as making
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.draft.edits import SeatEdit
from roster.importing import services as importer, uploads, views
from roster.models import Duty, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.sources.models import Demand
from tests.support import factories
from tests.support.enterprise import NOW, ROOT, sign_in

DATA = Path(__file__).parents[3] / "data"
FOLDER = DATA / "small-2020"
UNITS = "code,parent_code,name,kind\nBDA-2,BDA,Điểm mới,service_point\n"
BAD = "code,full_name,unit_code,duties\nX1,<b>Nguyễn</b> Sai,BDT,leadershp\nX2,Người Lạ,HUYEN,\n"


def post(client: FlaskClient, *files: tuple[str, bytes | str]) -> Any:
    given = [(io.BytesIO(c.encode() if isinstance(c, str) else c), name) for name, c in files]
    return client.post("/import/", data={"files": given}, content_type="multipart/form-data")


def zipped(folder: Path = FOLDER) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.iterdir():
            archive.write(path, f"{folder.name}/{path.name}")
    return out.getvalue()


def total(db: Any, model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_upload_preview_confirm(client: FlaskClient, ids: dict[str, int], db: Any) -> None:
    sign_in(client, "qt1")
    assert "people.csv" in client.get("/import/").text
    before = total(db, Person)
    answer = post(client, *[(path.name, path.read_bytes()) for path in sorted(FOLDER.iterdir())])
    assert answer.status_code == 303
    preview = answer.headers["Location"]
    shown = client.get(preview).text
    assert "Ghi vào hệ thống" in shown and "units.csv" in shown
    assert total(db, Person) == before, "a preview writes nothing"
    done = client.post(preview)
    assert done.status_code == 303
    assert "Đã ghi vào hệ thống" in client.get(done.headers["Location"]).text
    assert total(db, Person) == before + 12
    assert client.get(preview).status_code == 404, "a written upload is not kept"


def test_every_fault_is_in_the_table_and_confirming_anyway_writes_nothing(
    client: FlaskClient, ids: dict[str, int], db: Any
) -> None:
    sign_in(client, "qt1")
    before = total(db, Person)
    preview = post(client, ("people.csv", BAD)).headers["Location"]
    shown = client.get(preview).text
    for part in ("people.csv", "leadershp", "“leadership”", "HUYEN", "chưa ghi gì"):
        assert part in shown
    assert "Ghi vào hệ thống" not in shown and "<b>Nguyễn" not in shown
    again = client.post(preview)
    assert (again.status_code, again.headers["Location"]) == (303, preview)
    assert total(db, Person) == before


def test_what_is_no_import_file_is_said_on_the_form(client: FlaskClient, ids: dict[str, int]) -> None:
    sign_in(client, "qt1")
    answer = post(client, ("giay-moi.pdf", b"%PDF-1.7"))
    assert answer.status_code == 409 and "giay-moi.pdf" in answer.text
    empty = client.post("/import/", data={}, content_type="multipart/form-data")
    assert empty.status_code == 409 and "Chưa có tệp nào" in empty.text


def test_an_upload_belongs_to_whoever_sent_it(client: FlaskClient, new_client: Any, ids: dict[str, int]) -> None:
    sign_in(client, "qt1")
    preview = post(client, ("units.csv", UNITS)).headers["Location"]
    chi = new_client()
    sign_in(chi, "ch1")
    assert chi.get(preview).status_code == 404
    assert chi.post(preview).status_code == 404
    assert client.get("/import/../../etc/passwd").status_code == 404
    assert client.get("/import/aaaaaaaaaaaaaaaaaaaaaaaa").status_code == 404
    assert client.post(preview + "/discard").status_code == 303
    assert client.get(preview).status_code == 404


def test_an_old_upload_is_gone(app: Flask) -> None:
    folder = Path(app.config["DATA_DIR"])
    read = importer.read_uploads([("units.csv", b"code,name\nA,Huy\xe1\xbb\x87n A\n"), ("khac.csv", b"x")])
    token = uploads.keep(folder, ["units.csv", "khac.csv"], read, owner="user:1", now=NOW)
    found = uploads.find(folder, token, owner="user:1", now=NOW + timedelta(hours=11))
    assert (found.names, found.tables) == (["units.csv", "khac.csv"], read)
    with pytest.raises(NotFound):
        uploads.find(folder, token, owner="user:1", now=NOW + timedelta(hours=13))
    assert (folder / "imports" / f"{token}.json.gz").stat().st_mode & 0o077 == 0
    uploads.keep(folder, ["units.csv"], read, owner="user:1", now=clock.wall() + timedelta(hours=13))
    assert not (folder / "imports" / f"{token}.json.gz").exists(), "what was left behind is swept"


def test_files_are_parsed_once_from_upload_to_confirmation(
    client: FlaskClient, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    read_files = tables.read_files

    def counted(files: Sequence[tuple[str, bytes]], names: Collection[str]) -> tables.Tables:
        parsed.extend(name for name, _content in files)
        return read_files(files, names)

    monkeypatch.setattr(tables, "read_files", counted)
    sign_in(client, "qt1")
    unit = "code,name,kind,parent_code\nBDZ,Huyện Z,district,BDT\n".encode()
    sent = client.post("/import/", data={"files": (io.BytesIO(unit), "units.csv")})
    assert client.get(sent.location).status_code == 200
    assert client.post(sent.location).status_code == 303
    assert queries.unit_by_code("BDZ").name == "Huyện Z"
    assert parsed == ["units.csv"]


@pytest.mark.parametrize(("login", "status"), [("qt1", 200), ("an1", 200), ("bi1", 403), ("du1", 403)])
def test_who_may_import(client: FlaskClient, ids: dict[str, int], login: str, status: int) -> None:
    sign_in(client, login)
    assert client.get("/import/").status_code == status
    assert client.get("/import/template.xlsx").status_code == status
    assert post(client, ("units.csv", UNITS)).status_code == (303 if status == 200 else 403)


def test_strangers_are_sent_to_sign_in(client: FlaskClient, ids: dict[str, int]) -> None:
    assert client.get("/import/").status_code in (302, 303, 401)
    assert post(client, ("units.csv", UNITS)).status_code in (302, 303, 401)


def test_the_template_is_a_workbook_to_keep(client: FlaskClient, ids: dict[str, int]) -> None:
    sign_in(client, "an1")
    answer = client.get("/import/template.xlsx")
    assert answer.data[:2] == b"PK" and "attachment" in answer.headers["Content-Disposition"]


# --- API -----------------------------------------------------------------------------------------------------------


def key(role: str = "admin", unit: str | None = None) -> dict[str, str]:
    _row, secret = keys.create_api_key(keys.NewApiKey("Thử", role, unit), now=NOW, actor=ROOT)
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("media", ["application/zip", "application/octet-stream", "text/plain"])
def test_the_api_takes_a_zip_of_the_folder_under_any_name(
    client: FlaskClient, ids: dict[str, int], db: Any, media: str
) -> None:
    auth = key()
    before = total(db, Person)
    tried = client.post("/api/v1/import?dry_run=1", data=zipped(), headers=auth, content_type=media)
    assert tried.status_code == 200, tried.text
    assert (tried.get_json()["applied"], tried.get_json()["counts"]["people"]["created"]) == (False, 12)
    assert total(db, Person) == before
    done = client.post("/api/v1/import", data=zipped(), headers=auth, content_type=media)
    assert done.get_json()["applied"] is True
    assert total(db, Person) == before + 12
    again = client.post("/api/v1/import", data=zipped(), headers=auth, content_type=media).get_json()
    assert again["counts"]["people"] == {"created": 0, "updated": 0, "unchanged": 12}


def test_the_api_takes_a_workbook_and_several_files(client: FlaskClient, ids: dict[str, int], db: Any) -> None:
    auth = key()
    sheet = client.post("/api/v1/import", data=importer.export_template(), headers=auth, content_type="application/x")
    assert sheet.status_code == 200
    files = {path.stem: (io.BytesIO(path.read_bytes()), path.name) for path in FOLDER.iterdir()}
    done = client.post("/api/v1/import", data=files, headers=auth, content_type="multipart/form-data")
    assert done.status_code == 200 and done.get_json()["counts"]["people"]["created"] == 12


def test_the_api_names_file_row_and_column_of_every_fault(client: FlaskClient, ids: dict[str, int], db: Any) -> None:
    before = total(db, Unit), total(db, Person)
    data = {"a": (io.BytesIO(BAD.encode()), "people.csv"), "b": (io.BytesIO(UNITS.encode()), "units.csv")}
    answer = client.post("/api/v1/import", data=data, headers=key(), content_type="multipart/form-data")
    assert answer.status_code == 422
    body = answer.get_json()
    assert body["code"] == "import.faults" and answer.mimetype == "application/problem+json"
    assert [(e["file"], e["row"], e["column"], e["code"], e["value"]) for e in body["errors"]] == [
        ("people.csv", 2, "duties", "import.unknown_duty", "leadershp"),
        ("people.csv", 3, "unit_code", "import.unknown_unit", "HUYEN"),
    ]
    assert body["errors"][0]["field"] == "people.csv:2:duties" and "leadership" in body["errors"][0]["message"]
    assert (total(db, Unit), total(db, Person)) == before


def test_the_api_refuses_what_is_no_import_file(client: FlaskClient, ids: dict[str, int]) -> None:
    auth = key()
    for content in (b"", b"hello", b"PK\x03\x04broken"):
        answer = client.post("/api/v1/import", data=content, headers=auth, content_type="application/octet-stream")
        assert answer.status_code == 409, answer.text
    assert client.post("/api/v1/import", data=zipped()).status_code == 401
    assert client.post("/api/v1/import", data=zipped(), headers=key("staff", "BDA")).status_code == 403


def test_a_managers_key_reaches_the_own_subtree(client: FlaskClient, ids: dict[str, int]) -> None:
    auth = key("manager", "BDA")
    files = {"f": (io.BytesIO(UNITS.encode()), "units.csv")}
    assert (
        client.post("/api/v1/import", data=files, headers=auth, content_type="multipart/form-data").status_code == 200
    )
    files = {"f": (io.BytesIO(UNITS.replace("BDA", "BDC").encode()), "units.csv")}
    answer = client.post("/api/v1/import", data=files, headers=auth, content_type="multipart/form-data")
    assert [e["code"] for e in answer.get_json()["errors"]] == ["import.outside_scope"]


def test_the_same_idempotency_key_tells_a_trial_from_the_real_thing(
    client: FlaskClient, ids: dict[str, int], db: Any
) -> None:
    auth = {**key(), "Idempotency-Key": "tet-2020"}
    first = client.post("/api/v1/import", data=zipped(), headers=auth)
    again = client.post("/api/v1/import", data=zipped(), headers=auth)
    assert first.get_json() == again.get_json() and again.headers["Idempotent-Replayed"] == "true"
    assert client.post("/api/v1/import?dry_run=1", data=zipped(), headers=auth).status_code == 422


DEMAND = """duty,unit_code,phase,shift,start,hours,headcount,form
operations,BDA,during,Ngày,07:30,12,{people},onsite
leadership,BDA,during,Ngày,07:30,12,1,standby
"""


@pytest.fixture
def campaign(app: Flask, ids: dict[str, int]) -> Campaign:
    """Three days of the break in BDA, round the clock, one person each."""
    unit = queries.unit_by_code("BDA")
    factories.make_round_the_clock(unit)
    return factories.make_campaign(unit)


def days_of(campaign: Campaign, duty: str = "operations") -> list[Shift]:
    """The shifts *Ngày* by day."""
    wanted = select(Shift).filter_by(campaign_id=campaign.id, duty=duty, template="Ngày")
    return list(db.session.scalars(wanted.order_by(Shift.starts_at)))


def seats_of(campaign: Campaign) -> list[int]:
    """Of each operations shift by day."""
    return [len(each.seats) for each in days_of(campaign)]


def duties() -> list[Any]:
    """What was published, as it stands."""
    wanted = select(Duty.seat_id, Duty.person_id, Duty.form, Duty.starts_at, Duty.ends_at, Duty.cancelled_at)
    return list(db.session.execute(wanted.order_by(Duty.id)).tuples())


def test_a_campaign_follows_an_imported_demand_only_where_it_is_ticked(
    client: FlaskClient, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one beyond those whose seats are listed."""
    sign_in(client, "qt1")
    with clock.travel(NOW):
        preview = post(client, ("demand.csv", DEMAND.format(people=2))).headers["Location"]
        shown = client.get(preview).text
        monkeypatch.setattr(views, "FOLLOWING", 0)
        brief = client.get(preview).text
        assert "Từng chỗ</summary>" in shown and "Từng chỗ</summary>" not in brief
        [offer] = re.findall(r'name="follow" form="confirm" value="([^"]+)"', brief)
        assert offer.startswith(f"{campaign.id}:") and "thêm 3 lượt" in shown
        assert f'value="{offer}">' in shown and "23/01" in shown, "none is ticked yet; seat by seat"
        done = client.post(preview, data={"follow": offer}, follow_redirects=True).text
    assert "1 đợt trực đổi theo: thêm 3 chỗ, bớt 0 chỗ." in done
    assert seats_of(campaign) == [2, 2, 2]
    mark = campaigns.get_campaign(campaign.id).look_again
    assert mark is not None and (mark["why"], mark["seats"]) == ("demand", 3)
    with clock.travel(NOW):
        preview = post(client, ("demand.csv", DEMAND.format(people=3))).headers["Location"]
        assert "đổi theo" not in client.post(preview, follow_redirects=True).text.replace(
            "Đánh dấu đợt nào đổi theo", ""
        )
    assert seats_of(campaign) == [2, 2, 2], "whoever ticks nothing changes no campaign"
    with clock.travel(NOW):
        new = DEMAND.format(people=1).replace("BDA", "BDA-2")
        preview = post(client, ("units.csv", UNITS), ("demand.csv", new)).headers["Location"]
        assert "Đơn vị mới trong tệp (BDA-2) thuộc đợt trực đang mở" in client.get(preview).text


def test_what_is_published_stays_and_what_has_moved_since_is_looked_at_again(
    client: FlaskClient, campaign: Campaign
) -> None:
    sign_in(client, "qt1")
    with clock.travel(NOW):
        preview = post(client, ("demand.csv", DEMAND.format(people=2))).headers["Location"]
        [offer] = re.findall(r'name="follow"[^>]* value="([^"]+)"', client.get(preview).text)
        shift = days_of(campaign)[0]
        drafts.edit_seats(campaign.id, [SeatEdit(shift.seats[0].id, "AN1", None)], reason="x", actor=ROOT, now=NOW)
        refused = client.post(preview, data={"follow": offer}, follow_redirects=True).text
        assert "Chưa ghi gì: ảnh hưởng đến đợt trực đã khác bản xem trước" in refused and seats_of(campaign) == [
            1,
            1,
            1,
        ]
        assert {row.headcount for row in db.session.scalars(select(Demand).filter_by(duty="operations"))} == {1}
        publishing.publish(campaign.id, PublishTerms(accept_gaps="thử"), actor=ROOT, now=NOW)
        signed = duties()
        [offer] = re.findall(r'name="follow"[^>]* value="([^"]+)"', client.get(preview).text)
        client.post(preview, data={"follow": offer})
        assert seats_of(campaign) == [2, 2, 2] and campaigns.get_campaign(campaign.id).revision == 1
        # Another form: the published shift stays what whoever serves it was told, the others change with their points.
        demand = DEMAND.format(people=2).replace("onsite", "standby")
        preview = post(client, ("demand.csv", demand)).headers["Location"]
        shown = client.get(preview).text
        assert "2 ca đòi hỏi khác đi" in shown and "đã ban hành nên giữ hình thức Trực tại chỗ" in shown
        assert shown.count("hình thức Trực tại chỗ → Trực tại nhà (sẵn sàng), điểm ") == 2
        [offer] = re.findall(r'name="follow"[^>]* value="([^"]+)"', shown)
        done = client.post(preview, data={"follow": offer}, follow_redirects=True).text
        assert "thêm 0 chỗ, bớt 0 chỗ. 2 ca đòi hỏi khác đi." in done
        mark = campaigns.get_campaign(campaign.id).look_again
        assert mark is not None and (mark["seats"], mark["asks"]) == (0, 2)
    assert [each.form for each in days_of(campaign)] == ["onsite", "standby", "standby"]
    worth = [each.points for each in days_of(campaign, "leadership")]
    assert [each.points for each in days_of(campaign)][1:] == worth[1:] and days_of(campaign)[0].points > worth[0]
    assert duties() == signed and len(signed) == 1, "what is signed is what was signed"
    with clock.travel(NOW):
        preview = post(client, ("demand.csv", demand.replace("07:30", "08:30"))).headers["Location"]
        assert "Hai ca cùng tên cùng ngày" in client.get(preview).text


def test_a_campaign_that_is_deleted_after_the_preview_is_looked_at_again(
    client: FlaskClient, campaign: Campaign
) -> None:
    sign_in(client, "qt1")
    with clock.travel(NOW):
        preview = post(client, ("demand.csv", DEMAND.format(people=2))).headers["Location"]
        [offer] = re.findall(r'name="follow"[^>]* value="([^"]+)"', client.get(preview).text)
        making.delete_campaign(campaign.id, actor=ROOT, now=NOW)
        assert "đã khác bản xem trước" in client.post(preview, data={"follow": offer}, follow_redirects=True).text
    assert {row.headcount for row in db.session.scalars(select(Demand).filter_by(duty="operations"))} == {1}
