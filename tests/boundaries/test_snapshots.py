"""What moving files must not change is what ``tests/snapshots`` keeps of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from scripts import snapshot_screens, snapshots
from scripts.screens import SCREENS
from scripts.snapshot_page import outline
from tests.support import kept_templates

NAMES = [f"{screen.name}.{language}" for screen in SCREENS for language in ("vi", "en")]


def assert_kept(name: str, lines: list[str]) -> None:
    __tracebackhide__ = True
    different = snapshots.difference(name, lines)
    if different:
        pytest.fail(snapshots.complaint(different), pytrace=False)


@pytest.mark.parametrize("name", snapshots.PLAIN)
def test_what_the_application_tells_is_what_was_kept(app: Flask, name: str) -> None:
    assert_kept(name, snapshots.PLAIN[name](app))


@pytest.mark.both_dbs("the schema of each")
def test_the_schema_is_what_was_kept(app: Flask, dialect: str) -> None:
    assert_kept(f"schema-{dialect}", snapshots.schema(app))


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory, _compiled: Path) -> dict[str, list[str]]:
    """Every screen on the sample data, read once."""
    application = snapshot_screens.sample_app(tmp_path_factory.mktemp("screens"))
    application.jinja_env.bytecode_cache = kept_templates.cache(application.jinja_env, _compiled)
    return snapshot_screens.read_all(application)


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_is_what_was_kept(screens: dict[str, list[str]], name: str) -> None:
    assert_kept(f"screens/{name}", screens[name])


def test_no_screen_is_kept_that_is_gone() -> None:
    assert snapshots.kept_screens() - set(NAMES) == set(), snapshots.HELP


@pytest.mark.rest
def test_neither_day_nor_order_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever compares next year, or lists the screens otherwise, finds the same."""
    from core import clock

    later = clock.wall().replace(year=2031, month=2, day=3)
    monkeypatch.setattr(clock, "wall", lambda: later)
    read = snapshot_screens.read_all(snapshot_screens.sample_app(tmp_path), reversed(SCREENS))
    different = [line for name, lines in read.items() for line in snapshots.difference(f"screens/{name}", lines)]
    assert not different, snapshots.complaint(different)


def test_a_changed_word_a_lost_field_and_a_moved_form_are_seen() -> None:
    page = '<form action="/incidents/7/note?x=1"><input name="note"><button class="go btn">Ghi</button></form>'
    before = list(map(str, outline(page)))
    assert before == [
        "form [action=/incidents/<n>/note?x=1]",
        " input [name=note]",
        " button.btn.go | Ghi",
    ]
    for old, new in (("Ghi", "Lưu"), ('<input name="note">', ""), ("/note", "/notes"), ("go btn", "btn")):
        assert list(map(str, outline(page.replace(old, new)))) != before
    assert list(map(str, outline(page.replace("/7/", "/8/")))) == before


def test_a_difference_is_shown_with_what_to_do() -> None:
    kept = (snapshots.FOLDER / "addresses.txt").read_text("utf-8").splitlines()
    closed = [line.replace("/healthz GET public", "/healthz GET signed_in") for line in kept]
    said = snapshots.complaint(snapshots.difference("addresses", closed))
    assert "-/healthz GET public" in said and "+/healthz GET signed_in" in said and "make snapshots" in said
