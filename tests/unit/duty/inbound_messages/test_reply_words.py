"""What a text means as an answer, and what it never does."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from duty.inbound_messages import rules
from duty.inbound_messages.rules import Reading, parse_reply


@pytest.mark.parametrize(
    "words", ["1", " 1. ", "Nhận", "NHAN", "đồng ý!", "Sẵn sàng.", "ok", "Dạ", "ừ", "Có mặt", "yes", "vang"]
)
def test_yes_in_words_and_as_a_digit(words: str) -> None:
    assert parse_reply(words).yes is True


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("2", ""),
        ("Không", ""),
        ("ko", ""),
        ("Không đi được.", ""),
        ("2 mẹ ốm", "mẹ ốm"),
        ("2, mẹ ốm nặng", "mẹ ốm nặng"),
        ("2: con nhỏ sốt cao", "con nhỏ sốt cao"),
        ("không, mẹ ốm", "không, mẹ ốm"),
        ("Không trực được vì con ốm", "Không trực được vì con ốm"),
        ("bận, xe hỏng", "bận, xe hỏng"),
    ],
)
def test_no_and_why(words: str, note: str) -> None:
    reading = parse_reply(words)
    assert (reading.yes, reading.note) == (False, note)


@pytest.mark.parametrize(
    "words",
    [
        "1 lát nữa tôi gọi",
        "1 giờ nữa tôi đến",
        "2 giờ nữa tôi đến",
        "2 người đi là đủ",
        "2 ca này tôi nhận",
        "2, nhưng tôi vẫn nhận được",
        "không sao, tôi nhận",
        "không sao",
        "không có gì",
        "không nhận được tin",
        "không biết có đi được không",
        "bạn là ai",
        "ban hàng đã đến",
        "ai đấy?",
        "Vắng",
        "Cô",
        "Đá",
        "Bạn, nhầm số rồi",
        "bán: nhầm người",
        "",
        "OTP của bạn là 482913",
    ],
)
def test_what_could_mean_something_else_is_read_by_a_person(words: str) -> None:
    assert not parse_reply(words).is_clear


def test_a_number_picks_and_behind_no_it_refuses() -> None:
    assert parse_reply("3") == Reading(None, 3)
    assert parse_reply("không 3") == Reading(False, 3, worded=True)
    assert parse_reply("2") == Reading(False, 2) and parse_reply("1") == Reading(True, 1)


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault_and_yes_is_only_said_in_so_many_words(words: str) -> None:
    reading = parse_reply(words)
    if reading.yes is True:
        assert len(words.strip(" .,!?;:-")) <= 40 or reading.number == 1
    assert reading.note == "" or reading.yes is False


@given(st.sampled_from(sorted(rules.YES)), st.text(alphabet="bcdghlmnpqrstvx ", min_size=3, max_size=40))
def test_whoever_writes_more_than_yes_has_not_said_yes(yes: str, more: str) -> None:
    said = f"{yes} {more.strip()}z"
    assert parse_reply(said).yes is not True


@given(st.lists(st.text(alphabet="abc 0123-", min_size=1, max_size=60), min_size=2, max_size=9), st.integers(40, 200))
def test_as_many_choices_as_fit_and_never_one(lines: list[str], limit: int) -> None:
    count = rules.fitting("Có 2 việc:", lines, "Trả lời.", limit, length=len)
    assert 2 <= count <= min(rules.MOST, len(lines))
    if count > 2:
        assert len(" ".join(["Có 2 việc:", *lines[:count], "Trả lời."])) <= limit


@given(st.lists(st.text(alphabet="abc 0123-", min_size=20, max_size=90), min_size=2, max_size=4), st.integers(60, 120))
def test_what_does_not_fit_is_cut_at_its_end_and_every_number_stays(does: list[str], room: int) -> None:
    lines = [f"{number} = {each};" for number, each in enumerate(does, start=1)]
    cut = rules.shortened(lines, room, len)
    assert len(" ".join(cut)) <= room
    assert [each[:4] for each in cut] == [each[:4] for each in lines] and all(each.endswith(";") for each in cut)
    if len(" ".join(lines)) <= room:
        assert cut == lines
