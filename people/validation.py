"""PURE What may be typed: lines, codes, roles, logins, passwords, phones, mails. Raises ``Invalid`` with its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from core import text
from core.errors import Invalid
from people import limits as own_limits, skills as skill_words
from people.access.permissions import ROLE_ORDER

MIN_PASSWORD = 8
MAX_PASSWORD = 200
MIN_PIN, MAX_PIN = 4, 8
MAX_LINE = 200
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(value: str, field: str, *, required: bool = True) -> str:
    """Trimmed, composed (NFC), no control characters, at most 200."""
    tidy = " ".join(_CONTROL.sub(" ", text.nfc(value or "")).split())
    if required and not tidy:
        raise Invalid("field.required", field=field)
    if len(tidy) > MAX_LINE:
        raise Invalid("field.too_long", field=field, limit=MAX_LINE)
    return tidy


def known_role(role: str) -> str:
    if role not in ROLE_ORDER:
        raise Invalid("account.role_unknown", field="role", role=role)
    return role


def code(value: str, field: str = "code") -> str:
    """Letters, digits, dot, dash, underscore; 1 to 40."""
    tidy = value.strip()
    if not _CODE.fullmatch(tidy):
        raise Invalid("field.code", field=field, value=tidy)
    return tidy


def login(value: str) -> str:
    """Lower case; letters, digits and . _ @ + -; 2 to 64."""
    tidy = value.strip().lower()
    if not _LOGIN.fullmatch(tidy):
        raise Invalid("account.login_form", field="login", login=tidy)
    if is_address(tidy):
        raise Invalid("account.login_address", field="login", login=tidy)
    return tidy


def is_address(value: str) -> bool:
    """Whether it could be somebody's phone or mail: a login like that would stand in front of their own."""
    try:
        text.normalize_phone(value)
    except ValueError:
        return text.is_email(value)
    return True


def pin(value: str, *, phones: Iterable[str] = ()) -> str:
    """Four to eight digits that are not guessed first: no run, no single digit, no part of one's own number."""
    tidy = value.strip()
    if not (tidy.isascii() and tidy.isdigit() and MIN_PIN <= len(tidy) <= MAX_PIN):
        raise Invalid("pin.form", field="pin", minimum=MIN_PIN, maximum=MAX_PIN)
    if len(set(tidy)) < 2 or _is_a_run(tidy) or any(tidy in phone for phone in phones):
        raise Invalid("pin.too_common", field="pin")
    return tidy


def is_pin(value: str) -> bool:
    """Whether what was typed looks like a PIN (anything else is taken for a password)."""
    tidy = value.strip()
    return tidy.isascii() and tidy.isdigit() and MIN_PIN <= len(tidy) <= MAX_PIN


def _is_a_run(folded: str) -> bool:
    """12345678, abcdefgh and their like: each character follows the one before."""
    steps = {ord(after) - ord(before) for before, after in zip(folded, folded[1:], strict=False)}
    return steps <= {1, -9} or steps <= {-1, 9}


def phone(value: str, field: str = "phone") -> str:
    """Digits as dialled, or an empty string."""
    if not value.strip():
        return ""
    try:
        return text.normalize_phone(value)
    except ValueError:
        raise Invalid("field.phone", field=field, value=value.strip()) from None


def email(value: str, field: str = "email") -> str:
    """Lower case, or an empty string."""
    tidy = value.strip().lower()
    if tidy and not text.is_email(tidy):
        raise Invalid("field.email", field=field, value=tidy)
    return tidy


def skills(words: Iterable[str], field: str) -> list[str]:
    """Sorted, in lower case, without repetitions."""
    try:
        return skill_words.listed(words)
    except ValueError:
        raise Invalid("field.skills", field=field, longest=skill_words.LONGEST, most=skill_words.MOST) from None


def limits(given: Mapping[str, int] | str, field: str) -> dict[str, int]:
    """Return what a person has of their own for rules, as numbers by ``rule:parameter`` or as text."""
    try:
        return own_limits.parsed(given) if isinstance(given, str) else own_limits.tidy(given)
    except own_limits.LimitError as error:
        raise Invalid(f"field.limits_{error.reason}", field=field, **error.params) from None
