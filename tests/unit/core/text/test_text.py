"""Names in Vietnamese order, search without diacritics, phone numbers as people type them."""

import unicodedata

import pytest
from hypothesis import given, strategies as st

from core.text import dialled, fold, format_phone, is_email, name_sort_key, nfc, normalize_phone

IN_ORDER = [
    "Lê Thanh An",
    "Lê Anh",
    "Trần Anh",
    "Phạm Minh Ánh",
    "Trần Thị Ân",
    "Đặng Ba",
    "Y Bih Ƀuôn",
    "Lê Cường",
    "Nguyễn Dũng",
    "Trần Dụng",
    "Ngô Đào",
    "Nay Đức",
    "Nguyễn Văn Đức",
    "Rơ Châm H'Nhung",
    "Trần Hoa",
    "Trần Hoà",
    "Trần Hỏa",
    "Trần Hoã",
    "Trần Hóa",
    "Trần Hoạ",
    "Ksor Jĭ",
    "Ksor Jơ",
    "Y Thuyên",
]
vietnamese = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằấợĩỳ AĐỨ'-", max_size=30)


def test_names_sort_by_given_name_then_the_rest() -> None:
    keys = [name_sort_key(name) for name in IN_ORDER]
    assert keys == sorted(set(keys))


def test_tones_weigh_less_than_any_letter_of_the_given_name() -> None:
    assert sorted(["Ma Mỹ", "Ma My", "Ma Mỵa", "Ma Mya"], key=name_sort_key) == ["Ma My", "Ma Mỹ", "Ma Mya", "Ma Mỵa"]


