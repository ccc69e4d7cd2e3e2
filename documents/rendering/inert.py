"""PURE Texts as they may stand in any file: nothing in them is markup or hidden, whatever somebody typed."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from typing import Any, TypeVar

T = TypeVar("T")
_NEW_LINES = re.compile(r"\r\n?|[\u2028\u2029]")
_NO_CHARACTERS = frozenset((0xFFFE, 0xFFFF))


def inert(text: str) -> str:
    """Return it without characters that are no letters: those that XML forbids, and those that turn or hide what
    follows them.

    A mark that turns the direction of writing ("\u202e") has no picture of its own; on paper it would only turn
    others around.
    """
    lines = _NEW_LINES.sub("\n", text).replace("\t", " ").replace("\u2011", "-")
    return "".join(each for each in lines if each == "\n" or _is_visible(each))


def _is_visible(letter: str) -> bool:
    return (
        letter.isascii()
        and letter.isprintable()
        or (unicodedata.category(letter) not in ("Cc", "Cf", "Cs") and ord(letter) & 0xFFFF not in _NO_CHARACTERS)
    )


def everywhere(thing: T, change: Any = inert) -> T:
    """The same data with each text changed."""
    return _changed(thing, change)  # type: ignore[no-any-return]


def _changed(thing: Any, change: Any) -> Any:
    if isinstance(thing, str):
        return change(thing)
    if isinstance(thing, tuple | list):
        return type(thing)(_changed(each, change) for each in thing)
    if isinstance(thing, dict):
        return {key: _changed(each, change) for key, each in thing.items()}
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        values = {each.name: _changed(getattr(thing, each.name), change) for each in dataclasses.fields(thing)}
        return dataclasses.replace(thing, **values)
    return thing
