"""Words as an SMS: ASCII, one part, code, step and link whole."""

from __future__ import annotations

from hypothesis import given, strategies as st

from notify import sms_text

LINK = "https://truc.buudien.vn/a/abcdefghijklmnopqrstuvwxyz012345"
FACTS = {
    "code": "SC-2020-0007",
    "severity": 2,
    "step": 1,
    "title": "Xe thư hỏng ở đèo Mang Yang, có bưu gửi KT1",
    "unit": "Bưu điện huyện Đak Đoa",
    "link": LINK,
}


def test_letters_of_every_language_here_become_plain() -> None:
    assert sms_text.ascii_only("Đường lên Ƀahnar – “Kbăng”…") == 'Duong len Bahnar - "Kbang".'
    assert sms_text.ascii_only("dòng một\r\ndòng hai\t✓") == "dong mot dong hai"


def test_one_call_keeps_code_step_and_link_and_cuts_the_title() -> None:
    text = sms_text.fill(sms_text.ONE, FACTS)
    assert text.startswith("SC-2020-0007 muc 2 buoc 1: Xe thu hong o deo") and text.endswith(LINK)
    assert sms_text.length(text) <= 160


def test_a_registered_wording_keeps_its_fixed_words() -> None:
    wording = "BDGL: Su co {code} buoc {step} tai {unit}. De nghi tra loi tai {link} . Tran trong."
    text = sms_text.fill(wording, FACTS)
    assert text.startswith("BDGL: Su co SC-2020-0007 buoc 1 tai") and text.endswith(". Tran trong.")
    assert sms_text.length(text) <= 160


def test_several_name_as_many_codes_as_fit_and_count_the_rest() -> None:
    text = sms_text.several([(f"SC-2020-{n:04d}", 1) for n in range(1, 60)], LINK)
    assert text.startswith("59 su co") and "SC-2020-0001 b1" in text and "+" in text and text.endswith(LINK)
    assert sms_text.length(text) <= 160


def test_placeholders_that_nobody_fills_are_named() -> None:
    assert sms_text.faults("{code} {sender} {link}", sms_text.PLACES) == ["sender"]


@given(st.text(max_size=400), st.text(max_size=200), st.integers(1, 9), st.integers(1, 999))
def test_whatever_is_typed_one_part_holds_what_must_be_there(title: str, unit: str, step: int, number: int) -> None:
    code = f"SC-2026-{number:04d}"
    values = {"code": code, "severity": 1, "step": step, "title": title, "unit": unit, "link": LINK}
    text = sms_text.fill(sms_text.ONE, values)
    assert text.isascii() and text.isprintable() and sms_text.length(text) <= 160
    assert code in text and f"buoc {step}" in text and text.endswith(LINK)


@given(st.integers(1, 300))
def test_any_number_of_calls_fits_into_one_part(count: int) -> None:
    text = sms_text.several([(f"SC-2026-{n:04d}", 1 + n % 4) for n in range(count)], LINK)
    assert sms_text.length(text) <= 160 and text.endswith(LINK) and text.startswith(f"{count} su co")


@given(st.text(max_size=500))
def test_free_words_fit_too(words: str) -> None:
    text = sms_text.plain(f"{words} {LINK}", LINK)
    assert sms_text.length(text) <= 160 and text.endswith(LINK)
