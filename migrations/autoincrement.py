"""SQLite never gives an id twice: every integer key is AUTOINCREMENT, whatever a migration did to its table.

Ids leave the house, in addresses, calendars and papers; SQLite would give the highest deleted one to the next row, and
with it all that was said about the first. Copying a table in batch mode forgets both the word and the counter, so
this runs after all migrations of an upgrade: it puts back what is missing and no counter goes down.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection

_INTEGER_KEY = re.compile(r"^(\s*CREATE TABLE\s+\S+\s*\(\s*)\"?id\"? INTEGER NOT NULL,", re.I)
Counters = dict[str, int]


def counters(connection: Connection) -> Counters:
    """How far each table has counted; empty before there is any."""
    if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").first() is None:
        return {}
    return {row.name: row.seq for row in connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")}


def ensure(connection: Connection, before: Counters) -> None:
    """Give every table with a single integer key the word, and let no counter fall behind ``before``.

    Foreign keys must be off: a table is replaced by its copy.
    """
    tables = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    for name, sql in tables:
        wanted = _with_counter(name, sql)
        if wanted is not None:
            _replace(connection, name, wanted)
    now = counters(connection)
    for name, seq in before.items():
        if name in now and now[name] < seq:
            connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (seq, name))
        elif (
            name not in now
            and connection.exec_driver_sql(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)
            ).first()
        ):
            connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, seq))


def _with_counter(name: str, sql: str) -> str | None:
    """The statement with AUTOINCREMENT; None when it has it, or has no integer key of its own."""
    key = re.compile(r",\s*(?:CONSTRAINT \S+ )?PRIMARY KEY \(\"?id\"?\)")
    if not _INTEGER_KEY.match(sql) or not key.search(sql):
        return None
    return key.sub("", _INTEGER_KEY.sub(r"\1id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,", sql, count=1), count=1)


def _replace(connection: Connection, name: str, sql: str) -> None:
    """By SQLite's own recipe (sqlite.org/lang_altertable.html#otheralter): copy, drop, rename, put back what hung.

    The text of everything is kept as it was; a reflection would lose partial indexes, checks and triggers.
    """
    hanging = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL", (name,)
    ).scalars()
    again, fresh = hanging.all(), f"_fresh_{name}"
    connection.exec_driver_sql(re.sub(r"(CREATE TABLE\s+)\S+?(?=\s*\()", rf"\g<1>{fresh}", sql, count=1, flags=re.I))
    connection.exec_driver_sql(f"INSERT INTO {fresh} SELECT * FROM {name}")  # noqa: S608 (a table's own name)
    connection.exec_driver_sql(f"DROP TABLE {name}")
    connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")  # what names the table goes on naming it
    connection.exec_driver_sql(f"ALTER TABLE {fresh} RENAME TO {name}")
    connection.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for statement in again:
        connection.exec_driver_sql(statement)
