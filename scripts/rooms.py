"""docs/rooms.md: every room with the sentence that it says of itself. ``make rooms`` writes it anew."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rooms.md"
PACKAGES = ("core", "notify", "people", "documents", "planning", "roster", "duty", "incidents", "compliance", "desk")
HEAD = """# Rooms

What each room is for, in its own words: the first line of its `__init__.py`. Written by `make rooms`; packages stand as
[architecture](architecture.md) orders them, from the lowest.
"""


def page() -> str:
    """Return the page as it should be."""
    return "\n".join([HEAD, *(_section(package) for package in PACKAGES)])


def rooms(package: str) -> list[Path]:
    """Return the folders of the package's rooms, by name."""
    return sorted(path.parent for path in (ROOT / package).glob("*/__init__.py"))


def says(folder: Path) -> str:
    """Return the first paragraph of the docstring of a room, or of a package."""
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""
    return " ".join(said.split("\n\n")[0].split())


def _section(package: str) -> str:
    lines = [f"- **{room.name}**: {says(room)}" for room in rooms(package)]
    return "\n".join([f"## {package}", "", says(ROOT / package), "", *lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
