"""DATA_DIR: closed to others, also what was left open; nobody else's folder is closed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from core.security import private_files


def modes(folder: Path) -> dict[str, int]:
    return {str(each.relative_to(folder)): stat.S_IMODE(each.lstat().st_mode) for each in [folder, *folder.rglob("*")]}


@pytest.fixture
def left_open(tmp_path: Path) -> Path:
    """As versions until now made it."""
    folder = tmp_path / "data"
    (folder / "uploads").mkdir(parents=True)
    (folder / "truc-tet.sqlite3").write_text("rows")
    (folder / "truc-tet.sqlite3-wal").write_text("newer rows")
    (folder / "uploads" / "people.xlsx").write_text("names")
    for each in folder.rglob("*"):
        each.chmod(0o755 if each.is_dir() else 0o644)
    folder.chmod(0o755)
    return folder


def test_what_was_left_open_is_closed(left_open: Path) -> None:
    assert private_files.mend(left_open) == []
    for name, mode in modes(left_open).items():
        assert mode == (0o700 if (left_open / name).is_dir() else 0o600), name


def test_a_database_elsewhere_is_closed_with_its_log(left_open: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (elsewhere / "own.sqlite3").write_text("")
    (elsewhere / "own.sqlite3-wal").write_text("")
    private_files.mend(left_open, elsewhere / "own.sqlite3")
    assert modes(elsewhere) == {".": 0o755, "own.sqlite3": 0o600, "own.sqlite3-wal": 0o600}


def test_a_folder_that_others_use_too_is_left_as_it_is_and_said(left_open: Path) -> None:
    (left_open / "letters-of-others").mkdir(mode=0o755)
    (left_open / "letters-of-others" / "one.txt").write_text("")
    (left_open / "letters-of-others" / "one.txt").chmod(0o644)
    (left_open / "notes.txt").write_text("")
    (left_open / "notes.txt").chmod(0o644)
    (warning,) = private_files.mend(left_open)
    assert "letters-of-others" in warning
    now = modes(left_open)
    assert (now["."], now["letters-of-others/one.txt"], now["notes.txt"]) == (0o755, 0o644, 0o644)
    assert (now["truc-tet.sqlite3"], now["uploads/people.xlsx"]) == (0o600, 0o600)


def test_a_folder_for_everybody_is_never_closed(left_open: Path) -> None:
    left_open.chmod(0o1777)
    (warning,) = private_files.mend(left_open)
    assert "everybody" in warning
    assert modes(left_open)["."] == 0o1777


def test_a_link_out_of_the_folder_is_not_followed(left_open: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("")
    outside.chmod(0o644)
    (left_open / "secret-key").symlink_to(outside)
    private_files.mend(left_open)
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644
