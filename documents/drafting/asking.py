"""What the form of a draft says, as the services want it: from a query or from a form that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from core.errors import Invalid
from core.text import nfc
from documents.drafting.services import DraftRequest

MOST_RECIPIENTS, LONGEST_LINE = 20, 160
LONGEST_DIGEST = 64
OPTION = "o-"
"""Before the code of an option, in names of fields."""


def wanted(about: str, kind: str, given: MultiDict[str, str]) -> DraftRequest:
    """Raises ``Invalid`` at ``recipients``, ``signatory`` or ``replaces``."""
    return DraftRequest(
        about,
        kind,
        {name.removeprefix(OPTION): value for name, value in given.items() if name.startswith(OPTION)},
        given.get("language", "vi"),
        _number(given, "signatory"),
        _recipients(given.get("recipients")),
        _number(given, "replaces"),
        _moment(given.get("at", "")),
        given.get("shown", "")[:LONGEST_DIGEST],
    )


def as_query(asked: DraftRequest) -> dict[str, Any]:
    """The same as the parts of an address, so that a draft can be linked to."""
    said: Mapping[str, Any] = {
        "language": asked.language,
        "signatory": asked.signatory,
        "recipients": None if asked.recipients is None else "\n".join(asked.recipients),
        "replaces": asked.replaces,
        "at": None if asked.at is None else asked.at.isoformat(),
    }
    options = {f"{OPTION}{code}": value for code, value in asked.options.items()}
    return {**options, **{name: value for name, value in said.items() if value is not None}}


def _moment(said: str) -> datetime | None:
    """What is no moment was not written by a page of ours: the draft is then told as of now."""
    try:
        at = datetime.fromisoformat(said.replace(" ", "+"))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _number(given: MultiDict[str, str], name: str) -> int | None:
    typed = given.get(name, "").strip()
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > 9:
        raise Invalid("documents.signatory" if name == "signatory" else "documents.unknown", field=name)
    return int(typed)


def _recipients(typed: str | None) -> tuple[str, ...] | None:
    if typed is None:
        return None
    lines = tuple(each for each in (" ".join(nfc(line).split()) for line in typed.splitlines()) if each)
    if len(lines) > MOST_RECIPIENTS or any(len(each) > LONGEST_LINE for each in lines):
        raise Invalid("documents.recipients", field="recipients", most=MOST_RECIPIENTS, longest=LONGEST_LINE)
    return lines
