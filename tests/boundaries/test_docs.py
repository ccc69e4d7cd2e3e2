"""What the documents name exists: files, settings, commands, columns, decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from flask import Flask

from roster.importing import services as importer
from scripts import rooms
from scripts.screens import SCREENS
from tests.boundaries.tree import ROOT, kept_files, relative

DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ARCHITECTURE = ROOT / "docs" / "architecture.md"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
FILE_NAME = re.compile(r"[\w/.*-]*\w\.(?:py|html|md|css|js|toml|csv|txt)\b")
GROUP_OR_COMMAND = re.compile(
    r"`((?:db|demo|users|api-keys|secrets|campaigns|backup) [a-z-]+"
    r"|carry-alone|import|on-duty|points|prepare|worker|doctor)\b"
)


def named_files(text: str) -> set[str]:
    """File names in code spans and fenced blocks."""
    code = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    return {name for piece in code for name in FILE_NAME.findall(piece)}


@cache
def kept_paths() -> str:
    return "\n".join(relative(path) for path in kept_files())


def exists(name: str) -> bool:
    """As a path from the root, or as the end of one: `db.py` is enough where the tree shows its folder."""
    pattern = re.escape(name).replace(r"\*", r"[^/\n]*").replace(r"_x\.html", r"_\w+\.html")
    return re.search(rf"(?:^|/){pattern}$", kept_paths(), re.MULTILINE) is not None


@pytest.mark.parametrize("path", DOCS, ids=relative)
def test_paths_named_in_documents_exist(path: Path) -> None:
    named = named_files(path.read_text("utf-8"))
    paths = {name for name in named if "/" in name or path == ARCHITECTURE}
    assert sorted(name for name in paths if not exists(name)) == []


def test_every_room_says_what_it_is_for_and_the_page_of_rooms_says_it() -> None:
    folders = [room for package in rooms.PACKAGES for room in rooms.rooms(package)]
    assert len(folders) > 50, "the search finds too little"
    assert [relative(room) for room in folders if not rooms.says(room)] == []
    assert rooms.PAGE.read_text("utf-8") == rooms.page(), "`make rooms` writes docs/rooms.md anew"


def test_bold_nouns_of_the_journeys_are_names_in_the_code() -> None:
    journeys = ARCHITECTURE.read_text("utf-8").split("## Three journeys")[1].split("\n## ")[0]
    nouns = set(re.findall(r"\*\*([A-Z]\w+)\*\*", journeys)) - {"A", "An"}
    source = "".join(
        path.read_text("utf-8") for path in kept_files() if path.suffix == ".py" and "tests" not in path.parts
    )
    assert len(nouns) > 10
    assert sorted(noun for noun in nouns if f"class {noun}" not in source) == []


@pytest.mark.parametrize("path", DOCS, ids=relative)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    targets = [*re.findall(r"\]\((?!https?:)([^)\s]+)\)", text), *re.findall(r'src="([^"]+)"', text)]
    assert [target for target in targets if not leads(path, target)] == []


def leads(path: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    file = (path.parent / name).resolve() if name else path
    return file.exists() and (not anchor or anchor in set(anchors(file.read_text("utf-8"))))


def anchors(text: str) -> Iterator[str]:
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        yield re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def settings_read() -> set[str]:
    return set(re.findall(r'env\.get\("([A-Z_]+)"', (ROOT / "config.py").read_text("utf-8")))


def test_settings_in_operations_are_those_that_are_read() -> None:
    table = OPERATIONS.split("## Environment")[1].split("## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)) == settings_read()


def test_settings_in_the_example_are_those_that_are_read() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == settings_read()


def commands(app: Flask) -> set[str]:
    """Every command, with its group: ``campaigns solve``."""
    return {
        f"{name} {inner}" if isinstance(command, click.Group) else name
        for name, command in app.cli.commands.items()
        for inner in (command.commands if isinstance(command, click.Group) else [""])
    }


def test_commands_in_operations_exist_and_none_is_missing(app: Flask) -> None:
    table = OPERATIONS.split("## Commands")[1].split("## ")[0]
    told, there = set(GROUP_OR_COMMAND.findall(table)), commands(app)
    assert told - there == set()
    assert {name for name in there if not name.startswith("db ")} - told == set()


def test_options_in_operations_exist(app: Flask) -> None:
    for line in re.findall(r"^\| `([^`]+--[^`]+)`", OPERATIONS, re.MULTILINE):
        group, _, rest = line.partition(" ")
        found = app.cli.commands[group]
        command = found.commands[rest.split()[0]] if isinstance(found, click.Group) else found
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", line)) <= known, line


def test_make_targets_in_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = {name for path in DOCS for name in re.findall(r"\bmake ([a-z-]+)", path.read_text("utf-8"))}
    code = {
        name
        for path in DOCS
        for piece in re.findall(r"```.*?```|`[^`\n]+`", path.read_text("utf-8"), re.DOTALL)
        for name in re.findall(r"\bmake ([a-z-]+)", piece)
    }
    assert code <= targets
    assert {"run", "test", "screenshots"} <= told


def test_columns_in_operations_are_those_of_the_import(app: Flask) -> None:
    told = dict(re.findall(r"^\| `(\w+)\.csv` \| `([\w,]+)` \|$", OPERATIONS, re.MULTILINE))
    assert told == {sheet.name: ",".join(column.name for column in sheet.columns) for sheet in importer.sheets()}


def test_decisions_are_numbered_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    index = (folder / "README.md").read_text("utf-8")
    for number, name in enumerate(files, 1):
        title = (folder / name).read_text("utf-8").splitlines()[0]
        assert title.startswith(f"# {number}. ")
        assert f"{number}. [{title.removeprefix(f'# {number}. ')}]({name})" in index


def test_both_readmes_say_the_same_things() -> None:
    shape = [
        re.findall(r"^(#+|\d+\.|-|\| P\d) ?", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        for name in ("README.md", "README.vi.md")
    ]
    assert shape[0] == shape[1]


def test_every_page_has_a_screen(app: Flask) -> None:
    from scripts.unseen_pages import unseen

    facts = dict.fromkeys({name for screen in SCREENS for name in re.findall(r"{(\w+)}", screen.path)}, "1")
    assert unseen(app, facts) == []
