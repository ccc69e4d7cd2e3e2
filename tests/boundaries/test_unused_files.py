"""What pages are made of is used: every template, macro, import, script, export, icon and style."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.boundaries.tree import ROOT, parsed, product_python, relative, templates

ENVIRONMENT = Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
STATIC = ROOT / "static"
SCRIPTS = sorted([*(STATIC / "js").rglob("*.js"), STATIC / "sw.js"])
SHEETS = sorted((STATIC / "css").glob("*.css"))
WORD = re.compile(r"[A-Za-z_][\w-]*")
COMMENTS = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
MADE = re.compile(r"(?:s|d|pt)\d+|htmx-\w+")
"""Classes put together from a letter and a number (levels, depths, sizes of print), and those that htmx sets."""
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


@cache
def trees() -> dict[str, nodes.Template]:
    """Path below templates/ → what was read."""
    folder = ROOT / "templates"
    return {path.relative_to(folder).as_posix(): ENVIRONMENT.parse(path.read_text("utf-8")) for path in templates()}


def strings() -> Iterator[str]:
    """Each string of Python and of the templates, as a pattern: what is put into it may be anything without a slash."""
    for path in product_python():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                yield "".join("[^/]+" if part is None else re.escape(str(part)) for part in parts)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
    for tree in trees().values():
        yield from (re.escape(node.value) for node in tree.find_all(nodes.Const) if isinstance(node.value, str))


def named(names: list[str]) -> set[str]:
    every = {each for each in strings() if each.endswith((r"\.html", r"\.txt", "[^/]+"))} - {"[^/]+"}
    whole = {re.sub(r"\\(.)", r"\1", each) for each in every if "[^/]+" not in each}
    put_together = re.compile("|".join(sorted(each for each in every if "[^/]+" in each)))
    return {name for name in names if name in whole or put_together.fullmatch(name)}


def test_every_template_is_named_somewhere() -> None:
    assert "desk/home.html" in named(list(trees())), "the search finds nothing"
    assert set(trees()) - named(list(trees())) == set()


def given(tree: nodes.Template) -> Iterator[tuple[str, str, str]]:
    """(from where, its name there, its name here) of all that a template imports; one that is a module has no name."""
    for each in tree.find_all(nodes.FromImport):
        for name in each.names:
            there, here = name if isinstance(name, tuple) else (name, name)
            yield each.template.as_const(), there, here
    for module in tree.find_all(nodes.Import):
        yield module.template.as_const(), "", module.target


def names_read(tree: nodes.Template) -> set[str]:
    return {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}


def test_every_macro_is_called() -> None:
    imported = {(source, there) for tree in trees().values() for source, there, _here in given(tree)}
    found = {(name, macro.name) for name, tree in trees().items() for macro in tree.find_all(nodes.Macro)}
    assert ("components/icon.html", "icon") in found & imported
    assert {(name, macro) for name, macro in found - imported if macro not in names_read(trees()[name])} == set()


def test_every_parameter_of_a_macro_is_read() -> None:
    unread = [
        f"{name}: {macro.name}({argument.name})"
        for name, tree in trees().items()
        for macro in tree.find_all(nodes.Macro)
        for argument in macro.args
        if argument.name not in {node.name for part in macro.body for node in nodes.Output([part]).find_all(nodes.Name)}
    ]
    assert unread == []


def test_every_import_of_a_template_is_used() -> None:
    unused = [
        f"{name}: {here}"
        for name, tree in trees().items()
        for _f, _t, here in given(tree)
        if here not in names_read(tree)
    ]
    assert unused == []


def scripts() -> dict[str, str]:
    """File name → its code, without comments."""
    return {path.name: re.sub(r"(?m)^\s*//.*$", "", path.read_text("utf-8")) for path in SCRIPTS}


def is_used(name: str, of: str, every: dict[str, str]) -> bool:
    """In its own script, or in one that names the script and it."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    others = (text for other, text in every.items() if other != of and of in text)
    return len(word.findall(every[of])) > 1 or any(word.search(text) for text in others)


def test_every_script_and_all_that_it_declares_is_used() -> None:
    every = scripts()
    pages = "".join(path.read_text("utf-8") for path in [*templates(), *product_python()])
    declared = [(file, name) for file, text in every.items() for name in DECLARED.findall(text)]
    assert len(declared) > 100, "the search finds nothing"
    assert [f"{file}: {name}" for file, name in declared if not is_used(name, file, every)] == []
    assert [file for file in every if file not in pages + "".join(every.values())] == []


@cache
def words() -> set[str]:
    """Every word of pages, scripts and Python: what may be a class, an address within a page or an icon."""
    pages = [COMMENTS.sub("", path.read_text("utf-8")) for path in templates()]
    code = [path.read_text("utf-8") for path in product_python()]
    return set(WORD.findall(" ".join([*pages, *code, *scripts().values()])))


@pytest.mark.parametrize("sheet", SHEETS, ids=relative)
def test_every_style_has_something_to_dress(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    names = set(re.findall(r"[.#]([A-Za-z_][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", text)))
    assert names, "the search finds nothing"
    assert {name for name in names - words() if not MADE.fullmatch(name)} == set()


def test_every_icon_is_shown_somewhere() -> None:
    icons = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    assert "phone" in icons and icons - words() == set()
