"""The search for dead code finds what nothing uses, and knows what templates and libraries use."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Any

from scripts.dead_code import unused
from tests.boundaries.tree import parsed, product_python, relative

CODE = """
class Document(BaseModel):
    title: str

class Short(Document):
    summary: str

class Plain:
    forgotten: int

@bp.get("/")
def page():
    return shown, Short, Plain

def shown(): ...

def by_template(): ...

def sorted_by(): ...

def dead(): ...

def excused(): ...
"""
TEMPLATE = "{{ words.by_template() }} dead {# dead #} {{ rows | sort(attribute='key.sorted_by') }}"


def found(tmp_path: Path, names: list[str]) -> list[str]:
    code, templates = tmp_path / "code.py", tmp_path / "templates"
    templates.mkdir()
    code.write_text(CODE)
    (templates / "page.html").write_text(TEMPLATE)
    config: dict[str, Any] = {
        "ignore_names": names,
        "ignore_decorators": ["@*.get"],
        "exclude": [],
        "min_confidence": 60,
    }
    return [line.removeprefix(f"{code}:") for line in unused([code], templates, config)]


def test_what_no_code_no_template_and_no_library_uses_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, ["excused"]) == [
        "9: unused variable 'forgotten' (60% confidence)",
        "21: unused function 'dead' (60% confidence)",
    ]


def test_an_entry_that_excuses_nothing_is_a_fault_too(tmp_path: Path) -> None:
    assert found(tmp_path, ["excused", "long_gone"])[-1].startswith("pyproject.toml: ignore_names excuses nothing")


def said_twice(module: ast.Module) -> list[str]:
    """Names that stand at the top of a module more than once: all but the last are dead."""
    found = Counter[str]()
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] += 1
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        found.update(each.id for each in targets if isinstance(each, ast.Name))
    return [name for name, times in found.items() if times > 1]


def test_no_name_is_given_twice() -> None:
    assert said_twice(ast.parse("A = 1\nB: int = 2\nA = 3\n")) == ["A"]
    assert {relative(path): names for path in product_python() if (names := said_twice(parsed(path)))} == {}
