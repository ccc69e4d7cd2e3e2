"""PURE several incidents in one message: those that went alike share a phrase, and as many codes are named as fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from notify import sms_text

Group = tuple[Sequence[str], str]
"""Codes, and what became of them."""


def grouped(said: Iterable[tuple[str, str]]) -> list[Group]:
    """(code, phrase) of each: the same phrase is said once, in the order of the first of each."""
    found: dict[str, list[str]] = {}
    for code, phrase in said:
        found.setdefault(phrase, []).append(code)
    return [(codes, phrase) for phrase, codes in found.items()]


def fitted(said: Sequence[tuple[str, str, str]], tail: str, limit: int = sms_text.LIMIT) -> str:
    """All on one line that is sent as one text; ``said``: code, phrase, and a shorter one where that is too much. The
    ``tail`` stays whole."""
    full, short = ((code, whole) for code, whole, _brief in said), ((code, brief) for code, _whole, brief in said)
    words = ""
    for groups in (grouped(full), grouped(short)):
        for named in range(max(len(codes) for codes, _phrase in groups), 0, -1):
            words = _line(groups, tail, named)
            if sms_text.length(sms_text.ascii_only(words)) <= limit:
                return words
    return words


def _line(groups: Sequence[Group], tail: str, named: int) -> str:
    return " ".join([*(f"{_named(codes, named)}: {phrase}." for codes, phrase in groups), tail]).strip()


def _named(codes: Sequence[str], most: int) -> str:
    more = [f"+{len(codes) - most}"] if len(codes) > most else []
    return ", ".join([*codes[:most], *more])
