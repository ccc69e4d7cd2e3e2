"""The search for dead code finds what nothing uses, and knows what templates and libraries use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scripts.dead_code import unused

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
