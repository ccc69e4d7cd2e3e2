"""PURE what must never be written about items of Party and State: their secrecy class, their sender and receiver.

A coarse net for what people write without thinking, not a judge: a reference code and a class (KT1, Hỏa tốc, Hẹn giờ)
are all that an incident may say. Marks are read with their diacritics, because "tối mật" without them is also
"tôi mất".
"""

from __future__ import annotations

import re

from core.text import nfc

_MARKS = (
    r"tuyệt\s+mật",
    r"tối\s+mật",
    r"tuyet\s+mat",
    r"độ\s+mật",
    r"(?:dấu|đóng\s+dấu|hạng|loại|mức)\s+mật\b",
    r"bí\s+mật\s+nhà\s+nước",
    r"\bkt1\s*[-–/.]?\s*[abc]\b",
    r"\bđộ\s+khẩn\s*,?\s*mật",
    r"(?:người|nơi|cơ\s+quan|đơn\s+vị)\s+(?:gửi|nhận)\s*[:：=]",
    r"\bnguoi\s+(?:gui|nhan)\s*[:：=]",
    r"nội\s+dung\s+(?:thư|công\s+văn|tài\s+liệu|bưu\s+gửi)\s*[:：=]",
    r"top\s+secret",
    r"\b(?:sender|receiver|recipient)\s*:",
)
_ANY = re.compile("|".join(_MARKS), re.IGNORECASE)
_STATE = re.compile(
    r"\bkt1\b|h(?:ỏa|oả)\s+tốc|cơ\s+quan\s+(?:đảng|nhà\s+nước)|\b(?:tỉnh|huyện|thành|đảng)\s+(?:ủy|uỷ)\b|"
    r"(?:tuyệt|tối|độ|dấu|hạng)\s+mật|bí\s+mật\s+nhà\s+nước|top\s+secret",
    re.IGNORECASE,
)
"""What tells that words which belong to no incident are about such an item."""


def found(text: str) -> str | None:
    """The first words that do not belong there, as typed; ``None`` when there are none."""
    match = _ANY.search(nfc(text))
    return " ".join(match.group().split()) if match else None


def found_about_state(text: str) -> str | None:
    """The same for free notes: only where they speak of such items. Ordinary mail has a sender that may be named."""
    return found(text) if speaks_of_state(text) else None


def speaks_of_state(text: str) -> bool:
    """Whether the words are about an item of Party, State or KT1."""
    return _STATE.search(nfc(text)) is not None


def without(text: str) -> str:
    """The text with such words taken out: for what machines and one-tap pages send, which must never be refused."""
    return _ANY.sub("[…]", nfc(text)) if found(text) else text
