"""Rows of several tables, written down at once: on PostgreSQL one statement, so one journey to the server and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Dialect, Table
from sqlalchemy.orm import DeclarativeBase, Session

Values = Mapping[str, Any]
_Prepared = Callable[[Values], list[Any]]


def insert(session: Session, *given: tuple[type[DeclarativeBase], Sequence[Values]]) -> None:
    """Rows of one model name the same columns; what they leave out gets its default. References are checked at the
    end, so that rows may come together with those that they point to (in that order, for SQLite)."""
    session.flush()
    connection, wanted = session.connection(), [(_table(model), rows) for model, rows in given if rows]
    if connection.dialect.name != "postgresql":
        for table, rows in wanted:
            connection.execute(table.insert(), [dict(row) for row in rows])
        return
    shapes, values = list[tuple[Table, tuple[str, ...], int]](), list[Any]()
    for table, rows in wanted:
        columns, prepare = _prepared(connection.dialect, table, tuple(rows[0]))
        shapes.append((table, columns, len(rows)))
        for row in rows:
            values += prepare(row)
    if shapes:
        connection.exec_driver_sql(_statement(connection.dialect, tuple(shapes)), tuple(values))


def _table(model: type[DeclarativeBase]) -> Table:
    return model.metadata.tables[model.__tablename__]


@lru_cache(maxsize=64)
def _prepared(dialect: Dialect, table: Table, named: tuple[str, ...]) -> tuple[tuple[str, ...], _Prepared]:
    """The columns to write when rows name these, and what makes the values of a row."""
    left_out = [column for column in table.columns if column.name not in named and column.default is not None]
    columns = [table.columns[name] for name in named] + left_out
    makers = [_maker(column, dialect, column.name in named) for column in columns]
    return tuple(column.name for column in columns), lambda row: [make(row) for make in makers]


def _maker(column: Column[Any], dialect: Dialect, is_named: bool) -> Callable[[Values], Any]:
    name, default = column.name, column.default
    process: Callable[[Any], Any] = column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is
    if is_named:
        return lambda row: process(row[name])
    value: Any = default.arg if default is not None and hasattr(default, "arg") else None
    return (lambda _row: process(value(None))) if callable(value) else (lambda _row: process(value))


def _as_it_is(value: Any) -> Any:
    return value


@lru_cache(maxsize=256)
def _statement(dialect: Dialect, shapes: tuple[tuple[Table, tuple[str, ...], int], ...]) -> str:
    parts = [_insert(dialect, *shape) for shape in shapes]
    before = ", ".join(f"part_{place} AS ({part})" for place, part in enumerate(parts[:-1]))
    return f"WITH {before} {parts[-1]}" if before else parts[-1]


def _insert(dialect: Dialect, table: Table, columns: tuple[str, ...], count: int) -> str:
    quote = dialect.identifier_preparer
    row = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(quote.quote(name) for name in columns)
    return f"INSERT INTO {quote.format_table(table)} ({names}) VALUES {', '.join([row] * count)}"  # noqa: S608 (names)
