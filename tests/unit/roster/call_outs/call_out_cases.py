"""The cases of `tests/data/call_outs.csv`: a timeline, what Lan serves around it, and what it makes of her hours.

`python -m tests.unit.roster.call_outs.call_out_cases` writes them into docs/rules.md. Days are of March 2027,
hours local.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from incidents.record import held
from planning.time.points import LOCAL
from roster.call_outs.called import CallOutSpan, Home, IncidentHolding, Onsite, call_outs

ROOT = Path(__file__).parents[4]
DOCS = ROOT / "docs" / "rules.md"
BEGIN, END = "<!-- call-outs: begin -->\n", "<!-- call-outs: end -->\n"
PEOPLE = {"Lan": 1, "Hoa": 2}
KINDS = {"taken": "acknowledged"}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class CallOutCase:
    case: str
    at_home: str
    on_site: str
    timeline: str
    now: str
    called: str
    then: str
    says: str

    @property
    def found(self) -> list[CallOutSpan]:
        """What the product makes of it."""
        had = [each for number, story in enumerate(self.timeline.split(" | ")) for each in _had(story, f"SC-{number}")]
        homes = [Home(1, 1, "emergency", *_span(text)) for text in _parts(self.at_home)]
        onsite = [
            Onsite(*_span(text), None if text.endswith("work") else number)
            for number, text in enumerate(_parts(self.on_site))
        ]
        return call_outs(had, homes, onsite, _moment(self.now))

    @property
    def line(self) -> str:
        cells = (
            self.case,
            self.at_home,
            self.on_site or "–",
            self.timeline.replace("|", "and"),
            self.now,
            self.called or "no call-out",
            self.then or "–",
            self.says,
        )
        return f"| {' | '.join(cells)} |"


def told(found: list[CallOutSpan]) -> tuple[str, str]:
    """The columns `called` and `then` of what was found."""
    spans = (
        f"{_day(each.starts_at)}-{each.ends_at.astimezone(LOCAL):%H:%M}{' running' if each.running else ''}"
        for each in found
    )
    last = next((each for each in reversed(found) if each.following is not None), None)
    then = f"{_day(last.following.starts_at)} rest {last.rest}" if last is not None and last.following else ""
    return " + ".join(spans), then


def _had(story: str, code: str) -> Iterator[IncidentHolding]:
    lines = [_line(text) for text in story.split("; ")]
    for each in held.spans(lines):
        if each.person == PEOPLE["Lan"]:
            yield IncidentHolding(each.person, each.starts_at, each.ends_at, code)


def _line(text: str) -> held.TimelineLine:
    day, hour, kind, *who = text.split()
    params = {"person": who[0], "person_id": PEOPLE.get(who[0]), "outcome": "taken"} if who else {}
    return held.TimelineLine(_moment(f"{day} {hour}"), KINDS.get(kind, kind), params)


def _parts(text: str) -> list[str]:
    return text.split(" + ") if text else []


def _moment(text: str) -> datetime:
    day, hour = text.split()
    return datetime(2027, 3, int(day), int(hour[:2]), int(hour[3:]), tzinfo=LOCAL)


def _span(text: str) -> tuple[datetime, datetime]:
    day, hours = text.split()[:2]
    since, until = (_moment(f"{day} {hour}") for hour in hours.split("-"))
    return since, until if until > since else until + DAY


def _day(at: datetime) -> str:
    return at.astimezone(LOCAL).strftime("%d %H:%M")


def cases() -> list[CallOutCase]:
    with (ROOT / "tests" / "data" / "call_outs.csv").open(encoding="utf-8", newline="") as file:
        return [CallOutCase(**row) for row in csv.DictReader(file)]


def table() -> str:
    """The block of docs/rules.md."""
    head = "| case | at home | on site, or at work | timeline | looked at | called out | then | in words |\n"
    return BEGIN + head + "|" + "---|" * 8 + "\n" + "".join(f"{case.line}\n" for case in cases()) + END


def written(text: str) -> str:
    """The page with the block as it should be."""
    before, _, rest = text.partition(BEGIN)
    return before + table() + rest.partition(END)[2]


if __name__ == "__main__":
    DOCS.write_text(written(DOCS.read_text(encoding="utf-8")), encoding="utf-8")
