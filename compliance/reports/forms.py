"""What forms of reports send, as the services want it; and what they show again when something is wrong."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from compliance.reports.requesting import ReportRequestIn
from core.calendar import dates
from core.errors import Invalid


def request_in(given: MultiDict[str, str]) -> ReportRequestIn:
    """Recipients stand a line each: "Name; mail; phone", the latter two in any order and left out if unknown."""
    return ReportRequestIn(
        unit=given.get("unit", ""),
        form=given.get("form", ""),
        kind=given.get("kind", ""),
        asked_by=given.get("asked_by", ""),
        number=given.get("number", ""),
        asked_on=dates.day(given.get("asked_on", "")),
        content=given.get("content", ""),
        starts_on=dates.day(given.get("starts_on", "")),
        ends_on=dates.day(given.get("ends_on", "")),
        opens=given.get("opens", "").strip(),
        until=given.get("until", "").strip(),
        recipients=recipients(given.get("recipients", "")),
    )


def recipients(typed: str) -> list[dict[str, str]]:
    found = []
    for line in typed.splitlines():
        name, *rest = (part.strip() for part in line.split(";"))
        mail = next((part for part in rest if "@" in part), "")
        phone = next((part for part in rest if part and "@" not in part), "")
        if name or rest:
            found.append({"name": name, "mail": mail, "phone": phone})
    return found


def texts(given: MultiDict[str, str]) -> dict[str, str]:
    """Return them by section."""
    return {name.removeprefix("text-"): value for name, value in given.items() if name.startswith("text-")}


def day(given: MultiDict[str, str], name: str) -> date:
    """Raises ``Invalid`` at the field."""
    found = dates.day(given.get(name, ""))
    if found is None:
        raise Invalid("reports.day", field=name)
    return found
