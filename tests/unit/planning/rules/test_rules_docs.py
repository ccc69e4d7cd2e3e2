"""docs/rules.md says of every rule what the registry says: kind, default, parameters, weight, basis, an example."""

from __future__ import annotations

import re
from pathlib import Path

from planning.rules import RULES
from planning.rules.base import Norm, Parameter, Rule

DOCS = (Path(__file__).parents[4] / "docs" / "rules.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z_]+\.[a-z_]+)` \|(.+)\|$", re.MULTILINE)
EXAMPLE = re.compile(r"^- `([a-z_]+\.[a-z_]+)`: \S", re.MULTILINE)


def cells(rule: Rule) -> list[str]:
    """What the table says of a rule behind its code: kind, default, parameters, weight, basis."""
    kind = ("hard" if rule.hard else "soft") + (", fixed" if rule.fixed else "")
    state = "always on" if rule.locked else "on" if rule.on else "off"
    parameters = "; ".join(map(parameter_text, rule.parameters)) or "–"
    weight = f"{rule.weight / 100:,g}" if rule.weight else "–"
    return [kind, state, parameters, weight, "; ".join(map(norm_text, rule.norms)) or "–"]


def parameter_text(parameter: Parameter) -> str:
    default = "none" if parameter.default is None else f"{parameter.default:g}"
    norms = "".join(f", {norm_text(norm)}" for norm in parameter.norms)
    return f"`{parameter.name}` ({parameter.unit}) {default}{norms}"


def norm_text(norm: Norm) -> str:
    dates = [f"from {norm.since:%d/%m/%Y}"] if norm.since else []
    dates += [f"to {norm.until:%d/%m/%Y}"] if norm.until else []
    value = f": {norm.value}" if norm.value is not None else ""
    return f"{norm.basis} ({' '.join(dates)}{value})"


def test_the_tables_say_what_the_registry_says_in_its_order() -> None:
    rows = [(code, [cell.strip() for cell in rest.split("|")][1:]) for code, rest in ROW.findall(DOCS)]
    assert rows == [(rule.code, cells(rule)) for rule in RULES]


def test_every_rule_has_an_example() -> None:
    assert sorted(EXAMPLE.findall(DOCS)) == sorted(rule.code for rule in RULES)


if __name__ == "__main__":  # what belongs into the tables
    for each in RULES:
        print(f"| `{each.code}` | … | {' | '.join(cells(each))} |")
