"""Where the tests of one room stand: ``make test ROOM=roster/draft`` runs what this prints.

A package is asked for in the same way (``ROOM=duty``). What is not there is answered with the rooms that are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = ("unit", "services", "web")
"""Folders of tests that have one for each package, and in it one for each room."""


def folders(room: str, root: Path = ROOT) -> list[str]:
    """Return the folders of tests of ``roster/draft``, or of ``duty``: one for each floor that has some."""
    wanted = [f"tests/{floor}/{room}" for floor in FLOORS]
    return [folder for folder in wanted if _has_tests(root / folder)]


def tested(package: str, root: Path = ROOT) -> list[str]:
    """Return the rooms of a package that have tests of their own, by name; without a package, the packages."""
    beside = {path.name for floor in FLOORS for path in _inside(root / "tests" / floor / package)}
    return sorted(beside)


def refusal(room: str, root: Path = ROOT) -> str:
    """Return what to say of a room without tests: what there is, and where else to look."""
    package = room.partition("/")[0]
    if not (rooms := tested(package, root)):
        return f"There are no tests of {package}. Packages with tests: {', '.join(tested('', root))}."
    exists = (root / room).is_dir() or (root / f"{room}.py").is_file()
    missing = f"{room} has no tests of its own" if exists else f"There is no room {room}"
    stories = f"\nStories that name it: git grep -l {room.replace('/', '.')} tests" if exists else ""
    return f"{missing}. Rooms of {package} with tests: {', '.join(rooms)}.{stories}"


def _inside(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if _has_tests(path)) if folder.is_dir() else iter(())


def _has_tests(folder: Path) -> bool:
    return any(folder.rglob("test_*.py"))


def main() -> int:
    room = sys.argv[1].strip("/")
    if not (found := folders(room)):
        print(refusal(room), file=sys.stderr)
        return 2
    print(*found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
