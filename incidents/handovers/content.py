"""PURE what minutes say: checklist, notes, open incidents; as typed, frozen, hashed, summed up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import FieldError
from core.text import nfc
from incidents.record import secrecy

ITEM_STATES = ("fine", "attention", "none")
"""In order; look at this (with a note); there is none here."""
LONGEST_ITEM = 120
LONGEST_NOTE = 500
LONGEST_TEXT = 2000
MOST_ITEMS = 30


@dataclass(frozen=True)
class ChecklistItem:
    """One thing that was looked at; ``state``: one of ``ITEM_STATES``, empty as long as nobody said."""

    what: str
    state: str = ""
    note: str = ""


@dataclass(frozen=True)
class OpenIncident:
    """As it stood when the minutes were signed. Of one that only few may see there is the code and nothing else."""

    code: str
    title: str
    severity: int
    special: bool
    """It concerns KT1, Party or State."""
    restricted: bool
    since: str
    """ISO, UTC."""
    note: str = ""
    note_by: str = ""
    note_at: str = ""
    todo: tuple[str, ...] = ()
    """What of its checklist is not done."""
    had_list: bool = False


@dataclass(frozen=True)
class TypedMinutes:
    """What the outgoing person says: the checklist, notes, and what is undone."""

    items: tuple[ChecklistItem, ...] = ()
    notes: str = ""
    undone: str = ""

    def as_content(self) -> dict[str, Any]:
        return {"items": [asdict(each) for each in self.items], "notes": self.notes, "undone": self.undone}


def tidied(typed: TypedMinutes) -> TypedMinutes:
    """Return it without blanks around lines, in one spelling of letters."""
    items = tuple(ChecklistItem(_line(each.what), each.state, _line(each.note)) for each in typed.items)
    return TypedMinutes(items, nfc(typed.notes).strip(), nfc(typed.undone).strip())


def faults(typed: TypedMinutes, *, to_sign: bool) -> list[FieldError]:
    """Return what is wrong with tidied words, by field: ``state-1``, ``note-1`` (items count from 1), ``notes``,
    ``undone``.

    Before signing there must be a checklist, each item must have its state, and each that wants attention its note.
    """
    found = [FieldError("items", "handover.items_many", {"most": MOST_ITEMS})] if len(typed.items) > MOST_ITEMS else []
    if to_sign and not typed.items:
        found.append(FieldError("items", "handover.items_none"))
    for number, item in enumerate(typed.items, 1):
        found += _item_faults(number, item, to_sign)
    for field, text in (("notes", typed.notes), ("undone", typed.undone)):
        found += _too_long(field, text, LONGEST_TEXT) + _secret(field, text)
    return found


def _item_faults(number: int, item: ChecklistItem, to_sign: bool) -> list[FieldError]:
    if not item.what or len(item.what) > LONGEST_ITEM:
        return [FieldError(f"what-{number}", "handover.item_name", {"most": LONGEST_ITEM})]
    if item.state not in ITEM_STATES and (item.state or to_sign):
        return [FieldError(f"state-{number}", "handover.item_state", {"what": item.what})]
    if item.state == "attention" and to_sign and not item.note:
        return [FieldError(f"note-{number}", "handover.item_note", {"what": item.what})]
    return _too_long(f"note-{number}", item.note, LONGEST_NOTE) + _secret(f"note-{number}", item.note)


def _too_long(field: str, text: str, most: int) -> list[FieldError]:
    return [FieldError(field, "handover.long", {"most": most})] if len(text) > most else []


def _secret(field: str, text: str) -> list[FieldError]:
    words = secrecy.found_about_state(text)
    return [FieldError(field, "incident.secret", {"words": words})] if words is not None else []


def items_of(content: Mapping[str, Any]) -> list[ChecklistItem]:
    return [ChecklistItem(**each) for each in content.get("items", ())]


def typed_of(content: Mapping[str, Any]) -> TypedMinutes:
    """Return what the outgoing person said, of content that is kept or signed."""
    return TypedMinutes(tuple(items_of(content)), content["notes"], content["undone"])


def incidents_of(content: Mapping[str, Any]) -> list[OpenIncident]:
    """Return those that stood open at signing; nothing before."""
    return [OpenIncident(**{**each, "todo": tuple(each["todo"])}) for each in content.get("incidents", ())]


def frozen(
    content: Mapping[str, Any], head: Mapping[str, Any], open_incidents: Sequence[OpenIncident]
) -> tuple[dict[str, Any], str]:
    """Return what is signed, and its SHA-256; ``head``: number, place, times and people."""
    whole = {**content, **head, "incidents": [{**asdict(each), "todo": list(each.todo)} for each in open_incidents]}
    return whole, digest(whole)


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in one spelling: whoever prints the minutes later can see that they are the same."""
    spelt = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(spelt.encode()).hexdigest()


def is_altered(content: Mapping[str, Any], signed: str) -> bool:
    """Whether this is not what was signed; ``signed``: its hash, empty as long as nobody has."""
    return bool(signed) and digest(content) != signed


@dataclass(frozen=True)
class Summary:
    """The checklist for whoever takes over: what needs attention first, what is in order in one line."""

    attention: tuple[ChecklistItem, ...]
    fine: tuple[str, ...]
    absent: tuple[str, ...]
    """What there is none of in this place."""


def summed_up(items: Sequence[ChecklistItem]) -> Summary:
    def named(state: str) -> tuple[str, ...]:
        return tuple(each.what for each in items if each.state == state)

    return Summary(tuple(each for each in items if each.state == "attention"), named("fine"), named("none"))


def _line(text: str) -> str:
    return " ".join(nfc(text).split())
