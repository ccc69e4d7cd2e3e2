"""What was typed about shifts: kept as it was typed, and read; each fault with the field that it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import FieldError
from roster.setting_up.lines import PHASES, SetUpLine
from roster.sources.models import FORMS
from roster.words import labels

MOST_LINES, MOST_PEOPLE, LONGEST = 30, 50, 40
_DAY = 24 * 60
Row = Mapping[str, str]
"""Field of a line → as it was typed: duty, shift, start, hours, form, replaces, and each phase."""


@dataclass(frozen=True)
class Read:
    """``faults``: id of the field → what is wrong with it."""

    rows: tuple[Row, ...]
    lines: tuple[SetUpLine, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)


FIELDS = ("duty", "shift", "start", "hours", "form", "replaces", *PHASES)


def rows_of(sent: Mapping[str, str]) -> tuple[Row, ...]:
    """``line.<n>.<field>``, as many as ``lines`` says."""
    said = sent.get("lines", "")
    number = min(MOST_LINES, int(said)) if said.isdecimal() and len(said) < 4 else 0
    return tuple({name: sent.get(f"line.{n}.{name}", "").strip() for name in FIELDS} for n in range(1, number + 1))


def as_typed(lines: Sequence[SetUpLine]) -> tuple[Row, ...]:
    """Lines as they stand in the form."""
    return tuple(
        {
            "duty": line.duty,
            "shift": line.template,
            "start": f"{line.start // 60:02}:{line.start % 60:02}",
            "hours": f"{line.minutes / 60:g}".replace(".", ","),
            "form": line.form,
            "replaces": "1" if line.replaces_work else "",
            **{phase: str(line.people.get(phase) or "") for phase in PHASES},
        }
        for line in lines
    )


def blank() -> Row:
    return dict.fromkeys(FIELDS, "")


def read_lines(rows: Sequence[Row], duties: Mapping[str, object]) -> Read:
    """Lines without a name and without people are left out. ``duties``: kinds that there are, by code."""
    faults: dict[str, str] = {}
    lines, seen = list[SetUpLine](), set[tuple[str, str]]()
    for n, row in enumerate(rows, start=1):
        if not any(row[name] for name in ("shift", *PHASES)):
            continue
        wrong: dict[str, str] = {}
        line = _line(n, row, duties, wrong)
        if (line.duty, line.template.casefold()) in seen and "shift" not in wrong:
            wrong["shift"] = FieldError("shift", "set_up.line.twice", {"n": n, "shift": line.template}).message()
        seen.add((line.duty, line.template.casefold()))
        faults |= {f"line-{n}-{name}": text for name, text in wrong.items()}
        if not wrong and line.people:
            lines.append(line)
    return Read(tuple(rows), tuple(lines), faults)


def _line(n: int, row: Row, duties: Mapping[str, object], wrong: dict[str, str]) -> SetUpLine:
    def fault(name: str, code: str, **facts: object) -> None:
        wrong[name] = FieldError(name, f"set_up.line.{code}", {"n": n, **facts}).message()

    if row["duty"] not in duties:
        fault("duty", "duty")
    if not row["shift"] or len(row["shift"]) > LONGEST:
        fault("shift", "shift")
    start, minutes = _clock(row["start"]), _length(row["hours"])
    if start is None:
        fault("start", "start")
    if minutes is None:
        fault("hours", "hours")
    people: dict[str, int] = {}
    for phase in PHASES:
        number = _number(row[phase])
        if number is None:
            fault(phase, "people", phase=labels.PHASES[phase])
        elif number:
            people[phase] = number
    form = row["form"] if row["form"] in FORMS else "onsite"
    return SetUpLine(row["duty"], row["shift"], start or 0, minutes or 0, form, bool(row["replaces"]), people)


def _clock(typed: str) -> int | None:
    """ "7:30", "07h30", "7" → minutes after midnight."""
    hour, _sep, minute = typed.replace("h", ":").partition(":")
    minute = minute or "0"
    if not (hour.isdecimal() and minute.isdecimal() and len(hour) < 3 and len(minute) < 3):
        return None
    return int(hour) * 60 + int(minute) if int(hour) < 24 and int(minute) < 60 else None


def _length(typed: str) -> int | None:
    whole, _sep, part = typed.replace(",", ".").partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()) or len(typed) > 6:
        return None
    minutes = round(float(f"{whole}.{part or 0}") * 60)
    return minutes if 0 < minutes <= _DAY else None


def _number(typed: str) -> int | None:
    if not typed:
        return 0
    return int(typed) if typed.isdecimal() and len(typed) < 4 and int(typed) <= MOST_PEOPLE else None
