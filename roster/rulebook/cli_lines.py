"""Rules and points as lines of text, and ``name=value`` read back: what the command line shows and takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.errors import FieldError, Invalid
from planning.rules.base import Parameter, Rule
from roster.days import points_table
from roster.rulebook.facts import inward, outward
from roster.rulebook.queries import BY_CODE, RuleNow
from roster.rulebook.services import NOTHING
from roster.rulebook.words import rule_name

DEFAULT = "default"
_YES_NO = {"yes": True, "no": False, "1": True, "0": False, "on": True, "off": False}


def rule_lines(rules: Sequence[RuleNow]) -> Iterator[str]:
    """One line a rule: code, on or off, hard or what a breach costs, parameters, name; ``*`` = somebody changed it."""
    for now in rules:
        switch = "on" if now.on else "off"
        kind = "hard" if now.hard else f"soft {now.weight / 100:g}"
        numbers = " ".join(
            f"{each.parameter.name}={_plain(outward(each.parameter, each.effective))}" for each in now.parameters
        )
        pairs = " ".join(f"{first}>{second}" for first, second in now.pairs)
        facts = " ".join(part for part in (switch, kind, numbers, pairs) if part)
        yield f"{'*' if now.own else ' '} {now.rule.code}: {facts}  ({rule_name(now.rule.code)})"


def _plain(number: float | None) -> str:
    return "-" if number is None else f"{number:g}"


def read_rules(given: Sequence[str]) -> dict[str, dict[str, Any]]:
    """``rest.between_shifts.minutes=600``, ``hours.day.on=no``, ``wishes.off=default`` … as changes to save.

    Raises Invalid with a fault for each that cannot be read.
    """
    changes: dict[str, dict[str, Any]] = {}
    faults = []
    for each in given:
        try:
            _add(changes, each)
        except ValueError:
            faults.append(FieldError(each, "rules.set_form"))
    if faults:
        raise Invalid("rules.wrong", errors=faults)
    return changes


def _add(changes: dict[str, dict[str, Any]], given: str) -> None:
    key, sign, value = (part.strip() for part in given.partition("="))
    if key in BY_CODE and value == DEFAULT:
        changes[key] = dict(NOTHING)
        return
    code, _dot, name = key.rpartition(".")
    if not sign or code not in BY_CODE:
        raise ValueError(given)
    change = changes.setdefault(code, {})
    read = None if value == DEFAULT else _value(BY_CODE[code], name, value)
    if name in ("on", "hard", "weight", "pairs"):
        change[name] = read
    else:
        change.setdefault("parameters", {})[name] = read


def _value(rule: Rule, name: str, value: str) -> Any:
    if name in ("on", "hard"):
        if value not in _YES_NO:
            raise ValueError(value)
        return _YES_NO[value]
    if name == "weight":
        return round(_number(value) * 100)
    if name == "pairs":
        return [_pair(part) for part in value.split(",") if part.strip()]
    known: dict[str, Parameter] = {each.name: each for each in rule.parameters}
    return inward(known[name], _number(value)) if name in known else 0


def _pair(given: str) -> list[str]:
    first, sign, second = (part.strip() for part in given.partition(">"))
    if not (first and sign and second):
        raise ValueError(given)
    return [first, second]


def _number(given: str) -> float:
    number = float(given.replace(",", "."))
    if abs(number) > 1e9 or number != number:  # noqa: PLR0124  (not a number)
        raise ValueError(given)
    return number


def points_lines() -> Iterator[str]:
    """One line a factor; ``*`` = it is not the default."""
    for row in points_table.rows():
        mark = "*" if row.value != row.default else " "
        yield f"{mark} {row.name}={row.value / 100:g} (default {row.default / 100:g})"


def read_points(given: Sequence[str]) -> dict[str, int]:
    """``night=1.75``, ``holiday=default`` … in hundredths. Raises Invalid with a fault for each bad one."""
    default = {row.name: row.default for row in points_table.rows()}
    values, faults = {}, []
    for each in given:
        name, sign, value = (part.strip() for part in each.partition("="))
        try:
            if not sign:
                raise ValueError(each)
            values[name] = default[name] if value == DEFAULT and name in default else round(_number(value) * 100)
        except ValueError:
            faults.append(FieldError(each, "points.set_form"))
    if faults:
        raise Invalid("points.wrong", errors=faults)
    return values
