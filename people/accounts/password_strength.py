"""PURE How hard a password is to guess, for somebody who knows whose it is and that it is Tết."""

from __future__ import annotations

import re
from collections.abc import Iterable
from threading import Lock
from typing import Any

from core import text

GOOD = 3
"""Of zxcvbn's 0 to 4: more than 10⁸ guesses, beyond what slowed-down guessing reaches."""
LONGEST_JUDGED = 72
TET = (
    "tet",
    "tetnguyendan",
    "mungnammoi",
    "chucmungnammoi",
    "canhty",
    "tanty",
    "giapthin",
    "atty",
    "binhngo",
    "dinhmui",
    "mauthan",
    "kydau",
    "canhtuat",
    "tanhoi",
    "nhamty",
    "quysuu",
    "giapdan",
    "atmao",
    "giaothua",
    "mung1",
    "mung2",
    "mung3",
    "mungmot",
    "hoamai",
    "hoadao",
    "banhchung",
    "lixi",
    "xuan",
    "namm",
    "nammoi",
    "ankhang",
    "thinhvuong",
    "vannhuy",
    "phatloc",
    "phattai",
    "buudien",
    "buudientinh",
    "buucuc",
    "buuta",
    "buuchinh",
    "vnpost",
    "vietnampost",
    "tructet",
    "truc",
    "lichtruc",
    "sucoo",
    "suco",
    "matkhau",
    "anhyeuem",
    "emyeuanh",
    "yeuanh",
    "yeuem",
    "vietnam",
    "saigon",
    "hanoi",
    "congty",
    "quantri",
    "quanly",
    "nhanvien",
    "congan",
    "giadinh",
    "conyeu",
    "baby",
)
"""Found first by everyone who guesses here, besides what zxcvbn knows of English, names and keyboards."""
_REASONS = {"spatial": "keyboard", "repeat": "repeat", "sequence": "run", "date": "date", "regex": "date"}
_judging = Lock()


def weakness(password: str, own: Iterable[str]) -> str:
    """Why it is guessed too soon: own, word, keyboard, repeat, run, date or plain; '' when it is good.

    ``own``: what is known of its owner. Judged as typed, without marks, and without what stands between words.
    """
    composed = text.nfc(password)
    folded = text.fold(composed)
    hints = _hints(own)
    if _is_made_of(re.sub(r"[^a-z]+", "", folded), set(hints)):
        return "own"
    found = [_judged(each, hints) for each in {composed, folded, re.sub(r"[\W_]+", "", folded)} if each]
    worst = min(found, key=lambda judged: judged["guesses"], default=None)
    if worst is None or worst["score"] >= GOOD:
        return "" if worst is not None else "plain"
    return _reason(worst["sequence"])


def _hints(own: Iterable[str]) -> list[str]:
    """Words and what is written together of them: "Bưu điện Gia Lai" is buudiengialai too. With years behind it."""
    words: dict[str, None] = {}
    for line in own:
        parts = re.findall(r"[a-z0-9]+", text.fold(line))
        for word in (*parts, "".join(parts), "".join(part[0] for part in parts)):
            if len(word) >= 3:
                words.setdefault(word)
    for word in TET:
        words.setdefault(word)
    return list(words)


def _is_made_of(letters: str, words: set[str]) -> bool:
    """Nothing but such words one after the other: VNPost#Tet2027 is two of them and a year."""
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in words for start in reached):
            reached.add(end)
    return bool(letters) and len(letters) in reached


def _judged(password: str, hints: list[str]) -> dict[str, Any]:
    # Imported when first needed: its word lists take longer to read than the rest of a command.
    from zxcvbn import zxcvbn

    with _judging:  # it keeps the hints of one judgement in a global
        return dict(zxcvbn(password[:LONGEST_JUDGED], user_inputs=hints))


def _reason(sequence: list[dict[str, Any]]) -> str:
    """By the longest part that was recognised."""
    known = [match for match in sequence if match["pattern"] != "bruteforce"]
    if not known:
        return "plain"
    longest = max(known, key=lambda match: len(match["token"]))
    if longest["pattern"] == "dictionary":
        return "own" if longest["dictionary_name"] == "user_inputs" else "word"
    return _REASONS.get(longest["pattern"], "plain")
