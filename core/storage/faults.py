"""PURE whose fault an error of the database is, its own or that of the row it was given.

The first is nobody's in particular and passes: whatever it was written for is rolled back and done again. The second
would come again for ever, and may not keep others from theirs.
"""

from __future__ import annotations

DRIVERS = ("psycopg", "sqlite3", "pysqlite3")
WRAPPED = "sqlalchemy"
OF_A_ROW = ("22", "23502", "23514")
"""SQLSTATE: a value that does not fit (class 22), one that is missing, one that no rule allows."""
OF_A_ROW_SQLITE = ("SQLITE_CONSTRAINT_NOTNULL", "SQLITE_CONSTRAINT_CHECK", "SQLITE_TOOBIG", "SQLITE_MISMATCH")
SAID_OF_A_ROW = ("NOT NULL constraint failed", "CHECK constraint failed")


def is_databases(fault: BaseException) -> bool:
    """Whether ``fault`` is one of the database (full, locked, gone, two at once), not of the values it was given."""
    cause = getattr(fault, "orig", None) or fault
    if not (_is_from(fault, (WRAPPED,)) or _is_from(fault, DRIVERS)):
        return False
    if not _is_from(cause, (WRAPPED, *DRIVERS)):  # a value that could not even be handed over
        return False
    state, name = getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", None)
    if state is not None:
        return not state.startswith(OF_A_ROW)
    if name == "SQLITE_CONSTRAINT":  # a driver that does not tell which
        return not str(cause).startswith(SAID_OF_A_ROW)
    if name is not None:
        return name not in OF_A_ROW_SQLITE
    # Without a code it never reached the database: a value of an unknown kind, or there was no line.
    return not _is_called(cause, ("DataError", "ProgrammingError", "InterfaceError")) or _is_from(cause, (WRAPPED,))


def _is_from(fault: BaseException, packages: tuple[str, ...]) -> bool:
    return any(each.__module__.partition(".")[0] in packages for each in type(fault).__mro__)


def _is_called(fault: BaseException, names: tuple[str, ...]) -> bool:
    return any(each.__name__ in names for each in type(fault).__mro__)
