"""A node stands still with a lock in its hand: the others take in what comes, and nothing is lost or counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db as database
from incidents.intake import sources
from incidents.record.models import Incident
from tests.support.cast import ADMIN
from tests.support.frozen_node import Asking, node
from tests.support.tet_night import Night

pytestmark = [pytest.mark.both_dbs("locks, and who waits for them how long"), pytest.mark.rest]


@pytest.fixture(autouse=True)
def _locks_of_rows(dialect: str) -> None:
    if dialect == "sqlite":
        pytest.skip("has one writer, and whoever waits for it is told so")


def test_a_frozen_node_that_holds_the_number_of_incidents_stops_nobody(
    app: Flask, night: Night, tmp_path: Path
) -> None:
    key = sources.create(sources.NewSource("Giám sát", "generic", night.ids["BDA"]), actor=ADMIN, now=clock.now())[1]
    database.session.rollback()
    door = f"/intake/generic/{key}"
    with (
        node(app, tmp_path / "a", FREEZEPOINT="incident.logged") as frozen,
        node(app, tmp_path / "b") as other,
    ):
        first = Asking(frozen, door, {"title": "Mất điện", "key": "dien"})
        frozen.until_frozen()
        status, told = other.post(door, {"title": "Cháy kho", "key": "chay"})
        assert status == 202, f"{told} {other.log.read_text()}"
        assert told["outcome"] == "created", "taken in while the first node stands still"
        frozen.thaw()
        first.join()
        status, late = first.told
        assert status == 202, f"{late} {frozen.log.read_text()}"
        assert late["outcome"] == "created", "its turn was taken from it, so it was written anew"
    database.session.rollback()
    codes = sorted(database.session.scalars(select(Incident.code)))
    assert codes == sorted([told["incident"], late["incident"]]), "each once"
    assert [int(each.rpartition("-")[2]) for each in codes] == [1, 2], "and without gaps"
