"""The page of rules: what a form shows and what was typed into it. Minutes are shown as hours."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from core.errors import FieldError
from core.i18n import d, locale
from planning.rules.base import Norm, Parameter
from roster.rulebook.facts import GROUPS, group_of
from roster.rulebook.queries import PAIRED, ParameterNow, RuleNow
from roster.rulebook.words import parameter_name, rule_explanation, rule_name, unit_name

GROUP_NAMES: dict[str, Any] = {
    "coverage": _l("Phủ ca"),
    "people": _l("Con người"),
    "hours": _l("Giờ làm và nghỉ"),
    "runs": _l("Chuỗi ngày và đêm"),
    "fairness": _l("Công bằng"),
    "wishes": _l("Nguyện vọng"),
}
_SCALE = {"minutes": 60, "points": 100}
GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
"""A number whose thousands are grouped; nobody types three decimals after a first digit other than zero."""


@dataclass
class TypedRules:
    """What a form said: ``changes`` to save, the texts by name of the input, ``faults`` by name of the input;
    ``moved``: codes of rules that would not apply as they do now."""

    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    moved: Collection[str] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, FieldError] = field(default_factory=dict)

    def add(self, errors: Iterable[FieldError]) -> None:
        """Faults that the service found, beside their inputs."""
        for error in errors:
            code, _dot, name = error.field.rpartition(".")
            known = {"on": f"on:{code}", "hard": f"kind:{code}", "weight": f"weight:{code}", "pairs": f"pairs:{code}"}
            self.faults[known.get(name, f"p:{code}:{name}")] = error

    def text(self, name: str, otherwise: str) -> str:
        return self.texts.get(name, "") if self.texts else otherwise

    def fault(self, name: str) -> str:
        return self.faults[name].message() if name in self.faults else ""

    @property
    def listed(self) -> list[tuple[str, str, str]]:
        """(id of the input, name of the rule, sentence) of every fault."""
        return [(anchor(name), rule_name(name.split(":")[1]), each.message()) for name, each in self.faults.items()]


@dataclass(frozen=True)
class Box:
    """One input of a rule. ``flag`` = yes or no."""

    name: str
    label: str
    value: str
    hint: str
    error: str
    flag: bool = False

    @property
    def id(self) -> str:
        return anchor(self.name)


@dataclass(frozen=True)
class ShownRule:
    """One rule on the page."""

    now: RuleNow
    name: str
    explanation: str
    on: bool
    hard: bool
    boxes: tuple[Box, ...]
    pairs: Box | None
    basis: tuple[tuple[str, str], ...]
    """(law and article in the words of the law, dates and number) of each norm."""
    touched: bool
    """Somebody chose otherwise than the default or is about to, or something typed is wrong: it stands open."""

    @property
    def brief(self) -> str:
        """How it applies, in a line: whether, how strictly, and its numbers."""
        if not self.on:
            return _("không áp dụng")
        kind = [] if self.now.rule.fixed and self.now.rule.locked else [_("cứng") if self.hard else _("mềm")]
        told = (box for box in self.boxes if box.value and not box.flag)
        said = [f"{box.label}: {box.value}" for box in told if not (self.hard and box.name.startswith("weight:"))]
        return " · ".join([*kind, *said])


@dataclass(frozen=True)
class RuleGroup:
    code: str
    name: str
    rules: tuple[ShownRule, ...]


def anchor(name: str) -> str:
    """The id of an input."""
    return name.replace(":", "-").replace(".", "-")


def number(value: float | None) -> str:
    """1.5 → "1,5"; nothing for None."""
    if value is None:
        return ""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if locale() == "vi" else text


def parsed(text: str) -> float:
    """A number with comma or dot; a mark before each three digits groups thousands (1.000, 1,000). ValueError."""
    text = text.strip()
    if grouped := GROUPED.fullmatch(text):
        text = text.replace(grouped[1], "")
    found = float(text.replace(",", "."))
    if not abs(found) < 1e9:
        raise ValueError(text)
    return found


def shown(rules: Iterable[RuleNow], typed: TypedRules) -> list[RuleGroup]:
    """The rules by group, with what was typed where a form came back."""
    rows = [_shown(now, typed) for now in rules]
    return [
        RuleGroup(code, str(GROUP_NAMES[code]), tuple(row for row in rows if group_of(row.now.rule.code) == code))
        for code in GROUPS
    ]


def _shown(now: RuleNow, typed: TypedRules) -> ShownRule:
    rule, texts = now.rule, typed.texts
    boxes = [_box(rule.code, each, typed) for each in now.parameters]
    if rule.is_weighed:
        boxes.append(_weight(now, typed))
    pairs = None
    if rule.code in PAIRED:
        name, text = f"pairs:{rule.code}", "\n".join(f"{first} > {second}" for first, second in now.pairs)
        hint = _("Mỗi dòng một cặp, ví dụ: Đêm > Sáng.")
        pairs = Box(name, _("Cặp ca không được nối tiếp"), typed.text(name, text), hint, typed.fault(name))
    return ShownRule(
        now=now,
        name=rule_name(rule.code),
        explanation=rule_explanation(rule.code),
        on=bool(texts.get(f"on:{rule.code}")) if texts and not rule.locked else now.on,
        hard=texts.get(f"kind:{rule.code}") == "hard" if texts and not rule.fixed else now.hard,
        boxes=tuple(boxes),
        pairs=pairs,
        basis=tuple(_basis(now)),
        touched=now.own or rule.code in typed.moved or any(name.split(":")[1] == rule.code for name in typed.faults),
    )


def _box(code: str, each: ParameterNow, typed: TypedRules) -> Box:
    parameter, name = each.parameter, f"p:{code}:{each.parameter.name}"
    label = parameter_name(code, parameter.name)
    if parameter.unit == "flag":
        return Box(name, label, typed.text(name, str(each.effective or 0)), "", typed.fault(name), flag=True)
    unit = _("giờ") if parameter.unit == "minutes" else unit_name(parameter.unit)
    text = "" if each.follows_dates else number(_outward(parameter, each.effective))
    return Box(name, f"{label} ({unit})", typed.text(name, text), _defaults(each), typed.fault(name))


def _defaults(each: ParameterNow) -> str:
    """Return what holds where nobody types a number; with its dates where the law changes inside the campaign."""
    shown = [(on, number(_outward(each.parameter, value))) for on, value in each.defaults]
    first = shown[0][1]
    hints = [_("mặc định %(value)s", value=first) if first else _("mặc định không giới hạn")]
    hints += [_("từ %(day)s: %(value)s", day=d(on), value=value) for on, value in shown[1:]]
    return "; ".join(hints)


def _weight(now: RuleNow, typed: TypedRules) -> Box:
    name = f"weight:{now.rule.code}"
    hint = _("mặc định %(value)s", value=number(now.rule.weight / 100))
    if not now.rule.fixed:
        hint = _("tính khi quy tắc là mềm; mặc định %(value)s", value=number(now.rule.weight / 100))
    label = _("Giá mỗi phút trái (điểm)") if now.rule.code.startswith("hours.") else _("Giá mỗi lần trái (điểm)")
    if now.rule.code == "fairness.load":
        label = _("Mức coi trọng công bằng")
        hint = _("Càng lớn, máy càng nhường việc chia đều hơn các điều mong muốn khác; %(default)s", default=hint)
    return Box(name, label, typed.text(name, number(now.weight / 100)), hint, typed.fault(name))


def _basis(now: RuleNow) -> Iterable[tuple[str, str]]:
    """Each norm once, with its dates and number."""
    found = [(norm, None) for norm in now.norms]
    found += [(norm, each.parameter) for each in now.parameters for norm in each.parameter.norms]  # type: ignore[misc]
    yield from dict.fromkeys(_norm(norm, parameter) for norm, parameter in found)


def _norm(norm: Norm, parameter: Parameter | None) -> tuple[str, str]:
    since = _("từ %(day)s", day=d(norm.since)) if norm.since else ""
    until = _("đến %(day)s", day=d(norm.until)) if norm.until else ""
    value = ""
    if parameter is not None and norm.value is not None:
        unit = _("giờ") if parameter.unit == "minutes" else unit_name(parameter.unit)
        value = f"{number(_outward(parameter, norm.value))} {unit}"
    facts = ", ".join(part for part in (" ".join(part for part in (since, until) if part), value) if part)
    return norm.basis, facts


def _outward(parameter: Parameter, value: int | None) -> float | None:
    return None if value is None else value / _SCALE.get(parameter.unit, 1)


def read_rules(form: Mapping[str, str], rules: Iterable[RuleNow]) -> TypedRules:
    """Return what was typed about each rule; a blank number means the default."""
    typed = TypedRules(texts=dict(form.items()))
    for now in rules:
        rule, change = now.rule, dict[str, Any]()
        if not rule.locked:
            change["on"] = bool(form.get(f"on:{rule.code}"))
        if not rule.fixed:
            change["hard"] = form.get(f"kind:{rule.code}") == "hard"
        if f"weight:{rule.code}" in form:
            weight = _read_number(typed, f"weight:{rule.code}", 100, 0, high=rule.most_weight)
            change["weight"] = rule.weight if weight is None else weight
        change["parameters"] = {each.parameter.name: _read_parameter(typed, rule.code, each) for each in now.parameters}
        if f"pairs:{rule.code}" in form:
            change["pairs"] = _read_pairs(typed, f"pairs:{rule.code}")
        typed.changes[rule.code] = change
    return typed


def _read_parameter(typed: TypedRules, code: str, each: ParameterNow) -> int | None:
    of = each.parameter
    return _read_number(typed, f"p:{code}:{of.name}", _SCALE.get(of.unit, 1), of.low, high=of.high)


def _read_number(typed: TypedRules, name: str, scale: int, low: int, *, high: int) -> int | None:
    text = typed.texts.get(name, "").strip()
    if not text:
        return None
    try:
        value = round(parsed(text) * scale)
    except ValueError:
        typed.faults[name] = FieldError(name, "rules.not_number")
        return None
    if not low <= value <= high:
        params = {"low": number(low / scale), "high": number(high / scale)}
        typed.faults[name] = FieldError(name, "rules.value_range", params)
    return value


def _read_pairs(typed: TypedRules, name: str) -> list[list[str]]:
    found = []
    for line in typed.texts[name].splitlines():
        first, sign, second = (part.strip() for part in line.partition(">"))
        if sign and first and second:
            found.append([first, second])
        elif line.strip():
            typed.faults[name] = FieldError(name, "rules.pair_form")
    return found
