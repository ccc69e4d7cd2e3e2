"""Ids that are never used again, also when an older copy of the database is put in place.

Between the copy and its restore ids were given out and left the house; the copy does not know of them. So every
counter jumps ahead by more than can have been used.
"""

from __future__ import annotations

from sqlalchemy import Connection, Integer, text

from core.db import db

GAP = 1_000_000
"""More than a day's messages of the largest enterprise; two thousand restores fit into an integer."""


def jump_ahead(connection: Connection, by: int = GAP) -> None:
    """Each table goes on counting ``by`` further, in the caller's transaction: of a restored copy, before its use."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("UPDATE sqlite_sequence SET seq = seq + :by"), {"by": by})
        return
    for name, table in db.metadata.tables.items():
        keys = list(table.primary_key.columns)
        if len(keys) == 1 and keys[0].name == "id" and isinstance(keys[0].type, Integer):
            counter = {"counter": f"{name}_id_seq", "by": by}
            connection.execute(text("SELECT setval(:counter, nextval(:counter) + :by)"), counter)
