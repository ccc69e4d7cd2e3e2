"""PURE Vietnamese text: normal form, search folding, the order of names, phone numbers, mail addresses."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator

# Letters in order, those of Jrai, Bahnar and Ê-đê beside the letter they come from. Compared decomposed, tones removed.
_LETTERS = "a ă â b ƀ c č d đ e ĕ ê ê̆ f g h i ĭ j k l m n ñ ŋ o ŏ ô ô̆ ơ ơ̆ p q r s t u ŭ ư ư̆ v w x y z"
_ALPHABET = ["".join(sorted(unicodedata.normalize("NFD", letter))) for letter in _LETTERS.split()]
_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_TONES = {_GRAVE: "1", _HOOK: "2", _TILDE: "3", _ACUTE: "4", _DOT: "5"}
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET, start=20)}
_NOT_DECOMPOSED = str.maketrans("đĐƀɃŋŊ’ʼ‘", "dDbBnN'''")

_MOBILE = re.compile(r"0[35789]\d{8}")
_FIXED = re.compile(r"02\d{9}")
_HOTLINE = re.compile(r"1[89]00(\d{4}|\d{6})")
_EMERGENCY = re.compile(r"11[2-5]")
_NUMBER_IN_TEXT = re.compile(r"\+?\d[\d\s.\-()/\u2010-\u2015]*")
_BETWEEN_NUMBERS = re.compile(r"/|\s[\-\u2010-\u2015]+\s|\s\(|\)\s|\n")
_BEGINS = re.compile(r"\+84|84|0|1[89]00")
SHORTEST_NUMBER, LONGEST_NUMBER = 3, 15
"""Digits: an extension of a house, and what any telephone number of the world has at most."""
SHORTEST_AMONG_WORDS = 7
"""Digits: a number of the own town. What is shorter beside words is a room, a floor, an hour."""
_PHONE_PUNCTUATION = re.compile(r"[\s.\-()/\u2010-\u2015]+")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)


def nfc(text: str) -> str:
    """Composed form; macOS and Office paste the decomposed one, which looks the same and compares differently."""
    return unicodedata.normalize("NFC", text)


def shortened(text: str, most: int) -> str:
    """Return at most so many characters, the last one "…" where something is left out: for machines, and for answers
    that must count whatever is said beside them. What else is typed is refused instead:
    ``core.form_values.fitting``."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def fold(text: str) -> str:
    """For search without diacritics or case: "Hòa", "Hoà" and "hoa" are one; spaces squeezed and trimmed."""
    decomposed = unicodedata.normalize("NFD", text.translate(_NOT_DECOMPOSED))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.lower().split())


def name_sort_key(full_name: str) -> str:
    """Sort key of a person's name: by the given (last) word, then the others from the family name on.

    Within a word the letters decide first, then the tone (ngang, huyền, hỏi, ngã, sắc, nặng). The key is made of digits
    only, so that a database column of it sorts the same under any collation.
    """
    words = [w for w in full_name.replace("-", " ").split() if any(c.isalnum() for c in w)]
    return "".join(_word_key(word) for word in words[-1:] + words[:-1])


def _word_key(word: str) -> str:
    """Two digits per letter, 00, then the tones ended by 0."""
    letters, tones = [], []
    for cluster in _clusters(word):
        base, marks = cluster[0], cluster[1:]
        if base == "n" and marks == _TILDE:  # ñ of Jrai is a letter; on a vowel the same mark is the tone ngã
            letters.append(_RANK["n" + _TILDE])
            continue
        tones += [_TONES[m] for m in marks if m in _TONES]
        quality = "".join(sorted(base + "".join(m for m in marks if m not in _TONES)))
        letters.append(_RANK.get(quality) or _RANK.get(base) or _other(base))
    return "".join(letters) + "00" + "".join(tones) + "0"


def _clusters(word: str) -> list[str]:
    """Letters and digits of a word, each with the combining marks that follow it; punctuation (H'Nhung) left out."""
    clusters: list[str] = []
    for char in unicodedata.normalize("NFD", word.lower()):
        if char.isalnum():
            clusters.append(char)
        elif unicodedata.combining(char) and clusters:
            clusters[-1] += char
    return clusters


def _other(char: str) -> str:
    """Digits sort before letters, other scripts after them."""
    if char.isascii() and char.isdigit():
        return f"{int(char) + 1:02d}"
    return f"99{ord(char):07d}"


