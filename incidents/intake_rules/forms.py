"""The form of a source's rules: rows of plain fields that can be added, moved and taken out without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from flask_babel import lazy_gettext as _l

from core.errors import DomainError
from incidents.intake.rules import ANY, MOST_RULES, TEXT, TITLE, How, IntakeRule, Then
from incidents.words import severity_word

PLACES = ((ANY, _l("Bất cứ chỗ nào")), (TITLE, _l("Tiêu đề")), (TEXT, _l("Nội dung")), ("", _l("Mục có tên…")))
HOW_NAMES = (
    ("contains", _l("có chứa")),
    ("is", _l("đúng bằng")),
    ("begins", _l("bắt đầu bằng")),
    ("always", _l("thế nào cũng được")),
)
THEN_NAMES = (
    ("", _l("Theo tin báo")),
    ("raise", _l("Luôn ghi sự cố, cả tin thử và tin tốt")),
    ("drop", _l("Bỏ qua, không gọi ai")),
)
_FIELDS = ("place", "name", "how", "sought", "category", "unit", "unit_from", "level", "then")
Row = dict[str, str]


@dataclass
class RulesForm:
    """``base``: the stamp of the rules that it began with; ``faults``: id of a field → what is wrong with it."""

    rows: list[Row]
    base: str
    faults: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_rules(cls, rules: Sequence[IntakeRule], base: str) -> RulesForm:
        return cls([_row(rule) for rule in rules], base)

    @classmethod
    def from_sent(cls, sent: Mapping[str, str]) -> RulesForm:
        """Return what a page sent; more rows than may be are not read."""
        count = min(int(sent["rows"]), MOST_RULES) if sent.get("rows", "").isdecimal() else 0
        rows = [{name: sent.get(f"{name}-{n}", "").strip() for name in _FIELDS} for n in range(1, count + 1)]
        return cls(rows, sent.get("base", ""))

    def press(self, do: str) -> None:
        """``add``, ``up-2``, ``down-2`` or ``out-2``; what is no button changes nothing."""
        verb, _dash, number = do.partition("-")
        place = int(number) - 1 if number.isdecimal() else -1
        if verb == "add" and len(self.rows) < MOST_RULES:
            self.rows.append(_row(IntakeRule()))
        elif not 0 <= place < len(self.rows):
            return
        elif verb == "out":
            del self.rows[place]
        elif verb in ("up", "down"):
            other = place + (-1 if verb == "up" else 1)
            if 0 <= other < len(self.rows):
                self.rows[place], self.rows[other] = self.rows[other], self.rows[place]

    def rules(self) -> list[IntakeRule]:
        """Return them as far as they can be read; what is wrong with them says whoever writes them."""
        return [_rule(row) for row in self.rows]

    def take(self, error: DomainError) -> None:
        """Faults beside the fields that they are about: ``rules.2.sought`` → ``sought-2``."""
        for fault in error.errors:
            _rules, _dot, rest = fault.field.partition(".")
            number, _dot, name = rest.partition(".")
            name = {"field": "name"}.get(name, name)
            self.faults[f"{name}-{number}" if number else "rules"] = fault.message()
        if not error.errors:
            self.faults["rules"] = error.message()


def levels() -> list[tuple[str, str]]:
    """ "2": exactly 2; "2+": 2 or worse."""
    exactly = [(str(n), _l("Đúng mức %(n)s · %(word)s", n=n, word=severity_word(n))) for n in (1, 2, 3, 4)]
    least = [(f"{n}+", _l("Ít nhất mức %(n)s · %(word)s", n=n, word=severity_word(n))) for n in (1, 2, 3, 4)]
    return [("", str(_l("Theo tin báo"))), *((key, str(text)) for key, text in (*least, *exactly))]


def _row(rule: IntakeRule) -> Row:
    is_place = rule.field in (ANY, TITLE, TEXT)
    return {
        "place": rule.field if is_place else "",
        "name": "" if is_place else rule.field,
        "how": rule.how,
        "sought": rule.sought,
        "category": rule.category,
        "unit": rule.unit,
        "unit_from": rule.unit_from,
        "level": f"{rule.severity or ''}{'' if rule.exactly or rule.severity is None else '+'}",
        "then": rule.then,
    }


def _rule(row: Row) -> IntakeRule:
    level = row["level"].removesuffix("+")
    return IntakeRule(
        field=row["place"] or row["name"],
        how=cast(How, row["how"]),
        sought=row["sought"],
        category=row["category"],
        unit=row["unit"],
        unit_from=row["unit_from"],
        severity=int(level) if level in ("1", "2", "3", "4") else None,
        exactly=not row["level"].endswith("+") and level != "",
        then=cast(Then, row["then"]),
    )
