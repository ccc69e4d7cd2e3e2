"""PURE what must never be written about items of Party and State: their secrecy class, content, sender and receiver.

A coarse net for what people write without thinking, not a judge: a reference code and a class (KT1, Hỏa tốc, Hẹn giờ)
are all that an incident may say. Marks are read with their diacritics, because "tối mật" without them is also
"tôi mất". The rules are data (``RULES``): ``static/js/secrecy.js`` reads the same, so that a phone without a line keeps
nothing that the desk would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from core.text import nfc

_IS = r"(?:\s*[:：=]|\s+là\b)"
_MARKS = (
    r"tuyệt\s+mật",
    r"tối\s+mật",
    r"tuyet\s+mat",
    r"độ\s+mật",
    r"(?:dấu|đóng\s+dấu|hạng|loại|mức)\s+mật\b",
    r"bí\s+mật\s+nhà\s+nước",
    r"\bkt1\s*(?:[-–/.]\s*)?[abc]\b",
    r"\bđộ\s+khẩn\s*(?:,\s*)?mật",
    rf"(?:người|nơi|cơ\s+quan|đơn\s+vị)\s+(?:gửi|nhận){_IS}",
    r"\bnguoi\s+(?:gui|nhan)\s*[:：=]",
    rf"nội\s+dung\s+(?:thư|công\s+văn|tài\s+liệu|bưu\s+gửi){_IS}",
    r"\bnoi\s+dung\s+(?:thu|cong\s+van|tai\s+lieu|buu\s+gui)\s*[:：=]",
    r"trích\s+yếu",
    r"\bv/v\b",
    r"top\s+secret",
    r"\b(?:sender|receiver|recipient)\s*:",
)
_SURNAMES = (
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý mai cao đinh đàm đoàn trương trịnh "
    "lương lưu tô hà tạ tăng thái lâm kiều quách chu tôn tống vương la nguyen tran pham hoang huynh dang ksor siu "
    "kpă kpa nay rmah rcom rahlan rơ rchăm y"
)
_PLACES = (
    "đường phố phường xã huyện quận tỉnh thành thị thôn làng buôn tổ ấp khu cầu chợ trường bưu cục điện điểm trạm hẻm "
    "ngõ kho số đèo sông suối cảng bay ga bến núi dốc đảo tư duong pho phuong xa huyen quan tinh"
)
_NO_NAMES = (
    "hà nội",
    "hà giang",
    "hà nam",
    "hà tĩnh",
    "hồ chí",
    "hồ sơ",
    "cao bằng",
    "cao nguyên",
    "lâm đồng",
    "thái bình",
    "thái nguyên",
    "phan thiết",
    "phan rang",
    "lý sơn",
    "mai châu",
    "đoàn thanh",
    "y tế",
)
_STATE = (
    r"\bkt1\b",
    r"h(?:ỏa|oả)\s+tốc",
    r"cơ\s+quan\s+(?:đảng|nhà\s+nước)",
    r"\b(?:tỉnh|huyện|thành|đảng)\s+(?:ủy|uỷ)\b",
    r"(?:tuyệt|tối|độ|dấu|hạng)\s+mật",
    r"bí\s+mật\s+nhà\s+nước",
    r"top\s+secret",
)
RULES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "marks": _MARKS,
        "state": _STATE,
        "surnames": tuple(_SURNAMES.split()),
        "places": tuple(_PLACES.split()),
        "no_names": _NO_NAMES,
    }
)
r"""For the script. ``marks``: patterns, in any case, in which ``\b`` is the edge of a word of any alphabet; ``state``:
such that tell that words are about such an item; ``places``: words before a name that make it one of a street or a
place; ``no_names``: what begins like a name and is none."""
MASK = "[…]"
_ANY = re.compile("|".join(_MARKS), re.IGNORECASE)
_ANY_STATE = re.compile("|".join(_STATE), re.IGNORECASE)
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+(?:['’](?:[^\W\d_][\u0300-\u036f]*)+)*")
_LONGEST_NAME = 5
"""Words."""


def found(text: str) -> str | None:
    """The first words that do not belong there, as typed; ``None`` when there are none."""
    match = _ANY.search(nfc(text))
    return " ".join(match.group().split()) if match else None


def found_about_state(text: str) -> str | None:
    """The same for free notes: only where they speak of such items. Ordinary mail has a sender that may be named."""
    return found(text) if speaks_of_state(text) else None


def speaks_of_state(text: str) -> bool:
    """Whether the words are about an item of Party, State or KT1."""
    return _ANY_STATE.search(nfc(text)) is not None


def without(text: str, names: Iterable[str] = ()) -> str:
    """The text with such words, and these names, taken out: for what machines and one-tap pages send, which must never
    be refused."""
    kept = _ANY.sub(MASK, nfc(text)) if found(text) else text
    for name in names:
        kept = nfc(kept).replace(name, MASK)
    return kept


def person_in(text: str) -> str | None:
    """The first words that look like somebody's name."""
    return next((" ".join(each.split()) for each in names_in(text)), None)


def names_in(text: str) -> Iterator[str]:
    """Words that look like somebody's name: a usual surname and what follows it, each with a capital letter.

    In a text of capitals alone it takes three words. Streets and places are none.
    """
    text = nfc(text)
    words = list(_WORD.finditer(text))
    capitals_alone, read = text == text.upper(), 0
    for place, word in enumerate(words):
        if (
            place < read
            or word.group().lower() not in RULES["surnames"]
            or not _is_capital(word.group())
            or _is_place(text, words, place)
        ):
            continue
        ends = place + 1
        while ends < len(words) and ends - place < _LONGEST_NAME and _follows(text, words, ends):
            ends += 1
        pair = " ".join(each.group().lower() for each in words[place : place + 2])
        if ends - place >= (3 if capitals_alone else 2) and pair not in RULES["no_names"]:
            yield text[words[place].start() : words[ends - 1].end()]
            read = ends


def _is_capital(word: str) -> bool:
    return word[0] != word[0].lower()


def _follows(text: str, words: Sequence[re.Match[str]], place: int) -> bool:
    between = text[words[place - 1].end() : words[place].start()]
    return not between.strip() and _is_capital(words[place].group())


def _is_place(text: str, words: Sequence[re.Match[str]], place: int) -> bool:
    before = text[: words[place].start()].rstrip()
    if before[-1:].isdigit():  # of a house
        return True
    near = place > 0 and not text[words[place - 1].end() : words[place].start()].strip()
    return near and words[place - 1].group().lower() in RULES["places"]
