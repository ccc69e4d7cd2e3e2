"""What pages send about letters and requirements, read into what the services take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from compliance.register.letters import LetterIn
from compliance.register.models import Directive, Requirement
from compliance.register.requirements import RequirementIn
from core.calendar import dates

NOTE = " => "
"""Between the quote and what the editor says of it, a line each."""


def letter_in(form: MultiDict[str, str]) -> LetterIn:
    notes = [line.partition(NOTE.strip()) for line in form.get("notes", "").splitlines() if line.strip()]
    return LetterIn(
        number=form.get("number", ""),
        dated_on=dates.day(form.get("dated_on", "")),
        issuer=form.get("issuer", ""),
        abstract=form.get("abstract", ""),
        signed_by=form.get("signed_by", ""),
        body=form.get("body", ""),
        addressed_to=form.get("addressed_to", ""),
        recipients=tuple(form.get("recipients", "").splitlines()),
        notes=tuple((quote.strip(), note.strip()) for quote, _arrow, note in notes),
        season_from=dates.day(form.get("season_from", "")),
        season_to=dates.day(form.get("season_to", "")),
    )


def letter_form(row: Directive) -> dict[str, Any]:
    """Return them as the form shows a letter that is there."""
    return {
        "number": row.number,
        "dated_on": row.dated_on.isoformat(),
        "issuer": row.issuer,
        "abstract": row.abstract,
        "signed_by": row.signed_by,
        "body": row.body,
        "addressed_to": row.addressed_to,
        "recipients": "\n".join(row.recipients),
        "notes": "\n".join(f"{each['quote']}{NOTE}{each['note']}" for each in row.notes),
        "season_from": row.season_from.isoformat() if row.season_from else "",
        "season_to": row.season_to.isoformat() if row.season_to else "",
    }


def for_copy(row: Directive) -> dict[str, Any]:
    """A new letter often says most of the same; its number, days and text are its own."""
    kept = letter_form(row)
    return {**kept, **dict.fromkeys(("number", "dated_on", "body", "notes", "season_from", "season_to"), "")}


def requirement_in(form: MultiDict[str, str]) -> RequirementIn:
    due = form.get("due_on", "").strip()
    units = form.get("units", "").replace(",", " ").split()
    return RequirementIn(
        text=form.get("text", ""),
        excerpt=form.get("excerpt", ""),
        who=form.get("who", ""),
        wants=tuple(form.getlist("wants")),
        computed=form.get("computed", ""),
        due_on=dates.day(due),
        phase=form.get("phase", ""),
        units=tuple(units) if form.get("scope") == "some" else None,
        off_kinds=tuple(form.getlist("off_kinds")),
        due_readable=not due or dates.day(due) is not None,
        slip=form.get("slip") == "1",
    )


def requirement_form(row: Requirement | None, units: list[str]) -> Mapping[str, Any]:
    """Return them as the form shows one that is there, or a new one; ``units``: codes of those it names."""
    if row is None:
        return {"phase": "all", "scope": "all", "wants": ["photo", "file", "link"], "off_kinds": [], "units": ""}
    return {
        "text": row.text,
        "excerpt": row.excerpt,
        "who": row.who,
        "wants": row.wants,
        "computed": row.computed,
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "phase": row.phase,
        "scope": row.scope,
        "units": " ".join(units),
        "off_kinds": row.off_kinds,
    }
