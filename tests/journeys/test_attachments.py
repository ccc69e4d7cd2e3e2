"""What people attach: told by its content, kept without place and device, shown to whoever may see the incident."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image

from core import clock
from core.actor import Actor
from core.db import db as database
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.files import content as files
from incidents.attachments import services as attachments
from incidents.attachments.models import Attachment
from incidents.record.models import Incident, TimelineEntry
from people.accounts import keys
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night

GPS = 0x8825
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (3000, 2000), colour: str = "brown") -> bytes:
    """As a phone makes it: held upright, with the place where it was taken."""
    picture, out = Image.new("RGB", size, colour), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "Điện thoại của Bình"
    exif.get_ifd(GPS)[2] = (13.98, 0.0, 0.0)
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def log(night: Night, **more: object) -> Incident:
    return night.log(**{"title": "Xe đường thư lật ở đèo", "category": "vehicle"} | more)


def add(incident: Incident, data: bytes, actor: Actor = ADMIN, name: str = "anh.jpg") -> Attachment:
    return attachments.add(incident.id, stream=io.BytesIO(data), filename=name, actor=actor, now=NIGHT)


def test_a_photo_from_a_phone_is_kept_small_upright_and_without_its_place(night: Night, client: FlaskClient) -> None:
    incident, sent = log(night), photo()
    assert b"\xe1" in sent and len(Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)) == 1
    sign_in(client, "bi1")
    page = client.get(f"/incidents/{incident.code}").get_data(as_text=True)
    assert 'accept="image/*" capture="environment"' in page
    with clock.travel(NIGHT):
        done = client.post(f"/incidents/{incident.code}/attach", data={"photo": (io.BytesIO(sent), "../../đèo.svg")})
    assert done.status_code == 303
    row = database.session.query(Attachment).one()
    assert (row.name, row.media_type, row.added_by) == ("đèo.jpg", "image/jpeg", "Trần Thị Bình")
    answer = client.get(f"/incidents/{incident.code}/attachments/{row.key}")
    kept = Image.open(io.BytesIO(answer.data))
    assert max(kept.size) == 2600 and kept.size[0] < kept.size[1], "upright as it was held"
    assert not kept.getexif() and b"Exif" not in answer.data
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    small = client.get(f"/incidents/{incident.code}/attachments/{row.key}/thumbnail")
    assert small.mimetype == "image/jpeg" and max(Image.open(io.BytesIO(small.data)).size) == 320
    assert [entry.kind for entry in database.session.query(TimelineEntry).filter_by(kind="attached")] == ["attached"]


def test_what_a_file_is_is_told_by_its_content(night: Night) -> None:
    incident = log(night)
    assert add(incident, photo("PNG", (40, 30)), name="a.pdf").name == "a.png"
    assert add(incident, photo("WEBP", (40, 30)), name="b").media_type == "image/webp"
    assert add(incident, PDF, name="bien ban.jpg").name == "bien ban.pdf"
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(40)
    for data, code in (
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"MZ" + bytes(200), "kind"),
        (heic, "heic"),
        (PDF[:40], "broken"),
        (photo()[:9000], "broken"),
        (b"GIF89a" + bytes(50), "kind"),
        (bytes(files.MOST_BYTES + 1), "large"),
    ):
        with pytest.raises(Invalid) as fault:
            add(incident, data)
        assert fault.value.code == f"attachment.{code}" and fault.value.field == "file"
    assert database.session.query(Attachment).count() == 3, "and nothing of those was kept"


def test_a_picture_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(night: Night) -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 200_000
    with pytest.raises(Invalid, match=r"attachment\.pixels"):
        add(log(night), out.getvalue())


def test_what_must_be_unpacked_whole_may_be_less_large_than_what_a_camera_makes(night: Night) -> None:
    incident, size = log(night), (7000, 6000)
    for kind in ("PNG", "JPEG"):
        out = io.BytesIO()
        Image.new("L", size).save(out, kind)
        if kind == "PNG":
            with pytest.raises(Invalid, match=r"attachment\.pixels"):
                add(incident, out.getvalue())
    assert add(incident, out.getvalue()).media_type == "image/jpeg"


def test_a_phones_picture_with_a_second_one_behind_it_is_a_photo(night: Night) -> None:
    """Telephones put brightness or depth behind the picture: Pillow calls that MPO, everybody else JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "brown").save(
        out, "MPO", save_all=True, append_images=[Image.new("RGB", (200, 150), "grey")]
    )
    kept = add(log(night), out.getvalue())
    assert kept.media_type == "image/jpeg" and kept.content is not None
    assert Image.open(io.BytesIO(kept.content)).format == "JPEG" and kept.size < len(out.getvalue())


