"""The ground the other tests stand on."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask.testing import FlaskClient
from jinja2 import DictLoader, Environment
from sqlalchemy import delete, func, select, text

from core import clock
from core.db import transaction
from core.models import Heartbeat
from core.observability.heartbeat import beat
from incidents.catalogue.models import Authority
from people.models import Person, Unit
from tests.support import enterprise, factories, first_stories, kept_templates, worlds

on_both = pytest.mark.both_dbs("the fixtures of both databases")


@on_both
@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_starts_on_a_freshly_migrated_database(db: Any, dialect: str, turn: int) -> None:
    assert db.engine.dialect.name == dialect
    assert db.session.scalars(select(Heartbeat)).all() == []
    beat("worker", now=clock.now())
    assert db.session.scalars(select(Heartbeat)).all() != []


@on_both
@pytest.mark.parametrize("turn", [1, 2])
def test_a_changed_schema_is_gone_in_the_next_test(db: Any, turn: int) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE heartbeats ADD COLUMN spare TEXT"))
        connection.execute(text("CREATE TABLE spare (id INTEGER)"))


@on_both
@pytest.mark.parametrize("turn", [1, 2])
def test_what_migrations_wrote_is_back_in_the_next_test_and_ids_begin_again(db: Any, turn: int) -> None:
    assert db.session.scalar(select(func.count()).select_from(Authority)) > 0
    assert factories.make_unit(f"BD{turn}").id == 1
    with transaction() as session:
        session.execute(delete(Authority))


@on_both
@pytest.mark.parametrize("turn", [1, 2, 3, 4])
def test_a_kept_world_is_the_one_that_was_written(db: Any, turn: int) -> None:
    """The second turn keeps it, the third and fourth put it back; what one changes the next does not see."""
    ids = enterprise.make()
    binh = db.session.get(Person, ids["BI1"])
    assert (binh.code, binh.position) == ("BI1", "Nhân viên")
    assert {duty.duty for duty in binh.duties} == {"operations", "emergency"}
    with transaction() as session:
        session.merge(binh).position = f"lượt {turn}"
    assert factories.make_unit("KHAC").id == max(ids["BDT"], ids["BDA"], ids["BDA-1"], ids["BDC"]) + 1


def test_no_world_is_put_over_what_a_test_has_written(db: Any) -> None:
    for code in ("MOT", "HAI", "BA"):
        worlds.begin("of this test", partial(_write_unit, code))
    assert {unit.code for unit in db.session.scalars(select(Unit))} == {"MOT", "HAI", "BA"}


def _write_unit(code: str) -> int:
    return factories.make_unit(code).id


@pytest.mark.both_dbs
def test_without_a_reason_postgresql_is_left_to_the_rest(db: Any, dialect: str, request: pytest.FixtureRequest) -> None:
    assert (request.node.get_closest_marker("rest") is not None) == (dialect == "postgresql")


@on_both
def test_with_a_reason_only_what_follows_the_first_of_a_file_is(
    db: Any, dialect: str, request: pytest.FixtureRequest
) -> None:
    is_left = dialect == "postgresql" and first_stories.is_whole(request.config)
    assert (request.node.get_closest_marker("rest") is not None) == is_left


@on_both
def test_a_request_sees_what_the_test_wrote_and_nothing_of_its_session(client: FlaskClient) -> None:
    assert "worker_late" in client.get("/readyz").get_json()["reasons"]
    with transaction() as session:
        session.add(Heartbeat(name="worker", beat_at=clock.now(), detail={}))
    assert client.get("/readyz").get_json()["reasons"] == []


def test_unsaved_rows_are_refused_before_a_request(db: Any, client: FlaskClient) -> None:
    db.session.add(Heartbeat(name="other", beat_at=clock.now(), detail={}))
    with pytest.raises(AssertionError, match="unsaved rows"):
        client.get("/healthz")


def test_a_template_is_compiled_anew_when_what_compiles_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shouts = tmp_path / "shouts.py"
    seen = []
    for mark in ("!", "?"):
        shouts.write_text(f"def shout(word): return word + {mark!r}")
        module = ModuleType("shouts")
        module.__file__ = str(shouts)
        exec(shouts.read_text(), vars(module))  # noqa: S102 - an import would ask what Python kept of it
        monkeypatch.setitem(sys.modules, "shouts", module)
        environment = Environment(loader=DictLoader({"page": "{{ 'Trực' | shout }}"}), autoescape=True)
        environment.filters["shout"] = module.shout
        environment.bytecode_cache = kept_templates.cache(environment, tmp_path)
        seen.append(environment.get_template("page").render())
    assert seen == ["Trực!", "Trực?"]
