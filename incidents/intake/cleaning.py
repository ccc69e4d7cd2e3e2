"""PURE words of other programs, made fit to be kept: bounded, and without what a database or a mail cannot carry."""

from __future__ import annotations

import hashlib
import json
import quopri
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

PAYLOAD_KEPT = 16_384
"""Bytes of each payload that are kept."""
LONGEST_KEY, LONGEST_TITLE, LONGEST_DESCRIPTION = 255, 200, 4000
MOST_DETAILS, LONGEST_NAME, LONGEST_VALUE = 40, 60, 500
Details = tuple[tuple[str, str], ...]
_SECRET = re.compile(r"passw|secret|token|api.?key|authori[sz]ation|routing_key|credential", re.I)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
SEVERITIES = {
    "critical": 2,
    "page": 2,
    "emergency": 2,
    "fatal": 2,
    "error": 3,
    "high": 3,
    "warning": 3,
    "medium": 3,
    "info": 4,
    "low": 4,
    "notice": 4,
    "none": 4,
}
"""Words of monitoring tools → our levels. None is level 1: that is fire and people hurt, which no tool measures."""


def level_of(severity: Any) -> int | None:
    if severity is None or isinstance(severity, bool):
        return None
    if isinstance(severity, int):
        return severity if 1 <= severity <= 4 else None
    word = str(severity).strip().lower()
    return int(word) if word in ("1", "2", "3", "4") else SEVERITIES.get(word)


def object_in(of: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def lines(details: Any) -> list[str]:
    """Details of any shape, readable."""
    if details is None or details == "":
        return []
    if isinstance(details, dict):
        return [f"{name}: {value}" for name, value in details.items()]
    return [str(each) for each in details] if isinstance(details, list) else [str(details)]


def title_of(text: str) -> str:
    text = " ".join(clean(text).split())
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"


def first_line(*told: Any) -> str:
    """The first line of the first of ``told`` in which anything can be read; empty when there is none."""
    said = (line for each in told if isinstance(each, str) for line in each.splitlines())
    return next((line.strip() for line in said if title_of(line)), "")


def description_of(title: str, told: list[str]) -> str:
    """Return what is told besides; the title whole where it had to be cut."""
    cut = [title] if len(" ".join(title.split())) > LONGEST_TITLE else []
    text = clean("\n".join([*cut, *told])).strip()
    return text if len(text) <= LONGEST_DESCRIPTION else text[: LONGEST_DESCRIPTION - 1] + "…"


def flat(given: Mapping[str, Any], *, without: Collection[str] = (), before: str = "") -> Iterator[tuple[str, Any]]:
    """Names and plain values of an object of any shape; what stands deeper has the names on its way before its own."""
    for name, value in given.items():
        label = f"{before}{name}"
        if name in without or str(name).startswith("__"):
            continue
        if isinstance(value, dict) and label.count(".") < 3:
            yield from flat(value, before=f"{label}.")
        elif isinstance(value, list) and label.count(".") < 3 and any(isinstance(each, dict) for each in value):
            for place, each in enumerate(value[:MOST_DETAILS], start=1):
                yield from flat(each if isinstance(each, dict) else {"": each}, before=f"{label}.{place}.")
        else:
            yield label, ", ".join(str(each) for each in value) if isinstance(value, list) else value


def details_of(told: Iterable[tuple[str, Any]]) -> Details:
    """Names and values as they may be kept and shown: bounded, each name once, nothing empty and nothing by whose name
    it is a password: many people read the page of an incident."""
    found = dict[str, str]()
    for name, value in told:
        if value is None or value == "" or len(found) >= MOST_DETAILS:
            continue
        name, said = " ".join(clean(str(name)).split()), clean(str(value)).strip()
        if name and said and not _SECRET.search(name) and name[:LONGEST_NAME] not in found:
            found[name[:LONGEST_NAME]] = said if len(said) <= LONGEST_VALUE else said[: LONGEST_VALUE - 1] + "…"
    return tuple(found.items())


def clean(text: str) -> str:
    """Return it without what a database or a mail cannot carry: control characters, halves of surrogate pairs."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(each if each.isprintable() or each in "\n\t" else " " for each in text)


def as_it_came(raw: bytes) -> str:
    """The beginning of a body, as it is kept."""
    return raw[:PAYLOAD_KEPT].decode("utf-8", "replace").replace("\x00", "\ufffd")


def legible(text: str) -> Iterator[str]:
    """A body as it came, and as whoever opens it would read it: letters may be written as JSON, forms and mails do."""
    yield text
    if "\\u" in text:
        yield _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
    if "%" in text:
        yield unquote_plus(text)
    if "=" in text:
        yield quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace")


def key_of(text: str | None) -> str | None:
    """Tools make keys of anything: what is too long or cannot be kept is known by its digest."""
    if not text:
        return None
    return text if len(text) <= LONGEST_KEY and clean(text) == text == text.strip() else digest(text)


def digest(of: Any) -> str:
    return hashlib.sha256(json.dumps(of, sort_keys=True, default=str).encode()).hexdigest()[:32]