def test_pictures_of_every_mode_are_kept_upright(night: Night) -> None:
    incident = log(night)
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        out, exif = io.BytesIO(), Image.Exif()
        exif[0x0112] = 6
        Image.new(mode, (40, 30)).save(out, "PNG", exif=exif)
        kept = Image.open(io.BytesIO(add(incident, out.getvalue()).content or b""))
        assert kept.size == (30, 40) and kept.mode in ("RGB", "RGBA"), mode


def test_the_same_file_is_kept_once_and_there_is_an_end(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    incident, sent = log(night), photo(size=(60, 40))
    assert add(incident, sent).key == add(incident, sent).key
    monkeypatch.setattr(attachments, "MOST_FILES", 2)
    add(incident, PDF)
    with pytest.raises(Conflict, match=r"attachment\.many"):
        add(incident, photo(size=(60, 41)))


def test_restricted_attachments_are_for_those_who_see_the_incident(night: Night, client: FlaskClient) -> None:
    incident = log(night, category="suspicious_item")
    row = add(incident, photo(size=(60, 40)))
    assert incident.restricted
    sign_in(client, "ch1")
    for path in ("", "/thumbnail"):
        assert client.get(f"/incidents/{incident.code}/attachments/{row.key}{path}").status_code == 404
    with pytest.raises(NotFound):
        add(incident, PDF, night.actor("CH1", "manager", "BDC"))
    # Whoever scanned the sheet of that post office may hand in a photo, and sees nothing of it.
    scanned = Actor(name="Mã QR", role="viewer", via="report", unit_id=night.ids["BDA"])
    add(incident, PDF, scanned)
    with pytest.raises(Forbidden):
        add(incident, photo(size=(60, 44)), Actor(name="Mã QR", role="viewer", via="report", unit_id=night.ids["BDC"]))
    sign_in(client, "an1")
    assert client.get(f"/incidents/{incident.code}/attachments/{row.key}").status_code == 200


def test_a_withdrawn_one_is_hidden_and_an_erased_one_is_gone(night: Night, client: FlaskClient) -> None:
    incident = log(night)
    bi, an = night.actor("PH1"), night.actor("AN1", "manager")
    row = add(incident, photo(size=(60, 40)), bi)
    with pytest.raises(Forbidden):
        attachments.withdraw(incident.id, row.key, actor=night.actor("DU1", "viewer", "BDC"), now=NIGHT)
    attachments.withdraw(incident.id, row.key, actor=bi, now=NIGHT)
    assert attachments.listed(incident, actor=bi, now=NIGHT) == []
    with pytest.raises(NotFound):
        attachments.one(incident, row.key, actor=bi, now=NIGHT)
    assert attachments.one(incident, row.key, actor=an, now=NIGHT).content
    with pytest.raises(Forbidden):
        attachments.withdraw(incident.id, row.key, actor=night.actor("CH1", "staff", "BDC"), now=NIGHT, erase=True)
    attachments.withdraw(incident.id, row.key, actor=an, now=NIGHT, erase=True)
    database.session.expire_all()
    kept = database.session.query(Attachment).one()
    assert (kept.content, kept.thumbnail, bool(kept.sha256)) == (None, None, True)
    sign_in(client, "an1")
    assert "Đã xóa hẳn" in client.get(f"/incidents/{incident.code}").get_data(as_text=True)


def test_tools_attach_list_fetch_and_withdraw(night: Night, client: FlaskClient) -> None:
    incident = log(night)
    key = keys.create_api_key(keys.NewApiKey("Máy ảnh cổng", "staff", "BDA"), now=NIGHT, actor=ADMIN)[1]
    headers = {"Authorization": f"Bearer {key}"}
    base = f"/api/v1/incidents/{incident.code}/attachments"
    with clock.travel(NIGHT):
        sent = client.post(
            f"{base}?name=cổng.png",
            data=photo("PNG", (30, 20)),
            headers=headers,
            content_type="application/octet-stream",
        )
        assert sent.status_code == 201, sent.get_json()
        assert sent.get_json()["name"] == "cổng.png"
        form = client.post(base, data={"file": (io.BytesIO(PDF), "a.pdf")}, headers=headers)
        assert form.status_code == 201
        bad = client.post(base, data=b"PK\x03\x04", headers=headers, content_type="application/octet-stream")
        assert bad.status_code == 409 and bad.get_json()["code"] == "attachment.kind"
        items = client.get(base, headers=headers).get_json()["items"]
        assert [each["media_type"] for each in items] == ["image/png", "application/pdf"]
        assert client.get(f"{base}/{items[1]['key']}", headers=headers).data == PDF
        assert client.delete(f"{base}/{items[1]['key']}", headers=headers).status_code == 200
        assert client.get(f"{base}/{items[1]['key']}", headers=headers).status_code == 404
