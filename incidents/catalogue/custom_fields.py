"""PURE what is asked after the first call went out, by category: typed fields, read from a form or from JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.calendar import dates
from core.text import nfc

KINDS = ("text", "number", "time", "yesno", "choice", "vehicle", "route", "person")
LONGEST = 500
MOST = 999_999_999
MOST_FIELDS = 30

Value = str | int | float | bool


@dataclass(frozen=True)
class CustomField:
    """``fills``: other fields' keys → what the directory knows of a chosen vehicle or route."""

    key: str
    kind: str
    vi: str
    en: str
    choices: tuple[tuple[str, str, str], ...] = ()
    """(value, Vietnamese, English)."""
    fills: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldFault:
    key: str
    code: str


def fields_of(kept: Sequence[Mapping[str, Any]]) -> list[CustomField]:
    """The fields of a category as its row keeps them."""
    return [
        CustomField(
            str(each["key"]),
            str(each["kind"]),
            str(each["vi"]),
            str(each["en"]),
            tuple((str(c["value"]), str(c["vi"]), str(c["en"])) for c in each.get("choices", ())),
            dict(each.get("fills", {})),
        )
        for each in kept
    ]


def read_values(
    fields: Sequence[CustomField], typed: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Value | None], list[FieldFault]]:
    """Values by key of what is among ``typed`` (blank: None, taken away) and what is wrong with the rest.

    Numbers come as numbers or as people write them ("1.250,5", "12"), times as ``YYYY-MM-DDTHH:MM`` local or aware,
    yes/no as true/false, "yes"/"no". Times are kept as aware ISO text.
    """
    known = {each.key: each for each in fields}
    values: dict[str, Value | None] = {}
    faults = [FieldFault(key, "fact.unknown") for key in typed if key not in known]
    for key, given in typed.items():
        if key not in known:
            continue
        try:
            values[key] = _value(known[key], given, now)
        except ValueError as wrong:
            faults.append(FieldFault(key, str(wrong)))
    return values, faults


def changes(before: Mapping[str, Value], after: Mapping[str, Value | None]) -> dict[str, tuple[Any, Any]]:
    """Key → (former value, new value) of what differs; ``None``: nothing there."""
    return {key: (before.get(key), value) for key, value in after.items() if before.get(key) != value}


def own(values: Mapping[str, Value | None], seen: Mapping[str, Value]) -> dict[str, Value | None]:
    """Return what its writer changed in a form, of all that it brought: the form showed them ``seen``."""
    return {key: value for key, value in values.items() if value != seen.get(key)}


def overtaken(mine: Mapping[str, Value | None], seen: Mapping[str, Value], now: Mapping[str, Value]) -> list[str]:
    """Keys of what somebody else has changed since it was ``seen``, into something other than ``mine``."""
    return [key for key, value in mine.items() if now.get(key) not in (seen.get(key), value)]


def _value(asked: CustomField, given: Any, now: datetime) -> Value | None:
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if asked.kind == "yesno":
        return _yes(given)
    if asked.kind == "number":
        return _number(given)
    if not isinstance(given, str):
        raise ValueError("fact.text")
    text = " ".join(nfc(given).split())
    if len(text) > LONGEST or "\x00" in text:
        raise ValueError("fact.long")
    if asked.kind == "time":
        return _time(text, now)
    if asked.kind == "choice" and text not in [value for value, _vi, _en in asked.choices]:
        raise ValueError("fact.choice")
    return text


def _yes(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    if given in ("yes", "no"):
        return bool(given == "yes")
    raise ValueError("fact.yesno")


def _number(given: Any) -> int | float:
    if isinstance(given, bool):
        raise ValueError("fact.number")
    if isinstance(given, str):
        plain = given.strip().replace(" ", "")
        whole, comma, part = plain.partition(",")
        if comma or whole.count(".") > 1 or (whole.count(".") == 1 and len(whole.partition(".")[2]) == 3):
            plain = whole.replace(".", "") + (f".{part}" if comma else "")
        if not (plain.isascii() and plain.replace(".", "", 1).isdigit()):
            raise ValueError("fact.number")
        given = float(plain)
    if not isinstance(given, int | float) or not 0 <= given <= MOST:
        raise ValueError("fact.number")
    return int(given) if float(given).is_integer() else round(float(given), 3)


def _time(text: str, now: datetime) -> str:
    """Local time of Việt Nam when it has no offset; within a year of ``now``, else somebody mistyped."""
    try:
        at = dates.moment(text) or datetime.fromisoformat(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=now.tzinfo)
        far = abs(at - now) > timedelta(days=366)
    except (ValueError, OverflowError):
        raise ValueError("fact.time") from None
    if far:
        raise ValueError("fact.time")
    return at.isoformat(timespec="minutes")
