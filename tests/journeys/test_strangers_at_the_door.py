"""What strangers send is taken down, as much of it as one machine's and one office's share is; on both databases."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from core.files import photos
from core.security.throttle import AttemptLimit
from incidents.public_reports import services as reports
from tests.support.counter import Counter, attached, incidents, picture

pytestmark = pytest.mark.both_dbs("shares are counted by locks and ON CONFLICT")


def test_a_photo_goes_along_and_a_broken_one_holds_nothing_up(counter: Counter) -> None:
    link = counter.send(counter.sheet(), category="fire", photos=(io.BytesIO(picture()), "bai-xe.jpg")).headers[
        "Location"
    ]
    [incident] = incidents()
    assert [row.name for row in attached(incident.id)] == ["bai-xe.jpg"]
    assert "không đọc được" not in counter.text(link)
    # A second one, sent from the status page; then a file that is no picture.
    counter.phone.post(link, data={"do": "more", "photos": (io.BytesIO(picture("navy")), "khoi.jpg")})
    assert [row.name for row in attached(incident.id)] == ["bai-xe.jpg", "khoi.jpg"]
    refused = counter.phone.post(link, data={"do": "more", "photos": (io.BytesIO(b"MZ\x90"), "x.jpg"), "note": "Xem"})
    assert refused.status_code == 422 and "Xem" in refused.get_data(as_text=True)

    answer = counter.send(counter.sheet(), category="power", photos=(io.BytesIO(b"not a picture"), "a.jpg"))
    assert len(incidents()) == 2 and "có ảnh không đọc được" in counter.text(answer.headers["Location"])


def test_one_machine_does_not_close_the_door_for_others(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "FLOOD_PLACE", AttemptLimit(1, timedelta(hours=1)))
    counter.send(counter.sheet(), category="power")
    counter.send(counter.sheet(), 429, category="power")
    counter.phone.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    counter.send(counter.sheet(), category="fire", title="Cháy")
    assert [each.category for each in incidents()] == ["power", "fire"]


def test_so_many_pictures_are_looked_at_and_every_word_is_taken(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "PICTURES", AttemptLimit(1, timedelta(minutes=10)))
    link = counter.send(counter.sheet(), photos=(io.BytesIO(picture()), "a.jpg")).headers["Location"]
    answer = counter.send(counter.sheet(), category="fire", photos=(io.BytesIO(picture()), "b.jpg"))
    assert "có ảnh không đọc được" in counter.text(answer.headers["Location"])
    refused = counter.phone.post(
        link, data={"do": "more", "photos": (io.BytesIO(picture("red")), "c.jpg"), "note": "Xem"}
    )
    assert refused.status_code == 429 and "Xem" in refused.get_data(as_text=True)
    assert counter.phone.post(link, data={"do": "more", "note": "Vẫn khói"}).status_code == 303
    first, second = incidents()
    assert ([row.name for row in attached(first.id)], attached(second.id)) == (["a.jpg"], [])


def test_a_letter_that_no_text_has_breaks_nothing(counter: Counter) -> None:
    """PostgreSQL keeps no NUL; SQLite does. Either way it is no fault of the server."""
    sheet = counter.sheet()
    for typed in ({"title": "Cháy\x00"}, {"form_key": "\x00"}, {"name": "\x00"}):
        given = {"form_key": counter.form_key(sheet), "category": "fire"} | typed
        assert counter.phone.post(sheet, data=given).status_code in (303, 400)
    assert counter.phone.post(sheet, data={"form_key": "k", "category": "fire\x00"}).status_code in (400, 422)
    assert counter.phone.post("/login", data={"identifier": "an\x00", "password": "x"}).status_code in (400, 422)
    counter.send(sheet, category="fire", title="Cháy")
    assert incidents()[-1].title == "Cháy"


def huge(side: int) -> bytes:
    """A picture of one colour: a few kilobytes that unpack to side × side pixels."""
    out = io.BytesIO()
    Image.new("L", (side, side)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.both_dbs
def test_huge_pictures_of_one_form_share_one_budget(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six pictures of 39 megapixels once stopped everybody's form. Two are unpacked, and every word arrives."""
    drawing = huge(6245)
    unpacked: list[int] = []
    written_anew = photos._written_anew

    def counted(data: bytes) -> tuple[str, bytes, bytes]:
        unpacked.append(len(data))
        return written_anew(data)

    monkeypatch.setattr(photos, "_written_anew", counted)
    six = [(io.BytesIO(drawing), f"{n}.png") for n in range(6)]
    answer = counter.send(counter.sheet(), category="fire", title="Cháy", photos=six)
    [incident] = incidents()
    assert incident.title == "Cháy" and len(unpacked) == 2
    assert "có ảnh không đọc được" in counter.text(answer.headers["Location"])


def test_an_address_has_a_budget_whatever_sheets_it_holds(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "PIXELS", AttemptLimit(5, timedelta(minutes=10)))
    drawing = huge(1_800)  # 4 megapixels, as they are counted
    counter.send(counter.sheet(), category="fire", photos=(io.BytesIO(drawing), "a.png"))
    counter.send(counter.sheet(), category="power", photos=(io.BytesIO(drawing), "b.png"))
    counter.phone.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    counter.send(counter.sheet(), category="theft", photos=(io.BytesIO(drawing), "c.png"))
    assert [[row.name for row in attached(each.id)] for each in incidents()] == [["a.png"], [], ["c.png"]]


def test_people_of_the_house_do_not_wait_behind_strangers(counter: Counter) -> None:
    with photos._strangers:  # somebody's picture is being unpacked and never ends
        assert photos.read_photo(picture())[0] == "image/jpeg"