def test_the_given_name_with_its_tone_groups_before_the_family_name() -> None:
    assert sorted(["An Ánh", "Vũ Anh", "Bùi Anh"], key=name_sort_key) == ["Bùi Anh", "Vũ Anh", "An Ánh"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Trần Hòa", "Trần Hoà"), ("nguyễn  văn đức ", "Nguyễn Văn Đức"), ("H'Nhung", "H’Nhung"), ("Lê-Anh", "Lê Anh")],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert name_sort_key(one) == name_sort_key(other)


def test_single_words_and_nothing_at_all_have_keys() -> None:
    assert name_sort_key("") == "" < name_sort_key("Y") < name_sort_key("Ksor Y")


def test_the_letters_of_the_highlands_are_letters_of_their_own() -> None:
    words = ["ba", "ƀa", "ca", "ča", "ea", "ĕa", "êa", "ia", "ĭa", "na", "ña", "oa", "ŏa", "ôa", "ơa", "ua", "ŭa", "ưa"]
    keys = [name_sort_key(word) for word in words]
    assert keys == sorted(set(keys))


@given(vietnamese)
def test_a_key_is_digits_only_and_blind_to_normal_form(name: str) -> None:
    key = name_sort_key(name)
    assert key == "" or key.isascii() and key.isdigit()
    assert key == name_sort_key(unicodedata.normalize("NFD", name)) == name_sort_key(name.upper())


@given(st.text(max_size=40))
def test_no_text_breaks_the_text_functions(text: str) -> None:
    assert name_sort_key(text).isdigit() or name_sort_key(text) == ""
    assert nfc(nfc(text)) == nfc(text)
    assert bool(format_phone(text)) == bool(text)
    assert is_email(text) in (True, False)


@pytest.mark.parametrize("written", ["Hòa", "hoà", "HÒA", " hoa ", unicodedata.normalize("NFD", "Hoà")])
def test_search_ignores_diacritics_and_case(written: str) -> None:
    assert fold(written) == "hoa"


def test_search_folds_letters_that_do_not_decompose() -> None:
    assert fold("ĐƯỜNG Ƀuôn\u00a0 Đôn") == "duong buon don"
    assert fold("Rơ Châm H’Nhung") == "ro cham h'nhung"


@given(vietnamese)
def test_folding_is_stable_and_ascii(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text).isascii()
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@pytest.mark.parametrize(
    ("typed", "dialled", "shown"),
    [
        ("0912345678", "0912345678", "0912 345 678"),
        ("+84 912.345.678", "0912345678", "0912 345 678"),
        ("+84 (0)912-345-678", "0912345678", "0912 345 678"),
        ("84912345678", "0912345678", "0912 345 678"),
        ("0084 912 345 678", "0912345678", "0912 345 678"),
        ("912345678", "0912345678", "0912 345 678"),
        ("0900000001", "0900000001", "0900 000 001"),
        ("0269 3000 000", "02693000000", "0269 3000 000"),
        ("(0269) 3 000 000", "02693000000", "0269 3000 000"),
        ("2693000000", "02693000000", "0269 3000 000"),
        ("024.3822.1234", "02438221234", "024 3822 1234"),
        ("1900 1234", "19001234", "1900 1234"),
        ("1800545480", "1800545480", "1800 545 480"),
        ("114", "114", "114"),
        ("\u00a00912\u00a0345 678", "0912345678", "0912 345 678"),
    ],
)
def test_phone_numbers(typed: str, dialled: str, shown: str) -> None:
    assert normalize_phone(typed) == dialled
    assert format_phone(typed) == shown


@pytest.mark.parametrize(
    ("stands", "dials"),
    [
        ("0269 3824 999", "02693824999"),
        ("(0269) 3824.999, máy lẻ 12", "02693824999"),
        ("điều hành +84 912 345 678 (chị Lan)", "0912345678"),
        ("02693824999 / 02693824998", "02693824999"),
        ("201", "201"),
        ("+1 202 555 0100", "+12025550100"),
        ("hỏi chị Lan", ""),
        ("phòng 12", ""),
        ("0269 3824 999 - 0905 123 456", "02693824999"),
        ("0269 3824 999 - 998", "02693824999"),
        ("0269 3824 999 (201)", "02693824999"),
        ("Trực 24/24: 0269 3824 999", "02693824999"),
        ("P.201: 0269 3824 999", "02693824999"),
        ("24/24 0269 3824 999", "02693824999"),
        ("(0269) 3824 999 - (0269) 3824 998", "02693824999"),
        ("0269.3824.999.201", "02693824999"),
        ("024 3822 1234–1235", "02438221234"),
        ("+84 269 3824 999 - +84 905 123 456", "02693824999"),
        ("0269 3824 999\n0905 123 456", "02693824999"),
        ("269 3824 999 (máy lẻ 201)", "02693824999"),
        ("1900 54 54 80 (24/7)", "1900545480"),
        ("P.114 gọi 0269 3824 999", "02693824999"),
        ("Trực từ 24/01/2020 - 0905 123 456", "0905123456"),
        ("cứu hỏa: 114", "114"),
        ("phòng 201", ""),
        ("trực 24/24", ""),
        ("24/24", ""),
        ("3824 999 (chị Lan)", "3824999"),
        ("Mỹ: +1 (202) 555-0100", "+12025550100"),
        ("+66 (0) 2345 678901", "+6602345678901"),
        ("1234 5678 9012 3456 7890", ""),
        ("", ""),
    ],
)
def test_what_a_telephone_dials_where_people_wrote_a_number_down(stands: str, dials: str) -> None:
    assert dialled(stands) == dials


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "0912",
        "09123456789",
        "0112345678",
        "01234567890",
        "+1 202 555 0123",
        "116",
        "19001",
        "0912345678x2",
        "0912345678; 0987654321",
        "٠٩١٢٣٤٥٦٧٨",
        "+84",
        "0000000000",
    ],
)
def test_implausible_phone_numbers_are_refused_and_shown_as_they_are(typed: str) -> None:
    with pytest.raises(ValueError):
        normalize_phone(typed)
    assert format_phone(typed) == typed


@given(st.from_regex(r"0[35789]\d{8}|02\d{9}|1900\d{4}|1800\d{6}|11[345]", fullmatch=True).filter(str.isascii))
def test_showing_a_number_loses_nothing(number: str) -> None:
    assert normalize_phone(format_phone(number)) == number


@pytest.mark.parametrize("address", ["a@b.vn", "vu.cong.hai.1@buudien.example", "x+y@mail.gia-lai.gov.vn"])
def test_addresses_of_mail(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b",
        "a@@b.vn",
        "a b@c.vn",
        "a@b.vn\nBcc: x@y.vn",
        "a@b.vn\n",
        "a..b@c.vn",
        "A <a@b.vn>",
        "đức@b.vn",
        "a@-b.vn",
        "a@b.vn,c@d.vn",
        "x" * 65 + "@b.vn",
        "a@" + "b." * 130 + "vn",
    ],
)
def test_what_is_not_an_address_of_mail(address: str) -> None:
    assert not is_email(address)
