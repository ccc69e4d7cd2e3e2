"""What must not be written about items of Party and State."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from incidents.record import secrecy

MARKS = (
    "Tuyệt mật",
    "TỐI MẬT",
    "độ mật",
    "dấu mật",
    "hạng Mật",
    "KT1-A",
    "kt1 b",
    "người gửi: Tỉnh ủy",
    "Người nhận : Sở Nội vụ",
    "nguoi nhan: so noi vu",
    "Nơi nhận: UBND",
    "nội dung công văn: về việc",
    "Top secret",
    "bí mật nhà nước",
    "tuyet  mat",
    "Sender: X",
    "nơi nhận là UBND",
    "nội dung thư là",
    "noi dung cong van: ve viec",
    "trích yếu",
    "V/v điều động",
)
PLAIN = (
    "Mất điện ở Tỉnh ủy",
    "Tôi mất chìa khóa",
    "toi mat chia khoa",
    "Tối mất điện",
    "Hỏa tốc chậm 2 giờ",
    "KT1 chậm",
    "mã KT1 số 12",
    "Người gửi đang chờ ở quầy",
    "đường dây nóng cho người nhận",
    "KT1 an toàn",
    "mật ong vỡ",
    "mức mất mát",
)


@pytest.mark.parametrize(
    ("note", "refused"),
    [
        ("Túi KT1, người nhận: Tỉnh ủy", True),
        ("Đã phát công văn tối mật lúc 22:00", True),
        ("Hỏa tốc, nơi nhận: UBND", True),
        ("Chìa khóa kho, người nhận: anh Ba ca sáng", False),
        ("KT1 đủ túi, đúng giờ", False),
        ("Đổi mật khẩu mạng, người nhận: chị Tư", False),
    ],
)
def test_a_free_note_may_name_who_sends_ordinary_mail(note: str, refused: bool) -> None:
    assert (secrecy.found_about_state(note) is not None) == refused


@pytest.mark.parametrize("text", MARKS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_are_found_however_they_are_typed(text: str, form: str) -> None:
    typed = unicodedata.normalize(form, f"Bưu gửi {text} bị rách")  # type: ignore[arg-type]
    for each in (typed, typed.upper(), typed.replace(" ", "  ")):
        assert secrecy.found(each), each


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert secrecy.found(text) is None
    assert secrecy.without(text) == text


@given(st.lists(st.sampled_from([*MARKS, *PLAIN]), max_size=6).map("; ".join))
def test_without_them_none_is_left(text: str) -> None:
    assert secrecy.found(secrecy.without(text)) is None


def test_what_is_taken_out_leaves_a_mark_and_the_rest_as_typed() -> None:
    assert secrecy.without("Túi tối mật, ướt") == "Túi […], ướt"
    decomposed = unicodedata.normalize("NFD", "Túi ướt")
    assert secrecy.without(decomposed) == decomposed, "nothing to take out: not a letter is changed"


def test_words_that_were_found_are_said_on_one_line() -> None:
    assert secrecy.found("tuyệt   mật") == "tuyệt mật"


NAMES = (
    ("Túi của Nguyễn Văn An bị ướt", "Nguyễn Văn An"),
    ("gặp anh Trần Bình ở quầy", "Trần Bình"),
    ("NGUYỄN VĂN A BÁO MẤT TÚI", "NGUYỄN VĂN A BÁO MẤT"),
    ("Rơ Châm H'Nhung nhận hộ", "Rơ Châm H'Nhung"),
    ("Y Thuyên giữ túi", "Y Thuyên"),
    ("giao cho Nguyen Van B", "Nguyen Van B"),
    ("Mất ở bưu điện, Trần Bình báo", "Trần Bình"),
    ("Trần Bình báo mất ở bưu điện", "Trần Bình"),
    ("TRẦN THỊ LAN", "TRẦN THỊ LAN"),
)
NO_NAMES = (
    "12 Lê Lợi mất điện",
    "Nhà 7 Lê Lợi mất điện",
    "TRẦN LAN",
    "Xe đi Mai Châu chậm",
    "đường Trần Phú ngập",
    "Bưu điện Hà Nội chậm",
    "Sở Y Tế báo",
    "thành phố Hồ Chí Minh",
    "Bưu điện tỉnh Cao Nguyên",
    "nguyễn văn an",
    "MẤT ĐIỆN KHO",
    "Lê, Trần và Phạm đang trực",
    "Chư Sê mất mạng",
    "Xe KT1 hỏng trên đèo Lê Lợi, gần ngã tư Trần Hưng Đạo",
    "",
)


@pytest.mark.parametrize(("text", "name"), [*NAMES, *((text, None) for text in NO_NAMES)])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_known_by_its_surname_and_capitals_and_streets_are_none(
    text: str, name: str | None, form: str
) -> None:
    assert secrecy.person_in(unicodedata.normalize(form, text)) == name  # type: ignore[arg-type]


def test_every_name_of_a_text_is_found_and_taken_out() -> None:
    text = "Trần Thị Lan gặp Lê Văn Ba ở quầy"
    assert list(secrecy.names_in(text)) == ["Trần Thị Lan", "Lê Văn Ba"]
    assert secrecy.without(text, ["Trần Thị Lan", "Lê Văn Ba"]) == "[…] gặp […] ở quầy"
    decomposed = unicodedata.normalize("NFD", text)
    assert secrecy.without(decomposed, ["Trần Thị Lan"]) == "[…] gặp Lê Văn Ba ở quầy"
