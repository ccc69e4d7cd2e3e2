"""PURE the rules of a source: what of an alarm decides its category, unit and level, and whether it is one at all.

Rules are asked in their order and the first that fits holds; where none fits everything stays as the source says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from core.text import fold
from incidents.intake.formats import UNREADABLE, Alarm

MOST_RULES, LONGEST_FIELD, LONGEST_SOUGHT = 30, 60, 200
ANY, TITLE, TEXT = "any", "title", "text"
"""Where a rule looks: everywhere, the title, the description; else the name of a detail that came along."""
How = Literal["contains", "is", "begins", "always"]
HOWS: tuple[How, ...] = ("contains", "is", "begins", "always")
Then = Literal["", "raise", "drop"]
THENS: tuple[Then, ...] = ("", "raise", "drop")


@dataclass(frozen=True)
class IntakeRule:
    """``field`` ``how`` ``sought`` → the rest. Empty: as the source says it.

    ``category``, ``unit``: codes. ``unit_from``: the name of a detail whose value is the code of a unit; it wins over
    ``unit`` where it names one. ``severity`` 1–4, exactly or at least. ``then``: raise also what calls nobody
    otherwise, or drop it.
    """

    field: str = ANY
    how: How = "contains"
    sought: str = ""
    category: str = ""
    unit: str = ""
    unit_from: str = ""
    severity: int | None = None
    exactly: bool = False
    then: Then = ""

    def fits(self, alarm: Alarm) -> bool:
        """Blind for marks, capitals and how many blanks there are."""
        if self.how == "always":
            return True
        sought = fold(self.sought)
        return any(_fits(fold(value), self.how, sought) for value in _looked_at(alarm, self.field))


def _fits(value: str, how: How, sought: str) -> bool:
    if how == "is":
        return value == sought
    return value.startswith(sought) if how == "begins" else sought in value


def _looked_at(alarm: Alarm, field: str) -> Iterable[str]:
    if field == TITLE:
        return [alarm.title]
    if field == TEXT:
        return [alarm.description]
    if field == ANY:
        return [alarm.title, alarm.description, *(value for _name, value in alarm.details)]
    return [value for name, value in alarm.details if fold(name) == fold(field)]


def detail(alarm: Alarm, name: str) -> str:
    """The first value that came along under that name, or nothing."""
    return next(iter(_looked_at(alarm, name)), "").strip() if name else ""


@dataclass(frozen=True)
class RuledAlarm:
    """``place``: of the rule that fits, from 0; None when none does. ``units``: codes to try in this order."""

    alarm: Alarm
    place: int | None = None
    units: tuple[str, ...] = ()


def judge(rules: Sequence[IntakeRule], alarm: Alarm) -> RuledAlarm:
    """The alarm as the first rule that fits makes it. What is over, or taken, or could not be read, is no rule's
    affair."""
    if alarm.action not in ("trigger", "drop") or alarm.form == UNREADABLE:
        return RuledAlarm(alarm)
    place = next((n for n, rule in enumerate(rules) if rule.fits(alarm)), None)
    if place is None:
        return RuledAlarm(alarm)
    rule = rules[place]
    action = alarm.action
    if rule.then == "drop":
        action = "drop"
    elif rule.then == "raise" and alarm.title:
        action = "trigger"
    made = replace(alarm, action=action, category=rule.category or alarm.category)
    if rule.severity is not None:
        made = replace(made, severity=rule.severity) if rule.exactly else replace(made, at_least=rule.severity)
    units = tuple(code for code in (detail(alarm, rule.unit_from), rule.unit) if code)
    return RuledAlarm(made, place, units)


def parse_rules(kept: Sequence[Mapping[str, Any]]) -> list[IntakeRule]:
    """Rules as they are kept; what a later version wrote besides is left out."""
    known = {each.name for each in fields(IntakeRule)}
    return [IntakeRule(**{name: value for name, value in row.items() if name in known}) for row in kept]


def written(rules: Sequence[IntakeRule]) -> list[dict[str, Any]]:
    """Rules as they are kept."""
    return [asdict(rule) for rule in rules]
