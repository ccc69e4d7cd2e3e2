"""Tables of a package point only to tables of the same package or of one below."""

from __future__ import annotations

from flask import Flask

from tests.boundaries.tree import PACKAGES


def test_foreign_keys_point_downward(app: Flask) -> None:
    from core.db import db

    registry = db.Model.registry  # type: ignore[attr-defined]  # of SQLAlchemy's declarative base
    owner = {mapper.local_table.name: mapper.class_.__module__.split(".")[0] for mapper in registry.mappers}
    below = {package: PACKAGES[: rank + 1] for rank, package in enumerate(PACKAGES)}
    keys = [(table.name, key.column.table.name) for table in db.metadata.tables.values() for key in table.foreign_keys]
    assert keys, "no foreign keys were found"
    known = [(source, target) for source, target in keys if source in owner and target in owner]
    assert [f"{s} → {t}" for s, t in known if owner[t] not in below[owner[s]]] == []


def test_every_constraint_has_a_name(app: Flask) -> None:
    from core.db import db

    nameless = [
        f"{table.name}: {constraint}"
        for table in db.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert nameless == []