def normalize_phone(text: str) -> str:
    """The digits that one dials in Viet Nam: 0912345678, 02693000000, 19001234, 114.

    Takes +84, 0084 or 84 in front, spaces, dots, dashes and brackets, and numbers whose leading zero a spreadsheet
    dropped. Raises ValueError when no Vietnamese number looks like that.
    """
    raw = text.strip()
    digits = _PHONE_PUNCTUATION.sub("", raw.removeprefix("+"))
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"not a phone number: {text!r}")
    for candidate in _dialled_forms(digits, international=raw.startswith("+")):
        if any(form.fullmatch(candidate) for form in (_MOBILE, _FIXED, _HOTLINE, _EMERGENCY)):
            return candidate
    raise ValueError(f"not a phone number of Viet Nam: {text!r}")


def _dialled_forms(digits: str, *, international: bool) -> list[str]:
    if international:
        return ["0" + digits[2:].removeprefix("0")] if digits.startswith("84") else []
    forms = [digits]
    for prefix in ("0084", "84"):
        if digits.startswith(prefix):
            forms.append("0" + digits.removeprefix(prefix).removeprefix("0"))
    return [*forms, "0" + digits]


def format_phone(text: str) -> str:
    """For reading aloud: "0912 345 678", "0269 3000 000", "024 3822 1234", "1900 1234"; unknown forms unchanged."""
    try:
        digits = normalize_phone(text)
    except ValueError:
        return text
    if _EMERGENCY.fullmatch(digits):
        return digits
    if _HOTLINE.fullmatch(digits):
        return f"{digits[:4]} {digits[4:]}" if len(digits) == 8 else f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    if digits.startswith(("024", "028")):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    cut = 7 if _MOBILE.fullmatch(digits) else 8
    return f"{digits[:4]} {digits[4:cut]} {digits[cut:]}"


def dialled(text: str) -> str:
    """Return what a telephone dials where ``text`` stands on a page: the digits of the first number in it; empty: none.

    "P.201: 0269 3824 999 - 998" dials 02693824999. What is short (an extension, a room, "24/24") is only dialled where
    nothing else is written: "201" itself, "phòng 201" nothing, as "hỏi chị Lan".
    """
    runs = _NUMBER_IN_TEXT.findall(text)
    known = [number for run in runs for number in _numbers_in(run)]
    if known:
        return min(known, key=lambda number: _EMERGENCY.fullmatch(number) is not None)  # a room may be called 114
    is_alone = _PHONE_PUNCTUATION.sub("", text).removeprefix("+").isdigit() and "/" not in text
    shortest = SHORTEST_NUMBER if is_alone else SHORTEST_AMONG_WORDS
    for run in runs:
        digits = _PHONE_PUNCTUATION.sub("", run)
        if shortest <= len(digits.removeprefix("+")) <= LONGEST_NUMBER:
            return str(digits)
    return ""


def _numbers_in(run: str) -> Iterator[str]:
    """Yield what can be a number of Viet Nam in digits and their punctuation, the likeliest first: the whole of it,
    what stands between the marks that part numbers, and as many groups in a row as make one up."""
    pieces = [run]
    if not run.startswith("+") or run.startswith("+84"):
        groups = [group for group in _PHONE_PUNCTUATION.split(run) if group]
        starts = [at for at, group in enumerate(groups) if _BEGINS.match(group)]
        pieces += _BETWEEN_NUMBERS.split(run)
        pieces += [
            " ".join(groups[at:to]) for at in starts for to in range(at + 1, min(at + LONGEST_NUMBER, len(groups)) + 1)
        ]
    for piece in pieces:
        try:
            yield normalize_phone(piece)
        except ValueError:
            continue


def is_mobile(text: str) -> bool:
    """Whether it is the number of a mobile telephone of Viet Nam: one that may have Zalo."""
    try:
        return _MOBILE.fullmatch(normalize_phone(text)) is not None
    except ValueError:
        return False


def zalo(phone: str) -> str:
    """An address that opens a talk by Zalo with whoever has this number; empty for what is no mobile number."""
    return f"https://zalo.me/{normalize_phone(phone)}" if is_mobile(phone) else ""


def is_email(text: str) -> bool:
    """Whether it can be handed to a mail server as one address: ASCII, a domain with a dot, no line break."""
    local, _, _ = text.partition("@")
    return len(text) <= 254 and len(local) <= 64 and _EMAIL.fullmatch(text) is not None


def nearest(typed: str, known: Collection[str]) -> str:
    """The known word that was probably meant, or an empty string."""
    by_folded = {fold(word): word for word in known}
    found = difflib.get_close_matches(fold(typed), list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""
