"""What no code and no template uses: vulture, told what it cannot see. ``make check`` runs it.

What a template names is read off the templates, and the fields of forms, tables and API documents off their classes:
a library reads those by name. What else is meant to stay stands in pyproject.toml, kind by kind, with the reason.
Tests do not count as use: what only they call is dead, and goes with them or into them.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from jinja2 import Environment
from vulture import Vulture
from vulture.config import make_config
from vulture.utils import get_modules

ROOT = Path(__file__).parents[1]
READ_BY_NAME = frozenset({"Model", "BaseModel", "FlaskForm"})
"""Bases whose libraries read every field of a class by its name."""


def template_names(folder: Path) -> set[str]:
    """Every word in the code of the templates, those in strings too: ``sort(attribute="key.name")``."""
    lexer = Environment(autoescape=True)
    tokens = (token for path in folder.rglob("*") if path.is_file() for token in lexer.lex(path.read_text("utf-8")))
    return {word for _line, kind, text in tokens if kind in ("name", "string") for word in re.findall(r"\w+", text)}


def heirs(classes: list[ast.ClassDef], bases: frozenset[str]) -> set[str]:
    """Names of the classes that descend from one of ``bases``, at any distance."""
    found = set(bases)
    while True:
        more = {
            each.name for each in classes if any(ast.unparse(base).rpartition(".")[2] in found for base in each.bases)
        }
        if more <= found:
            return found
        found |= more


def fields(classes: list[ast.ClassDef]) -> Iterator[str]:
    """Yield what the bodies of ``classes`` assign to."""
    for each in classes:
        for line in each.body:
            targets = line.targets if isinstance(line, ast.Assign) else getattr(line, "target", None)
            for target in targets if isinstance(targets, list) else [targets]:
                if isinstance(target, ast.Name):
                    yield target.id


def fields_read_by_name(sources: list[str]) -> set[str]:
    classes = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    names = heirs(classes, READ_BY_NAME)
    return set(fields([each for each in classes if each.name in names]))


def unused(paths: list[Path], templates: Path, config: dict[str, list[str]]) -> list[str]:
    """One line for each thing that nothing uses, and for each pattern of ``ignore_names`` that excuses nothing."""
    search = Vulture(ignore_decorators=config["ignore_decorators"])
    search.scavenge(paths, exclude=config["exclude"])
    named = template_names(templates) | fields_read_by_name([path.read_text("utf-8") for path in get_modules(paths)])
    search.used_names.update(named)
    items, excused = search.get_unused_code(min_confidence=config["min_confidence"]), config["ignore_names"]
    found = [item.get_report() for item in items if not any(fnmatchcase(item.name, each) for each in excused)]
    stale = [each for each in excused if not any(fnmatchcase(item.name, each) for item in items)]
    return [*found, *(f"pyproject.toml: ignore_names excuses nothing with {each!r}: take it out" for each in stale)]


def main() -> int:
    config = make_config([])
    found = unused([ROOT / path for path in config["paths"]], ROOT / "templates", config)
    if found:
        print("\n".join(found))
        print("Delete it; what a library, a test or JSON reads by name goes to ignore_names in pyproject.toml.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
