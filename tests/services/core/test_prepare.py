"""What ``serve.py`` does before it starts the programs: tables of this version, and how to sign in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from core.db import db
from desk.demo import seed
from tests.support import enterprise


@pytest.fixture
def _no_demo_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    def seeded(**_how: object) -> list[str]:
        return ["Đăng nhập: quan-tri"]

    monkeypatch.setattr(seed, "seed_if_empty", seeded)


def said(runner: FlaskCliRunner, *options: str) -> str:
    done = runner.invoke(args=["prepare", *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_without_an_administrator_it_gives_the_link_or_says_how_to_get_it(runner: FlaskCliRunner) -> None:
    assert "/first/" in said(runner)
    hint = said(runner, "--hint")
    assert "users first" in hint and "/first/" not in hint
    enterprise.make()
    assert said(runner) == said(runner, "--hint") == ""


@pytest.mark.usefixtures("_no_demo_yet")
def test_with_the_demo_it_says_who_can_sign_in_there(runner: FlaskCliRunner) -> None:
    assert said(runner, "--demo") == "Đăng nhập: quan-tri\n"


def test_a_demo_that_fails_keeps_nothing_from_starting(runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(**_how: object) -> list[str]:
        raise RuntimeError("no room on the disk")

    monkeypatch.setattr(seed, "seed_if_empty", failing)
    told = said(runner, "--demo")
    assert "no room on the disk" in told and "the rest starts without them" in told


def test_tables_that_cannot_be_brought_to_this_version_are_a_fault(runner: FlaskCliRunner) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '20991231_future'"))
    db.session.commit()
    done = runner.invoke(args=["prepare"])
    assert done.exit_code == 1 and "/first/" not in done.output
