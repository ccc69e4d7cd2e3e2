"""Rows of several tables, written down at once: on PostgreSQL one statement, so one journey to the server and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Values = Mapping[str, Any]


def insert(
    session: Session,
    *given: tuple[type[DeclarativeBase], Sequence[Values]],
    then: tuple[str, tuple[Any, ...]] | None = None,
) -> None:
    """Rows of one model name the same columns; what they leave out gets its default, if that is a plain value.

    References are checked at the end, so that rows may come together with those that they point to (in that order, for
    SQLite). ``then``: what else PostgreSQL is to do with the same statement, and its values.
    """
    session.flush()
    connection, wanted = session.connection(), [(_table(model), rows) for model, rows in given if rows]
    if connection.dialect.name != "postgresql":
        for table, rows in wanted:
            connection.execute(table.insert(), [dict(row) for row in rows])
        return
    shapes, values = list[tuple[Table, tuple[str, ...]]](), list[Any]()
    for table, rows in wanted:
        shapes.append((table, tuple(rows[0])))
        values += _columns(connection.dialect, *shapes[-1], rows)
    if shapes:
        last, more = then or ("", ())
        connection.exec_driver_sql(_statement(connection.dialect, tuple(shapes), last), (*values, *more))


def _table(model: type[DeclarativeBase]) -> Table:
    return model.metadata.tables[model.__tablename__]


def _columns(dialect: Dialect, table: Table, named: tuple[str, ...], rows: Sequence[Values]) -> list[list[Any]]:
    """An array of each column: so the statement is the same for one row as for fifty, and is prepared once."""
    return [
        [row[name] if process is None else process(row[name]) for row in rows]
        for name, process in zip(named, _processes(dialect, table, named), strict=True)
    ]


@lru_cache(maxsize=64)
def _processes(dialect: Dialect, table: Table, named: tuple[str, ...]) -> list[Callable[[Any], Any] | None]:
    types = [table.columns[name].type.dialect_impl(dialect) for name in named]
    return [each.bind_processor(dialect) for each in types]


@lru_cache(maxsize=64)
def _statement(dialect: Dialect, shapes: tuple[tuple[Table, tuple[str, ...]], ...], last: str) -> str:
    parts = [_insert(dialect, *shape) for shape in shapes] + ([last] if last else [])
    before = ", ".join(f"part_{place} AS ({part})" for place, part in enumerate(parts[:-1]))
    return f"WITH {before} {parts[-1]}" if before else parts[-1]


def _insert(dialect: Dialect, table: Table, named: tuple[str, ...]) -> str:
    quote = dialect.identifier_preparer.quote
    arrays = ", ".join(f"%s::{table.columns[name].type.compile(dialect)}[]" for name in named)
    left_out = {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in named and isinstance(column.default, ScalarElementColumnDefault)
    }
    names = ", ".join(quote(name) for name in [*named, *left_out])
    constants = "".join(f", {_literal(value)}" for value in left_out.values())
    return f"INSERT INTO {quote(table.name)} ({names}) SELECT given.*{constants} FROM unnest({arrays}) AS given"  # noqa: S608


def _literal(value: Any) -> str:
    """Return a default as the database writes it: a number, a word or a truth."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)
